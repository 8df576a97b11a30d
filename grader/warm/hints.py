"""The hints of a statement, one by one."""

from __future__ import annotations

import re

from grader.course.files import files_of
from grader.model import Exercise, Language

_SECTION = re.compile(r"^## (?:Hints|힌트)[ \t]*$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def hints_of(exercise: Exercise, language: Language) -> list[str]:
    """Return the items of a statement's section of hints."""
    section = _SECTION.search(files_of(exercise).statement(language).read_text(encoding="utf-8"))
    items = re.split(r"^[-*] ", section[1], flags=re.MULTILINE)[1:] if section else []
    return [" ".join(item.split()) for item in items]
