"""`grader new`: a course, and an exercise in it."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import Choice, Context, Group, print_line, say, shared_options
from grader.messages.sentences import text

_LIBRARIES = ("numpy", "torch", "tensorflow", "jax")


@click.group(cls=Group, help=say("help.new"))
def new() -> None:
    """Begin a course or an exercise."""


@new.command(help=say("help.new.course"))
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--library",
    type=Choice(_LIBRARIES),
    default="numpy",
    show_default=True,
    help=say("help.new.course.library"),
)
@click.option("--languages", metavar=say("metavar.codes"), help=say("help.new.course.languages"))
@click.option("--title", metavar=say("metavar.title"), help=say("help.new.course.title"))
@shared_options
@click.pass_context
def course(
    ctx: click.Context, directory: Path, library: str, languages: str | None, title: str | None
) -> None:
    """Write a course without exercises."""
    from grader.authoring.course import is_installed, new_course, read_languages

    context: Context = ctx.obj
    language = context.language
    written = new_course(directory, library, read_languages(languages or language), title, language)
    print_line(text("cli.written", language, files=", ".join(map(str, written))), "green")
    if not is_installed(library):
        print_line(text("authoring.not_installed", language, library=library), "yellow")
    print_line(text("authoring.next_exercise", language))
    print_line(f'    cd {directory} && grader new exercise softmax "Softmax"')


@new.command(help=say("help.new.exercise"))
@click.argument("slug", metavar="SLUG")
@click.argument("titles", nargs=-1, metavar="[TITLE]...")
@click.option("--function", metavar=say("metavar.name"), help=say("help.new.exercise.function"))
@shared_options
@click.pass_context
def exercise(ctx: click.Context, slug: str, titles: tuple[str, ...], function: str | None) -> None:
    """Write an exercise's files and its entry in course.yml."""
    from grader.authoring.exercise import new_exercise

    context: Context = ctx.obj
    root = context.root()
    written = new_exercise(root, slug, titles, function, context.language)
    print_line(text("authoring.made", context.language, folder=str(root)), "green")
    for path in written:
        print_line(f"    {path.relative_to(root)}")
    print_line(text("authoring.next_verify", context.language))
    print_line(f"    grader verify {slug}")
