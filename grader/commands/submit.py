"""`grader submit`: one zip to hand in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import (
    Context,
    answered,
    isolation_option,
    print_line,
    say,
    shared_options,
    terminal,
)
from grader.errors import RequestError
from grader.messages.sentences import explain, points_text, text
from grader.model import Course, Grade, Isolation, Language

if TYPE_CHECKING:
    from grader.practice.packing import Counted


@click.command(help=say("help.submit"))
@click.option(
    "--student", metavar=say("metavar.name"), envvar="GRADER_STUDENT", help=say("help.submit.student")
)
@click.option(
    "--output", metavar="ZIP", type=click.Path(dir_okay=False, path_type=Path), help=say("help.submit.output")
)
@click.option("--check", "with_checks", is_flag=True, help=say("help.submit.check"))
@isolation_option
@shared_options
@click.pass_context
def submit(
    ctx: click.Context, student: str | None, output: Path | None, with_checks: bool, isolation: Isolation
) -> None:
    """Pack the answers into one zip."""
    from grader.files.write import write_file
    from grader.handin.packed import is_packed
    from grader.practice.packing import pack
    from grader.practice.progress import read_progress, write_progress

    context: Context = ctx.obj
    course = context.course(isolation if with_checks else "full")
    language, folder = context.language, context.student_folder()
    progress, notes = read_progress(course, folder)
    question = partial(click.prompt, text("practice.ask_name", language))
    student = " ".join(
        (student or progress.student or answered(question, RequestError("practice.no_name"))).split()
    )
    packing = pack(course, Path(), student, datetime.now().astimezone())
    output = output or Path(f"{student}.zip")
    if output.exists() and not is_packed(output):
        raise RequestError("practice.zip_there", {"file": str(output)})
    grades = _visible_grades(course, packing.counted, isolation) if with_checks else {}
    write_file(output, packing.content, "practice.unwritable_file")
    if student != progress.student:
        progress, _ = read_progress(course, folder)
        notes += write_progress(folder, replace(progress, student=student))
    for note in notes:
        context.tell(note)
    for row in packing.counted:
        _print_row(row, grades.get(row.exercise.id), language)
    for note in packing.notes:
        print_line(explain(note, language), "yellow")
    count = sum(bool(row.file) and not row.is_untouched for row in packing.counted)
    values = {"file": str(output), "student": student, "total": len(packing.counted)}
    print_line(text("practice.packed", language, count=count, **values), "green" if count else "yellow")
    print_line(text("practice.hand_in", language, file=str(output)))


def _visible_grades(course: Course, counted: tuple[Counted, ...], isolation: Isolation) -> dict[str, Grade]:
    """Return what the visible checks say of each answer that will count."""
    from rich.console import Console

    from grader.warm.answers import Answer, check_answer
    from grader.warm.judge import WarmJudge

    answers = [
        Answer(replace(row.exercise, solution_folder=None), Path(row.file))
        for row in counted
        if row.file and not row.is_untouched
    ]
    if not answers:
        return {}
    grades = {}
    with WarmJudge(course, [answer.exercise for answer in answers], isolation) as judge:
        for answer in answers:
            with Console(stderr=True).status(answer.exercise.id):
                grades[answer.exercise.id] = check_answer(course, answer, judge.check).grade
    return grades


def _print_row(row: Counted, grade: Grade | None, language: Language) -> None:
    from rich.text import Text as RichText

    if not row.file:
        what, style = text("practice.row_missing", language), "yellow"
    elif row.unreadable is not None:
        why = explain(row.unreadable, language)
        what, style = text("practice.row_unreadable", language, file=row.file, why=why), "red"
    elif row.is_untouched:
        what, style = text("practice.row_untouched", language, file=row.file), "yellow"
    else:
        what, style = text("practice.row_counts", language, file=row.file), ""
    if grade is not None:
        values = {"points": points_text(grade.points), "possible": points_text(grade.possible)}
        what += text("practice.row_checked", language, **values)
    terminal(soft_wrap=True).print(RichText(f"{row.exercise.id}  {what}", style=style))
