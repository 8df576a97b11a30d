"""`grader export`: the gradebook as files that other systems take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from grader.commands.graded import read_graded, read_roster_file
from grader.commands.options import (
    ISOLATION_HELP,
    Context,
    exercises_option,
    graded_option,
    help_language,
    say,
    shared_options,
)
from grader.course.names import find_exercise
from grader.errors import RequestError
from grader.exports.formats import FORMATS
from grader.exports.request import ExportRequest
from grader.messages.sentences import explain, text
from grader.model import Language
from grader.reports.files import write_file

__all__ = ["export"]

_ABOUT_FORMATS = "\n".join(
    f"        {name:21}  {text(format_.about, help_language())}" for name, format_ in FORMATS.items()
)


@click.command(
    help=say(
        """Write the newest grades in a format that another system takes.

        \b
@FORMATS@

        A cell is empty where something is ungraded. Exit code: 0 written, 2 somebody is missing from the file.
        """,
        """최신 성적을 다른 시스템에서 쓰는 형식으로 저장합니다.

        \b
@FORMATS@

        채점되지 않은 칸은 비워 둡니다. 종료 코드: 0 저장 완료, 2 파일에 넣지 못한 학생이 있음.
        """,
    ).replace("@FORMATS@", _ABOUT_FORMATS)
)
@click.argument("format_", metavar="FORMAT", type=click.Choice(list(FORMATS)))
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
@click.option(
    "--isolation",
    type=click.Choice(["full", "reduced", "none"]),
    default="full",
    show_default=True,
    help=ISOLATION_HELP[help_language()],
)
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
    context: Context = ctx.obj
    course = context.course()
    chosen = [find_exercise(course, name) for name in exercises] or course.exercises
    kind = FORMATS[format_]
    asked = ExportRequest(
        course,
        tuple(exercise for exercise in course.exercises if exercise in chosen),
        context.language,
        lms_class=read_roster_file(roster),
        student=student,
        has_feedback=feedback,
        notes=_lines(notes),
        isolation=isolation,
        source=source,
    )
    if kind.reads_grades:
        found = read_graded(course, graded).only(asked.exercises, student)
        asked = replace(asked, grades=found.grades, run=found.run)
    made = kind.make(asked)
    content = made.content
    if excel and kind.may_be_marked and isinstance(content, str):
        content = f"\ufeff{content}"
    if output is None and kind.file is not None:
        output = Path(kind.file)
    _write(output, content, context.language)
    for note in made.notes:
        click.echo(explain(note, context.language), err=True)
    if made.missing:
        click.echo(text("export.missing", context.language, students=", ".join(made.missing)), err=True)
        ctx.exit(2)


def _lines(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        return tuple(path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise RequestError("request.unreadable", {"file": str(path), "error": why}) from error


def _write(output: Path | None, content: str | bytes | Mapping[str, str] | None, language: Language) -> None:
    """Write a file, or a folder's files; a file goes to the terminal where no place is named."""
    if content is None:
        return
    if isinstance(content, Mapping):
        if output is None:
            raise RequestError("export.no_folder")
        for name, file in content.items():
            write_file(output / name, file)
    elif output is None:
        click.echo(content, nl=False)
        return
    else:
        write_file(output, content)
    click.echo(text("cli.written", language, files=str(output)))
