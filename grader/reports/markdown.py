"""What a student is handed back: a page and a Markdown text, without anything of a hidden check's input."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent

from grader.messages.printable import printable
from grader.messages.sentences import points_text, text
from grader.model import Course, Exercise, Grade, Language
from grader.reports.next_step import step_to_mend
from grader.reports.pages.student import student_page
from grader.reports.signs import grade_text
from grader.reports.standing import remarks
from grader.reports.students import by_student, cell_text, total_text
from grader.reports.views import CheckView, Grid, Note, notes_of, student_grade, student_view

# At the beginning of a line a bracket may define what a link is, and is then not shown at all.
_MARKDOWN = re.compile(r"([\\`*_<&~$|]|(?<=\])\(|^[#+\-=>\[]|^\d+(?=[.)]))")


def feedback_files(
    course: Course, grades: Sequence[Grade], language: Language
) -> Iterator[tuple[str, str, str]]:
    """Yield each student with their page and their Markdown."""
    for student, row in by_student(grades).items():
        page = student_page(course, student, row, student_view, language=language)
        yield student, page, feedback_markdown(course, student, row, language)


def feedback_markdown(course: Course, student: str, row: Mapping[str, Grade], language: Language) -> str:
    """Return a student's feedback as Markdown."""
    title = next((grade.shown_student for grade in row.values()), student)
    lines = [
        f"# {_plain(title)}",
        "",
        f"{_plain(course.title.in_language(language))} · "
        f"{text('cli.total', language)}: **{total_text(row)}** / "
        f"{points_text(sum(exercise.points for exercise in course.exercises if exercise.id in row))}",
        "",
    ]
    for exercise in course.exercises:
        if exercise.id in row:
            lines += exercise_markdown(exercise, row[exercise.id], language)
    lines.append(_plain(text("cli.legend", language)))
    return printable("\n".join(lines).rstrip() + "\n")


def exercise_markdown(exercise: Exercise, grade: Grade, language: Language) -> Iterator[str]:
    """Yield a student's feedback on one exercise, as lines of Markdown."""
    grade = student_grade(grade)
    yield f"## {exercise.id} · {_plain(exercise.title.in_language(language))}\n"
    verdict = grade_text(grade).in_language(language)
    yield f"{verdict} · {_plain(cell_text(grade))} / {points_text(grade.possible)}\n"
    for remark in remarks(grade, exercise, instructor=False):
        yield f"> {_plain(remark.text.in_language(language))}\n"
    notes = notes_of(grade)
    yield from (note_markdown(note, language) for note in notes)
    for view in student_view(grade.checks, notes):
        yield from _check(view, language)
    if step := step_to_mend(grade):
        yield f"\n{_plain(step.in_language(language))}"
    yield ""


def note_markdown(note: Note, language: Language) -> str:
    """Return what is said of a file as a quotation, with the student's line."""
    code = f"\n{_block(note.code)}" if note.code else ""
    return indent(f"{_plain(note.text.in_language(language))}{code}\n", "> ", lambda line: line != "\n")


def _check(view: CheckView, language: Language) -> Iterator[str]:
    title = _plain(view.title.in_language(language))
    hidden = f" ({text('cli.hidden', language)})" if view.hidden else ""
    hidden += f" ({text('cli.bonus', language)})" if view.kind == "bonus" else ""
    verdict = "" if view.passed else f" **{view.verdict_text.in_language(language)}**"
    yield f"- {view.sign.mark} {title} {points_text(view.earned)}/{points_text(view.points)}{hidden}{verdict}"
    for line in check_markdown(view, language):
        yield "\n".join(f"  {part}" if part else part for part in line.split("\n"))


def check_markdown(view: CheckView, language: Language) -> Iterator[str]:
    """Yield why a check did not pass, or what was answered to a question, as items of a Markdown list."""
    if view.answer:
        yield f"- {text('question.answer', language)}:\n{_block(view.answer)}"
    if view.mistake is not None:
        yield f"- → {_plain(view.mistake.in_language(language))}"
    if view.why is not None:
        code = f":\n{_block(view.code)}" if view.code else ""
        yield f"- {_plain(view.why.in_language(language))}{code}"
    if view.call:
        yield f"- {text('cli.call', language)}: {_code(view.call)}"
    for grid in view.grids:
        name = grid.name.in_language(language)
        yield f"- {name} {_code(grid.form)}:\n{_block(_drawn(grid))}"
    yield from (f"- {_plain(place.in_language(language))}" for place in view.places)
    if view.window is not None:
        body = "\n".join(_aligned([[cell for cell, _ in row] for row in view.window.rows]))
        sentence = _plain(view.window.sentence.in_language(language))
        yield f"- {sentence}" + (f":\n{_block(body)}" if body else "")
    if view.output:
        yield f"- {text('cli.printed', language)}:\n{_block(view.output)}"


def _drawn(grid: Grid) -> str:
    """Return a tensor as lines of text, each image and channel under its index, the wrong cells marked by a star."""
    marked = [[f"{cell}{'*' if is_wrong else ' '}" for cell, is_wrong in row] for row in grid.rows if row]
    drawn = iter(_aligned(marked))
    lines: list[str] = []
    for block in grid.blocks:
        lines += [*filter(None, [block.index]), *(next(drawn) for _ in block.rows)]
    return "\n".join(lines)


def _aligned(cells: list[list[str]]) -> list[str]:
    width = max((len(cell) for row in cells for cell in row), default=0)
    return [" ".join(cell.rjust(width) for cell in row) for row in cells]


def _plain(value: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(_escaped, " ".join(value.split()))


def _escaped(match: re.Match[str]) -> str:
    # A number that would begin a list is not escaped itself: the sign after it is.
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


def _fence(value: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", value)), default=0)
    return "`" * (longest + 1)


def _code(value: str) -> str:
    value = " ".join(value.split())
    fence = _fence(value)
    return f"{fence} {value} {fence}" if "`" in value else f"`{value}`"


def _block(value: str) -> str:
    fence = "`" * max(3, len(_fence(value)))
    body = "\n".join(f"  {line}".rstrip() for line in value.splitlines())
    return f"  {fence}text\n{body}\n  {fence}"
