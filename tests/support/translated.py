"""The tests' course in other languages: German is English with a mark before it."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.course.languages import readme_names
from grader.course.load import load_course
from grader.model import Course

__all__ = ["GERMAN", "translate"]

GERMAN = "Auf Deutsch: "


def translate(folder: Path, languages: Sequence[str]) -> Course:
    """Rewrite a copy of the tests' course for these languages, the first of which is its own; return it loaded."""
    file = folder / "course.yml"
    content = re.sub(
        r'\{en: "(.*?)", ko: "(.*?)"\}',
        lambda found: f"{{{_fields(found[1], found[2], languages)}}}",
        file.read_text(encoding="utf-8"),
    )
    # The author may name them in any order.
    named = f"languages: [{', '.join(sorted(languages))}]\nlanguage: {languages[0]}"
    file.write_text(content.replace("language: en", named), encoding="utf-8")
    for path in [*folder.glob("*/*/*.py")]:
        path.write_text(_translated(path.read_text(encoding="utf-8"), languages), encoding="utf-8")
    for statement in [*folder.glob("exercises/*/README.md")]:
        korean = statement.with_name("README.ko.md")
        texts = {"en": statement.read_text(encoding="utf-8"), "ko": korean.read_text(encoding="utf-8")}
        texts["de"] = GERMAN + texts["en"].replace("## Tasks", "## Aufgaben")
        statement.unlink()
        korean.unlink()
        for language, name in readme_names(languages).items():
            statement.with_name(name).write_text(texts[language], encoding="utf-8")
    return load_course(folder)


def _texts(en: str, ko: str, languages: Sequence[str]) -> Mapping[str, str]:
    known = {"en": en, "ko": ko, "de": GERMAN + en}
    # Not in the course's order.
    return {language: known[language] for language in sorted(languages, reverse=True)}


def _fields(en: str, ko: str, languages: Sequence[str]) -> str:
    return ", ".join(f'{code}: "{text}"' for code, text in _texts(en, ko, languages).items())


def _translated(source: str, languages: Sequence[str]) -> str:
    """Return Python with every call's `en=` and `ko=` in these languages."""
    raw = source.encode()
    starts = [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    edits = []
    for node in ast.walk(ast.parse(source)):
        given = {item.arg: item for item in getattr(node, "keywords", []) if item.arg in ("en", "ko")}
        if len(given) == 2:
            nodes = sorted(given.values(), key=lambda item: (item.lineno, item.col_offset))
            first, last = nodes[0], nodes[1]
            texts = {name: ast.literal_eval(item.value) for name, item in given.items() if name}
            said = _texts(texts["en"], texts["ko"], languages)
            edits.append(
                (
                    starts[first.lineno - 1] + first.col_offset,
                    starts[(last.end_lineno or 0) - 1] + (last.end_col_offset or 0),
                    ", ".join(f"{code}={text!r}" for code, text in said.items()).encode(),
                )
            )
    for start, end, new in sorted(edits, reverse=True):
        raw = raw[:start] + new + raw[end:]
    return raw.decode()
