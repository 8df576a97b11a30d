"""A course in any languages goes all the way: loaded, collected, proved in form, graded, reported, exported, released."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.load import load_course
from grader.errors import CourseError, Fault
from grader.exports.github_classroom import classroom_workflow
from grader.exports.grades_csv import checks_csv
from grader.exports.results import results_json
from grader.gradebook.store import Gradebook
from grader.judge.collect import collected
from grader.messages.sentences import explain, fault_text
from grader.model import CheckResult, Course, Misconception, Text
from grader.release.build import make_release
from grader.release.leaks import find_leaks
from grader.reports.markdown import feedback_markdown
from grader.reports.pages.class_report import class_report
from grader.reports.pages.student import student_page
from grader.reports.views import student_view
from grader.verify.statements import file_faults
from tests.support.fakes import FakeRunner
from tests.support.judging import grade_files, grade_text, reference_of, result_of
from tests.support.places import ROOT
from tests.support.translated import GERMAN, translate

HANGUL = re.compile("[가-힣]")
COLUMN_SUMS = """
import numpy as np


def row_sums(x):
    return np.array([sum(column) for column in x.T])


def scale(x, factor):
    return x * factor
"""
EXAMPLE = "[[1, 2], [3, 4]] becomes [3, 7]"
MISTAKE = "You added up the columns."
CHECKS = "exercises/ex01_row_sums/test_ex01.py"
STATEMENTS = {
    ("en",): {"en": "README.md"},
    ("ko",): {"ko": "README.md"},
    ("de", "ko"): {"de": "README.md", "ko": "README.ko.md"},
    ("de", "en", "ko"): {"de": "README.de.md", "en": "README.md", "ko": "README.ko.md"},
}

languages_of_a_course = pytest.mark.parametrize("languages", STATEMENTS, ids="-".join)


def blank_results(course: Course) -> dict[str, tuple[CheckResult, ...]]:
    with collected(course, course.exercises) as checks:
        return {item.id: tuple(checks.blank_results(item)) for item in course.exercises}


def misconceptions(course: Course) -> tuple[Misconception, ...]:
    with reference_of(course, [course.exercises[0]]) as side:
        return side.misconceptions(course.exercises[0])


def faults(folder: Path) -> list[Fault]:
    """Return what is said of a course that cannot be loaded or collected; it can be said in both languages."""
    with pytest.raises(CourseError) as caught:
        blank_results(load_course(folder))
    found = [*caught.value.faults]
    assert all(HANGUL.search(fault_text(item, "ko")) for item in found)
    assert not any(HANGUL.search(fault_text(item, "en")) for item in found)
    return found


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


@languages_of_a_course
def test_a_course_is_loaded_collected_and_proved_in_form(languages: Sequence[str], tiny_copy: Path) -> None:
    course = translate(tiny_copy, languages)
    assert (course.language, sorted(course.languages)) == (languages[0], sorted(languages))
    titles = [course.title, *(exercise.title for exercise in course.exercises)]
    titles += [result.title for results in blank_results(course).values() for result in results]
    assert {tuple(title) for title in titles} == {course.languages}
    assert {tuple(sorted(item.text)) for item in misconceptions(course)} == {tuple(sorted(languages))}
    for exercise in course.exercises:
        assert file_faults(course, exercise) == ()


@languages_of_a_course
def test_a_reader_of_another_language_gets_the_courses_own(
    languages: Sequence[str], tiny_copy: Path, tmp_path: Path
) -> None:
    course = translate(tiny_copy, languages)
    grade = grade_text(course, FakeRunner(), tmp_path, COLUMN_SUMS)
    found = result_of(grade, "example")
    assert found.misconception is not None
    for text in (course.title, found.title, found.misconception.text):
        assert tuple(text) == course.languages
        assert text.in_language("fr") == text[languages[0]]
    for reader, words in (("en", "wrong result"), ("ko", "결과가 다름")):
        own = reader if reader in languages else languages[0]
        markdown = feedback_markdown(course, "ann", {"ex01": grade}, reader)
        assert course.title[own] in markdown
        assert found.title[own] in markdown.replace("\\", "")
        assert found.misconception.text[own].split(".")[0] in markdown
        assert words in markdown
        page = student_page(course, "ann", {"ex01": grade}, student_view, language=reader)
        assert found.title[own] in page
        assert course.title[own] in page


@languages_of_a_course
def test_grades_are_kept_and_exported(languages: Sequence[str], tiny_copy: Path, tmp_path: Path) -> None:
    course = translate(tiny_copy, languages)
    grade = grade_text(course, FakeRunner(), tmp_path, COLUMN_SUMS)
    with Gradebook(tmp_path / "gradebook.db", course.id) as gradebook:
        gradebook.add(gradebook.begin_run({}), grade)
        (kept,) = gradebook.grades(course)
    assert kept.checks == grade.checks
    assert [tuple(check.title) for check in kept.checks] == [course.languages] * len(grade.checks)
    document = json.loads(results_json(course, [kept], None))
    jsonschema.validate(
        document, json.loads((ROOT / "docs" / "results.schema.json").read_text(encoding="utf-8"))
    )
    assert document["format"] == (1 if {"en", "ko"} <= {*languages} else 2)
    assert document["course"]["title"] == dict(course.title)
    assert document["grades"][0]["checks"][0]["title"] == dict(grade.checks[0].title)
    wanted = result_of(grade, "example").title["en" if "en" in languages else languages[0]]
    assert wanted in checks_csv([kept])
    pages = dict(class_report(course, [kept], None))
    shown = "ko" if languages[0] == "ko" else "en"
    for page in pages.values():
        assert re.findall(r'id="(..)" checked', page) == [shown]
        assert course.title.in_language(shown) in page


@languages_of_a_course
@pytest.mark.parametrize("reader", ["en", "ko"])
def test_a_workflow_reads_titles_that_the_course_has(
    languages: Sequence[str], reader: str, tiny_copy: Path
) -> None:
    course = translate(tiny_copy, languages)
    text = classroom_workflow(course.exercises, language=reader, isolation="full", source="grader")
    own = reader if reader in languages else languages[0]
    assert re.findall(r'check\["title"\]\["(..)"\]', text) == [own] * len(course.exercises)
    assert {*re.findall(r"--lang (..)", text)} == {reader}


@languages_of_a_course
def test_a_release_has_the_courses_languages(languages: Sequence[str], tiny_copy: Path) -> None:
    course = translate(tiny_copy, languages)
    release = make_release(course)
    readmes = {name for name in release.files if name.startswith("exercises/ex01_row_sums/README")}
    assert readmes == {f"exercises/ex01_row_sums/{name}" for name in STATEMENTS[tuple(languages)].values()}
    assert release.left_out == ()
    for name in [name for name in release.files if name.startswith("README")]:
        for link in re.findall(r"\]\((\S+)\)", release.files[name].decode()):
            assert link in release.files, link


def test_a_course_in_english_needs_no_korean(tiny_copy: Path) -> None:
    course = translate(tiny_copy, ["en"])
    for path in [path for path in tiny_copy.rglob("*") if path.is_file() and "__pycache__" not in path.parts]:
        content = path.read_text(encoding="utf-8")
        if path.name == "course.yml":
            content = content.partition("\n")[2]
        assert HANGUL.search(content) is None, path
    release = make_release(course)
    assert not any(HANGUL.search(content.decode()) for content in release.files.values())
    assert [name for name in release.files if "README" in name and "exercises" not in name] == ["README.md"]


def test_a_release_speaks_the_courses_languages_as_far_as_this_program_does(tiny_copy: Path) -> None:
    course = translate(tiny_copy, ["de", "ko"])
    files = make_release(course).files
    english, korean = files["README.md"].decode(), files["README.ko.md"].decode()
    assert english.startswith(
        f"# {GERMAN}A tiny course\n\n한국어: [README.ko.md](README.ko.md)\n\n## Begin\n"
    )
    assert korean.startswith("# 작은 강좌\n\nEnglish: [README.md](README.md)\n\n## 시작하기\n")
    assert "(exercises/ex01_row_sums/README.md)" in english
    assert "(exercises/ex01_row_sums/README.ko.md)" in korean


def test_a_release_keeps_the_languages_and_the_time_zone(tiny_copy: Path, tmp_path: Path) -> None:
    translate(tiny_copy, ["de", "en", "ko"])
    edit(tiny_copy / "course.yml", "format: 1", "format: 1\ntimezone: Asia/Seoul")
    options = ["--course", str(tiny_copy), "--isolation", "none"]
    arguments = ["release", str(tmp_path / "released"), *options]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    released, course = load_course(tmp_path / "released"), load_course(tiny_copy)
    assert (released.languages, released.timezone) == (course.languages, "Asia/Seoul")
    assert [item.title for item in released.exercises] == [item.title for item in course.exercises]


def test_the_texts_of_hidden_checks_are_no_secret_in_any_language(tiny_copy: Path) -> None:
    course = translate(tiny_copy, ["de", "en", "ko"])
    hidden = (tiny_copy / "solutions/ex01_row_sums/test_ex01_hidden.py").read_text(encoding="utf-8")
    (line,) = [line for line in hidden.splitlines() if "works on a table of any size" in line]
    # What is called as it is called in a hidden check is found, and its texts alone are not.
    text = f'@check(points=1, de="{GERMAN}works on a table of any size", en="works on a table of any size")'
    assert find_leaks(course, {"exercises/ex01_row_sums/notes.md": f"{text}\n".encode()}) == ()
    assert "de=" in line
    body = hidden.partition("def test_random")[2].partition("@check")[0]
    code = f"def test_random{body}".encode()
    assert find_leaks(course, {"exercises/ex01_row_sums/notes.py": code}) != ()


def test_an_assertions_text_is_in_the_courses_order(tiny_copy: Path, tmp_path: Path) -> None:
    edit(tiny_copy / CHECKS, "import Submission", "import expect, Submission")
    edit(
        tiny_copy / CHECKS,
        "    assert_tensor(submission.row_sums(",
        '    expect(submission.row_sums(np.ones((1, 2)))[0] == 2, ko="합은 2", en="the sum is 2")\n'
        "    assert_tensor(submission.row_sums(",
    )
    course = translate(tiny_copy, ["de", "en", "ko"])
    found = result_of(grade_text(course, FakeRunner(), tmp_path, COLUMN_SUMS), "example").explanation
    assert found is not None
    assert [*found.values["what"]] == ["de", "en", "ko"]
    assert explain(found, "fr") == explain(found, "en").replace("the sum", f"{GERMAN}the sum")


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "named"),
    [
        (', ko="[[1, 2], [3, 4]]는 [3, 7]이 된다"', "", 8, "course.check_text", "ko"),
        ("ko=", "kor=", 8, "course.check_language", "kor"),
        ("points=1, ", 'points=1, ja="和", ', 8, "course.check_language", "ja"),
        ('en="[[1, 2], [3, 4]] becomes [3, 7]"', 'en=""', 8, "course.check_text", "en"),
        ('en="[[1, 2], [3, 4]] becomes [3, 7]"', "en=3", 8, "course.check_text", "en"),
        ("points=1, ", 'points=1, befor="test_scale", ', 8, "course.check_language", "befor"),
    ],
    ids=["missing", "typo", "other", "empty", "number", "argument"],
)
def test_a_checks_texts_are_the_courses(
    old: str, new: str, line: int, key: str, named: str, tiny_copy: Path
) -> None:
    edit(tiny_copy / CHECKS, old, new)
    found = [fault for fault in faults(tiny_copy) if fault.place == f"line {line}"]
    said = [fault for fault in found if fault.explanation.key == key]
    assert [(fault.file, named in fault.explanation.values.values()) for fault in said] == [(CHECKS, True)]


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        ('en="a", ko="가"', []),
        ("**TEXTS", []),
        ('en="a"', [("course.check_text", "ko")]),
        ('en="a", ko="가", kor="나"', [("course.check_language", "kor")]),
    ],
)
def test_an_assertions_texts_are_the_courses(
    texts: str, wanted: list[tuple[str, str]], tiny_copy: Path
) -> None:
    path = tiny_copy / CHECKS
    edit(path, "import Submission", "import assert_equal as same, Submission")
    call = f"\n\nTEXTS = {{}}\n\n\ndef helper(value):\n    same(value, expected=3, {texts})\n"
    path.write_text(path.read_text(encoding="utf-8") + call, encoding="utf-8")
    if not wanted:
        assert blank_results(load_course(tiny_copy))
        return
    assert [
        (
            fault.explanation.key,
            (fault.explanation.values.get("argument") or fault.explanation.values["languages"]),
        )
        for fault in faults(tiny_copy)
    ] == wanted
    assert faults(tiny_copy)[0].place == "line 22"


def test_an_authors_own_function_takes_what_it_likes(tiny_copy: Path) -> None:
    path = tiny_copy / CHECKS
    own = "\n\ndef expect(what):\n    assert what\n\n\ndef helper(value):\n    expect(what=value)\n"
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    assert blank_results(load_course(tiny_copy))


COURSE_FAULTS = {
    "own-is-none": ("language: en", "languages: [ko]\nlanguage: en", "language", "language_unknown"),
    "own-by-default": ("language: en", "languages: [ko]", "language", "language_unknown"),
    "twice": ("language: en", "languages: [ko, en, ko]\nlanguage: en", "languages", "languages_twice"),
    "none": ("language: en", "languages: []\nlanguage: en", "languages", "field_wrong"),
    "no-list": ("language: en", "languages: ko\nlanguage: en", "languages", "field_wrong"),
    "no-code": ("language: en", "languages: [English, ko]\nlanguage: ko", "languages[0]", "field_wrong"),
    "no-word": ("language: en", "languages: [en, 7]\nlanguage: en", "languages[1]", "field_wrong"),
    "title-typo": ('ko: "작은 강좌"', 'ko: "작은 강좌", kor: "x"', "title.kor", "language_unknown"),
    "title-blank": ('ko: "작은 강좌"', 'ko: "  "', "title.ko", "field_wrong"),
    "exercise-missing": (
        '{en: "The sums of rows", ko: "행의 합"}',
        '{en: "The sums of rows"}',
        "exercises[0].title.ko",
        "field_missing",
    ),
    "exercise-typo": ('ko: "행의 합"', 'ko: "행의 합", ja: "x"', "exercises[0].title.ja", "language_unknown"),
}


@pytest.mark.parametrize(("old", "new", "place", "key"), COURSE_FAULTS.values(), ids=COURSE_FAULTS.keys())
def test_languages_that_do_not_fit_are_told_with_their_field(
    old: str, new: str, place: str, key: str, tiny_copy: Path
) -> None:
    edit(tiny_copy / "course.yml", old, new)
    found = [(item.file, item.place, item.explanation.key) for item in faults(tiny_copy)]
    assert found == [("course.yml", place, f"course.{key}")]


def test_a_course_with_another_language_needs_its_statement(tiny_copy: Path) -> None:
    translate(tiny_copy, ["en", "de"])
    for path in tiny_copy.glob("exercises/*/README.de.md"):
        path.unlink()
    assert {(Path(item.file).name, item.explanation.key) for item in faults(tiny_copy)} == {
        ("README.de.md", "course.file_missing")
    }


@pytest.mark.parametrize(
    ("languages", "name", "old", "new", "key"),
    [
        (["en", "de"], "README.de.md", "2. Try", "Try", "tasks_differ"),
        (["en", "de"], "README.de.md", "## Aufgaben", "Aufgaben", "no_task"),
        (["de"], "README.md", "## Aufgaben", "Aufgaben", "no_task"),
        (["ko"], "README.md", "## 과제", "## Tasks", "no_tasks"),
    ],
)
def test_the_statements_of_all_languages_have_the_same_tasks(
    languages: list[str], name: str, old: str, new: str, key: str, tiny_copy: Path
) -> None:
    course = translate(tiny_copy, languages)
    exercise = course.exercises[0]
    edit(exercise.exercise_folder / name, old, new)
    (fault,) = file_faults(course, exercise)
    assert (Path(fault.file).name, fault.explanation.key) == (name, f"verify.{key}")
    assert HANGUL.search(fault_text(fault, "ko"))


def test_a_statement_in_a_language_that_the_course_has_not_is_a_stray_file(tiny_copy: Path) -> None:
    course = translate(tiny_copy, ["en"])
    exercise = course.exercises[0]
    (exercise.exercise_folder / "README.ko.md").write_text("한국어", encoding="utf-8")
    (fault,) = file_faults(course, exercise)
    assert fault.explanation.key == "verify.stray_file"
    assert "exercises/ex01_row_sums/README.ko.md" in make_release(course).left_out


def test_titles_in_any_language_head_a_notebooks_cells(tiny_copy: Path) -> None:
    course = translate(tiny_copy, ["de", "en", "ko"])
    path = tiny_copy / "all.ipynb"
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": f"# {GERMAN}The sums of rows"},
        {"cell_type": "code", "metadata": {}, "source": COLUMN_SUMS, "outputs": [], "execution_count": None},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(notebook), encoding="utf-8")

    (grade,) = grade_files(course, FakeRunner(), [path])
    assert result_of(grade, "scale").earned == 1


def test_a_text_is_what_it_was_made_of() -> None:
    text = Text({"ko": "둘", "en": "two"})
    assert (text.in_language("en"), text.in_language("fr"), Text({}).in_language("en")) == ("two", "둘", "")
    assert text.for_course(["en", "de"]) == Text({"en": "two"})
