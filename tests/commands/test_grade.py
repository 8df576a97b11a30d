"""`grader grade` as far as it is about what was handed in: grading itself is replaced."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.gradebook.store import Gradebook
from grader.grading.fingerprint import environment
from grader.handin.form_names import FORM_NAMES
from grader.model import Explanation, Grade, Submission, Verdict
from grader.reports.class_summary import MOST_NOTES, shown_notes
from tests.support.executor import FakeExecutor
from tests.support.handin import hand_in, make_zip
from tests.support.places import TINY


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> list[Submission]:
    """Replace grading; return what is handed to it."""

    def grade_of(submission: Submission) -> Grade:
        assert submission.path is not None
        digest = sha256(submission.path.read_bytes()).hexdigest()
        grade = Grade(submission.student, submission.exercise, 1, 6, Verdict.PASSED, ())
        return replace(grade, path=str(submission.path), digest=digest)

    executor = FakeExecutor(grade_of)
    monkeypatch.setattr("grader.grading.local.LocalSlots", lambda jobs, isolation: executor)
    return executor.submissions


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a copy of the tiny course."""
    folder = tmp_path / "course"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["grade", *arguments, "--lang", language], catch_exceptions=False)


def test_every_attempt_is_graded(here: Path, graded: list[Submission]) -> None:
    hand_in(here / "in", "ann/1/ex01.py", "ann/2/ex01.py", "bob/ex01.py")
    result = run("in", "--exercise", "ex1")
    assert result.exit_code == 0
    assert [(item.student, item.path and str(item.path)) for item in graded] == [
        ("ann", "in/ann/1/ex01.py"),
        ("ann", "in/ann/2/ex01.py"),
        ("bob", "in/bob/ex01.py"),
    ]
    assert "ann ex01: 2 attempts" in result.stdout


def test_a_zip_is_unpacked_below_the_output(here: Path, graded: list[Submission]) -> None:
    make_zip(here / "class.zip", {"ann/ex01.py": "", "bob/ex01.py": ""})
    for _ in range(2):
        assert run("class.zip", "--output", "out").exit_code == 0
    folder, index = sorted((here / "out/handed-in").iterdir())
    assert len(folder.name) == 16
    assert index.name == f"{folder.name}.json"
    paths = {str(item.path) for item in graded if item.path}
    assert paths == {f"out/handed-in/{folder.name}/{name}/ex01.py" for name in ("ann", "bob")}


def test_a_moodle_download_is_graded_for_one_exercise(here: Path, graded: list[Submission]) -> None:
    make_zip(here / "download.zip", {"Ann Kim_7_assignsubmission_file/homework.py": ""})
    result = run("download.zip", "--exercise", "ex2", "--from", "moodle")
    assert result.exit_code == 0
    (submission,) = graded
    assert (submission.student, submission.exercise) == ("Ann Kim", "ex02")
    assert "taken as ex02" in result.stdout


PAST, FUTURE = "2020-01-01", "2199-01-01"
EXERCISES = {"ex01": "row-sums", "ex02": "maxpool-1", "ex03": "maxpool-2"}


def set_opens(course: Path, opens: dict[str, str]) -> None:
    """Have exercises of the tiny course open at these times, and none of them be due."""
    text = (course / "course.yml").read_text(encoding="utf-8")
    text = text.replace("    due: 2026-12-01T23:59:00+09:00\n", "")
    for exercise, moment in opens.items():
        slug = f"slug: {EXERCISES[exercise]}"
        text = text.replace(slug, f"{slug}\n    opens: {moment}")
    (course / "course.yml").write_text(text, encoding="utf-8")


def exported(format_: str, *options: str) -> Result:
    return CliRunner().invoke(main, ["export", format_, *options, "--lang", "en"], catch_exceptions=False)


def test_what_is_not_given_out_is_nobodys_zero(here: Path, graded: list[Submission]) -> None:
    set_opens(here, {"ex02": FUTURE, "ex03": PAST})
    hand_in(here / "in", "ann/ex01.py", "bob/ex01.py")
    table = run("in").stdout
    assert " 01 03 " in table
    assert " 02 " not in table
    whole = "student,ex01,ex03,total,possible\nann,1,0,1,10\nbob,1,0,1,10\n"
    assert (here / "graded/grades.csv").read_text(encoding="utf-8") == whole
    assert exported("csv").stdout == whole
    assert "ex02" not in exported("csv-checks").stdout
    assert exported("moodle").stdout.startswith("Username,ex01 The sums of rows,ex03 Max pooling: images")
    (here / "canvas.csv").write_text("Student,ID,Section\nann,1,\nbob,2,\n", encoding="utf-8")
    canvas = exported("canvas", "--roster", "canvas.csv").stdout
    assert canvas.splitlines()[2:] == ["ann,1,,1,0", "bob,2,,1,0"]
    assert exported("gradescope", "--output", "scope").exit_code == 0
    assert "ex02" not in (here / "scope/ann.json").read_text(encoding="utf-8")
    assert "ex02" not in (here / "graded/reports/index.html").read_text(encoding="utf-8")
    assert CliRunner().invoke(main, ["feedback"], catch_exceptions=False).exit_code == 0
    page = (here / "graded/feedback/ann.md").read_text(encoding="utf-8")
    assert ("ex02" in page, "ex03" in page) == (False, True)


def test_it_is_given_out_once_anybody_hands_it_in(here: Path, graded: list[Submission]) -> None:
    set_opens(here, {"ex02": FUTURE})
    hand_in(here / "in", "ann/ex01.py", "bob/ex01.py", "bob/ex02.py")
    assert run("in").exit_code == 0
    assert exported("csv").stdout == "student,ex01,ex02,total,possible\nann,1,0,1,9\nbob,1,1,2,9\n"


def test_a_kind_of_note_hides_no_other() -> None:
    many = [Explanation("submissions.passed_over", {"file": f"{number}/README.md"}) for number in range(30)]
    few = [Explanation("submissions.merged", {"student": "ann", "names": "Ann"}) for _ in range(3)]
    last = Explanation("submissions.no_times", {})
    shown = shown_notes([*many, *few, last])
    assert shown == [*many[: MOST_NOTES - 4], *few, last]
    assert shown_notes(few) == few


def test_many_notes_are_summed_up_and_all_of_them_written(here: Path, graded: list[Submission]) -> None:
    hand_in(here / "in", "ann/ex01.py", *(f"ann/note{number:02}.txt" for number in range(MOST_NOTES + 5)))
    result = run("in")
    assert "note19.txt" in result.stdout
    assert "note20.txt" not in result.stdout
    assert "and 5 more, all of them in graded/notes.txt" in result.stdout.replace("\n", " ")
    lines = (here / "graded/notes.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == MOST_NOTES + 5
    assert lines[20] == "ann/note20.txt: passed over, no exercise of this course"


def test_notes_are_in_the_readers_language(here: Path, graded: list[Submission]) -> None:
    hand_in(here / "in", "ann/ex01.py", "ann/note.txt")
    assert "ann/note.txt: 이 강좌의 과제가 아니어서 제외" in run("in", language="ko").stdout


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "Graded again, because what their grades depend on has changed: 2 (numpy 1.0 → {numpy}, "
            "the checks, reference or limits of ex02).",
        ),
        (
            "ko",
            "채점에 영향을 주는 것이 바뀌어 다시 채점하는 것: 2개(numpy 1.0 → {numpy}, "
            "ex02의 검사, 정답 또는 제한).",
        ),
    ],
)
def test_what_is_graded_again_has_its_reason_told(
    language: str, sentence: str, here: Path, graded: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(here / "in", "ann/ex01.py", "ann/ex02.py", "bob/ex03.py")
    now = environment()
    with monkeypatch.context() as patched:
        patched.setattr("grader.grading.fingerprint.environment", lambda: now | {"numpy": "1.0"})
        patched.setattr("grader.grading.run.environment_of", lambda _: now | {"numpy": "1.0"})
        assert "again" not in run("in", "--exercise", "ex1").stderr
    assert "again" not in run("in", "--exercise", "ex2").stderr
    with (here / "solutions/ex02_maxpool_1/solution.py").open("a") as edited:
        edited.write("# edited")
    result = run("in", language=language)
    assert sentence.format(numpy=now["numpy"]) in result.stderr
    assert len(graded) == 2 + 3
    assert sentence[:10] not in run("in", "--force", language=language).stderr


def test_without_notes_those_of_an_earlier_run_go(here: Path, graded: list[Submission]) -> None:
    hand_in(here / "in", "ann/ex01.py", "ann/note.txt")
    run("in")
    assert (here / "graded/notes.txt").is_file()
    (here / "in/ann/note.txt").unlink()
    run("in")
    assert not (here / "graded/notes.txt").exists()


def test_a_roster_and_a_manifest_may_be_named(here: Path, graded: list[Submission]) -> None:
    hand_in(here / "in", "Ann Kim/ex01.py", "s2/ex01.py")
    (here / "class.csv").write_text("student,name\ns1,Ann Kim\ns2,\ns3,\n")
    (here / "times.csv").write_text("student,exercise,submitted_at\ns1,ex01,2026-03-09T09:00:00Z\n")
    result = run("in", "--roster", "class.csv", "--manifest", "times.csv", "--exercise", "ex1")
    assert result.exit_code == 0
    assert [item.student for item in graded] == ["s1", "s2"]
    at = graded[0].submitted_at
    assert at is not None
    assert at.isoformat() == "2026-03-09T09:00:00+00:00"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_bad_manifest_stops_before_anything_is_written(
    language: str, here: Path, graded: list[Submission]
) -> None:
    hand_in(here / "in", "ann/ex01.py")
    (here / "in/manifest.csv").write_text("student,exercise,submitted_at\nann,ex01,soon\nann,ex9,\n")
    result = run("in", language=language)
    assert result.exit_code == 2
    assert "manifest.csv: line 2: submitted_at: 'soon'" in result.stderr
    assert "manifest.csv: line 3: exercise: " in result.stderr
    assert not (here / "graded").exists()
    assert graded == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "There is no folder and no zip nowhere"),
        ("class.txt", "There is no folder and no zip class.txt"),
        ("bad.zip", "bad.zip cannot be used: bad.zip: not unpacked, no zip or damaged"),
        ("none.zip", "No submission was found in none.zip"),
    ],
)
def test_what_is_no_class_is_explained(name: str, message: str, here: Path, graded: list[Submission]) -> None:
    (here / "class.txt").write_text("")
    (here / "bad.zip").write_text("no zip")
    make_zip(here / "none.zip", {"ann/notes.txt": ""})
    result = run(name)
    assert result.exit_code == 2
    assert message in result.stderr
    assert graded == []


@pytest.mark.parametrize(("language", "words"), [("en", "The form is found out"), ("ko", "형식은 자동으로")])
def test_help_shows_the_forms_in_both_languages(language: str, words: str) -> None:
    # Help is made when the program starts.
    command = [sys.executable, "-m", "grader.cli", "grade", "--help"]
    environment = {**os.environ, "GRADER_LANG": language}
    shown = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True).stdout
    assert "grader grade moodle-download.zip --exercise ex3" in shown
    assert f"[{'|'.join(FORM_NAMES)}]" in shown
    assert "grader grade hw-submissions/ --commit-times" in shown
    assert words in shown


GONE = {
    "a file": ("ann/ex02.py", ["ann ex02: its file is not here any more (in/ann/ex02.py)"]),
    "a folder": ("ann", ["ann: not here any more; what was handed in and graded before (2) still counts"]),
}


@pytest.mark.parametrize("what", GONE)
def test_what_was_graded_counts_when_its_file_is_gone_and_that_is_said(
    what: str, here: Path, graded: list[Submission]
) -> None:
    hand_in(here / "in", "ann/ex01.py", "ann/ex02.py", "bob/ex01.py")
    assert run("in").exit_code == 0
    before = points(here)
    name, sentences = GONE[what]
    path = here / "in" / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    for _ in range(2):  # said each time, not only when it is noticed first
        result = run("in")
        assert result.exit_code == 0
        assert points(here) == before
        for sentence in sentences:
            assert sentence in " ".join(result.stdout.split())
            assert sentence in (here / "graded/notes.txt").read_text(encoding="utf-8")
        assert "bob" not in (here / "graded/notes.txt").read_text(encoding="utf-8")


def points(here: Path) -> dict[str, tuple[str, str]]:
    """Return the points of the first two exercises by student."""
    rows = (here / "graded/grades.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {row.split(",")[0]: (row.split(",")[1], row.split(",")[2]) for row in rows}


def test_a_renamed_folder_is_another_student_and_the_first_one_stays(
    here: Path, graded: list[Submission]
) -> None:
    hand_in(here / "in", "kim/ex01.py", "bob/ex01.py")
    run("in")
    (here / "in/kim").rename(here / "in/kim-minjun")
    result = run("in")
    assert set(points(here)) == {"bob", "kim", "kim-minjun"}
    assert "kim: not here any more" in result.stdout


def test_a_renamed_file_is_the_same_attempt(here: Path, graded: list[Submission]) -> None:
    hand_in(here / "in", "ann/ex01.py", "bob/ex02.py")
    run("in")
    (here / "in/ann/ex01.py").rename(here / "in/ann/ex1.py")
    result = run("in")
    assert "any more" not in result.stdout
    assert points(here)["ann"][0] == "1"


def test_what_was_not_asked_for_is_not_missed(here: Path, graded: list[Submission]) -> None:
    hand_in(here / "in", "ann/ex01.py", "ann/ex02.py")
    run("in")
    (here / "in/ann/ex01.py").unlink()
    assert "any more" not in run("in", "--exercise", "ex2").stdout
    assert "any more" not in run("in", "--student", "bob").stdout


HELPED = "from helper import half\ndef row_sums(x): return half(x)\n"


def test_a_module_is_a_part_of_the_attempt(here: Path, graded: list[Submission]) -> None:
    files = {
        "ann/ex01.py": HELPED,
        "ann/helper.py": "half = 1\n",
        "bob/ex01.py": "def row_sums(x): return x\n",
    }
    hand_in(here / "in", *files, "bob/helper.py", **files)
    run("in")
    graded.clear()
    # The same again, and a module that nobody imports.
    (here / "in/bob/helper.py").write_text("half = 3\n")
    run("in")
    assert graded == []
    (here / "in/ann/helper.py").write_text("half = 2\n")
    run("in")
    assert [(item.student, item.exercise) for item in graded] == [("ann", "ex01")]
    with Gradebook(here / "graded" / "gradebook.db", "tiny") as gradebook:
        attempts = [item for item in gradebook.attempts() if item.student == "ann"]
        contents = [gradebook.content(item.digest) for item in attempts]
        (bobs,) = [item for item in gradebook.attempts() if item.student == "bob"]
    assert [b"half = 1" in content for content in contents] == [True, False]
    assert [b"half = 2" in content for content in contents] == [False, True]
    # Without a module an answer is the file that it was.
    assert bobs.digest == sha256(files["bob/ex01.py"].encode()).hexdigest()
    assert bobs.path == "in/bob/ex01.py"
