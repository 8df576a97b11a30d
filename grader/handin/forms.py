"""The forms that a class's submissions come in, one row each.

A new form is a file with its reader, a row here, and its name in `records`, which help lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from grader.handin.canvas import is_canvas, is_canvas_download, read_canvas
from grader.handin.folders import read_folders
from grader.handin.moodle import is_moodle, is_moodle_download, read_moodle
from grader.handin.nbgrader import read_nbgrader
from grader.handin.records import Intake, Item


@dataclass(frozen=True, slots=True)
class Form:
    """How one form is read, and by what it is recognised."""

    read: Callable[[Intake, Sequence[Item]], Iterable[Item]]
    """Takes the items of the class's folder that are of this form, and gives back the others."""
    recognise: Callable[[Sequence[Item]], bool] | None = None
    """Tells whether a folder with these items is of this form. Forms without it are read together, as `auto`."""
    is_lms_name: Callable[[str], bool] | None = None
    """Tells whether the LMS gives such a name to a file or folder of its download. None for a form of no LMS."""


FORMS = {
    "auto": Form(read_folders),
    "folders": Form(partial(read_folders, only="folders")),
    "flat": Form(partial(read_folders, only="flat")),
    "zip": Form(partial(read_folders, only="zip")),
    "moodle": Form(read_moodle, is_moodle_download, is_moodle),
    "canvas": Form(read_canvas, is_canvas_download, is_canvas),
    "nbgrader": Form(read_nbgrader),
}
"""The forms by the names that `grader grade --from` takes; the first that recognises a folder reads it."""


def form_of(items: Sequence[Item]) -> str:
    """Return the form that a folder with these items is of; `auto` is any mix of the forms of no LMS."""
    recognised = (name for name, form in FORMS.items() if form.recognise and form.recognise(items))
    return next(recognised, "auto")


def is_lms_name(name: str) -> bool:
    """Return whether any LMS gives such a name to a file or folder of its download."""
    return any(form.is_lms_name(name) for form in FORMS.values() if form.is_lms_name)
