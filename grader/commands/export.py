"""`grader export`: the gradebook as files that other systems take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import (
    Context,
    exercises_option,
    graded_option,
    isolation_option,
    say,
    shared_options,
)
from grader.errors import RequestError, file_errors_as
from grader.messages.sentences import explain, text
from grader.model import Course, Language

if TYPE_CHECKING:
    from grader.exports.lms_class import Export
    from grader.gradebook.folder import Graded

__all__ = ["export"]

FORMATS = (
    "csv",
    "csv-checks",
    "json",
    "junit",
    "canvas",
    "moodle",
    "gradescope",
    "gradescope-autograder",
    "github-actions",
)


@click.command(
    help=say(
        """Write the newest grades in a format that another system takes.

        \b
        csv                    students x exercises, total
        csv-checks             a row for each check
        json                   everything (schema: docs/results.schema.json)
        junit                  JUnit XML
        canvas                 Canvas's gradebook import; needs --roster, Canvas's own export
        moodle                 Moodle's grade import; --roster fills in ID numbers and email addresses
        gradescope             a results.json for each student, or one with --student
        gradescope-autograder  autograder.zip: this program and the course, to grade on Gradescope
        github-actions         a workflow that grades a push, for GitHub Classroom

        A cell is empty where something is ungraded. Exit code: 0 written, 2 somebody is missing from the file.
        """,
        """최신 성적을 다른 시스템에서 쓰는 형식으로 저장합니다.

        \b
        csv                    학생 x 과제, 합계
        csv-checks             검사마다 한 줄
        json                   전체 결과(스키마: docs/results.schema.json)
        junit                  JUnit XML
        canvas                 Canvas 성적부 가져오기용. Canvas에서 내보낸 파일을 --roster로 지정해야 함
        moodle                 Moodle 성적 가져오기용. --roster로 학번과 이메일을 채움
        gradescope             학생별 results.json. --student를 쓰면 한 명만
        gradescope-autograder  autograder.zip: Gradescope에서 채점하기 위한 프로그램과 강좌
        github-actions         GitHub Classroom에서 push할 때마다 채점하는 워크플로

        채점되지 않은 칸은 비워 둡니다. 종료 코드: 0 저장 완료, 2 파일에 넣지 못한 학생이 있음.
        """,
    )
)
@click.argument("format_", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help=say(
        "The file; a folder for gradescope without --student [default: the terminal].",
        "저장할 파일. --student 없는 gradescope는 폴더 [기본값: 터미널].",
    ),
)
@graded_option
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help=say("The class as Canvas or Moodle exported it (CSV).", "Canvas나 Moodle에서 내보낸 명단(CSV)."),
)
@click.option(
    "--excel",
    is_flag=True,
    help=say(
        "Begin a CSV file with the mark by which Excel knows UTF-8.",
        "Excel에서 한글이 깨지지 않도록 CSV 파일 앞에 UTF-8 표시(BOM)를 붙임.",
    ),
)
@click.option(
    "--feedback",
    is_flag=True,
    help=say(
        "A column with lateness, what was decided by hand and comments beside each exercise (moodle).",
        "과제마다 지각, 직접 정한 점수, 의견을 적은 열을 덧붙임(moodle).",
    ),
)
@click.option("--student", metavar=say("NAME", "이름"), help=say("Only this student.", "이 학생만."))
@click.option(
    "--notes",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say(
        "A text for the student below the results: notes.txt (gradescope).",
        "결과 아래에 학생에게 보여 줄 글: notes.txt (gradescope).",
    ),
)
@exercises_option
@isolation_option
@click.option(
    "--source",
    metavar=say("ADDRESS", "주소"),
    help=say(
        "What pip installs this program from, in a workflow: git+https://...",
        "워크플로에서 pip로 이 프로그램을 설치할 주소: git+https://...",
    ),
)
@shared_options
@click.pass_context
def export(
    ctx: click.Context,
    format_: str,
    output: Path | None,
    graded: Path,
    roster: Path | None,
    excel: bool,
    feedback: bool,
    student: str | None,
    notes: Path | None,
    exercises: tuple[str, ...],
    isolation: str,
    source: str | None,
) -> None:
    """Write one format."""
    from grader.course.files import require_solutions
    from grader.course.names import find_exercises
    from grader.gradebook.folder import read_graded

    context: Context = ctx.obj
    course = context.course()
    chosen = find_exercises(course, exercises)
    if format_ == "github-actions":
        from grader.exports.github_classroom import classroom_workflow

        # No default: a package of the same name elsewhere is somebody else's program.
        if source is None:
            raise RequestError("export.no_source")
        workflow = classroom_workflow(chosen, language=context.language, isolation=isolation, source=source)
        _write(output, workflow, context.language)
        return
    if format_ == "gradescope-autograder":
        from grader.exports.gradescope_autograder import autograder_zip

        require_solutions(chosen)
        names = [exercise.id for exercise in chosen]
        content = autograder_zip(course, names, language=context.language, isolation=isolation)
        _write(output or Path("autograder.zip"), content, context.language)
        return
    found = read_graded(course, graded).only(chosen, student)
    if format_ == "gradescope":
        missing = _gradescope(course, found, output, student, _lines(notes), context.language)
    else:
        told = context.language if feedback else None
        made = _make(format_, replace(course, exercises=chosen), found, roster, context.language, told)
        # Canvas compares its first heading letter by letter.
        mark = "\ufeff" if excel and format_ in ("csv", "csv-checks", "moodle") else ""
        _write(output, mark + made.content, context.language)
        missing = made.missing
        for note in made.notes:
            click.echo(explain(note, context.language), err=True)
    if missing:
        click.echo(text("export.missing", context.language, students=", ".join(missing)), err=True)
        ctx.exit(2)


def _make(
    format_: str,
    course: Course,
    graded: Graded,
    roster: Path | None,
    language: Language,
    feedback: Language | None,
) -> Export:
    from grader.exports.canvas import canvas_csv
    from grader.exports.grades_csv import checks_csv, grades_csv
    from grader.exports.junit import junit_xml
    from grader.exports.lms_class import Export, read_roster_file
    from grader.exports.moodle import moodle_csv
    from grader.exports.results import results_json

    grades = graded.grades
    if format_ == "csv":
        return Export(grades_csv(course, grades))
    if format_ == "csv-checks":
        return Export(checks_csv(grades))
    if format_ == "json":
        return Export(results_json(course, grades, graded.run))
    if format_ == "junit":
        return Export(junit_xml(grades, language))
    names = read_roster_file(roster)
    if format_ == "moodle":
        return moodle_csv(course, grades, names, feedback=feedback)
    if names is None:
        raise RequestError("export.no_roster")
    return canvas_csv(course, grades, names)


def _gradescope(
    course: Course,
    graded: Graded,
    output: Path | None,
    student: str | None,
    notes: tuple[str, ...],
    language: Language,
) -> tuple[str, ...]:
    from grader.exports.gradescope import gradescope_results
    from grader.files.write import write_file
    from grader.reports.files import file_stem
    from grader.reports.students import by_student

    missing = []
    taken: set[str] = set()
    if student is None and output is None:
        raise RequestError("export.no_folder")
    for name, row in by_student(graded.grades).items():
        content = gradescope_results(course, row, language, notes)
        if content is None:
            missing.append(name)
        elif student is not None:
            _write(output, content, language)
        elif output is not None:
            write_file(output / f"{file_stem(name, taken)}.json", content)
    if student is None:
        click.echo(text("cli.written", language, files=str(output)))
    return tuple(missing)


def _lines(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    with file_errors_as(RequestError, "request.unreadable", path):
        return tuple(path.read_text(encoding="utf-8").splitlines())


def _write(output: Path | None, content: str | bytes, language: Language) -> None:
    from grader.files.write import write_file

    if output is None:
        click.echo(content, nl=False)
        return
    write_file(output, content)
    click.echo(text("cli.written", language, files=str(output)))
