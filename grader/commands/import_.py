"""`grader import`: exercises of notebooks that were written for other graders."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import Context, Group, print_line, say, shared_options
from grader.errors import RequestError
from grader.messages.sentences import fault_text, points_count, points_text, text
from grader.model import Explanation

if TYPE_CHECKING:
    from grader.authoring.parts import Notebook


@click.group("import", cls=Group, help=say("help.import"))
def import_() -> None:
    """Bring exercises over."""


slug_option = click.option("--slug", metavar=say("metavar.name"), help=say("help.import.slug"))
_notebook = click.Path(exists=True, path_type=Path)


@import_.command(help=say("help.import.nbgrader"))
@click.argument("path", type=_notebook, metavar="NOTEBOOK|FOLDER")
@slug_option
@shared_options
@click.pass_context
def nbgrader(ctx: click.Context, path: Path, slug: str | None) -> None:
    """Bring over an nbgrader notebook, or all of an assignment's."""
    from grader.authoring.nbgrader_notebook import read_nbgrader

    _import(ctx.obj, path, slug, read_nbgrader)


@import_.command(help=say("help.import.otter"))
@click.argument("path", type=_notebook, metavar="NOTEBOOK")
@slug_option
@shared_options
@click.pass_context
def otter(ctx: click.Context, path: Path, slug: str | None) -> None:
    """Bring over an Otter Assign notebook."""
    from grader.authoring.otter_notebook import read_otter

    _import(ctx.obj, path, slug, read_otter)


def _import(context: Context, path: Path, slug: str | None, read: Callable[[Path], Notebook]) -> None:
    from grader.authoring.importing import import_notebook

    root = context.root()
    language = context.language
    paths = sorted(path.glob("*.ipynb")) if path.is_dir() else [path]
    if not paths:
        raise RequestError("authoring.no_notebooks", {"folder": str(path)})
    if slug is not None and len(paths) > 1:
        raise RequestError("authoring.one_slug", {"folder": str(path)})
    for file in paths:
        plain = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
        notebook = read(file)
        if len(paths) > 1 and not notebook.tests and not notebook.questions:
            print_line(text("authoring.skipped", language, file=file.name), "yellow")
            continue
        imported = import_notebook(root, notebook, slug or plain or "imported")
        values = {
            "checks": Explanation("count.checks", {"count": imported.checks}),
            "questions": Explanation("count.questions", {"count": imported.questions}),
            "count": points_count(float(imported.points)),
            "points": points_text(float(imported.points)),
            "file": file.name,
            "exercise": imported.id,
        }
        print_line(text("authoring.imported", language, **values), "green")
        for written in imported.written:
            print_line(f"    {written.relative_to(root)}")
        if imported.notes:
            print_line(text("authoring.not_brought", language, count=len(imported.notes)), "yellow")
        for note in imported.notes:
            print_line(f"    {fault_text(note, language)}")
        print_line(text("authoring.next_verify", language))
        print_line(f"    grader verify {imported.id}")
