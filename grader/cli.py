"""The command line: the group of commands. Each command parses, calls one function and prints."""

from __future__ import annotations

from importlib.metadata import version

import click

from grader.commands.adjust import comment, extend, override, withdraw
from grader.commands.check import check
from grader.commands.common import Context, Group, say, shared_options
from grader.commands.export import export
from grader.commands.feedback import feedback
from grader.commands.grade import grade
from grader.commands.history import diff, history, runs
from grader.commands.nbgrader import nbgrader
from grader.commands.regrade import regrade
from grader.commands.release import release
from grader.commands.similar import similar
from grader.commands.verify import verify

__all__ = ["main"]


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=say(
        """Auto-graded homework for tensor courses.

        \b
        Students:     grader check ex3
        Instructors:  grader grade submissions/

        Shell completion (bash): eval "$(_GRADER_COMPLETE=bash_source grader)"
        """,
        """텐서 강좌를 위한 자동 채점 도구.

        \b
        학생:    grader check ex3
        교수자:  grader grade submissions/

        셸 자동 완성(bash): eval "$(_GRADER_COMPLETE=bash_source grader)"
        """,
    ),
)
@shared_options
@click.version_option(version("grader"), "--version", "-V")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run `grader`."""
    ctx.ensure_object(Context)


COMMANDS = (
    check,
    grade,
    regrade,
    override,
    comment,
    extend,
    withdraw,
    history,
    runs,
    diff,
    feedback,
    export,
    similar,
    nbgrader,
    release,
    verify,
)

for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
