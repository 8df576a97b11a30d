"""What a course's languages mean for its files: the name of each statement, and what a text is written in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.model import Language

LANGUAGE_CODE = r"^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$"
"""`ko`, `pt_BR`: what gettext calls it, and what may be the name of an argument."""
_SCRIPTS = {"ja": re.compile("[\u3041-\u30ff\u4e00-\u9fff]"), "ko": re.compile("[\uac00-\ud7a3]")}
"""What a text in these languages has a letter of."""


def readme_names(languages: Sequence[Language]) -> dict[Language, str]:
    """Return the name of the statement in each of a course's languages, its own language first.

    README.md is in English where the course has English, and otherwise in the course's own language; every other
    language has its README.<code>.md.
    """
    plain = "en" if "en" in languages else languages[0]
    return {code: "README.md" if code == plain else f"README.{code}.md" for code in languages}


def is_written_in(text: str, language: Language) -> bool:
    """Return whether a text may be in a language: it says something, in the language's script where that is its own."""
    script = _SCRIPTS.get(language)
    return bool(text.strip()) and (script is None or bool(script.search(text)))
