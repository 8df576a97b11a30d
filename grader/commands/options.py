"""What the commands share: the reader's language, the course, options, and how an error is printed.

Help has to appear at once: what takes time to import, here and in every command, is imported where it is called.
"""

from __future__ import annotations

import gettext
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any, get_args

import click

from grader.errors import GraderError, RequestError
from grader.messages.printable import IN_ASCII
from grader.messages.sentences import (
    LOCALE,
    explain,
    language_from_environment,
    language_name,
    languages,
    sentences_of,
    text,
)
from grader.model import Course, Explanation, Isolation, Language
from grader.platforms import own_user, processors

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_UNWRAPPED = 5000
"""Columns of a page that is printed for a program to read."""


def help_language() -> Language:
    """Return the language of help and usage errors, which are made before the command line is parsed: `--lang` counts."""
    words = [part for argument in sys.argv[1:] for part in argument.split("=", 1)]
    for option, value in pairwise(words):
        if option == "--lang" and value in languages():
            return _writable(value)
    return _writable(language_from_environment() or "en")


def _writable(language: Language) -> Language:
    """Return a language, or English where the output has no letters for it."""
    try:
        language_name(language).encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return "en"
    return language


def write_anything() -> None:
    """Have the output take every sentence, whatever its encoding.

    Sentences are printed by `print`: `click.echo` writes UTF-8 to an output that asked for ASCII, as JSON has to be.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=IN_ASCII)


def translate_click() -> None:
    """Have click speak the reader's language too; it looks its words up by gettext, whose default domain is `messages`."""
    os.environ["LANGUAGE"] = help_language()
    gettext.bindtextdomain("messages", str(LOCALE))


def say(key: str, **values: str) -> str:
    """Return a help text in the reader's language; help is made when the program starts.

    A paragraph that begins with spaces is an example, whose lines click is told to leave as they are.
    """
    paragraphs = text(key, help_language(), **values).split("\n\n")
    return "\n\n".join(f"\b\n{dedent(part)}" if part.startswith(" ") else part for part in paragraphs)


def with_near(message: str, name: str, known: Iterable[str]) -> str:
    """Return what is said of a name that nothing has, with the known one that was probably meant."""
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f"{message} {text('cli.near', help_language(), near=near[0])}" if near else message


class Choice(click.Choice[str]):
    """One of some words; of another one it is said which was probably meant."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return what is wrong with a word."""
        return with_near(super().get_invalid_choice_message(value, ctx), str(value), self.choices)


class Context:
    """What all commands share: where the course is, and the reader's language."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.chosen_language: Language | None = None

    def course(self, isolation: Isolation = "full") -> Course:
        """Return the course, and take its language where the reader's is not known.

        Where students' code is about to run without a sandbox, what that means is said now.
        """
        from grader.course.load import load_course

        course = load_course(self.root())
        if self.chosen_language is None:
            self.chosen_language = language_from_environment() or course.language
        if isolation == "none":
            from grader.runner.sandbox import FIRST_UID, stays_root

            drops = own_user() == 0 and stays_root() is None
            self.tell(Explanation(f"cli.protection_{'user' if drops else 'none'}", {"user": FIRST_UID}))
        return course

    def root(self) -> Path:
        """Return the folder that holds the course."""
        from grader.course.load import find_course

        return self.folder if self.folder is not None else find_course(Path.cwd())

    def student_folder(self) -> Path:
        """Return where a student's progress is kept: the course's folder, or this one where the course lies elsewhere."""
        return Path() if self.folder is not None else self.root()

    @property
    def language(self) -> Language:
        """Return the reader's language."""
        return _writable(self.chosen_language or language_from_environment() or "en")

    def tell(self, explanation: Explanation) -> None:
        """Say something beside what a command prints, to stderr."""
        print(explain(explanation, self.language), file=sys.stderr)


def _remember(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    context = ctx.ensure_object(Context)
    if value is not None and parameter.name == "course":
        context.folder = value
    elif value is not None:
        context.chosen_language = value


course_option = click.option(
    "--course",
    type=click.Path(file_okay=False, path_type=Path),
    expose_value=False,
    callback=_remember,
    help=say("option.course"),
)


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that may stand before a command and after it."""
    language = click.option(
        "--lang",
        type=Choice(languages()),
        expose_value=False,
        callback=_remember,
        help=say("option.lang"),
    )
    return course_option(language(command))


class Group(click.Group):
    """Turns our own errors into a message and exit code 2, and Ctrl-C into one and 130, in one place."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant; of a name that is none it is said which one probably was."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if args[0].startswith("-"):
                raise
            message = with_near(error.message, args[0], self.list_commands(ctx))
            raise click.UsageError(message, ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (GraderError, KeyboardInterrupt) as error:
            context = ctx.obj
            language = context.language if isinstance(context, Context) else help_language()
            if isinstance(error, GraderError):
                print_error(error, language)
                ctx.exit(2)
            if sys.stderr.isatty():
                # The terminal has written `^C` into the line.
                click.echo(err=True)
            # What was stopped may say more.
            told = error.args[0] if error.args else Explanation("cli.interrupted_check")
            click.echo(explain(told, language), err=True)
            ctx.exit(130)
        finally:
            # Where nobody reads on (`grader list | head`), click ends the program without a word; the end of Python has some.
            sys.stdout.flush()


def print_error(error: GraderError, language: Language) -> None:
    """Print what is wrong, where, and the remedy, to stderr."""
    from rich.console import Console
    from rich.text import Text as RichText

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    label = RichText(f"{text('cli.error', language)}: ", style="bold red")
    for sentence in sentences_of(error, language):
        console.print(label + RichText(sentence, style="default"))


def terminal(*, soft_wrap: bool = False, width: int | None = None) -> Console:
    """Return where tables and styled text are printed: as wide as the terminal, if nothing else is said."""
    from rich.console import Console

    # Where it is not told both, rich takes a dumb terminal (`TERM=dumb`) to have 80 columns.
    columns, lines = shutil.get_terminal_size()
    return Console(highlight=False, soft_wrap=soft_wrap, width=width or columns, height=lines)


def print_page(*parts: RenderableType) -> None:
    """Print a page: as wide as the terminal, and in a file or a pipe without padding, its lines left as they are."""
    is_open = sys.stdout.isatty() or "COLUMNS" in os.environ
    console = terminal(width=None if is_open else _UNWRAPPED)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    print("\n".join(line.rstrip() for line in capture.get().splitlines()))


def print_line(sentence: str, style: str = "") -> None:
    """Print a sentence, which holds no markup, and leave it to the terminal where a line ends."""
    from rich.text import Text as RichText

    terminal(soft_wrap=True).print(RichText(sentence, style=style))


def answered(ask: Callable[[], Any], otherwise: RequestError) -> Any:
    """Return what is answered to a question; raise the error where nobody is there to answer."""
    try:
        return ask()
    except click.Abort:
        if sys.stdin.isatty():
            raise
        # The question stands in a line that nobody ended.
        click.echo()
        raise otherwise from None


def print_markdown(source: str) -> None:
    """Print Markdown: laid out in a terminal, and as it is written where nobody looks at one."""
    from rich.markdown import Markdown

    from grader.messages.printable import printable

    console = terminal()
    if console.is_terminal:
        console.print(Markdown(printable(source)))
    else:
        print(printable(source))


def complete_exercise(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the exercises that the shell may complete to."""
    try:
        course = ctx.ensure_object(Context).course()
    except GraderError:
        return []
    return [exercise.id for exercise in course.exercises if exercise.id.startswith(incomplete)]


exercises_option = click.option(
    "--exercise",
    "exercises",
    metavar=say("metavar.exercise"),
    multiple=True,
    shell_complete=complete_exercise,
    help=say("option.exercise"),
)

isolation_option = click.option(
    "--isolation",
    type=Choice(get_args(Isolation)),
    default="full",
    show_default=True,
    help=say("option.isolation"),
)


def jobs_option(help: str) -> Callable[..., Any]:
    """Return the option for how much is done at the same time; without it, one thing a core."""
    cores = processors()
    return click.option(
        "--jobs", metavar=say("metavar.count"), type=click.IntRange(min=1), default=cores, help=help
    )


json_option = click.option("--json", "as_json", is_flag=True, help=say("option.json"))

_graded_folder = partial(
    click.option, type=click.Path(file_okay=False, path_type=Path), default=Path("graded"), show_default=True
)
output_option = _graded_folder("--output", "--graded", "output", help=say("option.output"))
graded_option = _graded_folder("--graded", help=say("option.graded"))
"""The same for a command whose --output is the file that it writes."""


def complete_student(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the students that the shell may complete to."""
    from grader.gradebook.folder import existing_gradebook

    try:
        course = ctx.ensure_object(Context).course()
        output = Path(ctx.params.get("output") or "graded")
        with existing_gradebook(output, course, lambda _: None) as gradebook:
            names = [*gradebook.students(), *(member.name for member in gradebook.members().values())]
            return [name for name in names if name and name.startswith(incomplete)]
    except GraderError:
        return []


author_option = click.option(
    "--author",
    metavar=say("metavar.name"),
    default=lambda: os.environ.get("GRADER_AUTHOR") or _user(),
    help=say("option.author"),
)


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container's user may have no name.
        return str(own_user())


def not_empty(_ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """Refuse an option of blanks alone."""
    if not value.strip():
        raise RequestError("request.empty_option", {"option": f"--{parameter.name}"})
    return value.strip()


why_option = click.option(
    "--why", metavar=say("metavar.why"), required=True, callback=not_empty, help=say("option.why")
)
