"""The one thing to do next, after a page of checks."""

from __future__ import annotations

from grader.messages.sentences import bilingual
from grader.model import Grade, Text, Verdict
from grader.reports.views import notes_of, student_view


def next_step(grade: Grade) -> Text:
    """Return what to do next with an answer: what is to be mended, or to hand it in."""
    return step_to_mend(grade) or bilingual("next.hand_in")


def step_to_mend(grade: Grade) -> Text | None:
    """Return what to do next, from the first check that did not pass, as its student sees it; None where nothing is left."""
    views = student_view(grade.checks, notes_of(grade))
    missed = [
        view
        for view in views
        if not view.verdict.is_fine and view.verdict is not Verdict.SKIPPED and view.kind != "bonus"
    ]
    if grade.verdict is Verdict.UNGRADED:
        return bilingual("next.instructor")
    if not missed:
        return None
    view = missed[0]
    function = view.call.partition("(")[0]
    if view.place:
        return bilingual("next.look", place=view.place.rpartition("→ ")[2])
    if view.is_told:
        return bilingual("next.above")
    if view.hidden:
        return bilingual("next.hidden", check=view.title)
    if view.verdict is Verdict.NOT_ATTEMPTED and function:
        return bilingual("next.write", function=function)
    if view.verdict is Verdict.TIMEOUT and function:
        return bilingual("next.loop", function=function)
    return bilingual("next.compare" if view.verdict is Verdict.FAILED else "next.first", check=view.title)
