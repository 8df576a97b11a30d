from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.answers.untouched import defines, is_untouched
from grader.course.files import files_of
from grader.course.load import load_course
from grader.handin.attempts import latest_attempts
from grader.handin.times import attempt_of, parse_time, parse_timestamp
from grader.model import Course, Submission
from tests.support.handin import Class, hand_in

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def seoul(tiny_copy: Path) -> Course:
    """Return the tiny course, in Korea."""
    path = tiny_copy / "course.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\ntimezone: Asia/Seoul\n", encoding="utf-8")
    return load_course(tiny_copy)


def test_several_files_for_an_exercise_are_attempts_in_the_order_of_their_times(
    tiny: Course, tmp_path: Path
) -> None:
    hand_in(tmp_path / "in", "ann/row-sums.ipynb", "ann/ex01.py", "ann/ex1.py")
    result = Class(tiny, tmp_path / "in", tmp_path)
    assert result.taken == {"ann ex01": ["row-sums.ipynb", "ex01.py", "ex1.py"]}
    assert result.times == {
        "ann ex01": ["2026-03-02T10:00:00+00:00", "2026-03-02T10:01:00+00:00", "2026-03-02T10:02:00+00:00"]
    }
    assert result.sentences == [
        "ann ex01: 3 attempts, in this order: ann/row-sums.ipynb, ann/ex01.py, ann/ex1.py"
    ]


def test_of_one_time_the_order_does_not_depend_on_the_disk(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "ann/ex01.py", "ann/ex01.ipynb", "ann/ex1.py")
    for path in (tmp_path / "in" / "ann").iterdir():
        os.utime(path, (5e8, 5e8))
    result = Class(tiny, tmp_path / "in", tmp_path)
    assert result.taken == {"ann ex01": ["ex01.ipynb", "ex01.py", "ex1.py"]}


@pytest.mark.parametrize(
    "names", [("1", "2", "10"), ("attempt-1", "attempt-2", "attempt-10"), ("시도 1", "시도 2", "시도 3")]
)
def test_folders_may_count_attempts(names: tuple[str, ...], tiny: Course, tmp_path: Path) -> None:
    # The last one was written first: a number goes before a file's date.
    hand_in(tmp_path / "in", *(f"ann/{name}/ex01.py" for name in reversed(names)), "ann/ex02.py")
    result = Class(tiny, tmp_path / "in", tmp_path)
    assert result.texts["ann ex01"] == [f"# ann/{name}/ex01.py" for name in names]


def test_folders_may_say_when(seoul: Course, tmp_path: Path) -> None:
    names = ["2026-03-02T10-11-12+0900", "20260302T020000Z", "2026-03-02 12.00"]
    hand_in(tmp_path / "in", *(f"ann/{name}/ex01.py" for name in reversed(names)))
    result = Class(seoul, tmp_path / "in", tmp_path)
    assert result.texts == {"ann ex01": [f"# ann/{name}/ex01.py" for name in names]}
    assert result.times == {
        "ann ex01": ["2026-03-02T10:11:12+09:00", "2026-03-02T02:00:00+00:00", "2026-03-02T12:00:00+09:00"]
    }


def test_a_copy_comes_after_what_it_copies(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "ann/ex01 (2).py", "ann/ex01 (1).py", "ann/ex01.py")
    result = Class(tiny, tmp_path / "in", tmp_path)
    assert result.taken == {"ann ex01": ["ex01.py", "ex01 (1).py", "ex01 (2).py"]}


def test_the_same_content_again_is_the_same_attempt_at_its_first_time(tiny: Course, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    hand_in(folder, "ann/1/ex01.py", "ann/2/ex01.py", "ann/3/ex01.py")
    (folder / "ann/2/ex01.py").write_bytes((folder / "ann/1/ex01.py").read_bytes())
    result = Class(tiny, folder, tmp_path)
    assert result.texts == {"ann ex01": ["# ann/1/ex01.py", "# ann/3/ex01.py"]}
    assert result.times["ann ex01"][0] == "2026-03-02T10:00:00+00:00"
    assert result.sentences[0] == "ann/2/ex01.py: the same content as ann/1/ex01.py, counts as one attempt"


def test_to_go_back_to_an_earlier_answer_is_an_attempt(tiny: Course, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    hand_in(folder, "ann/1/ex01.py", "ann/2/ex01.py", "ann/3/ex01.py")
    (folder / "ann/3/ex01.py").write_bytes((folder / "ann/1/ex01.py").read_bytes())
    result = Class(tiny, folder, tmp_path)
    assert result.texts == {"ann ex01": ["# ann/1/ex01.py", "# ann/2/ex01.py", "# ann/1/ex01.py"]}


def test_the_same_content_for_two_exercises_or_of_two_students_is_not_the_same(
    tiny: Course, tmp_path: Path
) -> None:
    names = ["ann/ex01.py", "ann/ex02.py", "bob/ex01.py"]
    hand_in(tmp_path / "in", *names, **dict.fromkeys(names, "a = 1\n"))
    result = Class(tiny, tmp_path / "in", tmp_path)
    assert sorted(result.taken) == ["ann ex01", "ann ex02", "bob ex01"]
    assert result.notes == []


def test_a_file_that_cannot_be_read_stays_an_attempt(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(tmp_path / "in", "ann/1/ex01.py", "ann/2/ex01.py")

    def refuse(path: Path, below: Path | None = None) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.answers.file.open_regular", refuse)
    assert len(Class(tiny, tmp_path / "in", tmp_path).taken["ann ex01"]) == 2


ANSWER = "def max_pool(x):\n    return x[:, ::2, ::2]\n"
STUB = 'def max_pool(x):\n    """Pool."""  # write it\n\n    raise NotImplementedError()\n'


def notebook(*cells: str) -> str:
    """Return a notebook of code cells, with outputs and metadata as Jupyter leaves them."""
    made = [
        {
            "cell_type": "code",
            "execution_count": 7,
            "metadata": {"nbgrader": {"grade_id": "solution_max_pool", "solution": True}},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}],
            "source": source,
        }
        for source in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


STUBS = {
    "newer": ("ex03.py", "ex03 (1).py"),
    "older": ("ex03 (1).py", "ex03.py"),
    "better named": ("ex03_final.py", "ex03.py"),
    "a notebook": ("ex03.py", "ex03.ipynb"),
    "both notebooks": ("ex03-Copy1.ipynb", "ex03.ipynb"),
    "a later attempt": ("1/ex03.py", "2/ex03.py"),
    "by its comment": ("ex03.py", "original.py"),
    "the answer by its comment": ("original.py", "ex03.py"),
}


@pytest.mark.parametrize("case", STUBS)
@pytest.mark.parametrize("is_dated", [False, True])
def test_an_untouched_stub_displaces_no_answer(
    case: str, is_dated: bool, tiny: Course, tmp_path: Path
) -> None:
    answer, stub = (f"ann/{name}" for name in STUBS[case])
    texts = {
        name: notebook(f"# ex03\n{code}") if name.endswith("ipynb") else f"# ex03\n{code}"
        for name, code in ((answer, ANSWER), (stub, STUB))
    }
    hand_in(tmp_path / "in", answer, stub, **texts)
    if not is_dated:
        for path in (tmp_path / "in" / "ann").rglob("*.*"):
            os.utime(path, (5e8, 5e8))
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"ann ex03": [Path(answer).name]}
    assert ("untouched", stub) in result.notes
    assert result.sentences


def test_an_untouched_stub_alone_is_what_was_handed_in(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "ann/ex03.py", **{"ann/ex03.py": STUB})
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert (result.taken, result.notes) == ({"ann ex03": ["ex03.py"]}, [])


def test_a_stub_leaves_its_exercise_open(tiny: Course, tmp_path: Path) -> None:
    names = {"ann/ex03.py": STUB, "ann/ex02.py": ANSWER + "# 2", "ann/mine.py": ANSWER}
    hand_in(tmp_path / "in", *names, **names)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"ann ex02": ["ex02.py"], "ann ex03": ["mine.py"]}


@pytest.mark.parametrize("names", [["ex03.py"], ["ex03.py", "ex03-Copy1.py"], ["ex03.ipynb"]])
def test_the_only_stub_tells_what_the_work_beside_it_is_for(
    names: list[str], tiny: Course, tmp_path: Path
) -> None:
    texts = {f"ann/{name}": notebook(STUB) if name.endswith("ipynb") else STUB for name in names}
    texts["ann/mine.py"] = ANSWER
    hand_in(tmp_path / "in", *texts, **texts)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"ann ex03": ["mine.py"]}
    assert ("taken_as", "ann/mine.py") in result.notes


def test_two_stubs_do_not(tiny: Course, tmp_path: Path) -> None:
    texts = {"ann/ex02.py": STUB, "ann/ex03.py": STUB, "ann/mine.py": ANSWER}
    hand_in(tmp_path / "in", *texts, **texts)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"ann ex02": ["ex02.py"], "ann ex03": ["ex03.py"]}
    assert result.notes == [("unclear", "ann/mine.py")]


TOUCHED = {
    "work": ANSWER,
    "a wrong answer": "def max_pool(x):\n    return None\n",
    "a start": "def max_pool(x):\n    print(x.shape)\n    raise NotImplementedError\n",
    "another name for it": f"{STUB}\nmax_pool = print\n",
    "imported": f"{STUB}\nfrom mine import max_pool\n",
    "defined again": f"{STUB}\n{ANSWER}",
    "no Python": "def max_pool(x):\n    return (\n",
}


@pytest.mark.parametrize("case", TOUCHED)
def test_what_a_student_wrote_is_no_stub(case: str, tiny: Course, tmp_path: Path) -> None:
    path = tmp_path / "ex03.py"
    path.write_text(TOUCHED[case])
    assert not is_untouched(tiny.exercises[2], path)


UNTOUCHED = {
    "comments": f"# Ann Kim, 20231234\n{STUB}\n# end\n",
    "white space": STUB.replace("    ", "\t\t").replace("\n", "\r\n"),
    "without a docstring": "def max_pool(x): raise NotImplementedError\n",
    "other code around it": f"import numpy as np\nprint(np)\n{STUB}",
    "dots": "def max_pool(x):\n    ...\n",
}


@pytest.mark.parametrize("case", UNTOUCHED)
@pytest.mark.parametrize("is_notebook", [False, True])
def test_what_stands_around_a_stub_makes_it_no_answer(
    case: str, is_notebook: bool, tiny: Course, tmp_path: Path
) -> None:
    path = tmp_path / ("ex03.ipynb" if is_notebook else "ex03.py")
    path.write_text(notebook("%matplotlib inline", UNTOUCHED[case]) if is_notebook else UNTOUCHED[case])
    assert is_untouched(tiny.exercises[2], path)


def test_the_stubs_own_file_is_untouched(tiny: Course) -> None:
    for exercise in tiny.exercises:
        assert is_untouched(exercise, files_of(exercise).stub)
        assert defines(exercise, files_of(exercise).stub)


@pytest.mark.parametrize(
    "name", ["my_test_ex03.py", "ex03_helpers.py", "ex03_notes.ipynb", "plots for ex03.py"]
)
def test_a_longer_name_without_the_function_displaces_no_answer(
    name: str, tiny: Course, tmp_path: Path
) -> None:
    other = "def plot(x):\n    return x\n"
    texts = {"ann/ex03.py": ANSWER, f"ann/{name}": notebook(other) if name.endswith("ipynb") else other}
    hand_in(tmp_path / "in", *texts, **texts)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"ann ex03": ["ex03.py"]}
    assert result.notes == [("no_function", f"ann/{name}")]


def test_what_was_given_out_with_an_exercise_hides_no_answer(tiny: Course, tmp_path: Path) -> None:
    given = files_of(tiny.exercises[2])
    texts = {
        f"ann/{folder}{path.name}": path.read_text()
        for folder in ("", "exercises/ex03_maxpool_2/")
        for path in (given.stub, given.visible_checks)
    }
    hand_in(tmp_path / "in", *texts, "ann/work.py", **texts, **{"ann/work.py": f"# ex03\n{ANSWER}"})
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert result.taken == {"ann ex03": ["work.py"]}
    assert sorted(kind for kind, _ in result.notes) == [
        "notebook_taken",
        *["passed_over"] * 2,
        *["untouched"] * 2,
    ]


@pytest.mark.parametrize("name", ["answer.py", "ex03_v2.py"])
def test_an_answer_beside_what_was_given_out_is_the_folders(name: str, tiny: Course, tmp_path: Path) -> None:
    given = files_of(tiny.exercises[2])
    texts = {f"ann/ex03/{path.name}": path.read_text() for path in (given.stub, given.visible_checks)}
    hand_in(tmp_path / "in", *texts, f"ann/ex03/{name}", **texts, **{f"ann/ex03/{name}": ANSWER})
    assert Class(tiny, tmp_path / "in", tmp_path / "work").taken == {"ann ex03": [name]}


def test_the_latest_attempts_are_the_last_of_each() -> None:
    ann = [Submission("ann", "ex01", Path(name)) for name in ("a.py", "b.py")]
    others = [Submission("ann", "ex02", None), Submission("bob", "ex01", Path("c.py"))]
    assert latest_attempts([*ann, *others]) == (ann[1], *others)


TIMES = {
    "2026-03-02T10:11:12+09:00": "2026-03-02T10:11:12+09:00",
    "2026-03-02T10:11:12.5Z": "2026-03-02T10:11:12.500000+00:00",
    "2026-03-02 10:11": "2026-03-02T10:11:00+09:00",
    "20260302T101112-0330": "2026-03-02T10:11:12-03:30",
    "2026-03-02_10-11-12": "2026-03-02T10:11:12+09:00",
    "2026-03-02T10-11+09": "2026-03-02T10:11:00+09:00",
}


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_read_as_iso_8601_has_it(text: str) -> None:
    at = parse_time(text, SEOUL)
    assert at is not None
    assert at.isoformat() == TIMES[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-02",
        "yesterday",
        "2026-13-02T10:11",
        "2026-02-30T10:11",
        "2026-03-02T25:00",
        "0001-01-01T00:00Z",
        "9999-12-31T23:59Z",
        "2026-03-02T10:11:12+99:00",
        "２０２６-03-02T10:11",
        "2026-03-02T10:11:12 KST",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_time(text, SEOUL) is None


def test_a_time_without_a_zone_is_none_where_a_zone_is_needed() -> None:
    assert parse_time("2026-03-02T10:11:12", None) is None
    assert parse_time("2026-03-02T10:11:12Z", None) == datetime(2026, 3, 2, 10, 11, 12, tzinfo=UTC)


TIMESTAMPS = {
    "2015-02-02 15:58:23.948203 UTC": "2015-02-02T15:58:23.948203+00:00",
    "2015-02-02 15:58:23.948203 KST\n": "2015-02-02T15:58:23.948203+09:00",
    "2015-02-02 15:58:23.948203 +0900": "2015-02-02T15:58:23.948203+09:00",
    "2015-02-02 15:58:23 Europe/Berlin": "2015-02-02T15:58:23+01:00",
    "2015-02-02 15:58:23.948203": "2015-02-02T15:58:23.948203+09:00",
    "2015-02-02T15:58:23Z": "2015-02-02T15:58:23+00:00",
}


@pytest.mark.parametrize("text", TIMESTAMPS)
def test_nbgraders_timestamp_is_read_with_its_zone(text: str) -> None:
    at = parse_timestamp(text, SEOUL)
    assert at is not None
    assert at.isoformat() == TIMESTAMPS[text]


@pytest.mark.parametrize(
    "text", ["", "soon", "2015-02-02 15:58:23 PST", "2015-02-02 15:58:23 ../etc", "a b c"]
)
def test_a_timestamp_of_an_unknown_zone_tells_nothing(text: str) -> None:
    assert parse_timestamp(text, SEOUL) is None


@pytest.mark.parametrize(
    ("name", "number"),
    [("1", 1), ("012", 12), ("attempt-2", 2), ("Attempt 3", 3), ("try_4", 4), ("제출5", 5)],
)
def test_these_folders_count_attempts(name: str, number: int) -> None:
    assert attempt_of(name, UTC) == (number, None)


@pytest.mark.parametrize("name", ["", "2026", "20231234", "ex01", "attempt", "v2", "1.5", "-1"])
def test_these_do_not(name: str) -> None:
    assert attempt_of(name, UTC) is None
