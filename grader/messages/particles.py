"""Korean particles: `{file}을(를)` becomes 을 or 를 by the sound that the word before it ends in.

A catalogue writes both forms; which one is right is known when the value is. What is no Korean is read as people read it
aloud: digits in Korean, capitals by their letters, other words by how they end.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

_FORMS = {
    "을(를)": ("을", "를"),
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "이어야(여야)": ("이어야", "여야"),
    "(이)": ("이", ""),
}
"""Behind a final consonant, and behind none."""
_PARTICLE = re.compile("|".join(map(re.escape, _FORMS)))
_BESIDE = re.compile(r"\([^()]*\)$")
"""What stands in brackets behind the word that a particle belongs to."""
_DIGITS = {"0": "ㅇ", "1": "ㄹ", "3": "ㅁ", "6": "ㄱ", "7": "ㄹ", "8": "ㄹ"}
"""영, 일, 삼, 육, 칠, 팔; the other digits end in no consonant."""
_LETTERS = {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ"}
"""What letters end in that are read by their names: 엘, 엠, 엔, 알."""
_ENDINGS = [
    (re.compile(r"(?:l|le|lle)$"), "ㄹ"),
    (re.compile(r"(?:m|me|n|ne|ng)$"), "ㄴ"),
    # input, step, stack, map, basic: a short vowel before the consonant, which closes the syllable.
    (re.compile(r"(?:^|[^aeiou])(?:[aeiou]|ou)(?:t|p|ck|k)$|ic$|type$"), "ㅂ"),
]


def with_particles(template: str, values: dict[str, Any]) -> str:
    """Return a template with its values filled in, each particle in the form that the word before it asks for."""
    if not _PARTICLE.search(template):
        return template.format(**values)
    filled = ""
    for literal, name, form, conversion in Formatter().parse(template):
        start = 0
        for found in _PARTICLE.finditer(literal):
            filled += literal[start : found.start()]
            filled += _form(filled, found[0])
            start = found.end()
        filled += literal[start:]
        if name is not None:
            place = f"{{{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}"
            filled += place.format(**values)
    return filled


def _form(before: str, particle: str) -> str:
    """Return a particle's form behind a text; both, as it is written, where nobody knows how the text is read."""
    final = _final(before)
    if final is None:
        return particle
    has_final = bool(final) and not (particle == "(으)로" and final == "ㄹ")
    return _FORMS[particle][0 if has_final else 1]


def _final(text: str) -> str | None:
    """Return the consonant that a text ends in when it is read aloud; empty where it ends in none, None if not known.

    Of the consonants only ㄹ is told apart from the others.
    """
    word = _word(text)
    if not word:
        return None
    last = word[-1]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return "ㄹ" if final == 8 else "ㄱ" if final else ""
    if last.isascii() and last.isdigit():
        return _DIGITS.get(last, "")
    letters = re.search(r"[A-Za-z]+$", word)
    if letters is None:
        return None
    if letters[0].isupper() or len(letters[0]) == 1:
        return _LETTERS.get(letters[0][-1].lower(), "")
    ending = re.sub(r".*(?<=[a-z])(?=[A-Z])", "", letters[0]).lower()
    return next((final for pattern, final in _ENDINGS if pattern.search(ending)), "")


def _word(text: str) -> str:
    """Return a text up to its last letter or digit; what stands in brackets behind it is not what a particle belongs to."""
    outside = _BESIDE.sub("", text.rstrip("`'\"”’*_ "))
    for part in (outside, text):
        if word := re.sub(r"[\W_]+$", "", part):
            return word
    return ""
