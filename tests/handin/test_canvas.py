from __future__ import annotations

from pathlib import Path

import pytest

from grader.handin.canvas import is_canvas
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

NAMES = [
    "kimann_1201_88001_homework.ipynb",
    "leebob_LATE_1202_88002_my_answer_7_8.py",
    "박민준_1203_88003_ex02-1.py",
    "oneilmaryjane_1204_88004_maxpool-1.py",
    "leecho_1205_text.html",
    "leecho_LATE_1206_link.html",
]
TAKEN = {"kimann", "leebob", "박민준", "oneilmaryjane"}


@pytest.mark.parametrize("form", ["auto", "canvas"])
@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_a_download_for_an_assignment(form: str, is_zip: bool, tiny: Course, tmp_path: Path) -> None:
    source = tmp_path / "submissions"
    if is_zip:
        source = make_zip(tmp_path / "submissions.zip", {name: name for name in NAMES})
    else:
        hand_in(source, *NAMES)
    result = Class(tiny, source, tmp_path / "work", form=form, exercises=["ex02"])
    assert set(result.taken) == {f"{student} ex02" for student in TAKEN}
    assert all(times == [None] for times in result.times.values())
    assert sorted(kind for kind, _ in result.notes) == [
        "canvas_late",
        "canvas_late",
        "no_times",
        "online_text",
        "online_text",
        "same_name",
        "same_name",
        "taken_as",
        "taken_as",
    ]
    assert result.students == (
        "kimann",
        "leebob",
        "leecho_1205",
        "leecho_1206",
        "oneilmaryjane",
        "박민준",
    )


def test_late_is_a_note_and_no_time(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "leebob_LATE_1202_88002_ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"leebob ex01": ["leebob_LATE_1202_88002_ex01.py"]}
    assert result.sentences[0] == (
        "leebob_LATE_1202_88002_ex01.py: marked late by Canvas, which does not say how late"
    )


def test_a_file_handed_in_again_is_a_later_attempt(tiny: Course, tmp_path: Path) -> None:
    names = ["kim_1_900_ex01-2.py", "kim_1_1001_ex01-10.py", "kim_1_88_ex01.py"]
    hand_in(tmp_path / "in", *reversed(names))
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"kim ex01": [names[2], names[0], names[1]]}


def test_a_nameless_file_handed_in_again_is_one_file(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "kim_1_900_homework-1.py", "kim_1_88_homework.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex01"])
    assert result.taken == {"kim ex01": ["kim_1_88_homework.py", "kim_1_900_homework-1.py"]}


def test_an_exercise_whose_name_ends_in_a_number_is_itself(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "kim_1_88_maxpool-2.py", "kim_1_89_maxpool-1-1.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert set(result.taken) == {"kim ex03", "kim ex02"}


def test_students_of_one_name_are_told_apart_by_their_ids(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "kimann_1_88_ex01.py", "kimann_2_89_ex01.py", "kimann_LATE_2_90_ex02.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert set(result.taken) == {"kimann_1 ex01", "kimann_2 ex01", "kimann_2 ex02"}


def test_where_names_are_hidden_the_code_is_the_name(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "anon_x7Yz1_88_ex01.py", "LATE_anon_aB3c9_89_ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.students == ("anon_aB3c9", "anon_x7Yz1")
    assert ("canvas_late", "LATE_anon_aB3c9_89_ex01.py") in result.notes


def test_a_zip_may_be_handed_in(tiny: Course, tmp_path: Path) -> None:
    make_zip(tmp_path / "in" / "kim_1_88_homework.zip", {"homework/ex01.py": "a", "homework/2/ex02.py": "b"})
    hand_in(tmp_path / "in", "lee_2_89_ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert set(result.taken) == {"kim ex01", "kim ex02", "lee ex01"}


def test_a_few_files_that_look_like_canvas_do_not_make_a_download(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "kim_2023_1234_ex03.py", "ann/ex01.py", "bob/ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert set(result.taken) == {"ann ex01", "bob ex01", "kim_2023_1234 ex03"}


@pytest.mark.parametrize(
    "name", ["kim_ex03.py", "1_2_ex03.py", "kim_1_ex03.py", "kim_LATE_ex03.py", "kim_1_2_"]
)
def test_these_are_no_names_of_canvas(name: str) -> None:
    assert not is_canvas(name)
