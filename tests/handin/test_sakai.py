from __future__ import annotations

from pathlib import Path

import pytest

from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

ATTACHMENTS = "Submission attachment(s)"
KIM = "HW 3/Kim, Minjun(kim.1)"
LEE = "HW 3/이, 서연(lee@example.org)"
FILES = {
    f"{KIM}/{ATTACHMENTS}/ex03.py": "a",
    f"{KIM}/timestamp.txt": "20260302011112345",
    f"{KIM}/comments.txt": "",
    f"{KIM}/feedbackText.html": "",
    f"{KIM}/Feedback Attachment(s)/ex02.py": "the instructor's",
    f"{LEE}/{ATTACHMENTS}/work/ex03.ipynb": "b",
    f"{LEE}/timestamp.txt": "2026-03-03T01:11:12.5Z",
    f"{LEE}/이, 서연(lee@example.org)_submissionText.html": "<p>typed</p>",
    "HW 3/grades.csv": "HW 3,Points",
}


@pytest.mark.parametrize("form", ["auto", "sakai"])
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_a_download_for_an_assignment(form: str, is_zip: bool, tiny: Course, tmp_path: Path) -> None:
    source = tmp_path / "bulk_download"
    if is_zip:
        source = make_zip(tmp_path / "bulk_download.zip", FILES)
    else:
        hand_in(source, *FILES, **FILES)
    result = Class(tiny, source, tmp_path / "work", form=form)
    assert result.taken == {"kim.1 ex03": ["ex03.py"], "lee@example.org ex03": ["ex03.ipynb"]}
    assert result.times == {
        "kim.1 ex03": ["2026-03-02T01:11:12.345000+00:00"],
        "lee@example.org ex03": ["2026-03-03T01:11:12.500000+00:00"],
    }
    assert sorted(kind for kind, _ in result.notes if kind != "not_of_form") == sorted(
        ["online_text", *(["passed_over"] if form == "auto" else [])]
    )


def test_an_only_student_and_one_who_handed_in_nothing(tiny: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path / "in",
        f"{KIM}/{ATTACHMENTS}/ex03.py",
        f"{KIM}/timestamp.txt",
        **{f"{KIM}/timestamp.txt": "20260302011112345"},
    )
    assert Class(tiny, tmp_path / "in", tmp_path / "work").students == ("kim.1",)
    (tmp_path / "in" / LEE / ATTACHMENTS).mkdir(parents=True)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.students == ("kim.1", "lee@example.org")
    assert ("empty", f"{LEE.removeprefix('HW 3/')}/{ATTACHMENTS}") in result.notes


def test_where_names_are_hidden_the_code_is_the_name(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *(f"HW/{code}/{ATTACHMENTS}/ex01.py" for code in ("d0c1f", "a77e2")))
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.students == ("a77e2", "d0c1f")
    assert result.times == {"a77e2 ex01": [None], "d0c1f ex01": [None]}


def test_without_folders_there_are_no_times(tiny: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path / "in",
        f"HW/Kim, Ann(kim_1)_{ATTACHMENTS}_my_ex_01.py",
        f"HW/Kim, Ann(kim_1)_{ATTACHMENTS}_ex02.py",
        f"HW/Group 3(7f1e)_{ATTACHMENTS}_ex02.py",
        "HW/Lee, Bo(lee)__submissionText.html",
        "HW/grades.csv",
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert set(result.times) == {"kim_1 ex01", "kim_1 ex02", "7f1e ex02"}
    assert "lee" in result.students
    assert {"online_text", "no_times"} <= {kind for kind, _ in result.notes}


def test_a_roster_may_have_user_names_or_full_names(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *FILES, **FILES)
    (tmp_path / "roster.csv").write_text('student,name,lms_id\n1,"Kim, Minjun",\n2,,lee@example.org\n')
    result = Class(tiny, tmp_path / "in", tmp_path / "work", roster=tmp_path / "roster.csv")
    assert set(result.taken) == {"1 ex03", "2 ex03"}


def test_what_a_student_wrote_tells_no_time(tiny: Course, tmp_path: Path) -> None:
    inside = f"{KIM}/{ATTACHMENTS}"
    hand_in(
        tmp_path / "in",
        f"{inside}/ex01.py",
        f"{inside}/timestamp.txt",
        f"{inside}/2020-01-01T00-00-00Z/ex02.py",
        **{f"{inside}/timestamp.txt": "2020-01-01 00:00:00 UTC"},
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.times == {"kim.1 ex01": [None], "kim.1 ex02": [None]}


def test_folders_that_an_instructor_added_are_read_as_usual(tiny: Course, tmp_path: Path) -> None:
    added = {"HW 3/late-lee/ex02.py": "c"}
    hand_in(tmp_path / "in", *FILES, *added, **FILES)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken["late-lee ex02"] == ["ex02.py"]


def test_a_time_that_is_none_is_noted(tiny: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path / "in",
        f"{KIM}/{ATTACHMENTS}/ex01.py",
        f"{KIM}/timestamp.txt",
        **{f"{KIM}/timestamp.txt": "20269902011112345"},
    )
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert ("bad_timestamp", f"{KIM.removeprefix('HW 3/')}/timestamp.txt") in result.notes
