"""Which folder holds the class: what lies around it or beside it makes no class one student."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import RequestError
from grader.messages.sentences import explain
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

MADE_BY_MACOS = "__MACOSX/class/ann/._ex03.py"
AROUND = {
    "a text beside it": ["readme.txt"],
    "tables, the assignment and what macOS adds": ["times.csv", "assignment.pdf", MADE_BY_MACOS],
    "the assignment's notebook": ["ex03.ipynb", "assignment.ipynb", "solution.py"],
    "a folder of pictures": ["images/figure.png"],
    "a text in it": ["class/readme.txt", "class/meta.yml"],
}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", ["ex03.py", "homework.ipynb", "Copy of ex03.py"])
def test_what_lies_beside_a_class_makes_it_no_student(
    around: str, name: str, tiny: Course, tmp_path: Path
) -> None:
    hand_in(tmp_path / "in", f"class/ann/{name}", f"class/bob/{name}", *AROUND[around])
    result = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex03"])
    assert sorted(result.taken) == ["ann ex03", "bob ex03"]
    noted = {str(note.values.get("file", "")).partition("/")[0] for note in result.found.notes}
    beside = {file.removeprefix("class/").partition("/")[0] for file in AROUND[around]} - {"__MACOSX"}
    assert beside <= noted


@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_several_folders_may_lie_around_a_class(is_zip: bool, tiny: Course, tmp_path: Path) -> None:
    names = ["a/b/c/d/class/ann/ex03.py", "a/b/c/d/class/bob/ex03.py", "a/readme.txt", "a/b/c/x.pdf"]
    source = tmp_path / "in"
    if is_zip:
        source = make_zip(tmp_path / "in.zip", {name: name for name in names})
    else:
        hand_in(source, *names)
    result = Class(tiny, source, tmp_path / "work")
    assert list(result.taken) == ["ann ex03", "bob ex03"]
    assert result.notes == [("passed_over", "a/readme.txt"), ("passed_over", "a/b/c/x.pdf")]


FORMS = {
    "flat": (["c/kim_ex03.py", "c/lee_ex03.py"], {"kim ex03", "lee ex03"}),
    "zips": (["c/kim.zip", "c/lee.zip"], {"kim ex03", "lee ex03"}),
    "attempts": (["c/ann/1/ex03.py", "c/ann/2/ex03.py", "c/bob/1/ex03.py"], {"ann ex03", "bob ex03"}),
    "canvas": (["c/kimann_12_345_ex03.py", "c/leebob_13_346_ex03.py"], {"kimann ex03", "leebob ex03"}),
    "moodle": (
        ["c/Ann Kim_12_assignsubmission_file/ex03.py", "c/Bob_13_assignsubmission_file/ex03.py"],
        {"Ann Kim ex03", "Bob ex03"},
    ),
    "an export that is not known": (
        ["c/submission_3001/ex03.py", "c/submission_3002/ex03.py", "c/data.yml"],
        {"submission_3001 ex03", "submission_3002 ex03"},
    ),
    "one student": (["c/kim/ex03.py"], {"kim ex03"}),
    "one student's folder": (["kim/ex03_final.py"], {"kim ex03"}),
    "one student's copies": (["kim/Copy of ex03.py", "kim/hw_ex3_v2.py"], {"kim ex03"}),
    "one student's zip": (["kim.zip"], {"kim ex03"}),
    "folders in a student's": (["ann/a/ex03.py", "ann/b/ex03.py", "bob/ex03.py"], {"ann ex03", "bob ex03"}),
    "one folder in each": (["ann/hw/ex03.py", "bob/hw/ex03.py"], {"ann ex03", "bob ex03"}),
    "named twice": (["ann/ann_ex03.py", "bob/bob_ex03.py"], {"ann ex03", "bob ex03"}),
}


def write(folder: Path, names: list[str]) -> None:
    """Write files and zips, each zip with an answer to ex03."""
    hand_in(folder, *(name for name in names if not name.endswith(".zip")))
    for name in names:
        if name.endswith(".zip"):
            make_zip(folder / name, {"ex03.py": name})


@pytest.mark.parametrize("form", FORMS)
def test_a_text_beside_changes_no_form(form: str, tiny: Course, tmp_path: Path) -> None:
    names, taken = FORMS[form]
    write(tmp_path / "in", [*names, "readme.txt"])
    assert set(Class(tiny, tmp_path / "in", tmp_path / "work").taken) == taken


def test_a_mixed_class_is_read_as_it_lies(tiny: Course, tmp_path: Path) -> None:
    names = ["ann/ex03.py", "bob_ex03.py", "Cho_14_assignsubmission_file/ex03.py", "dan.zip", "readme.txt"]
    write(tmp_path / "in", names)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert set(result.taken) == {f"{student} ex03" for student in ("ann", "bob", "Cho", "dan")}


UNCLEAR = {
    "two sections": (["a/ann/ex03.py", "a/bob/ex03.py", "b/cho/ex03.py"], "a/ann, a/bob"),
    "sections of notebooks": (["a/ann/hw.ipynb", "a/bob/hw.ipynb", "b/cho/hw.ipynb"], "a/ann, a/bob"),
    "sections of files": (["a/kim_ex03.py", "a/lee_ex03.py", "b/cho_ex03.py"], "a/kim_ex03.py, a/lee_ex03.py"),
    "sections of a download": (
        ["a/Ann_1_assignsubmission_file/ex03.py", "b/Bob_2_assignsubmission_file/ex03.py"],
        "a/Ann_1_assignsubmission_file, b/Bob_2_assignsubmission_file",
    ),
    "an answer in the class's folder": (["c/ex03.py", "c/ann/ex03.py", "c/bob/ex03.py"], "c/ann, c/bob"),
    "a student called 3": (["c/3/ex03.py", "c/ann/ex03.py", "c/bob/ex03.py"], "c/ann, c/bob"),
    "a student's file beside it": (["c/ann/ex03.py", "c/bob/ex03.py", "kim_ex03.py"], "c/ann, c/bob"),
    "exercises": (["ex01/ex01.py", "ex03/ex03.py"], "ex01, ex03"),
    "attempts": (["attempt-1/ex03.py", "attempt-2/ex03.py"], "attempt-1, attempt-2"),
    "many": ([f"a/s{number}/ex03.py" for number in range(9)] + ["b/x/ex03.py"], "a/s0, a/s1, a/s2, a/s3, a/s4, a/s5, ..."),
}  # fmt: skip


@pytest.mark.parametrize("case", UNCLEAR)
def test_what_may_be_one_student_or_several_is_refused(case: str, tiny: Course, tmp_path: Path) -> None:
    names, seen = UNCLEAR[case]
    hand_in(tmp_path / "in", *names)
    with pytest.raises(RequestError) as caught:
        Class(tiny, tmp_path / "in", tmp_path / "work")
    key = "request.whose_exercises" if case == "exercises" else "request.whose"
    assert caught.value.explanation.key == key
    assert caught.value.explanation.values["seen"] == seen
    for language in ("en", "ko"):
        sentence = explain(caught.value.explanation, language)
        assert all(word in sentence for word in (seen, "--from folders", "--student"))
        assert (f"grader grade {tmp_path / 'in/ex01'} --exercise ex01" in sentence) == (case == "exercises")


@pytest.mark.parametrize("name", ["kim.py", "kim/ex01.py", "kim/answer.py"])
def test_what_is_advised_for_a_folder_of_each_exercise_can_be_done(
    name: str, tiny: Course, tmp_path: Path
) -> None:
    names = [f"ex01/{name}", f"ex01/{name.replace('kim', 'lee')}", f"ex03/{name}"]
    hand_in(tmp_path / "in", *names, **dict.fromkeys(names, "def row_sums(x):\n    return x\n"))
    result = Class(tiny, tmp_path / "in" / "ex01", tmp_path / "work", exercises=["ex01"])
    assert set(result.taken) == {"kim ex01", "lee ex01"}


@pytest.mark.parametrize(
    ("names", "is_noted"),
    [
        (["HW3/ex03.ipynb", "HW3/ex03 (1).ipynb", "HW3/ex03 (2).ipynb"], True),
        (["kim/ex03.py", "kim/ex03 (1).py"], False),
        (["kim/ex03.py", "kim/ex03.ipynb", "kim/ex3.py"], False),
        (["kim/ex01.py", "kim/ex02.py", "kim/ex03.py"], False),
        (["kim/ex03.py", "kim/ex03 (1).py", "kim/ex03 (2).py", "lee/ex03.py"], False),
    ],
)
def test_an_only_student_with_many_answers_is_noted(
    names: list[str], is_noted: bool, tiny: Course, tmp_path: Path
) -> None:
    hand_in(tmp_path / "in", *names)
    kinds = {kind for kind, _ in Class(tiny, tmp_path / "in", tmp_path / "work").notes}
    assert ("only_student" in kinds) == is_noted


@pytest.mark.parametrize("beside", [[], ["readme.txt"]])
def test_a_zip_of_a_class_in_a_folder_is_no_students(beside: list[str], tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *beside)
    make_zip(tmp_path / "in" / "class.zip", {"c/ann/ex03.py": "1", "c/bob/ex03.py": "2"})
    with pytest.raises(RequestError) as caught:
        Class(tiny, tmp_path / "in", tmp_path / "work")
    assert caught.value.explanation.values["seen"] == "class.zip/c/ann, class.zip/c/bob"


def test_who_says_the_form_or_the_student_is_believed(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *UNCLEAR["two sections"][0])
    assert Class(tiny, tmp_path / "in", tmp_path / "work", form="folders").students == ("a", "b")
    assert Class(tiny, tmp_path / "in", tmp_path / "work", student="kim").students == ("kim",)
    assert Class(tiny, tmp_path / "in" / "a", tmp_path / "work").students == ("ann", "bob")


@pytest.mark.parametrize(
    "names", [["ex03.py", "ex02.py"], ["ex03.ipynb"], ["ex03_final.ipynb"], ["homework.py"]]
)
def test_one_students_files_name_no_student(names: list[str], tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *names)
    with pytest.raises(RequestError) as caught:
        Class(tiny, tmp_path / "in", tmp_path / "work")
    assert "--student" in explain(caught.value.explanation, "en")
    assert "--student" in explain(caught.value.explanation, "ko")
    if names != ["homework.py"]:
        assert Class(tiny, tmp_path / "in", tmp_path / "work", student="kim").taken
