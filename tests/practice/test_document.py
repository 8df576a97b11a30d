"""The students' document, in both languages, shows the same commands, which are there, and what they print."""

from __future__ import annotations

import re

import pytest

from grader.cli import COMMANDS
from grader.messages.sentences import text
from tests.support.places import ROOT, real_course

TEXTS = {
    "en": (ROOT / "docs" / "student.md").read_text(encoding="utf-8"),
    "ko": (ROOT / "docs" / "student.ko.md").read_text(encoding="utf-8"),
}
# Whoever adds an exercise finds here what the documents say of their number.
COUNT = len(real_course().exercises)
SAID: list[tuple[str, dict[str, object]]] = [
    ("practice.begin_with", {"folder": "hw", "exercise": "ex01"}),
    ("practice.go_on", {"exercise": "ex01"}),
    ("practice.done_of", {"count": 0, "total": COUNT}),
    ("practice.hint", {"exercise": "ex02", "number": 1, "total": 5}),
    ("practice.sure", {"file": "ex02.py"}),
    ("practice.stub_is_back", {"file": "ex02.py", "exercise": "ex02"}),
    ("practice.ask_name", {}),
    ("practice.row_missing", {}),
    ("practice.row_untouched", {"file": "ex01.py"}),
    ("practice.row_counts", {"file": "ex02.py"}),
    ("practice.packed", {"count": 1, "file": "20231234.zip", "student": "20231234", "total": COUNT}),
    ("practice.hand_in", {"file": "20231234.zip"}),
]


def commands(document: str) -> list[str]:
    return re.findall(r"^    \$ (grader .+)$", document, re.MULTILINE)


def test_both_show_the_same_commands_and_each_is_there() -> None:
    assert commands(TEXTS["en"]) == commands(TEXTS["ko"])
    assert {line.split()[1] for line in commands(TEXTS["en"])} == {
        "start", "list", "show", "check", "hint", "reset", "submit"
    } & set(COMMANDS)  # fmt: skip


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_what_is_printed_is_what_the_program_says(language: str) -> None:
    for key, values in SAID:
        assert text(key, language, **values) in TEXTS[language], key
    assert f"`hw/ex{COUNT:02d}.py`" in TEXTS[language]


def test_the_design_lists_the_lectures_exercises() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (ex\d\d) \| (\S+) \|", design, re.MULTILINE)
    assert listed == [(item.id, item.slug) for item in real_course().exercises]
