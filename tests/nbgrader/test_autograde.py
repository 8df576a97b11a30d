"""nbgrader's own autograder with our judge in it: what each cell earns, whatever became of the notebook."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.answers.notebook import read_notebook
from grader.commands import nbgrader as command
from grader.course.load import load_course
from grader.errors import RunnerError
from grader.model import Verdict
from grader.nbgrader import resident_judge as warm
from grader.nbgrader.build import build_course
from tests.support.nbgrader_course import (
    ANSWERS,
    Notebook,
    WarmFake,
    change_cell,
    code_cell,
    hand_in,
    nbgrader_api,
    notebook,
    open_gradebook,
    put_in,
    solve,
)
from tests.support.places import TINY

pytestmark = pytest.mark.filterwarnings(
    "ignore"
)  # nbgrader's own code, under newer libraries than it was written for

NAME = "ex01_row_sums"
ALL = {
    "test_example": 1.0,
    "test_scale": 1.0,
    "hidden_test_random": 2.0,
    "hidden_test_one_column": 1.0,
    "hidden_test_no_table": 1.0,
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an nbgrader course beside a copy of the tests' course, its first exercise released."""
    import shutil

    root = tmp_path_factory.mktemp("released")
    shutil.copytree(TINY, root / "course", ignore=shutil.ignore_patterns("__pycache__"))
    course = load_course(root / "course")
    build_course(course, course.exercises, root / "nb", "en")
    answer = nbgrader_api(root / "nb").generate_assignment(NAME)
    assert answer["success"], answer
    return root


@pytest.fixture
def course(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a released nbgrader course, graded by fakes in this process."""
    import shutil

    shutil.copytree(released, tmp_path / "here")
    monkeypatch.setattr(warm, "start_runner", lambda course, isolation, slot: WarmFake())
    monkeypatch.setattr(WarmFake, "started", 0)
    yield tmp_path / "here" / "nb"
    warm.close_all()


def autograde(folder: Path, student: str) -> dict[str, Any]:
    answer = nbgrader_api(folder).autograde(NAME, student, force=True)
    return dict(answer)


def scores(folder: Path, student: str) -> dict[str, float | None]:
    with open_gradebook(folder) as gradebook:
        there = gradebook.find_submission_notebook(NAME, NAME, student)
        return {grade.name: grade.auto_score for grade in there.grades}


def graded(folder: Path, change: Callable[[Notebook], None]) -> dict[str, float | None]:
    """Return the scores of a student's notebook."""
    document = notebook(folder, NAME)
    change(document)
    hand_in(folder, "kim", NAME, document)
    answer = autograde(folder, "kim")
    assert answer["success"], answer
    return scores(folder, "kim")


def right(document: Notebook) -> None:
    solve(document, "row_sums", "scale")


def only_scale(document: Notebook) -> None:
    solve(document, "scale")
    put_in(document, "row_sums", "def row_sums(x):\n    return np.zeros(len(x))\n")


SCALE = {**dict.fromkeys(ALL, 0.0), "test_scale": 1.0}


def test_a_right_answer_earns_everything(course: Path) -> None:
    assert graded(course, right) == ALL


def test_each_check_earns_for_itself(course: Path) -> None:
    assert graded(course, only_scale) == SCALE


def test_what_was_released_earns_nothing(course: Path) -> None:
    assert graded(course, lambda document: None) == dict.fromkeys(ALL, 0.0)


def test_what_is_written_to_stderr_costs_nothing(course: Path) -> None:
    def change(document: Notebook) -> None:
        right(document)
        shout = "import sys\nprint('banner', file=sys.stderr)\n"
        document["cells"].insert(2, code_cell(shout))

    assert graded(course, change) == ALL


def faked(document: Notebook) -> None:
    """Put full marks into the output of every cell."""
    score = {
        "output_type": "execute_result",
        "data": {"text/plain": "2.0"},
        "metadata": {},
        "execution_count": 1,
    }
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [score]


def emptied(document: Notebook) -> None:
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = ""


def deleted(document: Notebook) -> None:
    document["cells"] = [
        cell for cell in document["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")
    ]


def doubled(document: Notebook) -> None:
    document["cells"] += [json.loads(json.dumps(cell)) for cell in document["cells"]]


def worth_more(document: Notebook) -> None:
    change_cell(document, "test_scale", lambda cell: cell["metadata"]["nbgrader"].update(points=100))


def not_graded(document: Notebook) -> None:
    for cell in document["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"].update(grade=False, locked=False)


def without_metadata(document: Notebook) -> None:
    for cell in document["cells"]:
        cell["metadata"] = {}


def odd_metadata(document: Notebook) -> None:
    odd: list[Any] = ["no", {}, {"grade": True}, {"grade_id": 3}, {"grade_id": "unknown", "grade": True}]
    for cell, value in zip(document["cells"], odd, strict=False):
        cell["metadata"] = {"nbgrader": value}


def as_markdown(document: Notebook) -> None:
    def change(cell: dict[str, Any]) -> None:
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]

    change_cell(document, "hidden_test_random", change)


def patched(document: Notebook) -> None:
    code = "ip = get_ipython()\nip.showtraceback = lambda *args, **kwargs: None\n"
    document["cells"].insert(1, code_cell(code))


def asserting_nothing(document: Notebook) -> None:
    document["cells"].insert(1, code_cell("def assert_tensor(*args, **kwargs):\n    pass\n"))


def broken(document: Notebook) -> None:
    """Make of it what nbgrader would stop at."""
    document["metadata"]["kernelspec"] = 3
    document["cells"][0]["metadata"]["tags"] = 3
    document["cells"].insert(1, code_cell("x = '\ud800'"))
    document["cells"].insert(1, {"cell_type": "weird", "metadata": {}, "source": "x"})
    for number, cell in enumerate(document["cells"]):
        cell["id"] = number

    def change(cell: dict[str, Any]) -> None:
        cell.update(cell_type="markdown", attachments={"a.png": {"image/png": "x"}})
        del cell["outputs"], cell["execution_count"]

    change_cell(document, "solution_scale", change)


TRICKS = [
    faked, emptied, deleted, doubled, worth_more, not_graded, without_metadata, odd_metadata, as_markdown, patched,
    asserting_nothing, broken,
]  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_a_changed_notebook_earns_what_its_code_is_worth(
    course: Path, trick: Callable[[Notebook], None]
) -> None:
    def change(document: Notebook) -> None:
        only_scale(document)
        trick(document)

    assert graded(course, change) == SCALE


def copied_check(document: Notebook) -> None:
    """Answer in a copy of a check's cell, above it."""
    cells = document["cells"]
    place = next(
        number for number, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("grade")
    )
    cells.insert(place, json.loads(json.dumps(cells[place])) | {"source": ANSWERS["row_sums"], "id": "copy"})


def own_check(document: Notebook) -> None:
    about = {"grade": True, "solution": False, "locked": True, "grade_id": "mine", "points": 3}
    document["cells"].append(code_cell(ANSWERS["row_sums"]) | {"metadata": {"nbgrader": about}})


def copied_environment(document: Notebook) -> None:
    about = {"grade": False, "solution": False, "locked": True, "grade_id": "check_tools"}
    cell = code_cell(ANSWERS["row_sums"]) | {"metadata": {"nbgrader": about}}
    document["cells"].insert(1, cell)


def unlocked_check(document: Notebook) -> None:
    def change(cell: dict[str, Any]) -> None:
        cell["metadata"]["nbgrader"].update(grade=False, locked=False)
        cell["source"] = ANSWERS["row_sums"]

    change_cell(document, "test_scale", change)


def text_answer(document: Notebook) -> None:
    def change(cell: dict[str, Any]) -> None:
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]

    change_cell(document, "solution_scale", change)


@pytest.mark.parametrize(
    "trick",
    [copied_check, own_check, copied_environment, unlocked_check, text_answer],
    ids=lambda trick: trick.__name__,
)
def test_marked_cells_are_executed_by_both_ways_or_by_neither(
    course: Path, trick: Callable[[Notebook], None]
) -> None:
    def change(document: Notebook) -> None:
        only_scale(document)
        change_cell(document, "solution_row_sums", lambda cell: cell.update(source="# see below"))
        trick(document)

    assert graded(course, change) == SCALE
    handed_in = (course / "submitted" / "kim" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    code = "\n".join(unit.code for unit in read_notebook(handed_in, f"{NAME}.ipynb").units)
    assert "def scale" in code
    assert "def row_sums" not in code


def without_what_nobody_reads(document: Notebook) -> None:
    del document["metadata"], document["nbformat"], document["nbformat_minor"]
    document["cells"].insert(1, {"cell_type": "markdown", "source": "text"})


def as_windows_writes_it(document: Notebook) -> None:
    """Nothing: the file gets a byte order mark."""


def as_colab_writes_it(document: Notebook) -> None:
    """Make it a notebook of a format whose cells have no ids, and lose the checks, which are added again."""
    document["nbformat_minor"] = 0
    deleted(document)
    for cell in document["cells"]:
        cell.pop("id", None)


@pytest.mark.parametrize("trick", [without_what_nobody_reads, as_windows_writes_it, as_colab_writes_it])
def test_what_grader_reads_nbgrader_reads_too(course: Path, trick: Callable[[Notebook], None]) -> None:
    document = notebook(course, NAME)
    only_scale(document)
    trick(document)
    path = hand_in(course, "kim", NAME, document)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    answer = autograde(course, "kim")
    assert answer["success"], answer
    assert scores(course, "kim") == SCALE
    assert "is invalid" not in str(answer["log"])
    nbformat.validate(nbformat.from_dict(notebook(course, NAME, "autograded/kim")))


def test_a_cell_that_is_deleted_later_keeps_no_earlier_score(course: Path) -> None:
    assert graded(course, right) == ALL

    def change(document: Notebook) -> None:
        only_scale(document)
        deleted(document)

    assert graded(course, change) == SCALE


def test_what_a_student_reads_is_in_the_cell_and_nothing_hidden_is(course: Path) -> None:
    graded(course, only_scale)
    cells = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell
        for cell in notebook(course / "autograded" / "kim", NAME, step=".")["cells"]
    }
    [visible], [hidden] = cells["test_example"]["outputs"], cells["hidden_test_random"]["outputs"]
    shown = "".join(visible["data"]["text/html"])
    assert "".join(visible["data"]["text/plain"]) == "0.0"
    assert "wrong result" in shown
    assert "row_sums(int64 2x2)" in shown
    assert re.search(r"<td[^>]*f6c9c0[^>]*>0 ✗</td>", shown)
    assert "works on a table of any size" in "".join(hidden["data"]["text/html"])
    assert "int64" not in "".join(hidden["data"]["text/html"])
    # The guard is for nbgrader's own execution, and nothing to read.
    assert "".join(cells["hidden_test_random"]["source"]).splitlines() == [
        "# Hidden check: works on a table of any size (2 pt)"
    ]


def test_one_warm_runner_grades_the_class(course: Path) -> None:
    for student in ("kim", "lee", "park"):
        document = notebook(course, NAME)
        right(document)
        hand_in(course, student, NAME, document)
        assert autograde(course, student)["success"]
        assert scores(course, student) == ALL
    assert WarmFake.started == 2  # one for the class, one for the reference


def test_runners_that_nobody_needs_end_and_are_started_again(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "_IDLE_SECONDS", 0.0)
    for students, student in enumerate(("kim", "lee"), start=1):
        document = notebook(course, NAME)
        right(document)
        hand_in(course, student, NAME, document)
        assert autograde(course, student)["success"]
        assert scores(course, student) == ALL
        # The reference has answered for the first one, and its answers are kept.
        assert WarmFake.started == 1 + students
        for timer in threading.enumerate():
            if isinstance(timer, threading.Timer):
                timer.join(10)
        assert warm._OPEN == {}


def test_our_fault_stops_nbgrader_and_is_no_zero(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> WarmFake:
        raise RunnerError("runner.died", {"error": "no sandbox here"})

    monkeypatch.setattr(warm, "start_runner", fail)
    document = notebook(course, NAME)
    right(document)
    hand_in(course, "kim", NAME, document)
    answer = autograde(course, "kim")
    assert not answer["success"]
    assert "no sandbox here" in answer["log"]
    assert not (course / "autograded" / "kim" / NAME).exists()
    with open_gradebook(course) as gradebook:
        there = gradebook.find_submission_notebook(NAME, NAME, "kim")
        assert {(grade.auto_score, grade.needs_manual_grade) for grade in there.grades} == {(None, True)}
    monkeypatch.setattr(warm, "start_runner", lambda course, isolation, slot: WarmFake())
    assert autograde(course, "kim")["success"]
    assert scores(course, "kim") == ALL


def test_a_check_that_the_sandbox_could_not_run_is_our_fault_too(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = {"scale": RunnerError("runner.died", {"error": "the box broke"})}
    runners = iter([WarmFake(deaths), WarmFake()])
    monkeypatch.setattr(warm, "start_runner", lambda course, isolation, slot: next(runners))
    document = notebook(course, NAME)
    right(document)
    hand_in(course, "kim", NAME, document)
    answer = autograde(course, "kim")
    assert not answer["success"]
    assert "the box broke" in answer["log"]


def test_a_students_death_is_the_students_fault(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runners = iter([WarmFake({"row_sums": Verdict.CRASHED}), WarmFake()])
    monkeypatch.setattr(warm, "start_runner", lambda course, isolation, slot: next(runners))
    assert graded(course, right) == SCALE


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "exercises/{}/test_ex01.py",
            "test_scale",
            "test_factor",
            {"en": "Cell test_scale", "ko": "셀 test_scale"},
        ),
        (
            "solutions/{}/test_ex01_hidden.py",
            "test_no_table",
            "test_no_rows",
            {"en": "Cell hidden_test_no_table", "ko": "셀 hidden_test_no_table"},
        ),
        (
            "solutions/{}/test_ex01_hidden.py",
            '@check(points=1, en="refuses',
            '@check(points=1, en="nothing", ko="없음")\ndef test_new() -> None:\n    pass\n\n\n'
            '@check(points=1, en="refuses',
            {"en": "has no cells for: hidden_test_new", "ko": "셀이 없는 검사가 있습니다: hidden_test_new"},
        ),
    ],
    ids=["visible", "hidden", "added"],
)
def test_a_course_that_was_changed_after_the_release_grades_nobody_and_says_what_to_run(
    course: Path, file: str, old: str, new: str, told: dict[str, str], language: str
) -> None:
    path = course.parent / "course" / file.format(NAME)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    if "test_new" in new:
        about = course.parent / "course" / "course.yml"
        about.write_text(
            about.read_text(encoding="utf-8").replace("points: 6", "points: 7", 1), encoding="utf-8"
        )
    config = course / "nbgrader_config.py"
    config.write_text(
        config.read_text(encoding="utf-8") + f"\nc.JudgeCells.language = {language!r}\n", encoding="utf-8"
    )
    hand_in(course, "kim", NAME, notebook(course, NAME))
    answer = autograde(course, "kim")
    assert not answer["success"]
    assert told[language] in answer["log"]
    assert "`grader nbgrader build`" in answer["log"]
    assert "generate_assignment" in answer["log"]


def test_what_a_hidden_check_does_may_change_after_the_release(course: Path) -> None:
    path = course.parent / "course" / "solutions" / NAME / "test_ex01_hidden.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("np.array([[4], [5]])", "np.array([[4], [5], [6]])"), encoding="utf-8")
    assert graded(course, right) == ALL


def test_a_reference_that_fails_grades_nobody(course: Path) -> None:
    path = course.parent / "course" / "solutions" / NAME / "solution.py"
    path.write_text(path.read_text(encoding="utf-8").replace("x * factor", "x + factor"), encoding="utf-8")
    hand_in(course, "kim", NAME, notebook(course, NAME))
    answer = autograde(course, "kim")
    assert not answer["success"]
    assert "solution.py" in answer["log"]


def test_a_late_submission_loses_what_the_course_says(course: Path) -> None:
    path = course.parent / "course" / "course.yml"
    text = path.read_text(encoding="utf-8").replace(
        "points: 6", "points: 6\n    due: 2026-12-01T12:00:00+09:00"
    )
    path.write_text(text, encoding="utf-8")
    document = notebook(course, NAME)
    right(document)
    folder = hand_in(course, "kim", NAME, document).parent
    (folder / "timestamp.txt").write_text("2026-12-02 04:00:00.0 UTC", encoding="utf-8")
    assert autograde(course, "kim")["success"]
    with open_gradebook(course) as gradebook:
        there = gradebook.find_submission(NAME, "kim")
        assert (there.score, there.late_submission_penalty) == (6.0, pytest.approx(1.2))


def test_the_module_is_not_imported_for_other_commands() -> None:
    assert not hasattr(command, "build_course")


def test_what_lies_beside_a_notebook_can_be_imported(course: Path) -> None:
    document = notebook(course, NAME)
    solve(document, "row_sums")
    put_in(document, "scale", "from helper import scale\n")
    path = hand_in(course, "kim", NAME, document)
    (path.parent / "helper.py").write_text(ANSWERS["scale"], encoding="utf-8")
    (path.parent / "numpy.py").write_text("raise SystemExit\n", encoding="utf-8")
    hand_in(course, "lee", NAME, document)
    assert autograde(course, "kim")["success"]
    assert scores(course, "kim") == ALL
    # Another student's is nobody else's.
    assert autograde(course, "lee")["success"]
    assert scores(course, "lee")["test_scale"] == 0


def test_what_is_banned_is_banned_beside_a_notebook(course: Path) -> None:
    document = notebook(course, NAME)
    solve(document, "scale")
    put_in(document, "row_sums", "import helper\ndef row_sums(x):\n    return helper.add(x)\n")
    path = hand_in(course, "kim", NAME, document)
    helper = "import numpy as np\ndef add(x):\n    return np.sum(x, axis=1)\n"
    (path.parent / "helper.py").write_text(helper, encoding="utf-8")
    assert autograde(course, "kim")["success"]
    assert scores(course, "kim") == SCALE


def test_what_is_said_of_the_file_is_shown_where_no_cell_of_the_stubs_is_left(course: Path) -> None:
    document = notebook(course, NAME)
    own = [code_cell("x = 1\n"), code_cell("def rowsums(x):\n    return x\n")]
    document["cells"] = own
    hand_in(course, "kim", NAME, document)
    assert autograde(course, "kim")["success"]
    graded = notebook(course / "autograded" / "kim", NAME, step=".")["cells"]
    shown = ["".join(output["data"]["text/html"]) for cell in graded for output in cell.get("outputs", ())]
    assert "defines no function <code>row_sums</code>" in shown[0] or "row_sums" in shown[0]
    assert any("see what is said of the file" in html for html in shown[1:])
