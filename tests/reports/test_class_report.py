from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from grader.model import Explanation, TensorView, Verdict
from grader.reports.markdown import feedback_markdown
from grader.reports.pages.class_report import class_report, write_class_report
from grader.reports.pages.student import cell_of, shade
from grader.reports.pages.written import page_name
from grader.reports.views import instructor_view
from tests.support.records import (
    CLASS,
    COURSE,
    DECIDED,
    DIFFERENCE,
    EVIL_NAME,
    GRADE,
    LATE,
    RUN,
    WINDOWED,
    WRONG,
)

PAGES = dict(class_report(COURSE, CLASS, RUN))
VOID = {"meta", "input", "br", "link", "img"}


class Page(HTMLParser):
    """Collects what a page consists of, and holds that it is well nested."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.scripts: list[str] = []
        self.policy = ""
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"{tag} has {name}"
            if name == "href":
                self.links.append(value)
            if name in ("src", "srcset", "data", "action"):
                self.loads.append(value)
            if name == "id":
                self.ids.append(value)
            if name == "aria-labelledby":
                self.labels.append(value)
            if name == "content" and "default-src" in value:
                self.policy = value

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)


PARSED = {name: Page(text) for name, text in PAGES.items()}


def test_there_is_an_overview_and_a_page_for_each_exercise_and_student() -> None:
    students = {page_name(name) for name in ("ann", "=1+1", EVIL_NAME)}
    assert set(PAGES) == {"index.html", "exercises/ex01.html", "exercises/ex02.html"} | students
    assert next(iter(PAGES)) == "index.html"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_nothing_and_its_links_lead_somewhere(name: str) -> None:
    page = PARSED[name]
    assert page.loads == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.labels) <= set(page.ids)
    for link in page.links:
        path, _, place = link.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        assert target in PARSED, link
        assert not place or place in PARSED[target].ids, link


@pytest.mark.parametrize("name", PAGES)
def test_names_and_output_are_text_and_the_only_script_is_the_pages_own(name: str) -> None:
    page = PARSED[name]
    (script,) = page.scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.policy
    assert "default-src 'none'" in page.policy
    assert EVIL_NAME not in PAGES[name]
    assert "seen <b>here" not in PAGES[name]


def test_the_evil_name_is_shown() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in PAGES["index.html"]
    assert "seen &lt;b&gt;here" in PAGES[page_name("ann")]


def test_every_sentence_is_there_in_both_languages() -> None:
    for text in PAGES.values():
        assert text.count('<span lang="en">') == text.count('<span lang="ko">') > 0


def test_wrong_cells_are_marked() -> None:
    assert "<td><mark>0</mark></td>" in PAGES[page_name("ann")]
    assert "<td><mark>15</mark></td>" in PAGES[page_name("ann")]


def test_the_window_of_the_first_wrong_element_is_a_grid_with_its_padding_grey() -> None:
    text = dict(class_report(COURSE, [replace(GRADE, checks=(WINDOWED,))], RUN))[page_name("ann")]
    Page(text)
    assert "[0, 1, 1, 0] is made from rows -1 to 0, columns 2 to 3 of the input (· is padding)" in text
    assert '<tr><td class="padded">·</td><td class="padded">·</td></tr>' in text
    assert "<tr><td>4711</td><td>815</td></tr>" in text


def test_the_instructor_sees_what_a_hidden_check_found() -> None:
    assert "secret 4242" in PAGES[page_name("ann")]


def test_a_students_row_has_points_letters_and_an_empty_bar_where_ungraded() -> None:
    row = re.search(r"<tr><th[^>]*>[^\n]*=1\+1.*?</tr>", PAGES["index.html"])
    assert row is not None
    assert "<b>0?</b>" in row[0]
    assert "<td>!</td>" in row[0]


def test_the_overview_says_how_the_run_was_protected() -> None:
    assert "namespaces (bubblewrap), Landlock 7" in PAGES["index.html"]


def test_equal_wrong_outputs_are_one_group_and_no_accusation() -> None:
    grades = [replace(GRADE, student=name) for name in ("ann", "bob")]
    index = dict(class_report(COURSE, grades, RUN))["index.html"]
    assert "Same wrong output" in index
    assert "it says nothing of copying" in index
    assert "2 students" in index


def test_times_are_the_courses() -> None:
    """Where there is a due date, they are in the zone that it is written in."""
    here = tuple(replace(item, timezone="Asia/Seoul") for item in COURSE.exercises)
    course = replace(COURSE, exercises=here, timezone="Asia/Seoul")
    handed_in = replace(GRADE, student="ann", submitted_at=datetime(2026, 11, 23, 14, tzinfo=UTC))
    pages = dict(class_report(course, [handed_in], RUN))
    assert "Handed in: 2026-11-23 23:00 KST" in pages[page_name("ann")]
    assert RUN["finished_at"] == "2026-11-23T00:00:00+00:00"
    assert "2026-11-23 09:00 KST" in pages["index.html"]


def test_what_was_decided_is_on_the_overview_and_on_the_students_page() -> None:
    pages = dict(class_report(COURSE, (DECIDED, *CLASS[1:]), RUN))
    assert ">2.5*</td>" in pages["index.html"]
    for page in (pages["index.html"], pages[page_name("ann")]):
        for sentence in (
            "Handed in: 2026-11-23 14:00 UTC",
            "Attempt 2 of 3 counts.",
            "extended until 2026-11-21 15:00 UTC by kim: in hospital",
            "Late: day 2 after the due date 2026-11-21 15:00 UTC, 20 % less",
            "The checks gave 1 of 4 points.",
            "Points set to 2.5 by kim: looked &lt;b&gt;again",
            "Comment by lee: well &lt;i&gt;explained",
        ):
            assert sentence in page, sentence


def test_an_exercise_with_something_to_read_is_open_and_the_signs_are_explained() -> None:
    done = replace(DECIDED, verdict=Verdict.PASSED, checks=())
    text = dict(class_report(COURSE, (done, CLASS[1]), RUN))[page_name("ann")]
    assert '<details id="ex01" open>' in text
    assert '<details id="ex02">' in text
    assert "* by hand" in text


def test_lateness_is_a_letter_beside_the_points() -> None:
    pages = dict(class_report(COURSE, (LATE, *CLASS[1:]), RUN))
    assert ">0.8EL</td>" in pages["index.html"]
    assert ">0.8EL</td>" in pages["exercises/ex01.html"]


def test_an_ungraded_exercise_that_somebody_decided_on_has_points() -> None:
    settled = replace(DECIDED, verdict=Verdict.UNGRADED, checks=())
    pages = dict(class_report(COURSE, (settled, CLASS[1]), RUN))
    assert "<b>6.5</b>" in pages["index.html"]
    assert "The checks gave" not in pages[page_name("ann")]


def test_a_class_whose_run_nobody_knows_has_a_report() -> None:
    index = dict(class_report(COURSE, CLASS, None))["index.html"]
    assert "Graded at" not in index
    assert "Landlock" not in index


def test_who_lacks_a_grade_is_in_no_histogram() -> None:
    index = PAGES["index.html"]
    assert "<b>3.8 / 8</b>" in index, "the mean of 5 and 2.5"
    alone = [grade for grade in CLASS if grade.student == "=1+1"]
    assert '<rect class="column"' not in dict(class_report(COURSE, alone, RUN))["index.html"]


def test_a_class_of_nobody_has_a_report() -> None:
    pages = dict(class_report(COURSE, [], RUN))
    assert list(pages) == ["index.html"]


def test_control_characters_and_half_pairs_reach_no_file(tmp_path: Path) -> None:
    odd = replace(GRADE, student="a\x1b[31m\ud800", verdict=Verdict.PASSED)
    write_class_report(tmp_path, COURSE, [odd], RUN)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "a\ufffd[31m\ufffd" in text


def test_pages_of_students_who_are_gone_are_removed(tmp_path: Path) -> None:
    write_class_report(tmp_path, COURSE, CLASS, RUN)
    write_class_report(tmp_path, COURSE, CLASS[:2], RUN)
    assert [path.name for path in (tmp_path / "students").iterdir()] == [page_name("ann").split("/")[1]]


def test_only_all_is_the_darkest_shade_and_only_nothing_the_lightest() -> None:
    assert [shade(share) for share in (0, 0.01, 0.5, 0.94, 0.99, 1)] == [0, 1, 5, 9, 9, 10]


def test_what_was_not_handed_in_has_no_shade() -> None:
    assert [cell_of(grade).shade for grade in CLASS] == [2, 10, None, None, 6, 0]


def test_images_and_channels_stand_under_their_index() -> None:
    cells = tuple(map(str, range(8)))
    tensor = TensorView("tensor", (2, 1, 2, 2), "int64", cells)
    difference = replace(DIFFERENCE, actual=tensor, expected=tensor, wrong=(1,))
    wrong = replace(WRONG, explanation=Explanation("tensor.values", {}, difference))
    (view,) = instructor_view([wrong])
    grid, _ = view.grids
    assert grid.form == "int64 (2, 1, 2, 2)"
    assert [block.index for block in grid.blocks] == [
        "[0, :, :, 0]",
        "[0, :, :, 1]",
        "[1, :, :, 0]",
        "[1, :, :, 1]",
    ]
    assert grid.blocks[1].rows == [[("1", True), ("3", False)]]
    text = feedback_markdown(COURSE, "ann", {"ex01": replace(GRADE, checks=(wrong,))}, "en")
    assert "    [0, :, :, 1]\n    1* 3\n" in text
