"""Text that a terminal, a file and a database take as text."""

from __future__ import annotations

import codecs
import re
import unicodedata

# Control characters; those that turn the direction of writing around, with which code reads as what it is not; and
# halves of surrogate pairs, which no file can hold.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\N{LEFT-TO-RIGHT EMBEDDING}-\N{RIGHT-TO-LEFT OVERRIDE}"
    "\N{LEFT-TO-RIGHT ISOLATE}-\N{POP DIRECTIONAL ISOLATE}\ud800-\udfff]"
)


def printable(value: str) -> str:
    """Return a text that a terminal, a file and a database take as text.

    Control characters could steer a terminal, and those for the direction of writing show another order than there is;
    half a surrogate pair has no place in UTF-8. Names of files, output and exceptions are a student's to choose.
    """
    return _UNPRINTABLE.sub("\ufffd", value)


_IN_ASCII = {
    "✓": "+", "✗": "x", "–": "-", "—": "-", "−": "-", "→": "->", "←": "<-", "…": "...", "·": ".", "•": "*",
    "×": "x", "‘": "'", "’": "'", "“": '"', "”": '"', "≤": "<=", "≥": ">=", "±": "+-",
}  # fmt: skip
"""What stands for signs of ours where they cannot be written."""


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    # What is two columns wide stays so: signs in the line below point to a column.
    wide = {character: "??" for character in wrong if unicodedata.east_asian_width(character) in "WF"}
    return "".join(_IN_ASCII.get(character, wide.get(character, "?")) for character in wrong), error.end


IN_ASCII = "grader.in_ascii"
"""How a stream takes what its encoding has not (`errors=`): another sign, or a question mark, and never an exception."""
codecs.register_error(IN_ASCII, _in_ascii)
