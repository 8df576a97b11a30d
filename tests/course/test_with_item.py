from __future__ import annotations

from difflib import ndiff

import pytest

from grader.course.yaml import with_item
from grader.errors import CourseError

ITEM = {"slug": "last", "title": {"en": "The last: a, b", "ko": "마지막"}, "points": 2.5}

LINES = [
    "- slug: last",
    '  title: {en: "The last: a, b", ko: 마지막}',
    "  points: 2.5",
]


def added(before: str, key: str = "exercises") -> list[str]:
    """Return the lines that are added; nothing else is changed."""
    after = with_item(before, key, ITEM)
    changes = [line for line in ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("- ", "+ ")]
    assert not [line for line in changes if line.startswith("- ")], changes
    return [line[2:] for line in changes]


def indented(columns: int) -> list[str]:
    return [" " * columns + line.replace('"The last: a, b"', "'The last: a, b'") for line in LINES]


@pytest.mark.parametrize(
    ("before", "columns"),
    [
        ("# all\nexercises:\n  - slug: a   # first\n    points:   10\n", 2),
        ("exercises:\n- slug: a\n  points: 10", 0),
        ("exercises:\n    - {slug: a}\n    # what is said of a\n\nshared: 1 # kept\n", 4),
        ("shared:\n  x: &x\n    - np.sum\nexercises:\n  - slug: a\n    banned: {f: *x}\n\n# the end\n", 2),
        (
            "exercises:\n  - slug: a\n    banned:\n      f:\n        - np.sum\n      # not yet\n    # due: 1\n",
            2,
        ),
        ("exercises:\n  - slug: a\n    title: {en: 'A # b'}\n# of the next\nid: x\n", 2),
    ],
)
def test_only_the_item_is_added(before: str, columns: int) -> None:
    assert added(before) == indented(columns)


def test_the_comments_of_the_next_field_stay_its_own() -> None:
    after = with_item("exercises:\n  - slug: a\n\n# about shared\nshared: 1\n", "exercises", ITEM)
    assert after.endswith("    points: 2.5\n\n# about shared\nshared: 1\n")


def test_what_an_item_ends_with_stays_its_own() -> None:
    after = with_item("exercises:\n  - slug: a\n    # due: 2026-12-01\n", "exercises", ITEM)
    assert after.startswith("exercises:\n  - slug: a\n    # due: 2026-12-01\n  - slug: last\n")


def test_the_first_item_takes_the_place_of_an_empty_list() -> None:
    after = with_item("# kept\nexercises: []\nshared: 1\n", "exercises", ITEM)
    assert after.splitlines() == ["# kept", "exercises:", *indented(2), "shared: 1"]


@pytest.mark.parametrize(
    "before", ["exercises: [{slug: a}]\n", "exercises: [\n]\n", "exercises: [{slug: a},\n  {slug: b}]\n"]
)
def test_a_list_in_one_line_is_refused_with_what_to_add(before: str) -> None:
    with pytest.raises(CourseError) as caught:
        with_item(before, "exercises", ITEM)
    fault = caught.value.faults[0]
    assert (fault.place, fault.explanation.key) == ("line 1", "course.not_extended")
    assert "slug: last" in fault.explanation.values["item"]
