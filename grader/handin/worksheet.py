"""Moodle's grading worksheet, whose headings and times are in the site's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from grader.handin.names import key_of
from grader.handin.times import parse_time

IDENTIFIER = re.compile(r"([^\d\s@][^\d@]*?)\s+(\d+)", re.ASCII)
"""How a participant is numbered in every language: "Participant 123", "참여자 123"."""
MODIFIED = "Last modified (submission)"
"""The heading above when each participant handed in."""
NOTHING = ("", "-", "–")
"""What stands where nothing was handed in."""

_MONTHS = """
    jan ene gen janv januar january enero gennaio janvier janeiro januari styczen ledna jaan
    feb fév févr fevr februar february febrero febbraio février fevereiro fev februari
    mar mär mrz märz mars march marzo março maart mrt marts
    apr abr avr april abril aprile avril
    may mai mag mayo maggio maio mei maj
    jun giu juin june juni junio giugno junho
    jul lug juil july juli julio luglio juillet julho
    aug ago aoû août aout august agosto augustus augusti
    sep set sept september septiembre settembre septembre setembro
    oct okt ott out october oktober octubre ottobre octobre outubro
    nov november noviembre novembre novembro
    dec dez dic déc december dezember diciembre dicembre décembre dezembro
"""
_MONTH = {
    word: number for number, line in enumerate(_MONTHS.split("\n")[1:13], start=1) for word in line.split()
}
_CLOCK = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::\d\d)?(?!\d)")
_MORNING = ("am", "오전", "午前", "上午")
_AFTERNOON = ("pm", "오후", "午後", "下午")


def in_english(
    columns: Sequence[str], lines: Sequence[Sequence[str]], known: frozenset[str]
) -> tuple[str, ...]:
    """Return a table's headings, those of a grading worksheet as an English Moodle writes them.

    In every language its first column numbers the participants, and their full names are in the second. The first column
    of times is when they handed in, for the grade's stands behind it. A table whose first heading is `known` stays as it
    is: people may be called "Student 1".
    """
    if not columns or key_of(columns[0]) in known:
        return tuple(columns)
    cells = [line[0].strip() for line in lines if any(line)]
    words = {matched[1] if (matched := IDENTIFIER.fullmatch(cell)) else "" for cell in cells}
    if len(columns) < 2 or len(words) != 1 or "" in words:
        return tuple(columns)
    names = ["Identifier", "Full name", *columns[2:]]
    for place in range(2, len(names)):
        found = [line[place].strip() for line in lines if len(line) > place and line[place].strip()]
        if not found:
            continue
        if "Email address" not in names and all("@" in cell for cell in found):
            names[place] = "Email address"
        elif MODIFIED not in names and {cell in NOTHING or bool(_parts(cell)) for cell in found} == {True}:
            names[place] = MODIFIED if any(cell not in NOTHING for cell in found) else names[place]
    return tuple(names)


def worksheet_time(text: str, zone: tzinfo) -> datetime | None:
    """Return when something was handed in, as a worksheet says it in the site's language; None where that is not sure.

    Known are ISO 8601, and a day, a month by name and a year in any order; without a name the year has to be first.
    """
    parsed = parse_time(text, zone)
    parts = None if parsed else _parts(text)
    if parts is None:
        return parsed
    try:
        return datetime(*parts, tzinfo=zone)
    except ValueError:
        return None


def _parts(text: str) -> tuple[int, int, int, int, int] | None:
    """Return year, month, day, hour and minute of a time in words."""
    text = key_of(text)
    clocks = list(_CLOCK.finditer(text))
    if not clocks:
        return None
    clock = clocks[-1]
    hour = int(clock["hour"])
    rest = f"{text[: clock.start()]} {text[clock.end() :]}"
    words = re.findall(r"[^\W\d_]+", rest.replace("a.m.", "am").replace("p.m.", "pm"))
    if any(word in _AFTERNOON for word in words):
        hour = hour % 12 + 12
    elif any(word in _MORNING for word in words):
        hour %= 12
    numbers = [int(number) for number in re.findall(r"\d+", rest)]
    months = {_MONTH[word] for word in words if word in _MONTH}
    if len(numbers) == 2 and len(months) == 1 and max(numbers) > 1000 > min(numbers):
        return max(numbers), months.pop(), min(numbers), hour, int(clock["minute"])
    if len(numbers) == 3 and not months and numbers[0] > 1000:
        return numbers[0], numbers[1], numbers[2], hour, int(clock["minute"])
    return None
