from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from grader.cli import main
from grader.course.load import load_course
from grader.gradebook.store import Gradebook
from grader.model import LatePolicy, Verdict
from tests.golden import HERE, same_as_golden
from tests.support.places import TINY
from tests.support.records import CLASS, GRADE, RUN
from tests.support.sandbox import needs_sandbox


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """Return the folder of a gradebook of the tiny course."""
    with Gradebook(tmp_path / "gradebook.db", "tiny") as gradebook:
        run = gradebook.begin_run({})
        for grade in CLASS:
            gradebook.add(run, grade)
    return tmp_path


def export(*arguments: str | Path) -> Result:
    words = ["export", *map(str, arguments), "--course", str(TINY), "--lang", "en"]
    return CliRunner().invoke(main, words, catch_exceptions=False)


@pytest.mark.parametrize(
    ("format_", "begins"),
    [
        ("csv", "student,ex01,"),
        ("csv-checks", "student,exercise,check,"),
        ("json", '{\n "format":'),
        ("junit", "<?xml"),
        ("moodle", "Username,ex01"),
    ],
)
def test_a_text_goes_to_the_terminal_or_to_a_file(graded: Path, format_: str, begins: str) -> None:
    shown = export(format_, "--graded", graded)
    assert shown.exit_code == 0
    assert shown.stdout.startswith(begins)
    export(format_, "--graded", graded, "--output", graded / "out")
    assert (graded / "out").read_text(encoding="utf-8") == shown.stdout


@pytest.mark.parametrize(("format_", "is_marked"), [("csv", True), ("csv-checks", True), ("json", False)])
def test_a_table_can_be_marked_for_excel(graded: Path, format_: str, is_marked: bool) -> None:
    export(format_, "--graded", graded, "--excel", "--output", graded / "out")
    content = (graded / "out").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") is is_marked
    assert content.decode("utf-8-sig") == export(format_, "--graded", graded).stdout


def test_a_roster_may_be_saved_by_korean_excel(graded: Path) -> None:
    roster = graded / "roster.csv"
    roster.write_bytes("Student,ID,SIS Login ID,Section\n김민준,7,ann,A반\n".encode("cp949"))
    assert "김민준,7,ann,A반,1,4" in export("canvas", "--graded", graded, "--roster", roster).stdout


def test_json_has_the_last_run_that_counts(graded: Path) -> None:
    assert json.loads(export("json", "--graded", graded).stdout)["run"] is None
    facts = {**RUN, "finished_at": "2026-11-23T00:00:00Z"}
    with Gradebook(graded / "gradebook.db", "tiny") as gradebook:
        gradebook.end_run(gradebook.begin_run({}), facts)
        gradebook.end_run(gradebook.begin_run({}, "cancelled"), {**facts, "seconds": 9.0})
        gradebook.begin_run({})
    assert json.loads(export("json", "--graded", graded).stdout)["run"] == facts


def test_the_folder_is_named_alike_in_every_command(graded: Path) -> None:
    for option in ("--graded", "--output"):
        shown = CliRunner().invoke(main, ["runs", option, str(graded), "--course", str(TINY)])
        assert shown.exit_code == 0
    missing = export("csv", "--graded", graded / "elsewhere")
    assert missing.exit_code == 2
    assert "--graded" in missing.stderr


def test_one_exercise_alone(graded: Path) -> None:
    shown = export("moodle", "--graded", graded, "--exercise", "ex2").stdout
    assert shown.splitlines()[0] == "Username,ex02 Max pooling: 2x2 windows"


def test_canvas_asks_for_its_roster(graded: Path) -> None:
    result = export("canvas", "--graded", graded)
    assert result.exit_code == 2
    assert "--roster" in result.stderr


def test_canvas_names_who_is_missing(graded: Path) -> None:
    result = export("canvas", "--graded", graded, "--roster", HERE / "canvas_roster.csv")
    assert result.exit_code == 2
    assert "<script>alert(1)</script>" in result.stderr
    assert "Lee, Ann" in result.stdout


def test_a_roster_that_is_none(graded: Path) -> None:
    result = export("canvas", "--graded", graded, "--roster", HERE / "moodle_participants.csv")
    assert result.exit_code == 2
    assert "Student, ID, Section" in result.stderr


def test_gradescope_leaves_out_the_ungraded_and_says_so(graded: Path) -> None:
    result = export("gradescope", "--graded", graded, "--output", graded / "gs")
    assert result.exit_code == 2
    assert "=1+1" in result.stderr
    names = sorted(path.name for path in (graded / "gs").iterdir())
    assert names == ["_script_alert(1)__script_.json", "ann.json"]


def test_gradescope_of_one_student(graded: Path) -> None:
    result = export("gradescope", "--graded", graded, "--student", "ann")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["score"] == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["csv", "--student", "nobody"], "knows no student 'nobody'"),
        (["gradescope"], "Name a folder"),
        (["github-actions"], "--source git+https://"),
    ],
)
def test_what_cannot_be_made_is_explained(graded: Path, arguments: list[str], message: str) -> None:
    result = export(*arguments, "--graded", graded)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_workflow_needs_no_gradebook() -> None:
    result = export("github-actions", "--source", "git+https://example.org/g.git@v1", "--exercise", "ex2")
    assert result.exit_code == 0
    assert 'SOURCE: "git+https://example.org/g.git@v1"' in result.stdout
    assert "grader check ex02 --json" in result.stdout


def test_an_empty_gradebook_is_explained(tmp_path: Path) -> None:
    Gradebook(tmp_path / "gradebook.db", "tiny").close()
    result = export("csv", "--graded", tmp_path)
    assert result.exit_code == 2
    assert "holds no grades yet" in result.stderr


def test_an_ungraded_student_alone_has_no_results(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "gradebook.db", "tiny") as gradebook:
        gradebook.add(gradebook.begin_run({}), replace(GRADE, verdict=Verdict.UNGRADED))
    result = export(
        "gradescope", "--graded", tmp_path, "--student", "ann", "--output", tmp_path / "results.json"
    )
    assert result.exit_code == 2
    assert not (tmp_path / "results.json").exists()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what an autograder.zip holds. Only its course is written to: what is run of its program stays compiled."""
    folder = tmp_path_factory.mktemp("unpacked")
    result = export("gradescope-autograder", "--exercise", "ex2", "--output", folder / "autograder.zip")
    assert result.exit_code == 0
    with zipfile.ZipFile(folder / "autograder.zip") as archive:
        archive.extractall(folder / "source")
        assert {"setup.sh", "run_autograder", "constraints.txt"} <= set(archive.namelist())
        assert "course/solutions/families/pooling.py" in archive.namelist()
    return folder / "source"


@pytest.fixture
def root(unpacked: Path, tmp_path: Path) -> Path:
    """Return a folder as Gradescope makes it of an autograder.zip; its Python is ours, its program the zip's."""
    root = tmp_path / "autograder"
    program = unpacked / "program"
    shutil.copytree(unpacked, root / "source", ignore=shutil.ignore_patterns("program"))
    (root / "source" / "program").symlink_to(program)
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    python = root / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH="{program}" exec "{sys.executable}" "$@"\n',
        encoding="utf-8",
    )
    for file in (python, root / "run_autograder"):
        file.chmod(0o755)
    (root / "submission").mkdir()
    return root


def run_autograder(root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(root / "run_autograder")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


@needs_sandbox
def test_the_autograder_grades_a_submission_as_gradescope_runs_it(root: Path) -> None:
    solution = TINY / "solutions" / "ex02_maxpool_1" / "solution.py"
    shutil.copy(solution, root / "submission" / "my answer.py")
    answer = run_autograder(root)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    document = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert document["score"] == 3
    assert all(test["status"] == "passed" for test in document["tests"])


def test_the_autograder_writes_no_score_when_it_cannot_grade(root: Path) -> None:
    (root / "submission" / "ex02.py").write_text("def max_pool(x):\n    return x\n", encoding="utf-8")
    (root / "source" / "course" / "course.yml").write_text("format: 7\n", encoding="utf-8")
    answer = run_autograder(root)
    assert answer.returncode == 2
    assert_not_graded(root)


def assert_not_graded(root: Path) -> None:
    """Hold that the results say so to the student, and hold no score: neither their own nor a test's."""
    document = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert set(document) == {"output", "output_format", "visibility", "stdout_visibility"}
    assert "could not be graded" in document["output"]
    assert "ex02.py" in document["output"]


def test_results_of_an_earlier_run_are_not_taken_for_this_ones(root: Path) -> None:
    (root / "results").mkdir()
    (root / "results" / "results.json").write_text('{"score": 3}', encoding="utf-8")
    (root / "submission" / "ex02.py").write_text("def max_pool(x):\n    return x\n", encoding="utf-8")
    (root / "source" / "course" / "course.yml").write_text("format: 7\n", encoding="utf-8")
    answer = run_autograder(root)
    assert answer.returncode == 2
    assert "--isolation reduced" in answer.stdout
    assert_not_graded(root)


@pytest.mark.parametrize("files", [("helper.py",), ("utils/__init__.py", "utils/helper.py")])
@needs_sandbox
def test_the_autograder_takes_the_students_modules_along(root: Path, files: tuple[str, ...]) -> None:
    solution = (TINY / "solutions" / "ex02_maxpool_1" / "solution.py").read_text(encoding="utf-8")
    submission = root / "submission"
    module = files[-1].removesuffix(".py").replace("/", ".")
    (submission / "homework.py").write_text(f"from {module} import pooled as max_pool\n", encoding="utf-8")
    for file in files:
        (submission / file).parent.mkdir(exist_ok=True)
        (submission / file).write_text(solution.replace("max_pool", "pooled"), encoding="utf-8")
    answer = run_autograder(root)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert results_of(root)["score"] == 3


def results_of(root: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    return document


def test_what_is_no_answer_is_named_and_earns_nothing(root: Path) -> None:
    """It is the student's to mend, so it is a result, and no failure of the autograder."""
    (root / "submission" / "readme.txt").write_text("", encoding="utf-8")
    answer = run_autograder(root)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    document = results_of(root)
    assert document["score"] == 0
    assert "readme.txt: passed over" in document["output"]
    (test,) = document["tests"]
    assert (test["score"], test["max_score"], test["status"]) == (0, 3, "failed")
    assert "Expected: ex02.py" in test["output"]


@pytest.mark.parametrize("name", ["homework", "attempt-2", "ex02"])
@needs_sandbox
def test_a_submission_may_be_a_folder_of_any_name(root: Path, name: str) -> None:
    """A repository, or a folder that was zipped: nothing in it is another student."""
    folder = root / "submission" / name / "code"
    folder.mkdir(parents=True)
    shutil.copy(TINY / "solutions" / "ex02_maxpool_1" / "solution.py", folder / "ex02.py")
    answer = run_autograder(root)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert results_of(root)["score"] == 3


def test_the_autograder_where_the_sandbox_cannot_start(root: Path, tmp_path: Path) -> None:
    (root / "submission" / "ex02.py").write_text("def max_pool(x):\n    return x\n", encoding="utf-8")
    forbidden = tmp_path / "bin" / "bwrap"
    forbidden.parent.mkdir()
    forbidden.write_text("#!/bin/sh\necho bwrap: no permissions >&2\nexit 1\n", encoding="utf-8")
    forbidden.chmod(0o755)
    answer = run_autograder(root, PATH=f"{forbidden.parent}:{os.environ['PATH']}")
    assert answer.returncode == 2
    assert "bwrap: no permissions" in answer.stderr
    assert_not_graded(root)


@needs_sandbox
def test_when_it_was_handed_in_is_what_gradescope_says(root: Path) -> None:
    metadata = {"created_at": "2026-11-20T14:22:32.365935-08:00", "assignment": {"due_date": None}}
    (root / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    shutil.copy(TINY / "solutions" / "ex02_maxpool_1" / "solution.py", root / "submission" / "ex02.py")
    answer = run_autograder(root)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    document = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    assert "Handed in: 2026-11-20 22:22 UTC" in document["output"]


def test_lateness_is_left_to_gradescope(root: Path) -> None:
    given = load_course(TINY)
    assert any(exercise.due is not None for exercise in given.exercises)
    bundled = load_course(root / "source" / "course")
    assert [exercise.due for exercise in bundled.exercises] == [None] * len(given.exercises)
    assert bundled.late_policy == LatePolicy()
    names = [(exercise.id, exercise.points, exercise.banned) for exercise in bundled.exercises]
    assert names == [(exercise.id, exercise.points, exercise.banned) for exercise in given.exercises]


def test_the_autograder_follows_no_link_to_the_solutions(root: Path) -> None:
    solution = root / "source" / "course" / "solutions" / "ex02_maxpool_1" / "solution.py"
    (root / "submission" / "answer.py").symlink_to(solution)
    answer = run_autograder(root)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    document = results_of(root)
    assert document["score"] == 0
    assert "links are not followed" in document["output"]


def test_only_the_owner_reads_the_solutions_and_the_results(root: Path) -> None:
    """Students' code is another user, at every level of isolation."""
    run_autograder(root)
    solutions = root / "source" / "course" / "solutions"
    for path in (root / "results", solutions, *solutions.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    assert "chmod -R go=" in (root / "source" / "setup.sh").read_text(encoding="utf-8")


def test_the_scripts_are_valid_shell(root: Path) -> None:
    for name in ("setup.sh", "run_autograder"):
        script = (root / "source" / name).read_text(encoding="utf-8")
        assert same_as_golden(f"gradescope_{name.removesuffix('.sh')}.sh", script)
        subprocess.run(["bash", "-n", str(root / "source" / name)], check=True)
        assert os.access(root / "run_autograder", os.X_OK)


def test_the_bundled_project_names_what_it_needs(root: Path) -> None:
    import tomllib

    project = tomllib.loads((root / "source" / "program" / "pyproject.toml").read_text(encoding="utf-8"))
    assert any(line.startswith("tensorflow") for line in project["project"]["dependencies"])
    assert project["project"]["entry-points"]["pytest11"] == {"grader": "grader.judge.plugin"}
    assert project["project"]["scripts"] == {"grader": "grader.cli:main"}
    constraints = (root / "source" / "constraints.txt").read_text(encoding="utf-8")
    assert "tensorflow==" in constraints
    assert "\ngrader==" not in constraints
    least = (root / "source" / "constraints-least.txt").read_text(encoding="utf-8").splitlines()
    for line in constraints.splitlines():
        # What wants a newer Python than the image has is no constraint there.
        requirement = Requirement(line)
        known = metadata(requirement.name)
        needed = "".join(known.get_all("Requires-Python") or ())
        for python in ("3.11.2", "3.13.1"):
            applies = requirement.marker is None or requirement.marker.evaluate(
                {"python_full_version": python}
            )
            assert applies is SpecifierSet(needed).contains(python), line
    assert {line.partition("==")[0] for line in least} >= {"tensorflow", "keras", "numpy", "pytest"}
    assert set(least) < set(constraints.splitlines())
    assert len(least) <= len(project["project"]["dependencies"]) + 1


def test_setup_installs_what_it_can_where_a_version_is_not_to_be_had(root: Path, tmp_path: Path) -> None:
    """A version may want a newer Python than Gradescope's image has."""
    tools = tmp_path / "bin"
    tools.mkdir()
    pip = (
        '[ "$6" = "--upgrade" ] && exit\n'
        '[ "$4" = "--constraint" ] && basename "$5" >> "$TRIED"\n[ "$(basename "$5")" != constraints.txt ]\n'
    )
    venv = f'mkdir -p "$3/bin"\nprintf \'%s\' \'#!/bin/sh\n{pip}\' > "$3/bin/pip"\nchmod +x "$3/bin/pip"\n'
    commands = {"apt-get": "", "python3.13": f'case "$1" in -m) {venv};; esac\n'}
    for name, body in commands.items():
        (tools / name).write_text(f"#!/bin/sh\n{body}", encoding="utf-8")
        (tools / name).chmod(0o755)
    script = (root / "source" / "setup.sh").read_text(encoding="utf-8")
    (root / "source" / "setup.sh").write_text(
        script.replace("/autograder/venv", f"{root}/made"), encoding="utf-8"
    )
    tried = tmp_path / "tried"
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "TRIED": str(tried)}
    answer = subprocess.run(
        ["bash", str(root / "source" / "setup.sh")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert tried.read_text(encoding="utf-8").split() == ["constraints.txt", "constraints-least.txt"]
    assert "not every version" in answer.stderr
    # This machine's Python stands in for nothing here: the trial fails, says so, and does not stop the build.
    assert "THE AUTOGRADER CANNOT GRADE IN THIS CONTAINER" in answer.stderr


@needs_sandbox
def test_setup_tries_the_autograder_with_the_courses_own_answers(root: Path) -> None:
    script = (root / "source" / "setup.sh").read_text(encoding="utf-8")
    trial = script[script.index("# Students' code runs as another user") :]
    (root / "trial.sh").write_text(
        f'set -e\nhere="{root}/source"\n{trial.replace("/autograder/venv", f"{root}/venv")}', encoding="utf-8"
    )
    answer = subprocess.run(
        ["bash", str(root / "trial.sh")], capture_output=True, text=True, check=False, timeout=120
    )
    assert "setup: the autograder graded the course's own answers" in answer.stdout, (
        answer.stdout + answer.stderr
    )
