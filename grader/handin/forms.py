"""The forms that a class's submissions come in, one row each.

A new form is a file with its reader, a row here, and its name in `records`, which help lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from grader.handin.blackboard import is_blackboard_download, read_blackboard
from grader.handin.brightspace import is_brightspace_download, read_brightspace
from grader.handin.canvas import is_canvas, is_canvas_download, read_canvas
from grader.handin.folders import read_folders
from grader.handin.gradescope import is_gradescope_export, read_gradescope
from grader.handin.moodle import is_moodle, is_moodle_download, read_moodle
from grader.handin.nbgrader import read_nbgrader
from grader.handin.records import Intake, Item
from grader.handin.repositories import is_classroom, read_classroom, read_clones
from grader.handin.sakai import is_sakai_download, read_sakai


@dataclass(frozen=True, slots=True)
class Form:
    """How one form is read, and by what it is recognised."""

    read: Callable[[Intake, Sequence[Item]], Iterable[Item]]
    """Takes the items of the class's folder that are of this form, and gives back the others."""
    recognise: Callable[[Intake, Sequence[Item]], bool] | None = None
    """Tells whether a folder with these items is of this form. Forms without it are read together, as `auto`."""
    is_lms_name: Callable[[str], bool] | None = None
    """Tells whether the LMS gives such a name to a file or folder of its download, and nobody else does."""
    is_lms: bool = False
    """Whether an LMS named the files, for one of its assignments."""


FORMS = {
    "auto": Form(read_folders),
    "folders": Form(partial(read_folders, only="folders")),
    "flat": Form(partial(read_folders, only="flat")),
    "zip": Form(partial(read_folders, only="zip")),
    "gradescope": Form(read_gradescope, is_gradescope_export, is_lms=True),
    "sakai": Form(read_sakai, is_sakai_download, is_lms=True),
    "brightspace": Form(read_brightspace, is_brightspace_download, is_lms=True),
    # Before Canvas, whose names are the less certain ones: `HW_3_20231234_attempt_...` could be its, too.
    "blackboard": Form(read_blackboard, is_blackboard_download, is_lms=True),
    "github-classroom": Form(read_classroom, is_classroom),
    "moodle": Form(read_moodle, is_moodle_download, is_moodle, is_lms=True),
    "canvas": Form(read_canvas, is_canvas_download, is_canvas, is_lms=True),
    "nbgrader": Form(read_nbgrader),
    "git": Form(read_clones),
}
"""The forms by the names that `grader grade --from` takes; the first that recognises a folder reads it."""


def form_of(intake: Intake, items: Sequence[Item]) -> str:
    """Return the form that a folder with these items is of; `auto` is any mix of the forms of no LMS."""
    recognised = (name for name, form in FORMS.items() if form.recognise and form.recognise(intake, items))
    return next(recognised, "auto")


def is_lms_name(name: str) -> bool:
    """Return whether any LMS gives such a name to a file or folder of its download, and nobody else does."""
    return any(form.is_lms_name(name) for form in FORMS.values() if form.is_lms_name)
