"""Feedback as Markdown, read by a Markdown parser that lets HTML through: what a class wrote stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.model import Course, Explanation, Grade, Misconception, Text, Verdict
from grader.reports.markdown import feedback_markdown
from tests.support.poisoned import EVIL, ODD, poisoned
from tests.support.records import COMMENT, COURSE, DECIDED, OVERRIDE, PASSED, WINDOWED, WRONG

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TEXTS = """
# h|- x|1. x|1) x|> q|```|~~~|---|***|===|[a]: http://e|[^1]: f|[a](http://e)|![a](http://e)|<b>|<http://e>|&lt;|*a*
__a__|~~a~~|`a`|``|a`b``c|\\|a\\|    code|\tcode|<!-- x|$x$|- [ ] t|+ x|<img src=x onerror=alert(1)>|<!doctype|\\<b>
""".strip("\n").replace("\n", "|").split("|")  # fmt: skip
TEXTS += [
    "a\n===",
    "a\n\n# h",
    "a\n- b",
    "| a |\n|---|\n| b |",
    "```\n# h\n~~~~\n",
    EVIL,
    "5\n\n    code",
    "a  \nb",
]

FOREIGN = {
    "html_block",
    "html_inline",
    "link_open",
    "image",
    "table_open",
    "code_block",
    "hr",
    "s_open",
    "em_open",
}
FOREIGN |= {"ordered_list_open"}


def in_student(text: str) -> Grade:
    return replace(DECIDED, student=text, checks=(WRONG,))


def in_title(text: str) -> Grade:
    return replace(DECIDED, checks=(replace(PASSED, title=Text({"en": text, "ko": text})),))


def in_misconception(text: str) -> Grade:
    return replace(
        DECIDED, checks=(replace(WRONG, misconception=Misconception("m", Text({"en": text, "ko": text}))),)
    )


def in_output(text: str) -> Grade:
    return replace(DECIDED, checks=(replace(WRONG, output=f"seen\n{text}\nend"),))


def in_call(text: str) -> Grade:
    return replace(DECIDED, checks=(replace(WRONG, call=text),))


def in_exception(text: str) -> Grade:
    values = {"type": text, "message": text, "place": text, "denied": False}
    raised = replace(WRONG, verdict=Verdict.ERROR, explanation=Explanation("submission.raised", values))
    return replace(DECIDED, checks=(raised,))


def in_assertion(text: str) -> Grade:
    return replace(DECIDED, checks=(replace(WRONG, explanation=Explanation("check.assert", {"text": text})),))


def in_decision(text: str) -> Grade:
    assert DECIDED.standing is not None
    override = replace(OVERRIDE, why=text, author=text)
    standing = replace(
        DECIDED.standing, override=override, comments=(replace(COMMENT, why=text, author=text),)
    )
    return replace(DECIDED, checks=(), standing=standing)


def in_file_name(text: str) -> Grade:
    return replace(
        DECIDED, checks=(), notes=(Explanation("submissions.passed_over", {"file": text.replace("\n", "")}),)
    )


def tokens(found: list[Token]) -> Iterator[Token]:
    for token in found:
        yield token
        yield from tokens(token.children or [])


def read(grade: Grade, course: Course = COURSE) -> list[Token]:
    return list(tokens(PARSER.parse(feedback_markdown(course, grade.student, {"ex01": grade}, "en"))))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "place",
    [
        in_student,
        in_title,
        in_misconception,
        in_output,
        in_call,
        in_exception,
        in_assertion,
        in_decision,
        in_file_name,
    ],
)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_shown_as_it_is_wherever_it_stands(place: Callable[[str], Grade], text: str) -> None:
    usual, found = read(place("x")), read(place(text))
    assert {token.type for token in found} & FOREIGN == set()
    for kind in ("heading_open", "fence", "bullet_list_open", "list_item_open", "blockquote_open"):
        count = [sum(token.type == kind for token in side) for side in (usual, found)]
        assert count[0] == count[1], kind
    shown = "".join(token.content for token in found if token.type in ("text", "code_inline", "fence"))
    assert squeezed(text) in squeezed(shown)


def test_a_class_of_hostile_texts_is_text() -> None:
    grade = poisoned(replace(DECIDED, checks=(*DECIDED.checks, WINDOWED)))
    found = read(grade, poisoned(COURSE))
    assert {token.type for token in found} & FOREIGN == set()
    assert not set(ODD) & {sign for token in found for sign in token.content if not sign.isprintable()} - {
        "\n"
    }
