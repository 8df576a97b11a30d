from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip


def found(course: Course, folder: Path, manifest: str, **options: object) -> Class:
    (folder / "manifest.csv").write_text(manifest, encoding="utf-8")
    return Class(course, folder, folder.parent / "work", **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


NINE = "2026-03-09T09:00:00+09:00"
TEN = "2026-03-09T10:00:00+09:00"


@pytest.mark.parametrize("what", ["file", "exercise"])
@pytest.mark.parametrize("name", ["ex01.py", "row-sums.py"])
def test_a_manifest_says_when(what: str, name: str, tiny: Course, folder: Path) -> None:
    hand_in(folder, f"ann/{name}", "ann/ex02.py", "bob/ex01.py")
    cell = f"ann/{name}" if what == "file" else "row-sums"
    result = found(tiny, folder, f"student,{what},submitted_at\nAnn,{cell},{NINE}\n")
    assert result.times["ann ex01"] == [NINE]
    assert result.times["ann ex02"] == ["2026-03-02T10:01:00+00:00"]
    assert result.notes == []


def test_a_manifest_goes_before_names_timestamps_and_dates(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/2020-01-01T00-00-00Z/ex01.py", "bob/ex01/ex01.ipynb")
    (folder / "bob/ex01/timestamp.txt").write_text("2020-01-01 00:00:00 UTC")
    rows = f"ann,ex01,{NINE}\nbob,ex01,{TEN}\n"
    result = found(tiny, folder, f"student,exercise,submitted_at\n{rows}")
    assert result.times == {"ann ex01": [NINE], "bob ex01": [TEN]}


def test_a_manifest_puts_attempts_in_order(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/a/ex01.py", "ann/b/ex01.py", "bob/ex01.py")
    result = found(
        tiny, folder, f"student,file,submitted_at\nann,ann/a/ex01.py,{TEN}\nann,b/ex01.py,{NINE}\n"
    )
    assert result.texts["ann ex01"] == ["# ann/b/ex01.py", "# ann/a/ex01.py"]
    assert result.times["ann ex01"] == [NINE, TEN]


def test_a_manifest_may_count_attempts(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/1/ex01.py", "ann/2/ex01.py", "bob/ex01.py")
    rows = f"ann,ex01,{NINE},1\nann,ex01,{TEN},2\n"
    result = found(tiny, folder, f"student,exercise,submitted_at,attempt\n{rows}")
    assert result.times["ann ex01"] == [NINE, TEN]


def test_a_file_goes_before_its_exercise(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py", "ann/row-sums.py", "bob/ex01.py")
    rows = f"ann,ann/ex01.py,,{TEN}\nann,,ex01,{NINE}\n"
    result = found(tiny, folder, f"student,file,exercise,submitted_at\n{rows}")
    assert result.taken["ann ex01"] == ["row-sums.py", "ex01.py"]
    assert result.times["ann ex01"] == [NINE, TEN]


def test_a_manifest_gives_an_lms_download_its_times(tiny: Course, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"Ann Kim_7_assignsubmission_file/homework.py": ""})
    (tmp_path / "times.csv").write_text(f"student,exercise,submitted_at\nAnn Kim,ex02,{NINE}\n")
    result = Class(tiny, path, tmp_path / "work", manifest=tmp_path / "times.csv", exercises=["ex02"])
    assert result.times == {"Ann Kim ex02": [NINE]}
    assert "no_times" not in [kind for kind, _ in result.notes]


def test_a_manifest_may_use_the_rosters_names(tiny: Course, folder: Path) -> None:
    hand_in(folder, "Ann Kim/ex01.py", "s2/ex01.py")
    (folder / "roster.csv").write_text("student,name,lms_id\ns1,Ann Kim,5\ns2,,6\n")
    for name in ("s1", "ann kim", "5"):
        result = found(tiny, folder, f"student,exercise,submitted_at\n{name},ex01,{NINE}\n")
        assert result.times["s1 ex01"] == [NINE]


def test_a_row_that_fits_nothing_is_noted(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py", "bob/ex01.py")
    rows = f"ann,ex02,{NINE}\nnobody,ex01,{NINE}\n"
    result = found(tiny, folder, f"student,exercise,submitted_at\n{rows}")
    assert result.sentences == [
        "manifest, line 2: nothing handed in fits ann, ex02",
        "manifest, line 3: nothing handed in fits nobody, ex01",
    ]


HEAD = "student,file,exercise,submitted_at,attempt\n"
BAD = {
    "no-column": ("student,exercise\nann,ex01\n", [("line 1", "table.no_column")]),
    "no-zone": (f"{HEAD}ann,,ex01,2026-03-09T09:00:00,\n", [("line 2", "table.bad_time")]),
    "no-time": (f"{HEAD}ann,,ex01,tomorrow,\n", [("line 2", "table.bad_time")]),
    "date-only": (f"{HEAD}ann,,ex01,2026-03-09,\n", [("line 2", "table.bad_time")]),
    "empty-time": (f"{HEAD}ann,,ex01,,\n", [("line 2", "table.no_cell")]),
    "empty-student": (f"{HEAD},,ex01,{NINE},\n", [("line 2", "table.no_cell")]),
    "neither": (f"{HEAD}ann,,,{NINE},\n", [("line 2", "table.no_cell")]),
    "exercise": (f"{HEAD}ann,,ex77,{NINE},\n", [("line 2", "table.no_exercise")]),
    "attempt": (f"{HEAD}ann,,ex01,{NINE},two\n", [("line 2", "table.bad_attempt")]),
    "attempt-digits": (f"{HEAD}ann,,ex01,{NINE},²\n", [("line 2", "table.bad_attempt")]),
    "twice": (f"{HEAD}ann,,ex01,{NINE},\nann,,row-sums,{TEN},\n", [("line 3", "table.twice")]),
    "all-at-once": (
        f"{HEAD}ann,,ex77,soon,\n\nbob,,ex01,{NINE},x\n",
        [("line 2", "table.no_exercise"), ("line 2", "table.bad_time"), ("line 4", "table.bad_attempt")],
    ),
}


@pytest.mark.parametrize(("text", "faults"), BAD.values(), ids=BAD)
def test_a_bad_row_is_reported_with_file_and_line(
    text: str, faults: list[tuple[str, str]], tiny: Course, folder: Path
) -> None:
    hand_in(folder, "ann/ex01.py")
    with pytest.raises(CourseError) as caught:
        found(tiny, folder, text)
    assert [(fault.place, fault.explanation.key) for fault in caught.value.faults] == faults
    assert {fault.file for fault in caught.value.faults} == {"manifest.csv"}


def test_a_table_that_is_too_large_is_not_read(tiny: Course, folder: Path) -> None:
    with pytest.raises(CourseError) as caught:
        found(tiny, folder, "student\n" * (2 << 20) + " ")
    assert caught.value.faults[0].explanation.key == "table.too_large"


def test_the_tables_may_be_in_the_classs_zip(tiny: Course, tmp_path: Path) -> None:
    members = {
        "class/ann/ex01.py": "",
        "class/bob/ex01.py": "",
        "class/roster.csv": "student,name\ns1,Ann\n",
        "class/manifest.csv": f"student,exercise,submitted_at\ns1,ex01,{NINE}\n",
    }
    result = Class(tiny, make_zip(tmp_path / "a.zip", members), tmp_path / "work")
    assert result.times["s1 ex01"] == [NINE]
    assert result.students == ("bob", "s1")


def test_an_attempt_of_a_file_puts_it_in_order(tiny: Course, folder: Path) -> None:
    hand_in(folder, "ann/ex01.py", "ann/row-sums.py", "bob/ex01.py")
    result = found(tiny, folder, f"student,file,submitted_at,attempt\nann,ex01.py,{NINE},2\n")
    assert result.taken["ann ex01"] == ["row-sums.py", "ex01.py"]
    # Of one time the attempt's number decides.
    rows = f"ann,ex01.py,{NINE},2\nann,row-sums.py,{NINE},3\n"
    again = found(tiny, folder, f"student,file,submitted_at,attempt\n{rows}")
    assert again.taken["ann ex01"] == ["ex01.py", "row-sums.py"]
