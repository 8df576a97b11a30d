"""click's own words (usage lines, headings, errors) are Korean where ours are."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import grader

FOLDER = Path(grader.__file__).parent / "messages" / "locale" / "ko" / "LC_MESSAGES"

FOR_PROGRAMMERS = {
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? Did you mean to "
    "pass '--{name}'?",
    "Unknown color {colour!r}",
    "Unknown standard stream '{name}'",
    "Windows error: {error}",
}
"""What click says when a command is declared wrongly, and on Windows, where there is no sandbox."""


def catalog() -> Catalog:
    """Return the translations as they are written."""
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="ko")


def words(found: Catalog) -> dict[str, tuple[str, ...]]:
    """Return msgid -> the translations; singular and plural have the same one in Korean."""
    result = {}
    for message in found:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            result[key] = (
                (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            )
    return result


def looked_up() -> set[str]:
    """Return all that the installed click looks up, by its source."""
    found = set()
    for file in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "ngettext")
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_all_that_a_user_may_see_is_translated() -> None:
    assert looked_up() - FOR_PROGRAMMERS - set(words(catalog())) == set()


def test_each_translation_fills_in_what_its_original_gives() -> None:
    for message in catalog():
        if message.id:
            assert list(message.check(catalog())) == []


def test_what_is_read_is_what_is_written() -> None:
    with (FOLDER / "messages.mo").open("rb") as file:
        assert words(read_mo(file)) == words(catalog())


@pytest.mark.parametrize(
    ("arguments", "language", "sentence"),
    [
        (["--help"], "ko", "사용법:"),
        (["--lang", "ko", "--help"], "en", "이 도움말을 보여 주고 끝냅니다."),
        (["--lang=ko", "chek"], "en", "없는 명령입니다: 'chek'."),
        (["check", "--langg", "ko"], "ko", "혹시 '--lang'?"),
        (["check"], "ko", "빠진 인자: 'EXERCISE'."),
        (["--lang", "en", "check"], "ko", "Missing argument 'EXERCISE'."),
        (["override", "--help"], "ko", "--why 이유"),
        (["override", "--help"], "ko", "[필수]"),
        (["grade", "--help"], "ko", "--exercise 과제"),
        (["check"], "en", "Missing argument 'EXERCISE'."),
    ],
)
def test_usage_is_in_the_readers_language(arguments: list[str], language: str, sentence: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GRADER_LANG": language, "PYTHONIOENCODING": "utf-8"},
    )
    assert sentence in done.stdout + done.stderr
