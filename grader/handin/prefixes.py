"""What all names of a class begin with, as an LMS puts an assignment's name before a student's."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from grader.handin.names import key_of


def without_prefix(names: Sequence[str], separator: str, known: Collection[str]) -> dict[str, str]:
    """Return name -> what is left of it without what all of the names begin with, up to a separator.

    Of several such beginnings the one counts after which most names are known, else the longest: names of students may
    begin alike, too. Something of each name is left.
    """
    first = next(iter(names), "")
    lengths = [0, *(place for place, character in enumerate(first, 1) if character == separator)]
    lengths = [
        length
        for length in lengths
        if all(name.startswith(first[:length]) and name[length:] for name in names)
    ]
    best = max(
        lengths, key=lambda length: (len(known_names([name[length:] for name in names], known)), length)
    )
    return {name: name[best:] for name in names}


def known_names(names: Sequence[str], known: Collection[str]) -> list[str]:
    """Return those of the names that are known by their `key_of`."""
    return [name for name in names if key_of(name) in known]
