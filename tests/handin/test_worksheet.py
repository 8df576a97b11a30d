"""Moodle's grading worksheet: when its participants handed in."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.handin.worksheet import worksheet_time
from grader.model import Course
from tests.support.handin import Class, hand_in

ZONE = ZoneInfo("Asia/Seoul")

TIMES = {
    "english": ("Monday, 2 March 2026, 3:11 PM", "2026-03-02T15:11:00+09:00"),
    "american": ("Monday, March 2, 2026, 12:11 AM", "2026-03-02T00:11:00+09:00"),
    "korean": ("2026년 3월 2일(월), 오후 12:11", "2026-03-02T12:11:00+09:00"),
    "korean-midnight": ("2026년 03월 2일 (월) 오전 12:05", "2026-03-02T00:05:00+09:00"),
    "japanese": ("2026年 3月 2日(月曜日) 15:11", "2026-03-02T15:11:00+09:00"),
    "german": ("Montag, 2. März 2026, 15:11", "2026-03-02T15:11:00+09:00"),
    "french": ("mercredi 2 décembre 2026, 15:11", "2026-12-02T15:11:00+09:00"),
    "spanish": ("lunes, 2 de marzo de 2026, 15:11", "2026-03-02T15:11:00+09:00"),
    "iso": ("2026-03-02 15:11", "2026-03-02T15:11:00+09:00"),
    "day-or-month-first": ("2/3/2026, 15:11", None),
    "no-day": ("Monday, 31 February 2026, 3:11 PM", None),
    "nothing": ("-", None),
    "words": ("yesterday", None),
}


@pytest.mark.parametrize(("text", "time"), TIMES.values(), ids=TIMES)
def test_a_time_is_read_in_the_sites_language(text: str, time: str | None) -> None:
    found = worksheet_time(text, ZONE)
    assert (found and found.isoformat()) == time


WORKSHEET = """Identifier,Full name,ID number,Status,Last modified (submission),Last modified (grade)
Participant 101,Minjun Kim,7,Submitted,"Monday, 2 March 2026, 3:11 PM",-
Participant 102,Ann Lee,8,Submitted,2/3/2026,-
Participant 103,Bo Park,9,No submission,-,-
"""


@pytest.fixture
def download(tmp_path: Path) -> Path:
    people = ("Minjun Kim_101", "Ann Lee_102")
    hand_in(tmp_path / "in", *(f"{name}_assignsubmission_file/ex01.py" for name in people))
    (tmp_path / "in" / "roster.csv").write_text(WORKSHEET)
    return tmp_path / "in"


def test_a_worksheet_says_when_its_participants_handed_in(tiny: Course, download: Path) -> None:
    found = Class(tiny, download, download.parent / "work")
    assert found.times == {"7 ex01": ["2026-03-02T15:11:00+00:00"], "8 ex01": [None]}
    assert ("worksheet_time", "8") in found.notes
    assert "no_times" not in dict(found.notes)


def test_a_manifest_goes_before_a_worksheet(tiny: Course, download: Path) -> None:
    (download / "manifest.csv").write_text(
        "student,exercise,submitted_at\nMinjun Kim,ex1,2026-03-05T00:00:00Z\n"
    )
    found = Class(tiny, download, download.parent / "work")
    assert found.times["7 ex01"] == ["2026-03-05T00:00:00+00:00"]


def test_a_worksheet_of_another_assignment_tells_no_time(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "Minjun Kim_555_assignsubmission_file/ex01.py")
    (tmp_path / "in" / "roster.csv").write_text(WORKSHEET)
    found = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert found.times == {"7 ex01": [None]}
    assert "no_times" in dict(found.notes)
