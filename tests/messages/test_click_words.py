"""click's own words (usage lines, headings, errors) are in the reader's language where ours are."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message

from grader.messages.sentences import languages
from tests.messages.test_catalogues import KEY, catalog, forms_of, key_of, places

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


def words(found: Catalog) -> dict[str, Message]:
    """Return click's English -> the message; ours have keys."""
    return {
        key_of(message): message for message in found if message.id and not KEY.fullmatch(key_of(message))
    }


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


@pytest.mark.parametrize("language", languages())
def test_all_that_a_user_may_see_is_in_the_catalogue(language: str) -> None:
    assert looked_up() - FOR_PROGRAMMERS - set(words(catalog(language))) == set()


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_all_that_a_user_may_see_is_translated(language: str) -> None:
    assert [key for key, message in words(catalog(language)).items() if not all(forms_of(message))] == []


def test_english_is_as_click_says_it() -> None:
    assert [key for key, message in words(catalog("en")).items() if any(forms_of(message))] == []


def names_in(template: str) -> set[str]:
    """Return what is filled in by either of Python's two ways."""
    by_percent = set(re.findall(r"%\((\w+)\)", template))
    return by_percent | {name for name, _, _ in places(template)}


@pytest.mark.parametrize("language", languages())
def test_each_translation_fills_in_what_its_original_gives(language: str) -> None:
    for key, message in words(catalog(language)).items():
        ids = (message.id,) if isinstance(message.id, str) else message.id
        given = set[str]().union(*map(names_in, ids))
        assert [form for form in forms_of(message) if not names_in(form) <= given] == [], key
        assert not any(forms_of(message)) or list(message.check(catalog(language))) == [], key


@pytest.mark.parametrize(
    ("arguments", "language", "sentence"),
    [
        (["--help"], "ko", "사용법:"),
        (["--lang", "ko", "--help"], "en", "이 도움말을 보여 주고 끝냅니다."),
        (["--lang=ko", "chek"], "en", "없는 명령입니다: 'chek'."),
        (["check", "--langg", "ko"], "ko", "혹시 '--lang'인가요?"),
        (["override"], "ko", "빠진 인자: 'STUDENT'."),
        (["--lang", "en", "override"], "ko", "Missing argument 'STUDENT'."),
        (["--lang=ko", "chek"], "en", "혹시 check인가요?"),
        (["override", "--help"], "ko", "--why 이유"),
        (["override", "--help"], "ko", "[필수]"),
        (["grade", "--help"], "ko", "--exercise 과제"),
        (["override"], "en", "Missing argument 'STUDENT'."),
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
