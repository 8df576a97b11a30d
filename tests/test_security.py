"""The documents about security name tests that are there, and files that are there."""

from __future__ import annotations

import ast
import re

import pytest

from tests.support.places import ROOT

TABLE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def named() -> list[tuple[str, str]]:
    """Return the files and functions that the table names; `::test` is in the file that was named last."""
    found, file = [], ""
    for quoted in re.findall(r"`([^`]*)`", TABLE):
        if re.match(r"tests/\S+|::\w+$", quoted):
            path, _, function = quoted.partition("::")
            file = path or file
            found.append((file, function))
    return found


@pytest.mark.parametrize(("file", "function"), named())
def test_what_the_table_is_shown_by_is_there(file: str, function: str) -> None:
    content = (ROOT / file).read_text(encoding="utf-8")
    functions = [node.name for node in ast.walk(ast.parse(content)) if isinstance(node, ast.FunctionDef)]
    assert not function or function in functions


def test_the_table_names_tests() -> None:
    assert len(named()) > 20


def test_the_documents_lead_to_each_other() -> None:
    assert "(docs/security.md)" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "(../SECURITY.md)" in TABLE
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
