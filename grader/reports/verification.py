"""What `grader verify` prints: a table of the exercises, what falls short, and the mutants that survive."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text as RichText

from grader.course.files import files_of, name_in_course
from grader.errors import Fault
from grader.messages.sentences import explain, text
from grader.model import Course, Language
from grader.verify.exercise import VerifyReport


def verification_table(course: Course, reports: Sequence[VerifyReport], language: Language) -> Table:
    """Return a row for each exercise."""
    title = text("verify.title", language, course=course.title.in_language(language))
    table = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1))
    columns = (
        "exercise",
        "checks",
        "misconceptions",
        "named",
        "known",
        "holes",
        "killed",
        "waived",
        "seconds",
        "result",
    )
    for name in columns:
        side: Any = "left" if name in ("exercise", "result") else "right"
        table.add_column(text(f"verify.{name}", language), justify=side)
    for report in reports:
        caught = sum(item.is_caught for item in report.misconceptions)
        named = sum(item.is_named for item in report.misconceptions)
        total = len(report.misconceptions)
        count = len(report.faults)
        result = text("verify.short", language, count=count) if count else text("verify.good", language)
        table.add_row(
            report.exercise,
            f"{report.visible_checks}+{report.checks - report.visible_checks}",
            f"{caught}/{total}",
            f"{named}/{total}",
            str(report.known),
            str(len(report.holes)),
            f"{report.killed}/{report.mutants}" if report.mutants else "-",
            str(report.waived),
            f"{report.seconds:.1f}",
            RichText(result, style="red" if count else "green"),
        )
    return table


def survivor_lines(
    course: Course, reports: Sequence[VerifyReport], language: Language
) -> Iterator[RenderableType]:
    """Yield each mutant that survives: where it is, and what it changes."""
    solutions = {item.id: name_in_course(files_of(item).solution) for item in course.exercises}
    for report in reports:
        for mutant in report.survivors:
            values = {"file": solutions[report.exercise], "line": mutant.line, "operator": mutant.id}
            yield RichText(text("verify.survivor", language, **values), style="yellow")
            yield Syntax(mutant.diff, "diff", background_color="default")


def verification_json(
    course: Course, reports: Sequence[VerifyReport], todo: Mapping[str, Sequence[Fault]], language: Language
) -> str:
    """Return the reports as JSON, with each fault, and what is left to write, as a sentence too."""

    def sentences(faults: Sequence[Fault]) -> list[dict[str, str]]:
        return [
            {"file": fault.file, "place": fault.place, "text": explain(fault.explanation, language)}
            for fault in faults
        ]

    exercises = [asdict(report) | {"faults": sentences(report.faults)} for report in reports]
    left = {where: sentences(lines) for where, lines in todo.items()}
    document = {"format": 1, "course": course.id, "exercises": exercises, "to_do": left}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
