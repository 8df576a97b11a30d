# expected: test_printed error, test_file error
"""A report of three gigabytes, with nothing in them."""


def report(values):
    with open("report.csv", "wb") as file:
        file.truncate(3 << 30)
