"""A choice and a number in course.yml: judged by the right answer, which no student gets, on every way an answer goes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.answers.notebook import write_notebook
from grader.course.load import load_course
from grader.errors import CourseError
from grader.gradebook.store import Gradebook
from grader.messages.sentences import languages
from grader.model import Adjustment, Course, Grade, Verdict
from grader.release.build import make_release
from grader.reports.markdown import exercise_markdown
from grader.reports.views import instructor_view, student_view
from grader.scoring import question_result, standing_grade
from grader.verify.questions import question_faults, wrong_answers
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_files, grade_text
from tests.support.places import ASKING

QUESTIONS = """
    questions:
      - id: largest
        title: {en: "Which is the largest?"}
        kind: choice
        points: 1
        options: {a: {en: "exp(1)"}, b: {en: "exp(2)"}}
        answer: b
      - id: layers
        title: {en: "Which layers learn?"}
        kind: choice
        points: 1
        options: {a: {en: "dense"}, b: {en: "pooling"}, c: {en: "convolution"}}
        answer: [a, c]
      - id: rate
        title: {en: "How much is dropped?"}
        kind: number
        points: 2
        answer: 0.4242
        tolerance: 0.005
        unit: "%"
"""
RIGHT = "largest = 'B)'\nlayers = ['c', 'a']\nrate = 0.4242\n"


def write_course(root: Path, *changes: tuple[str, str]) -> Path:
    """Write the course with a quiz in course.yml."""
    shutil.copytree(ASKING, root, ignore=shutil.ignore_patterns("__pycache__"))
    text = (root / "course.yml").read_text(encoding="utf-8").rstrip() + QUESTIONS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (root / "course.yml").write_text(text, encoding="utf-8")
    (root / "solutions" / "ex03_quiz" / "test_ex03_hidden.py").write_text('"""None."""\n', encoding="utf-8")
    (root / "solutions" / "ex03_quiz" / "solution.py").write_text(RIGHT, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def quiz(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return the course with a quiz in course.yml."""
    return load_course(write_course(tmp_path_factory.mktemp("quiz") / "course"))


def graded(course: Course, folder: Path, code: str) -> Grade:
    return grade_text(course, FakeRunner(), folder, code, exercise=3)


def verdicts(grade: Grade) -> dict[str, str]:
    return {check.name.removeprefix("question_"): check.verdict.value for check in grade.checks}


@pytest.mark.parametrize(
    ("code", "points", "expected"),
    [
        (RIGHT, 4, ["passed", "passed", "passed"]),
        ("largest = 'exp(2)'\nlayers = 'convolution, dense'\nrate = 2121 / 5000\n", 4, ["passed"] * 3),
        ("largest = 'a'\nlayers = ['a']\nrate = 42\n", 0, ["failed"] * 3),
        ("largest = None\nlayers = ...\nrate = 0,42\n", 2, ["not_attempted", "not_attempted", "passed"]),
        ("", 0, ["not_attempted"] * 3),
        (
            "largest = 'a'\nlargest = 'b'\nlayers: list = ['x']\nrate = f(3)\n",
            1,
            ["passed", "waiting", "waiting"],
        ),
        ("rate = '42 %'\nrate = '0.4242 %'", 2, ["not_attempted", "not_attempted", "passed"]),
        # Nothing of it is executed, and what cannot be executed keeps none of it from being read.
        ("largest = 'b'\nraise SystemExit\nrate = 0.4242\n", 3, ["passed", "not_attempted", "passed"]),
    ],
)
def test_answers_are_judged_without_a_person(
    quiz: Course, tmp_path: Path, code: str, points: float, expected: list[str]
) -> None:
    grade = graded(quiz, tmp_path, code)
    assert grade.points == points
    assert list(verdicts(grade).values()) == expected


def test_the_stub_is_not_attempted(quiz: Course, tmp_path: Path) -> None:
    stub = quiz.exercises[2].exercise_folder / "stub.py"
    assert verdicts(graded(quiz, tmp_path, stub.read_text(encoding="utf-8"))) == dict.fromkeys(
        ["largest", "layers", "rate"], "not_attempted"
    )


def test_a_notebook_has_them_in_cells_or_below_headings(quiz: Course, tmp_path: Path) -> None:
    path = tmp_path / "answer.ipynb"
    path.write_text(write_notebook(["# mine\nlargest = 'b'", "rate = 0.4242  # of all"]), encoding="utf-8")
    document = json.loads(path.read_text(encoding="utf-8"))
    text = {"cell_type": "markdown", "metadata": {}, "source": "## Which layers learn?\n\na) dense, c)"}
    document["cells"].append(text)
    path.write_text(json.dumps(document), encoding="utf-8")
    (grade,) = grade_files(quiz, FakeRunner(), [path], exercise=3)
    assert (grade.points, grade.verdict) == (4, Verdict.PASSED)


def test_nobody_is_told_what_is_right(quiz: Course, tmp_path: Path) -> None:
    grade = graded(quiz, tmp_path, "largest = 'a'\nlayers = ['b']\nrate = 1\n")
    for view in student_view(grade.checks):
        assert view.answer in ("a", "['b']", "1")
        assert view.why is not None
        for language in languages():
            assert "4242" not in view.why.in_language(language)
            assert "b" not in view.why.in_language(language).split()
    assert {view.verdict for view in instructor_view(grade.checks)} == {Verdict.FAILED}


def test_what_is_released_has_the_options_and_no_answer(quiz: Course, tmp_path: Path) -> None:
    release = make_release(quiz)
    text = release.files["course.yml"].decode()
    assert "convolution" in text
    assert "answer" not in text
    assert not any(b"4242" in content for content in (*release.files.values(), *release.answers.values()))
    for name, content in {**release.files, **release.answers}.items():
        path = tmp_path / "students" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    released = load_course(tmp_path / "students").exercises[2]
    # A student reads what the answer was read as, before it is handed in.
    results = [
        question_result(question, text)
        for question, text in zip(released.questions, ("B.", "z", "42,42 %"), strict=True)
    ]
    found = [
        (item.verdict, item.explanation and (item.explanation.key, item.explanation.values))
        for item in results
    ]
    assert found == [
        (Verdict.WAITING, ("question.read", {"read": "b"})),
        (Verdict.WAITING, ("question.unread_choice", {})),
        (Verdict.WAITING, ("question.read", {"read": "42.42"})),
    ]
    # Of these one alone waits for a person, and so does a grade of this one alone.
    words = [view.verdict_text.in_language("en") for view in student_view(tuple(results))]
    assert words == ["graded after you hand in", "waits for a person", "graded after you hand in"]
    grade = graded(load_course(tmp_path / "students"), tmp_path, RIGHT)
    assert (grade.verdict, grade.waiting) == (Verdict.WAITING, 0)
    assert "waits for a person" not in "\n".join(exercise_markdown(released, grade, "en"))


AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_points_by_hand_stand_in_place_of_its_own(quiz: Course, tmp_path: Path) -> None:
    grade = graded(quiz, tmp_path, RIGHT.replace("'B)'", "'a'"))
    exercise = quiz.exercises[2]

    def given(question: str, points: float) -> Adjustment:
        return Adjustment(1, "score", "answer", "ex03", "as said", "kim", AT, points, question=question)

    assert standing_grade(quiz, exercise, [grade], []).points == 3
    assert standing_grade(quiz, exercise, [grade], [given("largest", 0.5)]).points == 3.5
    assert standing_grade(quiz, exercise, [grade], [given("rate", 0.5)]).points == 1.5


def test_a_mended_answer_counts_at_once(quiz: Course, tmp_path: Path) -> None:
    grade = graded(quiz, tmp_path, RIGHT)
    exercise = quiz.exercises[2]
    mended = replace(exercise.questions[0], answer=("a",))
    course = replace(
        quiz, exercises=(*quiz.exercises[:2], replace(exercise, questions=(mended, *exercise.questions[1:])))
    )
    with Gradebook(tmp_path / "gradebook.db", quiz.id) as gradebook:
        gradebook.add(gradebook.begin_run({}), grade, "key")
        assert [item.points for item in gradebook.grades(quiz)] == [4]
        (now,) = gradebook.grades(course)
    assert (now.points, now.verdict) == (3, Verdict.FAILED)


@pytest.mark.parametrize(
    ("old", "new", "key", "place"),
    [
        ("answer: b", "answer: d", "course.question_answer", "answer"),
        ("answer: b", "answer: 2", "course.question_answer", "answer"),
        ("answer: [a, c]", "answer: []", "course.question_answer", "answer"),
        ("        answer: b\n", "", "course.field_missing", "answer"),
        ('options: {a: {en: "exp(1)"}, b: {en: "exp(2)"}}\n', "\n", "course.field_missing", "options"),
        ("answer: 0.4242", 'answer: "0,4242"', "course.question_number", "answer"),
        ("answer: b", "answer: b\n        tolerance: 1", "course.question_field", "tolerance"),
        ('b: {en: "pooling"}', 'b: {en: "Dense "}', "course.options_alike", "options.b"),
        ('b: {en: "pooling"}', 'b: {en: "A"}', "course.options_alike", "options.b"),
        ("kind: plot", "kind: plot\n        unit: s", "course.question_field", "unit"),
    ],
)
def test_what_does_not_go_together_is_told_at_its_line(
    tmp_path: Path, old: str, new: str, key: str, place: str
) -> None:
    root = write_course(tmp_path / "course", (old, new))
    with pytest.raises(CourseError) as raised:
        load_course(root)
    found = {
        (fault.explanation.key, fault.place.rpartition("questions")[2].partition(".")[2])
        for fault in raised.value.faults
    }
    assert any(item[0] == key and item[1].startswith(place) for item in found), found


def test_verify_looks_for_a_place_to_answer_and_at_what_the_reference_answers(tmp_path: Path) -> None:
    root = write_course(tmp_path / "course")
    (root / "exercises" / "ex03_quiz" / "stub.py").write_text(
        '"""A quiz."""\n\nlargest = layers = None\n', "utf-8"
    )
    (root / "exercises" / "ex03_quiz" / "README.md").write_text("Set `largest` and `rate`.", "utf-8")
    (root / "solutions" / "ex03_quiz" / "solution.py").write_text(RIGHT.replace("'B)'", "'a'"), "utf-8")
    faults = {
        fault.explanation.key: fault.explanation.values["name"]
        for fault in question_faults(load_course(root).exercises[2])
    }
    assert faults == {
        "verify.question_unset": "rate",
        "verify.question_unnamed": "layers",
        "verify.question_wrong": "largest",
    }


def test_a_changed_answer_of_the_reference_is_noticed(quiz: Course) -> None:
    exercise: Any = quiz.exercises[2]
    assert [*wrong_answers(exercise, RIGHT.encode())] == []
    assert [*wrong_answers(exercise, RIGHT.replace("0.4242", "1.4242").encode())] == [("rate", "1.4242")]
