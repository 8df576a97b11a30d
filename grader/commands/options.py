"""What the commands share: the reader's language, the course, options, and how an error is printed."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any

import click
from rich.console import Console
from rich.text import Text as RichText

from grader.commands.graded import existing_gradebook
from grader.course.load import find_course, load_course
from grader.errors import CourseError, Fault, GraderError
from grader.messages.sentences import LOCALE, explain, language_from_environment, languages, text
from grader.model import DISTRIBUTION, Course, Explanation, Language
from grader.runner.sandbox import Protections

__all__ = [
    "Context",
    "Group",
    "complete_exercise",
    "complete_student",
    "course_option",
    "exercises_option",
    "fault_text",
    "graded_option",
    "help_language",
    "isolation_option",
    "output_option",
    "print_error",
    "run_facts",
    "say",
    "shared_options",
    "translate_click",
]


def help_language() -> Language:
    """Return the language of help and usage errors, which are made before the command line is parsed: `--lang` counts."""
    words = [part for argument in sys.argv[1:] for part in argument.split("=", 1)]
    for option, value in pairwise(words):
        if option == "--lang" and value in languages():
            return value
    return language_from_environment() or "en"


def translate_click() -> None:
    """Have click speak the reader's language too; it looks its words up by gettext, whose default domain is `messages`."""
    os.environ["LANGUAGE"] = help_language()
    gettext.bindtextdomain("messages", str(LOCALE))


def say(key: str) -> str:
    """Return a help text in the reader's language; help is made when the program starts.

    A paragraph that begins with spaces is an example, whose lines click is told to leave as they are.
    """
    paragraphs = text(key, help_language()).split("\n\n")
    return "\n\n".join(f"\b\n{dedent(part)}" if part.startswith(" ") else part for part in paragraphs)


class Context:
    """What all commands share: where the course is, and the reader's language."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.chosen_language: Language | None = None

    def course(self) -> Course:
        """Return the course, and take its language where the reader's is not known."""
        start = self.folder if self.folder is not None else find_course(Path.cwd())
        course = load_course(start)
        if self.chosen_language is None:
            self.chosen_language = language_from_environment() or course.language
        return course

    @property
    def language(self) -> Language:
        """Return the reader's language."""
        return self.chosen_language or language_from_environment() or "en"


def _remember(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    context = ctx.ensure_object(Context)
    if value is not None and parameter.name == "course":
        context.folder = value
    elif value is not None:
        context.chosen_language = value


def course_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names the course's folder."""
    option = click.option(
        "--course",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=_remember,
        help=say("option.course"),
    )
    return option(command)


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that may stand before a command and after it."""
    language = click.option(
        "--lang",
        type=click.Choice(languages()),
        expose_value=False,
        callback=_remember,
        help=say("option.lang"),
    )
    return course_option(language(command))


class Group(click.Group):
    """Turns our own errors into a message and exit code 2, in one place."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except GraderError as error:
            context = ctx.obj
            language = context.language if isinstance(context, Context) else help_language()
            print_error(error, language)
            ctx.exit(2)


def print_error(error: GraderError, language: Language) -> None:
    """Print what is wrong, where, and the remedy, to stderr."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    label = RichText(f"{text('cli.error', language)}: ", style="bold red")
    if isinstance(error, CourseError):
        for fault in error.faults:
            console.print(label + RichText(fault_text(fault, language), style="default"))
        return
    explanation = getattr(error, "explanation", None)
    sentence = explain(explanation, language) if isinstance(explanation, Explanation) else str(error)
    console.print(label + RichText(sentence, style="default"))


def fault_text(fault: Fault, language: Language) -> str:
    """Return a fault as file, place and sentence."""
    place = f"{fault.file}: {fault.place}" if fault.place else fault.file
    values = dict(fault.explanation.values)
    why = values.get("why")
    if isinstance(why, Explanation):
        values["why"] = explain(why, language)
    return f"{place}: {text(fault.explanation.key, language, **values)}"


def complete_exercise(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the exercises that the shell may complete to."""
    try:
        course = ctx.ensure_object(Context).course()
    except GraderError:
        return []
    return [exercise.id for exercise in course.exercises if exercise.id.startswith(incomplete)]


def exercises_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the choice of exercises, all without it."""
    return click.option(
        "--exercise",
        "exercises",
        metavar=say("metavar.exercise"),
        multiple=True,
        shell_complete=complete_exercise,
        help=say("option.exercise"),
    )(command)


def isolation_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the choice of a level of isolation."""
    return click.option(
        "--isolation",
        type=click.Choice(["full", "reduced", "none"]),
        default="full",
        show_default=True,
        help=say("option.isolation"),
    )(command)


def run_facts(protections: Protections | None, seconds: float) -> dict[str, Any]:
    """Return what a report says of the run itself."""
    return {
        "grader": version(DISTRIBUTION),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "isolation": protections.isolation if protections else "none",
        "landlock": protections.landlock if protections else 0,
        "seccomp": bool(protections and protections.seccomp),
        "namespaces": bool(protections and protections.namespaces),
    }


def output_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names the folder."""
    return click.option(
        "--output",
        "--graded",
        "output",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("graded"),
        show_default=True,
        help=say("option.output"),
    )(command)


def graded_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the same option to a command whose --output is the file that it writes."""
    return click.option(
        "--graded",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("graded"),
        show_default=True,
        help=say("option.graded"),
    )(command)


def complete_student(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the students that the shell may complete to."""
    try:
        course = ctx.ensure_object(Context).course()
        output = Path(ctx.params.get("output") or "graded")
        with existing_gradebook(output, course) as gradebook:
            return [name for name in gradebook.students() if name.startswith(incomplete)]
    except GraderError:
        return []
