"""In which encoding a table was saved: it is found out for sure, or not at all."""

from __future__ import annotations

import codecs
import re
from itertools import combinations

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_ALPHABETS = {
    "cp1252": (
        "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíóúüñ", "áâãàçéêíóôõú", "àèéìíîòóù", "æøåéö", "åäöéšž", "áðéíóúýþæö", "éèëïöüçáó",
        "àçèéíïòóúü",
    ),
    "cp1250": (
        "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüß", "çë",
    ),
    "cp1254": ("çğıöşüâîû",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöüõšž", "ąćęłńóśźż"),
}  # fmt: skip
"""By encoding the letters beside a to z of each of the languages that are written in it."""

_HANGUL = frozenset(
    # Family names, then what given names are made of, then what headings and departments are.
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석"
    "선설마길연위표명기반라왕금옥육인맹제모탁국은편용예경봉사부가간감갑견곡광괴교규근글란랑래량려령로록론료루률리림만매"
    "면목무미범법병보복본분비빈빛산상새샘생섭세솔수숙순슬승시식실아애앤야언엘열영완요욱운웅월율음응의일재저절점조종준중"
    "즈직찬창철청초춘충치태택통판평필학해향헌혁형혜호화환회효후훈휘흠희린름메번제출과목반학과년점담당교급등록휴철취소자퇴"
    "적계정이디아름성메일주소팀조모둠별참번대컴퓨터공전산통데이응용"
)
_MOST_FOREIGN = 0.3
"""How much of a Korean table may be other syllables, Chinese characters and signs."""
_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGN = re.compile(r"(?<=[^\W\d_])’(?=[^\W\d_])|(?<!\w)[–—](?!\w)|\N{NO-BREAK SPACE}")
"""What of the signs beyond ASCII stands in a table of names, and where."""


def decoded(raw: bytes) -> str | None:
    """Return a table's text; None where its encoding is not sure: another one would give other letters.

    Without a mark at its beginning a table is UTF-8. What is not can only be what Windows writes in one part of the world,
    and that is told by what stands in it: in Korean mostly syllables that names are made of, elsewhere words whose letters
    are of one alphabet. The encoding that needs the fewest alphabets is meant, where no other one needs as few.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _in(raw[len(mark) :], encoding)
    if (text := _in(raw, "utf-8")) is not None:
        return text
    needed: dict[str, int] = {}
    for encoding, alphabets in _ALPHABETS.items():
        text = _in(raw, encoding)
        count = None if text is None else _alphabets_of(text, alphabets)
        if text is not None and count is not None:
            needed[text] = min(count, needed.get(text, count))
    korean = _in(raw, "cp949")
    if korean is not None and _is_korean(korean):
        return None if needed else korean
    fewest = [text for text, count in needed.items() if count == min(needed.values())]
    return fewest[0] if len(fewest) == 1 else None


def _in(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_korean(text: str) -> bool:
    foreign = [character for character in text if not character.isascii()]
    return sum(character not in _HANGUL for character in foreign) <= _MOST_FOREIGN * len(foreign)


def _alphabets_of(text: str, alphabets: tuple[str, ...]) -> int | None:
    """Return how many of these alphabets the words of a text need; None where they do not suffice."""
    if not _WORD.sub("", _SIGN.sub("", text)).isascii():
        return None
    words = {part for word in _WORD.findall(text) for part in _CAMEL.split(word) if not part.isascii()}
    if not all(word in (word.lower(), word.upper(), word.capitalize()) for word in words):
        return None
    letters = {
        frozenset(character for character in word.lower() if not character.isascii()) for word in words
    }
    # A word of such letters alone is what another script looks like.
    if any(len(word) > 1 and not any(map(str.isascii, word)) for word in words):
        return None
    sets = [set(alphabet) for alphabet in alphabets]
    for count in range(1, 4):
        for chosen in combinations(sets, count):
            if all(any(word <= alphabet for alphabet in chosen) for word in letters):
                return count
    return None


def line_in_doubt(raw: bytes) -> int:
    """Return the number of the first line that is more than ASCII."""
    return next((number for number, line in enumerate(raw.split(b"\n"), start=1) if not line.isascii()), 1)
