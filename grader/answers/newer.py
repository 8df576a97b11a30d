"""Which newer Python a code needs that this one cannot read.

Each version's new syntax is written in the old way; where Python can read the code then, the code needs that version.
What is executed stays as it was written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from grader.answers.python import parses

_NAMES = r"\[[^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*\]"
_TYPE_ALIAS = re.compile(rf"^([ \t]*)type[ \t]+(\w+)[ \t]*(?:{_NAMES})?[ \t]*=(?!=)", re.MULTILINE)
_PARAMETERS = re.compile(rf"^([ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+)[ \t]*{_NAMES}", re.MULTILINE)
_DEFAULT = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def|class|type)[ \t]+\w+[ \t]*\[[^\]\n]*=", re.MULTILINE)
_EXCEPTION = r"(?:\w+\.)*(?:[A-Z]\w*|error)"
_EXCEPT = re.compile(
    rf"^([ \t]*except\*?[ \t]+)({_EXCEPTION}(?:[ \t]*,[ \t]*{_EXCEPTION})+)[ \t]*:", re.MULTILINE
)
_LAZY = re.compile(r"^([ \t]*)lazy[ \t]+(?=(?:import|from)\b)", re.MULTILINE)

_STRING = re.compile(r"(?i)\b(r?[bu]?|b?r|r?[ft]|[ft]r)('''|\"\"\"|'|\")|(?<!\w)('''|\"\"\"|'|\")|\#[^\n]*")
_NAMED = re.compile(r"\\N\{[^}]*\}")
_CONVERSION = re.compile(r"![rsa]\s*(?=[:}])")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


def needed_python(code: str) -> str:
    """Return the Python that a code needs which this one cannot read; empty where that cannot be told for sure."""
    for version, rewrite in _VERSIONS.items():
        try:
            code = rewrite(code)
        except (IndexError, ValueError, RecursionError):
            return ""
        if version > sys.version_info[:2] and parses(code):
            return "{}.{}".format(*version)
    return ""


def _before_12(code: str) -> str:
    if not _DEFAULT.search(code):
        code = _PARAMETERS.sub(r"\1", _TYPE_ALIAS.sub(r"\1\2 =", code))
    return _Strings("f").rewritten(code)


def _before_13(code: str) -> str:
    return _PARAMETERS.sub(r"\1", _TYPE_ALIAS.sub(r"\1\2 =", code))


def _before_14(code: str) -> str:
    return _Strings("ft").rewritten(_EXCEPT.sub(r"\1(\2):", code))


_VERSIONS: dict[tuple[int, int], Callable[[str], str]] = {
    (3, 12): _before_12,
    (3, 13): _before_13,
    (3, 14): _before_14,
    (3, 15): lambda code: _LAZY.sub(r"\1", code),
}


class _Strings:
    """Takes the expressions out of f-strings, which since Python 3.12 may hold any quotes, lines and comments."""

    def __init__(self, kinds: str) -> None:
        self._kinds = kinds
        self._expressions: list[str] = []

    def rewritten(self, code: str) -> str:
        """Return a code with empty strings for its f-strings, and their expressions at its end.

        Raises:
            ValueError: a string is not whole.
            IndexError: a string has no end.
        """
        plain = self._plain(code)
        return "\n".join([plain, *(f"({expression}\n)" for expression in self._expressions)])

    def _plain(self, code: str) -> str:
        parts, place = [], 0
        while (found := _STRING.search(code, place)) is not None:
            string, end = self._string(code, found)
            parts += [code[place : found.start()], string]
            place = end
        return "".join([*parts, code[place:]])

    def _string(self, code: str, found: re.Match[str]) -> tuple[str, int]:
        """Return what stands for a string or a comment, and where it ends."""
        end = self._after(code, found)
        return '""' if self._is_formatted(found) else code[found.start() : end], end

    def _is_formatted(self, found: re.Match[str]) -> bool:
        return any(kind in (found[1] or "").lower() for kind in self._kinds)

    def _after(self, code: str, found: re.Match[str]) -> int:
        """Return where a string or a comment ends."""
        quote = found[2] or found[3]
        if quote is None:
            return found.end()
        place = found.end()
        is_formatted, is_raw = self._is_formatted(found), "r" in (found[1] or "").lower()
        while not code.startswith(quote, place):
            if code[place] == "\\":
                named = None if is_raw else _NAMED.match(code, place)
                # A brace behind a backslash is one all the same.
                length = 1 if is_formatted and code[place + 1] in "{}" else 2
                place = named.end() if named else place + length
            elif code[place] == "\n" and len(quote) == 1:
                raise ValueError("a string ends with its line")
            elif is_formatted and code[place : place + 2] in ("{{", "}}"):
                place += 2
            elif is_formatted and code[place] == "{":
                place = self._field(code, place + 1)
            elif is_formatted and code[place] == "}":
                raise ValueError("a brace that nothing opens")
            else:
                place += 1
        return place + len(quote)

    def _field(self, code: str, start: int) -> int:
        """Take out the expression that starts in braces; return where the braces end."""
        place, closing, parts = start, list[str](), list[str]()
        while closing or not (code[place] in "}:" or (code[place] == "!" and code[place + 1] != "=")):
            found = _STRING.match(code, place)
            if found is not None:
                string, place = self._string(code, found)
                parts.append(string)
                continue
            if code[place] in _BRACKETS:
                closing.append(_BRACKETS[code[place]])
            elif closing and code[place] == closing[-1]:
                closing.pop()
            elif code[place] in ")]}":
                raise ValueError("a bracket that nothing opens")
            parts.append(code[place])
            place += 1
        expression = re.sub(r"(?<![=!<>])=\s*\Z", "", "".join(parts))
        if not expression.strip():
            raise ValueError("no expression")
        self._expressions.append(expression)
        conversion = _CONVERSION.match(code, place)
        if code[place] == "!" and conversion is None:
            raise ValueError("no conversion")
        place = conversion.end() if conversion else place
        if code[place] == ":":
            while code[place] != "}":
                place = self._field(code, place + 1) if code[place] == "{" else place + 1
        return place + 1
