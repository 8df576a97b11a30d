"""Records in which every text that somebody else wrote tries to be more than text."""

from __future__ import annotations

import dataclasses
from enum import Enum
from typing import Any

from grader.model import Adjustment, Course, Difference, Exercise, Explanation, Grade

__all__ = ["EVIL", "ODD", "poisoned"]

EVIL = (
    "\"'></title></style></textarea></pre></script><script>window.hit = 1</script>"
    "<img src=x onerror='window.hit = 2'><svg onload='window.hit = 3'></svg>{{ 7 * 7 }}"
    "<a href=\"javascript:window.hit = 4\">ann</a> onmouseover='window.hit = 5' --> ]]> "
)
"""What runs in a browser where one quote, bracket or end tag is not escaped."""
ODD = "\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}\N{RIGHT-TO-LEFT ISOLATE}\x00\x07\r\ud800"
"""What steers a terminal, turns the writing around, or is in no file."""

# What the program itself chooses from: keys of sentences, and words with a fixed meaning.
_OURS = {
    Explanation: {"key"},
    Difference: {"aspect"},
    Adjustment: {"kind", "exercise"},
    Grade: {"exercise", "digest"},
    Course: {"language", "attempts", "timezone", "id"},
    Exercise: {"functions", "slug", "timezone"},
}


def poisoned(value: Any) -> Any:
    """Return a record, all the texts of which begin with what is no text."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return EVIL + ODD + value
    if isinstance(value, tuple):
        return tuple(map(poisoned, value))
    if isinstance(value, dict):
        return {name: poisoned(item) for name, item in value.items()}
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    ours = next((names for kind, names in _OURS.items() if isinstance(value, kind)), set())
    found = {
        item.name: poisoned(getattr(value, item.name))
        for item in dataclasses.fields(value)
        if item.name not in ours
    }
    return dataclasses.replace(value, **found)
