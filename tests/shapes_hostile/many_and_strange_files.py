# expected: test_file error
"""Writes thousands of files, with names that would clear a terminal, and a folder where the report should be."""

import os


def report(values):
    for name, value in values.items():
        print(f"{name}: {value}")
    os.mkdir("report.csv")
    for name in ("\x1b[2J", "a\nb", "\u202e", "x" * 250, b"\xff".decode("utf-8", "surrogateescape")):
        open(name, "w").close()
    for number in range(3000):
        open(f"report.csv/{number}", "w").close()
