"""`grader nbgrader`: the course as an nbgrader course, and scores between the two gradebooks."""

from __future__ import annotations

import json
import shlex
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from rich.console import Console
from rich.text import Text as RichText

from grader.commands.graded import GRADEBOOK, open_gradebook, write_reports
from grader.commands.options import (
    Context,
    complete_exercise,
    course_option,
    isolation_option,
    say,
    shared_options,
)
from grader.course.names import find_exercise
from grader.errors import RequestError
from grader.gradebook.lock import gradebook_lock
from grader.messages.sentences import text
from grader.model import Language
from grader.runner.sandbox import Isolation

if TYPE_CHECKING:
    from grader.nbgrader.scores_from import ManualScore, Taken
    from grader.nbgrader.scores_to import Synced

__all__ = ["nbgrader"]

_FORMAT = 1


@click.group(
    help=say(
        """Serve an nbgrader course: the same exercises as notebooks, the same judge, the same points.

        \b
        grader nbgrader build cnn101/ --lang ko           notebooks of all exercises, nbgrader_config.py
        cd cnn101 && nbgrader generate_assignment ex03_maxpool_2
        nbgrader autograde ex03_maxpool_2                 executes submissions in grader's sandbox
        grader nbgrader sync graded/ cnn101/              or: scores of `grader grade` into nbgrader's gradebook
        """,
        """nbgrader 강좌로 운영합니다. 같은 과제를 노트북으로 만들고, 같은 채점기로 같은 점수를 냅니다.

        \b
        grader nbgrader build cnn101/ --lang ko           모든 과제의 노트북과 nbgrader_config.py
        cd cnn101 && nbgrader generate_assignment ex03_maxpool_2
        nbgrader autograde ex03_maxpool_2                 제출물을 grader의 샌드박스에서 실행
        grader nbgrader sync graded/ cnn101/              또는 `grader grade`의 점수를 nbgrader 성적부로
        """,
    )
)
def nbgrader() -> None:
    """Serve an nbgrader course."""


@nbgrader.command(
    help=say(
        """Write the notebooks and nbgrader_config.py of an nbgrader course.

        \b
        grader nbgrader build                             all exercises, into ./nbgrader_course
        grader nbgrader build cnn101/ ex2 ex3
        grader nbgrader build cnn101/ ex2 ex3 --assignment pooling --lang en

        The same course gives the same bytes. A file that is not as this command wrote it is not replaced without
        --force. Exit code: 0 written, 2 not.
        """,
        """nbgrader 강좌의 노트북과 nbgrader_config.py를 만듭니다.

        \b
        grader nbgrader build                             모든 과제를 ./nbgrader_course에
        grader nbgrader build cnn101/ ex2 ex3
        grader nbgrader build cnn101/ ex2 ex3 --assignment pooling --lang en

        같은 강좌는 항상 같은 파일이 됩니다. 이 명령이 만든 그대로가 아닌 파일은 --force 없이는 바꾸지 않습니다.
        종료 코드: 0 저장함, 2 저장하지 않음.
        """,
    )
)
@click.argument(
    "directory", default="nbgrader_course", type=click.Path(file_okay=False, path_type=Path), metavar="[DIR]"
)
@click.argument("exercises", nargs=-1, shell_complete=complete_exercise, metavar="[EXERCISE]...")
@click.option(
    "--assignment",
    metavar=say("NAME", "이름"),
    help=say(
        "Put all notebooks into this assignment [default: one for each exercise].",
        "모든 노트북을 이 assignment에 넣음 [기본값: 과제마다 하나씩].",
    ),
)
@click.option(
    "--force",
    is_flag=True,
    help=say(
        "Replace files that were changed or are not ours.", "수정되었거나 이 명령이 만들지 않은 파일도 교체."
    ),
)
@click.option(
    "--lang",
    "chosen",
    metavar=say("CODE", "코드"),
    help=say(
        "The notebooks' language, one of the course's [default: yours where it is, or the course's own].",
        "노트북의 언어. 강좌의 언어 중 하나 [기본값: 강좌에 있으면 사용자의 언어, 없으면 강좌의 기본 언어].",
    ),
)
@isolation_option
@course_option
@click.pass_context
def build(
    ctx: click.Context,
    directory: Path,
    exercises: tuple[str, ...],
    assignment: str | None,
    force: bool,
    chosen: str | None,
    isolation: str,
) -> None:
    """Write the notebooks and the configuration."""
    # nbgrader takes a second to import, which no other command has to wait for.
    from grader.nbgrader.build import build_course

    context: Context = ctx.obj
    if chosen in ("en", "ko"):
        context.chosen_language = chosen
    course = context.course()
    if chosen is not None and chosen not in course.languages:
        known = ", ".join(course.languages)
        raise RequestError("request.no_language", {"language": chosen, "languages": known})
    named = {find_exercise(course, name).id for name in exercises}
    wanted = [exercise for exercise in course.exercises if not named or exercise.id in named]
    if any(exercise.solution_folder is None for exercise in wanted):
        raise RequestError("request.no_solutions")
    built = build_course(
        course,
        wanted,
        directory,
        chosen or context.language,
        assignment=assignment,
        isolation=cast("Isolation", isolation),
        force=force,
    )
    console = Console(highlight=False, soft_wrap=True)
    values = {"notebooks": sum(map(len, built.assignments.values())), "assignments": len(built.assignments)}
    console.print(RichText(text("nbgrader.built", context.language, **values), style="green"))
    for file in built.files:
        keys = {"nbgrader.unchanged": built.unchanged, "nbgrader.replaced": built.replaced}
        marks = "".join(f"  {text(key, context.language)}" for key, names in keys.items() if file in names)
        console.print(RichText(f"  {directory / file}{marks}"))
    released = [name for name in built.outdated if (directory / "release" / name).is_dir()]
    if released:
        line = text("nbgrader.released_before", context.language, assignments=", ".join(released))
        console.print(RichText(line, style="yellow"))
    first = shlex.quote(next(iter(built.assignments)))
    console.print(RichText(text("nbgrader.next", context.language, folder=str(directory), assignment=first)))


@nbgrader.command(
    help=say(
        """Write the scores of `grader grade` into nbgrader's gradebook, and read its manual scores.

        \b
        grader nbgrader sync graded/ cnn101/
        grader nbgrader sync graded/ cnn101/ --manual     manual scores become overrides, as of `grader override`
        grader nbgrader sync graded/gradebook.db cnn101/ --json

        GRADED is the folder of `grader grade`, or its gradebook. NBGRADER_DIR is the nbgrader course, where
        `nbgrader generate_assignment` was run for every exercise that has grades. Manual scores of nbgrader stay as they
        are. Exit code: 0 written, 2 not.
        """,
        """`grader grade`의 점수를 nbgrader 성적부에 쓰고, 그곳의 수동 점수를 읽습니다.

        \b
        grader nbgrader sync graded/ cnn101/
        grader nbgrader sync graded/ cnn101/ --manual     수동 점수를 `grader override`처럼 직접 정한 점수로 기록
        grader nbgrader sync graded/gradebook.db cnn101/ --json

        GRADED는 `grader grade`의 결과 폴더나 성적부 파일입니다. NBGRADER_DIR은 nbgrader 강좌로, 채점한 과제마다
        `nbgrader generate_assignment`를 먼저 실행해야 합니다. nbgrader의 수동 점수는 그대로 둡니다.
        종료 코드: 0 저장함, 2 저장하지 않음.
        """,
    )
)
@click.argument("graded", type=click.Path(path_type=Path))
@click.argument("nbgrader_dir", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--manual",
    is_flag=True,
    help=say(
        "Make overrides of nbgrader's manual scores in the gradebook of GRADED, where they differ from what counts.",
        "nbgrader의 수동 점수가 적용 중인 점수와 다르면 GRADED의 성적부에 직접 정한 점수로 기록.",
    ),
)
@click.option(
    "--json", "as_json", is_flag=True, help=say("Print what was done as JSON.", "결과를 JSON으로 출력.")
)
@shared_options
@click.pass_context
def sync(ctx: click.Context, graded: Path, nbgrader_dir: Path, manual: bool, as_json: bool) -> None:
    """Write scores, and list or take over manual ones."""
    from grader.nbgrader.scores_from import read_manual_scores, take_manual_scores
    from grader.nbgrader.scores_to import gradebook_of, write_scores

    context: Context = ctx.obj
    course = context.course()
    file = gradebook_of(graded)
    taken: tuple[Taken, ...] = ()
    with gradebook_lock(file) if manual else nullcontext(), open_gradebook(file, course) as gradebook:
        synced = write_scores(course, gradebook.grades(course), nbgrader_dir, context.language)
        scores = read_manual_scores(course, nbgrader_dir)
        if manual:
            taken = take_manual_scores(course, gradebook, nbgrader_dir, context.language)
        if any(item.is_new for item in taken) and file.name == GRADEBOOK:
            write_reports(course, gradebook, file.parent)
    if as_json:
        document = {
            "format": _FORMAT,
            **asdict(synced),
            "manual_scores": [asdict(item) for item in scores],
            "taken": [asdict(item) for item in taken],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    _print_synced(synced, scores, context.language)
    _print_taken(taken, context.language)


def _print_taken(taken: tuple[Taken, ...], language: Language) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for item in taken:
        unknown = item.before is None
        key = (
            "nbgrader.taken" if item.is_new else "nbgrader.not_ours_to_take" if unknown else "nbgrader.stands"
        )
        before = "–" if item.before is None else f"{item.before:g}"
        values = {"student": item.student, "exercise": item.exercise, "points": f"{item.points:g}"}
        style = "green" if item.is_new else "yellow"
        console.print(RichText(text(key, language, before=before, **values), style=style))


def _print_synced(synced: Synced, manual: tuple[ManualScore, ...], language: Language) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(RichText(text("nbgrader.synced", language, count=synced.written), style="green"))
    for key, pairs in (("nbgrader.ungraded", synced.ungraded), ("nbgrader.kept", synced.kept)):
        if pairs:
            named = ", ".join(f"{student} {exercise}" for student, exercise in pairs)
            console.print(RichText(text(key, language, which=named), style="yellow"))
    if synced.added:
        named = ", ".join(synced.added)
        console.print(RichText(text("nbgrader.added", language, which=named), style="yellow"))
    if manual:
        console.print(RichText(text("nbgrader.manual", language)))
    for item in manual:
        given = "–" if item.manual_score is None else f"{item.manual_score:g}"
        auto = "–" if item.auto_score is None else f"{item.auto_score:g}"
        values = {
            "auto": auto,
            "manual": given,
            "extra": f"{item.extra_credit:g}",
            "most": f"{item.max_score:g}",
        }
        line = text("nbgrader.manual_line", language, **values)
        console.print(RichText(f"  {item.student}  {item.notebook}  {item.cell}: {line}"))
