"""`grader verify`: prove the course."""

from __future__ import annotations

import time

import click

from grader.commands.options import (
    Context,
    complete_exercise,
    isolation_option,
    jobs_option,
    json_option,
    print_line,
    say,
    shared_options,
    terminal,
)
from grader.messages.sentences import fault_text, text
from grader.model import Isolation

__all__ = ["verify"]


@click.command(
    help=say(
        """Prove the course before it is released.

        \b
        grader verify
        grader verify ex3 maxpool-4 --runs 10
        grader verify --no-mutants --json

        The reference passes every check in every run, the stub none; every misconception loses points and is
        diagnosed as itself; automatic mutants of the reference are caught; statements hold the same tasks in both
        languages; tolerances fit. Exit code: 0 proved, 1 something falls short, 2 it could not be tried.
        """,
        """강좌를 공개하기 전에 검증합니다.

        \b
        grader verify
        grader verify ex3 maxpool-4 --runs 10
        grader verify --no-mutants --json

        정답은 매번 모든 검사를 통과하고, 처음 주는 파일은 아무 검사도 통과하지 못하며, 알려진 오답은 모두 점수를 잃고
        자신으로 진단되고, 정답을 자동으로 변형한 오답을 잡아내는지 확인합니다. 두 언어의 과제 번호와 허용 오차도 봅니다.
        종료 코드: 0 검증됨, 1 부족한 점 있음, 2 시험할 수 없음.
        """,
    )
)
@click.argument("exercises", nargs=-1, shell_complete=complete_exercise)
@click.option(
    "--runs",
    metavar=say("COUNT", "횟수"),
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help=say("How often the reference is graded.", "정답을 채점하는 횟수."),
)
@click.option(
    "--mutants/--no-mutants",
    default=True,
    help=say("Try automatic mutants of the references.", "정답을 자동으로 변형해 시험."),
)
@jobs_option(
    say("Exercises at the same time [default: one a core].", "동시에 검증할 과제 수 [기본값: 코어당 하나].")
)
@json_option
@isolation_option
@shared_options
@click.pass_context
def verify(
    ctx: click.Context,
    exercises: tuple[str, ...],
    runs: int,
    mutants: bool,
    jobs: int,
    as_json: bool,
    isolation: Isolation,
) -> None:
    """Prove the course."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from grader.course.files import require_solutions
    from grader.course.names import find_exercises
    from grader.reports.verification import survivor_lines, verification_json, verification_table
    from grader.verify.course import verify_course
    from grader.verify.exercise import Options

    context: Context = ctx.obj
    course = context.course()
    language = context.language
    require_solutions(course.exercises)
    chosen = find_exercises(course, exercises)
    options = Options(runs=runs, mutants=mutants, isolation=isolation)
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(text("verify.working", language), total=len(chosen))
            reports = verify_course(
                course,
                chosen,
                options,
                jobs=jobs,
                on_exercise=lambda report: progress.advance(task),
            )
    except KeyboardInterrupt:
        click.echo(text("cli.interrupted_check", language), err=True)
        ctx.exit(130)
    faults = [fault for report in reports for fault in report.faults]
    if as_json:
        click.echo(verification_json(course, reports, language), nl=False)
        ctx.exit(1 if faults else 0)
    console = terminal()
    console.print(verification_table(course, reports, language))
    for line in survivor_lines(course, reports, language):
        console.print(line)
    if faults:
        console.print(text("verify.some_short", language, count=len(faults)), style="bold red")
        for fault in faults:
            print_line(f"  {fault_text(fault, language)}")
        ctx.exit(1)
    seconds = time.monotonic() - started
    console.print(text("verify.all_good", language, exercises=len(reports), seconds=seconds), style="green")
