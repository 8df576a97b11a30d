"""Scores between the two gradebooks: ours into nbgrader's, and its manual scores into ours."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.exports.class_files import write_reports
from grader.gradebook.folder import GRADEBOOK, Tell, open_gradebook
from grader.gradebook.lock import gradebook_lock
from grader.model import Course, Language
from grader.nbgrader.book import has_originals_alone
from grader.nbgrader.scores_from import ManualScore, Taken, read_manual_scores, take_manual_scores
from grader.nbgrader.scores_to import Synced, gradebook_of, write_scores


@dataclass(frozen=True, slots=True)
class Sync:
    """What was written and read."""

    synced: Synced
    manual_scores: tuple[ManualScore, ...]
    taken: tuple[Taken, ...]

    def as_object(self) -> dict[str, Any]:
        """Return it for JSON."""
        manual, taken = ([asdict(item) for item in items] for items in (self.manual_scores, self.taken))
        return {**asdict(self.synced), "manual_scores": manual, "taken": taken}


def sync_scores(
    course: Course, graded: Path, folder: Path, language: Language, tell: Tell, *, takes_manual: bool
) -> Sync:
    """Write the scores of a gradebook, or of its folder, into that of the nbgrader course in `folder`.

    With `takes_manual` nbgrader's manual scores become overrides, and the files beside our gradebook are made again. Nothing
    is written to an nbgrader course that has only the notebooks which exercises were imported from.

    Raises:
        RequestError: one of the two gradebooks is not there, or does not fit.
        GradebookError: ours cannot be opened, or is to be written while another process does.
    """
    file = gradebook_of(graded)
    taken: tuple[Taken, ...] = ()
    with (
        gradebook_lock(file) if takes_manual else nullcontext(),
        open_gradebook(file, course, tell) as gradebook,
    ):
        # Where a course was imported from there are other cells, which keep their scores.
        reads_alone = takes_manual and has_originals_alone(course, folder)
        synced = (
            Synced(0) if reads_alone else write_scores(course, gradebook.grades(course), folder, language)
        )
        scores = read_manual_scores(course, folder)
        if takes_manual:
            taken = take_manual_scores(course, gradebook, folder, language)
        if any(item.is_new for item in taken) and file.name == GRADEBOOK:
            write_reports(course, gradebook, file.parent)
    return Sync(synced, scores, taken)
