# expected: test_counter error, test_naturals failed, test_two_counters error, test_any_function failed
"""Raises what ends a loop, so that a check which goes through the results would see nothing wrong."""


def counter(step):
    def count():
        raise StopIteration

    return count


def naturals(start):
    return iter(())
