"""`grader release`: the student's version of the course."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import Context, isolation_option, print_line, say, shared_options
from grader.errors import RequestError
from grader.messages.sentences import text
from grader.model import Explanation, Isolation

if TYPE_CHECKING:
    from grader.release.build import Release
    from grader.release.folder import Written
    from grader.release.mistakes import KnownMistakes

RELEASE_FORMAT = 1


@click.command(help=say("help.release"))
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option(
    "--zip", "zip_file", type=click.Path(dir_okay=False, path_type=Path), help=say("help.release.zip")
)
@click.option("--notebooks", is_flag=True, help=say("help.release.notebooks"))
@click.option("--install", metavar=say("metavar.address"), help=say("help.release.install"))
@click.option("--force", is_flag=True, help=say("help.release.force"))
@click.option("--json", "as_json", is_flag=True, help=say("help.release.json"))
@isolation_option
@shared_options
@click.pass_context
def release(
    ctx: click.Context,
    directory: Path | None,
    zip_file: Path | None,
    notebooks: bool,
    install: str | None,
    force: bool,
    as_json: bool,
    isolation: Isolation,
) -> None:
    """Make the student's version of the course."""
    from rich.console import Console

    from grader.course.files import require_solutions
    from grader.judge.reference_side import proven_reference
    from grader.judge.stored import LARGEST
    from grader.release.build import make_release, with_known_mistakes
    from grader.release.folder import check_targets, write_release
    from grader.release.mistakes import known_mistakes
    from grader.verify.todo import left_to_write

    context: Context = ctx.obj
    chosen = context.chosen_language
    course = context.course()
    language = context.language
    require_solutions(course.exercises)
    if left := left_to_write(course, course.exercises):
        raise RequestError(left.key, left.values)
    if directory is not None and directory.suffix.lower() == ".zip" and not directory.is_dir():
        if zip_file is not None:
            raise RequestError("release.two_zips", {"first": str(directory), "second": str(zip_file)})
        directory, zip_file = None, directory
    if directory is None and zip_file is None:
        raise RequestError("release.nowhere")
    wanted = (chosen,) if chosen in course.languages else course.languages
    made = make_release(course, wanted if notebooks else (), install)
    check_targets(made, directory, zip_file, force=force)
    # Students are not given what cannot be graded.
    proof = proven_reference(course, course.exercises, isolation, 0, lambda exercise: None)
    with Console(stderr=True).status(text("cli.starting", language)), proof as side:
        known = known_mistakes(course, side)
    made = with_known_mistakes(made, known)
    written = write_release(made, directory, zip_file, force=force)
    if as_json:
        click.echo(_json(made, known, written, directory, zip_file))
        return
    size = sum(map(len, written.files.values()))
    values = {
        "exercises": Explanation("count.exercises", {"count": len(course.exercises)}),
        "files": Explanation("count.files", {"count": len(written.files)}),
        "size": f"{size / 1000:,.0f}",
    }
    print_line(text("release.done", language, **values), "green")
    targets = ", ".join(str(target) for target in (directory, zip_file) if target is not None)
    print_line(text("cli.written", language, files=targets))
    if known.files:
        named = [item.id for item in course.exercises if item.exercise_folder.name in known.folders]
        print_line(text("release.naming", language, exercises=", ".join(named)))
    for name, count in known.left_out.items():
        most = f"{LARGEST / 1000:,.0f}"
        print_line(text("release.no_room", language, exercise=name, count=count, most=most), "yellow")
    if written.kept:
        print_line(text("release.kept", language, files=", ".join(written.kept)))
    if made.left_out:
        files = ", ".join(made.left_out)
        print_line(text("release.left_out", language, files=files), "yellow")


def _json(
    made: Release, known: KnownMistakes, written: Written, directory: Path | None, zip_file: Path | None
) -> str:
    document = {
        "format": RELEASE_FORMAT,
        "course": made.course.id,
        "folder": None if directory is None else str(directory),
        "zip": None if zip_file is None else str(zip_file),
        "zip_sha256": written.zip_digest,
        "files": [
            {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in written.files.items()
        ],
        "kept": list(written.kept),
        "left_out": list(made.left_out),
        "mistakes_without_room": known.left_out,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)
