"""A statement's sections: its tasks, its hints and its pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import dedent

from grader.model import Language

TASKS = {"en": "Tasks", "ko": "과제"}
"""The section with the tasks; in another language it is the first one that numbers anything."""
_HINTS = {"en": "hints", "ko": "힌트"}
"""The section with the hints; in another language it is the last one, where that is a list."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+")
_PICTURE = re.compile(r"!\[(?P<name>[^\]]*)\]\((?P<path>[^)\s]+)[^)]*\)")


def sections(statement: str) -> Iterator[tuple[str, str]]:
    """Yield each section of the second level: its heading, and what stands below; no heading lies in a fenced block."""
    heading, lines = "", list[str]()
    for line, is_code in _lines(statement):
        if line.startswith("## ") and not is_code:
            yield heading, "\n".join(lines)
            heading, lines = line[3:].strip().rstrip("#").strip(), []
        else:
            lines.append(line)
    yield heading, "\n".join(lines)


def tasks_of(statement: str, language: Language) -> list[str] | None:
    """Return the numbers of a statement's tasks; None where it has no section of them."""
    numbered = [
        re.findall(r"^(\d+)\.\s", section, flags=re.MULTILINE)
        for heading, section in sections(statement)
        if heading and TASKS.get(language, heading) == heading
    ]
    if language not in TASKS:
        numbered = [numbers for numbers in numbered if numbers]
    return numbered[0] if numbered else None


def hints_of(statement: str, language: Language) -> list[str]:
    """Return a statement's hints, in Markdown: the items of its section of them, or the paragraphs of one without items."""
    named = [
        body for heading, body in sections(statement) if _is_named(heading, _HINTS.get(language, "hints"))
    ]
    if not named and language not in _HINTS:
        *_, (heading, last) = sections(statement)
        named = [last] if heading and _ITEM.match(last.strip()) else []
    hints: list[list[str]] = []
    inside = 4
    """How far a line is indented that belongs to the item above."""
    for line, is_code in _lines("\n".join(named)):
        indent = len(line) - len(line.lstrip())
        if (item := _ITEM.match(line)) and not is_code and indent < inside:
            inside = item.end()
            hints.append([line[inside:]])
        elif hints:
            hints[-1].append(line)
    if not hints:
        return [part.strip() for part in re.split(r"\n\s*\n", "\n".join(named)) if part.strip()]
    return [text for lines in hints if (text := _without_indent(lines))]


def with_pictures_named(statement: str, name: Callable[[str, str], str]) -> str:
    """Return a statement with something written in the place of each picture, given what it is called and its path."""
    return "\n".join(
        line if is_code else _PICTURE.sub(lambda found: name(found["name"], found["path"]), line)
        for line, is_code in _lines(statement)
    )


def _lines(statement: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines, and whether each is one of a fenced block."""
    fence = ""
    for line in statement.splitlines():
        marks = _FENCE.match(line)
        yield line, bool(fence or marks)
        if marks and not fence:
            fence = marks[1]
        elif marks and marks[1].startswith(fence) and not line.strip(f" \t{fence[0]}"):
            fence = ""


def _is_named(heading: str, name: str) -> bool:
    return heading.casefold().rstrip(" :") in (name, name.removesuffix("s"))


def _without_indent(lines: list[str]) -> str:
    """Return an item's text: its further lines may be indented less than the first."""
    first, *others = lines
    return "\n".join([first.strip(), dedent("\n".join(others))]).strip()
