"""`grader check`: one answer, several, or all in the folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import (
    Context,
    complete_exercise,
    isolation_option,
    json_option,
    print_line,
    print_page,
    say,
    shared_options,
)
from grader.errors import RequestError, file_errors_as
from grader.messages.printable import printable
from grader.messages.sentences import text
from grader.model import Course, Exercise, Explanation, Grade, Isolation, Language, Verdict
from grader.platforms import system_name
from grader.scoring import hidden_points

if TYPE_CHECKING:
    from grader.warm.answers import Answer
    from grader.warm.judge import Checked


@click.command(help=say("help.check"))
@click.argument("names", metavar=say("metavar.answers"), nargs=-1, shell_complete=complete_exercise)
@click.option("--file", "file", type=click.Path(path_type=Path), help=say("help.check.file"))
@json_option
@click.option("--summary", type=click.Path(dir_okay=False, path_type=Path), help=say("help.check.summary"))
@isolation_option
@shared_options
@click.pass_context
def check(
    ctx: click.Context,
    names: tuple[str, ...],
    file: Path | None,
    as_json: bool,
    summary: Path | None,
    isolation: Isolation,
) -> None:
    """Check answers."""
    from grader.practice.answers import digest_of
    from grader.practice.progress import remember_grade
    from grader.runner.start import runs_plainly
    from grader.verify.todo import left_to_write
    from grader.warm.answers import check_answer
    from grader.warm.door import judge_for

    context: Context = ctx.obj
    course = context.course(isolation)
    left_out: list[Explanation] = []
    answers = _answers(course, names, file, left_out)
    for explanation in left_out:
        context.tell(explanation)
    chosen = [answer.exercise for answer in answers]
    if left := left_to_write(course, [item for item in course.exercises if item in chosen]):
        context.tell(left)
    is_plain = all(runs_plainly(course, answer.path) for answer in answers)
    if is_plain:
        context.tell(Explanation("check.plain", {"system": system_name()}))
    checked: list[Checked] = []
    with judge_for(course, chosen, isolation, is_plain=is_plain) as judge:
        for answer in tuple(answers):
            try:
                digest = digest_of(answer.path)
                checked.append(check_answer(course, answer, judge))
            except RequestError as error:
                if len(answers) == 1:
                    raise
                # The others are checked as ever.
                answers.remove(answer)
                left_out.append(error.explanation)
                context.tell(error.explanation)
                continue
            for note in remember_grade(course, context.student_folder(), checked[-1].grade, digest):
                context.tell(note)
    grades = [item.grade for item in checked]
    chosen = [answer.exercise for answer in answers]
    language = context.language
    if summary is not None:
        from grader.reports.markdown import exercise_markdown

        lines = [
            line
            for exercise, grade in zip(chosen, grades, strict=True)
            for line in (*exercise_markdown(exercise, grade, language), *_hidden(exercise, grade, language))
        ]
        _append(summary, "\n".join(lines))
    shown = replace(course, exercises=tuple(item for item in course.exercises if item in chosen))
    if as_json:
        from grader.exports.results import results_json
        from grader.grading.facts import run_facts

        facts = run_facts(checked[0].protections, sum(grade.seconds for grade in grades))
        click.echo(results_json(shown, grades, facts), nl=False)
    elif len(answers) == 1 and (names or file):
        print_grade(chosen[0], answers[0].path, grades[0], language)
    else:
        print_table(shown, grades, language)
        open_ids = [grade.exercise for grade in grades if not grade.verdict.is_fine]
        key = "answers.next_is" if open_ids else "answers.all_done"
        print_line(text(key, language, exercise=next(iter(open_ids), "")))
    verdicts = [grade.verdict for grade in grades if not _has_no_checks(grade)]
    if left_out or Verdict.UNGRADED in verdicts:
        ctx.exit(2)
    ctx.exit(0 if all(verdict.is_fine for verdict in verdicts) else 1)


def _has_no_checks(grade: Grade) -> bool:
    """Return whether the exercise has none here; where grading failed there is none either, but there are points."""
    return not grade.checks and not grade.possible


def print_grade(
    exercise: Exercise, path: Path, grade: Grade, language: Language, following: str = ""
) -> None:
    """Print what came of each check of one answer, and what to do next: what `following` says, if anything."""
    from rich.text import Text as RichText

    from grader.reports.next_step import next_step
    from grader.reports.terminal import render_grade, render_notes
    from grader.reports.views import notes_of

    title = exercise.title.in_language(language)
    heading = text("cli.checking", language, file=path.name, exercise=exercise.id, title=title)
    notes = render_notes(notes_of(grade, is_instructor=True), language)
    checks = [result for result in grade.checks if result.kind != "question"]
    missed = sum(result.verdict is not Verdict.PASSED for result in checks)
    said = []
    if _has_no_checks(grade):
        said.append(text("cli.nothing_visible", language))
    elif grade.verdict is not Verdict.UNGRADED or checks:
        key = "cli.some_failed" if missed else "cli.all_passed"
        said.append(text(key, language, failed=missed, count=len(checks)))
    said += _hidden(exercise, grade, language)
    if following or not _has_no_checks(grade):
        said.append(following or next_step(grade).in_language(language))
    lines = map(RichText, said)
    print_page(RichText(heading, style="bold"), *notes, render_grade(grade, language), *lines)


def _hidden(exercise: Exercise, grade: Grade, language: Language) -> Iterator[str]:
    from grader.reports.hidden import hidden_points_text

    if points := hidden_points(exercise, grade):
        yield hidden_points_text(points, language)


def print_table(course: Course, grades: Sequence[Grade], language: Language) -> None:
    """Print a line for each exercise of a course."""
    from grader.reports.answers_table import answers_table

    print_page(answers_table(course, {grade.exercise: grade for grade in grades}, language))


def _append(file: Path, content: str) -> None:
    with file_errors_as(RequestError, "request.unwritable", file), file.open("a", encoding="utf-8") as opened:
        opened.write(f"{printable(content)}\n")


def _answers(
    course: Course, names: Sequence[str], file: Path | None, left_out: list[Explanation]
) -> list[Answer]:
    """Return the answers that are asked for, each exercise's once, and say of which exercises there are two."""
    from grader.answers.file import SUFFIXES
    from grader.course.names import find_exercise
    from grader.practice.answers import require_own_folder
    from grader.warm.answers import Answer, answers_of, named_answers

    if file is not None:
        if len(names) != 1:
            raise RequestError("request.file_of_one")
        if file.suffix.lower() not in SUFFIXES:
            raise RequestError("request.bad_suffix", {"file": str(file)})
        exercise = find_exercise(course, names[0])
        with file_errors_as(RequestError, "request.unreadable", file):
            file.open("rb").close()
        return [Answer(exercise, file)]
    here = Path()
    answers = [answer for name in names for answer in named_answers(course, name, here, left_out.append)]
    if not names:
        require_own_folder(course, here)
        answers = answers_of(course, here, left_out.append)
    if not answers:
        raise RequestError("request.no_answers", {"folder": str(here.absolute())})
    return list({(answer.exercise.id, answer.path): answer for answer in answers}.values())
