"""Similar answers, for a person to look at: a table, JSON, and a page with both answers side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape
from rich import box
from rich.table import Table
from rich.text import Text as RichText

from grader.messages.sentences import bilingual, text
from grader.model import Course, Language
from grader.reports.pages.markup import render
from grader.similarity.answers import Similar
from grader.similarity.winnowing import Passage


def similar_table(found: Sequence[Similar], language: Language, most: int) -> Table:
    """Return the ranked list for the terminal."""
    table = Table(title=text("similar.title", language), box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(text("report.exercise", language))
    table.add_column(text("similar.first", language))
    table.add_column(text("similar.second", language))
    table.add_column(text("similar.share", language), justify="right")
    table.add_column(text("similar.tokens", language), justify="right")
    table.add_column(text("similar.rare", language), justify="right")
    for item in found[:most]:
        pair = item.pair
        table.add_row(
            item.exercise,
            RichText(pair.first),
            RichText(pair.second),
            f"{100 * pair.similarity:.0f} %",
            str(pair.shared),
            str(pair.rare),
        )
    return table


def similar_json(course: Course, found: Sequence[Similar]) -> str:
    """Return the pairs as JSON, without the code."""
    pairs = [
        {
            "exercise": item.exercise,
            "students": [item.pair.first, item.pair.second],
            "similarity": round(item.pair.similarity, 4),
            "tokens": item.pair.shared,
            "rare": item.pair.rare,
        }
        for item in found
    ]
    return json.dumps({"format": 1, "course": course.id, "pairs": pairs}, ensure_ascii=False, indent=1) + "\n"


def similar_page(course: Course, found: Sequence[Similar], language: Language, most: int) -> str:
    """Return a page with each pair's answers side by side, the passages that both have marked."""
    rows: list[Mapping[str, object]] = [
        {
            "exercise": item.exercise,
            "pair": item.pair,
            "first": _marked(item.first_code, item.pair.first_passages),
            "second": _marked(item.second_code, item.pair.second_passages),
        }
        for item in found[:most]
    ]
    return render(
        "similar.html",
        course=course,
        page_title=bilingual("similar.heading", course=course.title),
        language=language,
        rows=rows,
        total=len(found),
    )


def _marked(code: str, passages: Sequence[Passage]) -> Markup:
    """Return a code with its passages marked, everything of it escaped."""
    parts, at = [], 0
    for passage in passages:
        parts.append(escape(code[at : passage.start]))
        mark = Markup("<mark>") if passage.is_rare else Markup('<mark class="usual">')
        parts.append(mark + escape(code[passage.start : passage.end]) + Markup("</mark>"))
        at = passage.end
    parts.append(escape(code[at:]))
    return Markup("").join(parts)
