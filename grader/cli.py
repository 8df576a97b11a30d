"""The command line: the group of commands. Each command parses, calls one function and prints."""

from __future__ import annotations

import builtins
import gc
from importlib import import_module
from keyword import iskeyword
from typing import Any, cast

import click

from grader.commands.options import Context, Group, say, shared_options, translate_click, write_anything
from grader.model import DISTRIBUTION

translate_click()  # before the decorators below: they look up the words of their options

COMMANDS = {
    "check": "check",
    "comment": "adjust",
    "diff": "history",
    "doctor": "doctor",
    "export": "export",
    "extend": "adjust",
    "feedback": "feedback",
    "grade": "grade",
    "hint": "hint",
    "history": "history",
    "import": "import_",
    "list": "list",
    "nbgrader": "nbgrader",
    "new": "new",
    "override": "adjust",
    "regrade": "regrade",
    "release": "release",
    "reset": "reset",
    "runs": "history",
    "show": "show",
    "similar": "similar",
    "start": "start",
    "submit": "submit",
    "verify": "verify",
    "watch": "watch",
    "withdraw": "adjust",
}
"""Command -> its module. Only the one that is called is imported: all of them together take a second."""


class _Commands(Group):
    def main(self, *args: Any, **kwargs: Any) -> Any:
        write_anything()
        # What an import makes stays: to look for garbage at each 700 objects, as Python does, takes a sixth of a command's start.
        gc.set_threshold(5000)
        return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"grader.commands.{COMMANDS[cmd_name]}")
        is_taken = iskeyword(cmd_name) or hasattr(builtins, cmd_name)
        return cast("click.Command", getattr(module, f"{cmd_name}_" if is_taken else cmd_name))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=say("help.grader"),
)
@shared_options
@click.version_option(None, "--version", "-V", package_name=DISTRIBUTION)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run `grader`."""
    ctx.ensure_object(Context)


if __name__ == "__main__":
    main()
