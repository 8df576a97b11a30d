"""YAML files, with the line of each fault."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from grader.errors import CourseError, Fault
from grader.model import Explanation

__all__ = ["FILE_NAME", "fault_at", "read_course_yaml", "read_yaml", "without_due_dates"]


FILE_NAME = "course.yml"


def read_course_yaml(path: Path) -> Any:
    """Return what a course.yml holds, as plain values."""
    # Pure Python, YAML 1.2: a key given twice is an error, and `no` is a word.
    loader = YAML(typ="safe", pure=True)
    loader.constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
    )
    try:
        return loader.load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        explanation = Explanation("course.unreadable", {"error": str(error)})
        raise CourseError((Fault(FILE_NAME, "", explanation),)) from error
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = str(getattr(error, "problem", None) or error).splitlines()[0]
        fault = Fault(FILE_NAME, place, Explanation("course.yaml", {"problem": problem}))
        raise CourseError((fault,)) from error


def fault_at(item: Any) -> Fault:
    """Return one fault of course.yml's fields, as pydantic reports it."""
    place = ""
    for part in item["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    kinds = {"missing": "course.field_missing", "extra_forbidden": "course.field_unknown"}
    key = kinds.get(item["type"], "course.field_wrong")
    given = repr(item["input"])
    values = {"given": given if len(given) <= 80 else f"{given[:77]}...", "problem": item["msg"]}
    return Fault(FILE_NAME, place, Explanation(key, values if key != "course.field_missing" else {}))


def without_due_dates(content: str) -> str:
    """Return a course.yml without its due dates and late policy, for where somebody else keeps those."""
    yaml = YAML()
    yaml.width = 4096
    document = yaml.load(content)
    document.pop("late_policy", None)
    for exercise in document["exercises"]:
        exercise.pop("due", None)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


# --- what is made -----------------------------------------------------------------------------------------------------


def read_yaml(text: str) -> Any:
    """Return a YAML document as plain values.

    Raises:
        YAMLError: it is none.

    """
    loader = YAML(typ="safe", pure=True)
    loader.constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
    )
    return loader.load(text)
