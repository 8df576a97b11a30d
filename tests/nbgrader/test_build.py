"""`grader nbgrader build`: what is written, the same each time, nothing hidden in it and nothing lost by it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_course
from grader.errors import CourseError, RequestError
from grader.model import Course
from grader.nbgrader.build import CONFIG, build_course
from grader.nbgrader.late import due_of, late_of
from tests.support.translated import GERMAN, translate

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own code

NAMES = ("ex01_row_sums", "ex02_maxpool_1", "ex03_maxpool_2")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env={"GRADER_LANG": "en"})


def build(course: Path, folder: Path, *more: str) -> Result:
    return run("nbgrader", "build", folder, *more, "--course", course)


def cells(path: Path) -> dict[str, Any]:
    """Return the cells that nbgrader knows, by name."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in document["cells"]
        if "nbgrader" in cell["metadata"]
    }


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_exercise_is_an_assignment_of_its_own(tiny_copy: Path, tmp_path: Path) -> None:
    result = build(tiny_copy, tmp_path / "nb")
    assert result.exit_code == 0, result.output
    wanted = {f"source/{name}/{name}.ipynb" for name in NAMES} | {CONFIG}
    assert set(everything(tmp_path / "nb")) == wanted
    assert "3 notebooks in 3 assignments" in result.output
    assert "nbgrader generate_assignment ex01_row_sums" in result.output


def test_chosen_exercises_may_share_an_assignment(tiny_copy: Path, tmp_path: Path) -> None:
    result = build(tiny_copy, tmp_path / "nb", "ex3", "maxpool-1", "--assignment", "Pooling 1")
    assert result.exit_code == 0, result.output
    assert set(everything(tmp_path / "nb")) == {
        "source/Pooling 1/ex02_maxpool_1.ipynb",
        "source/Pooling 1/ex03_maxpool_2.ipynb",
        CONFIG,
    }


def test_the_cells_are_valid_and_worth_the_exercises_points(tiny_copy: Path, tmp_path: Path) -> None:
    build(tiny_copy, tmp_path / "nb")
    for name, points in zip(NAMES, (6, 3, 4), strict=True):
        path = tmp_path / "nb" / "source" / name / f"{name}.ipynb"
        document = nbformat.read(path, as_version=4)
        nbformat.validate(document)
        assert document.metadata.kernelspec.name == "python3"
        assert len({cell.id for cell in document.cells}) == len(document.cells)
        graded = [
            cell["metadata"]["nbgrader"]
            for cell in cells(path).values()
            if cell["metadata"]["nbgrader"]["grade"]
        ]
        assert sum(about["points"] for about in graded) == points
        assert all(about["locked"] and about["schema_version"] == 3 for about in graded)


def test_the_statement_is_the_readers_language(tiny_copy: Path, tmp_path: Path) -> None:
    build(tiny_copy, tmp_path / "ko", "ex1", "--lang", "ko")
    korean = cells(tmp_path / "ko" / "source" / NAMES[0] / f"{NAMES[0]}.ipynb")
    readme = (tiny_copy / "exercises" / NAMES[0] / "README.ko.md").read_text(encoding="utf-8")
    assert "".join(korean["statement"]["source"]) == readme.strip()
    assert "비공개 검사: 표가 아니면 ValueError를 낸다 (1점)" in "".join(
        korean["hidden_test_no_table"]["source"]
    )


@pytest.mark.parametrize(
    ("languages", "options", "readme", "said"),
    [
        (["de", "en", "ko"], ["--lang", "de"], "README.de.md", f"Hidden check: {GERMAN}refuses"),
        (["de", "en", "ko"], [], "README.md", "Hidden check: refuses"),
        (["de", "ko"], [], "README.md", f"Hidden check: {GERMAN}refuses"),
        (["en"], [], "README.md", "Hidden check: refuses"),
    ],
)
def test_the_statement_is_in_one_of_the_courses_languages(
    languages: list[str], options: list[str], readme: str, said: str, tiny_copy: Path, tmp_path: Path
) -> None:
    translate(tiny_copy, languages)
    result = build(tiny_copy, tmp_path / "nb", "ex1", *options)
    assert result.exit_code == 0, result.output
    made = cells(tmp_path / "nb" / "source" / NAMES[0] / f"{NAMES[0]}.ipynb")
    statement = (tiny_copy / "exercises" / NAMES[0] / readme).read_text(encoding="utf-8")
    assert "".join(made["statement"]["source"]) == statement.strip()
    assert said in "".join(made["hidden_test_no_table"]["source"])


def test_a_language_that_the_course_has_not_is_refused(tiny_copy: Path, tmp_path: Path) -> None:
    translate(tiny_copy, ["en"])
    result = build(tiny_copy, tmp_path / "nb", "--lang", "ko")
    assert (result.exit_code, (tmp_path / "nb").exists()) == (2, False)
    assert "강좌의 언어(en)" in result.stderr


def test_a_hidden_checks_cell_holds_its_text_and_no_code_of_it(tiny_copy: Path, tmp_path: Path) -> None:
    build(tiny_copy, tmp_path / "nb")
    source = "".join(
        cells(tmp_path / "nb" / "source" / NAMES[0] / f"{NAMES[0]}.ipynb")["hidden_test_random"]["source"]
    )
    first, begin, *guard, end = source.splitlines()
    assert first == "# Hidden check: works on a table of any size (2 pt)"
    assert (begin, end) == ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
    assert "rng" not in source
    # Where nbgrader executes the cell itself it must not be passed.
    namespace: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBGRADER_EXECUTION", "autograde")
        with pytest.raises(AssertionError, match="nbgrader_config"):
            exec("\n".join(guard), namespace)
        patch.setenv("NBGRADER_EXECUTION", "validate")
        exec("\n".join(guard), namespace)


def test_the_runners_environment_is_set_before_anything_is_imported(tiny_copy: Path, tmp_path: Path) -> None:
    path = tiny_copy / "course.yml"
    text = path.read_text(encoding="utf-8")
    more = 'preload: [numpy]\n  environment: {QUIET_PLEASE: "1", LOUD: "no"}'
    path.write_text(text.replace("preload: [numpy]", more), encoding="utf-8")
    assert build(tiny_copy, tmp_path / "nb").exit_code == 0
    document = nbformat.read(tmp_path / "nb" / "source" / NAMES[0] / f"{NAMES[0]}.ipynb", as_version=4)
    first = next(cell for cell in document.cells if cell.cell_type == "code")
    assert first.metadata.nbgrader.locked
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOUD", "yes")
        patch.delenv("QUIET_PLEASE", raising=False)
        exec(first.source, {})
        assert (os.environ.pop("QUIET_PLEASE"), os.environ["LOUD"]) == ("1", "yes")


def test_the_same_course_gives_the_same_bytes(tiny_copy: Path, tmp_path: Path) -> None:
    build(tiny_copy, tmp_path / "one")
    build(tiny_copy, tmp_path / "two")
    first = everything(tmp_path / "one")
    assert first == everything(tmp_path / "two")
    assert build(tiny_copy, tmp_path / "one").exit_code == 0
    assert everything(tmp_path / "one") == first


def test_a_changed_course_is_built_again(tiny_copy: Path, tmp_path: Path) -> None:
    build(tiny_copy, tmp_path / "nb")
    readme = tiny_copy / "exercises" / NAMES[1] / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    assert build(tiny_copy, tmp_path / "nb").exit_code == 0
    path = tmp_path / "nb" / "source" / NAMES[1] / f"{NAMES[1]}.ipynb"
    assert "One more line." in path.read_text(encoding="utf-8")


def test_what_is_overwritten_is_said_and_nothing_else_is_touched(tiny_copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nb"
    assert "(" not in build(tiny_copy, folder).output.split("Next")[0]
    for step in ("release", "submitted/kim", "autograded/kim", "feedback/kim"):
        (folder / step / NAMES[0]).mkdir(parents=True)
        (folder / step / NAMES[0] / f"{NAMES[0]}.ipynb").write_text(step, encoding="utf-8")
    (folder / "gradebook.db").write_bytes(b"scores")
    before = everything(folder)
    same = build(tiny_copy, folder)
    assert same.output.count("(as it was)") == 4
    assert everything(folder) == before
    other = build(tiny_copy, folder, "ex1", "ex2", "--lang", "ko", "--force")
    assert other.output.count("(교체함)") == 3
    assert f"교체한 assignment: {NAMES[0]}. " in other.output
    changed = {name for name, data in everything(folder).items() if before.get(name) != data}
    assert changed == {CONFIG, *(f"source/{name}/{name}.ipynb" for name in NAMES[:2])}


def test_the_configuration_does_not_depend_on_what_is_built(tiny_copy: Path, tmp_path: Path) -> None:
    path = tiny_copy / "course.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("{memory_mib: 64}", "{check_seconds: 99}"),
        encoding="utf-8",
    )
    build(tiny_copy, tmp_path / "nb")
    assert "c.Execute.timeout = 99" in (tmp_path / "nb" / CONFIG).read_text(encoding="utf-8")
    assert f"{CONFIG}  (as it was)" in build(tiny_copy, tmp_path / "nb", "ex1").output


@pytest.mark.parametrize("place", ["exercises", "exercises/nb", "solutions/nb"])
def test_nothing_is_built_among_the_exercises(tiny_copy: Path, place: str) -> None:
    before = everything(tiny_copy)
    result = build(tiny_copy, tiny_copy / place)
    assert result.exit_code == 2
    assert place in result.output
    assert everything(tiny_copy) == before


def test_a_name_with_spaces_is_quoted(tiny_copy: Path, tmp_path: Path) -> None:
    result = build(tiny_copy, tmp_path / "nb", "ex1", "--assignment", "week 1")
    assert "nbgrader generate_assignment 'week 1'" in result.output


def edit_notebook(folder: Path) -> Path:
    path = folder / "source" / NAMES[2] / f"{NAMES[2]}.ipynb"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["cells"][0]["source"] = "My own statement"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def edit_config(folder: Path) -> Path:
    path = folder / CONFIG
    path.write_text(
        path.read_text(encoding="utf-8") + "c.Exchange.root = '/srv/exchange'\n", encoding="utf-8"
    )
    return path


def foreign_config(folder: Path) -> Path:
    path = folder / CONFIG
    path.write_text("c = get_config()\n", encoding="utf-8")
    return path


def foreign_notebook(folder: Path) -> Path:
    path = folder / "source" / NAMES[0] / f"{NAMES[0]}.ipynb"
    path.write_text("not even a notebook", encoding="utf-8")
    return path


def link(folder: Path) -> Path:
    path = folder / "source" / NAMES[0] / f"{NAMES[0]}.ipynb"
    elsewhere = folder / "elsewhere.ipynb"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    return path


@pytest.mark.parametrize("edit", [edit_notebook, edit_config, foreign_config, foreign_notebook, link])
def test_what_somebody_wrote_is_not_lost(tiny_copy: Path, tmp_path: Path, edit: Any) -> None:
    folder = tmp_path / "nb"
    build(tiny_copy, folder)
    changed = edit(folder)
    before = everything(folder)
    # Without an edit of the course too: another exercise's notebook would be written.
    readme = tiny_copy / "exercises" / NAMES[1] / "README.md"
    readme.write_text("# New\n", encoding="utf-8")
    result = build(tiny_copy, folder)
    assert result.exit_code == 2
    assert str(changed) in result.output
    assert "--force" in result.output
    assert everything(folder) == before
    assert build(tiny_copy, folder, "--force").exit_code == 0
    assert everything(folder) != before


def test_what_an_editor_adds_to_a_notebook_is_no_change(tiny_copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nb"
    build(tiny_copy, folder)
    path = folder / "source" / NAMES[0] / f"{NAMES[0]}.ipynb"
    document = json.loads(path.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        cell["metadata"]["trusted"] = True
        if cell["cell_type"] == "code":
            cell["execution_count"] = 3
    path.write_text(json.dumps(document), encoding="utf-8")
    assert build(tiny_copy, folder).exit_code == 0


def test_a_leak_is_found_before_anything_is_written(tiny_copy: Path, tmp_path: Path) -> None:
    solution = (tiny_copy / "solutions" / NAMES[2] / "solution.py").read_text(encoding="utf-8")
    body = "\n".join(solution.splitlines()[-3:])
    readme = tiny_copy / "exercises" / NAMES[2] / "README.md"
    readme.write_text(f"{readme.read_text(encoding='utf-8')}\n```\n{body}\n```\n", encoding="utf-8")
    course = load_course(tiny_copy)
    with pytest.raises(CourseError) as caught:
        build_course(course, course.exercises, tmp_path / "nb", "en")
    assert {fault.explanation.key for fault in caught.value.faults} == {"leak.line"}
    assert not (tmp_path / "nb").exists()


def test_data_goes_with_the_notebook(tiny_copy: Path, tmp_path: Path) -> None:
    for name, text in ((NAMES[0], "1"), (NAMES[1], "2")):
        (tiny_copy / "exercises" / name / "data").mkdir()
        (tiny_copy / "exercises" / name / "data" / "numbers.txt").write_text(text, encoding="utf-8")
    build(tiny_copy, tmp_path / "nb")
    assert (tmp_path / "nb" / "source" / NAMES[1] / "data" / "numbers.txt").read_text(encoding="utf-8") == "2"
    course = load_course(tiny_copy)
    with pytest.raises(RequestError) as caught:
        build_course(course, course.exercises, tmp_path / "one", "en", assignment="all")
    assert caught.value.explanation.key == "nbgrader.data_twice"


@pytest.mark.parametrize("name", ["a+b", "../up", "", ".hidden", "a/b", " ", "-x", "x-", "x\n"])
def test_an_assignment_has_a_plain_name(tiny_copy: Path, tmp_path: Path, name: str) -> None:
    result = build(tiny_copy, tmp_path / "nb", "--assignment", name)
    assert result.exit_code == 2
    assert not (tmp_path / "nb").exists()


def test_a_students_version_has_nothing_to_build(tiny_copy: Path, tmp_path: Path) -> None:
    import shutil

    shutil.rmtree(tiny_copy / "solutions")
    result = build(tiny_copy, tmp_path / "nb")
    assert result.exit_code == 2
    assert "solutions/" in result.output


def test_a_folder_that_cannot_be_written_is_a_plain_error(tiny_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = build(tiny_copy, tmp_path / "file" / "nb")
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_the_help_has_examples() -> None:
    result = CliRunner().invoke(main, ["nbgrader", "--help"])
    assert result.exit_code == 0
    assert "grader nbgrader build" in result.output
    assert "grader nbgrader sync" in result.output


# --- lateness ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "percent"),
    [(0, 0), (0.5, 0), (0.51, 10), (24, 10), (24.5, 10), (25, 10), (25.01, 20), (30 * 24, 50)],
)
def test_a_late_submission_loses_a_share_for_each_started_day_of_the_courses_calendar(
    tiny: Course, hours: float, percent: float
) -> None:
    course = replace(tiny, timezone="America/New_York")
    due = datetime(2026, 11, 1, 0)  # 20:00 there; the next day has 25 hours
    submission = SimpleNamespace(timestamp=due + timedelta(hours=hours), duedate=due)
    late = late_of(submission, course)
    assert (0 if late is None else late.percent) == percent


def test_an_assignment_is_due_with_its_last_exercise(tiny_copy: Path) -> None:
    exercises = list(load_course(tiny_copy).exercises)
    due = due_of([exercises[1]])
    assert due is not None
    assert (due.isoformat(), due.tzinfo) == ("2026-12-01T14:59:00", None)
    assert due_of(exercises) is None  # not all of them have a date
