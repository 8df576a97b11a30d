"""A class in which every text is hostile, in a browser that runs whatever is not escaped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.model import Misconception, Text
from grader.reports.cells import grade_html
from grader.reports.markdown import feedback_files
from grader.reports.pages.class_report import write_class_report
from grader.similarity.answers import Similar
from grader.similarity.report import similar_page
from grader.similarity.winnowing import compare
from tests.similarity.test_report import DISGUISED, ONE
from tests.support.poisoned import EVIL, ODD, poisoned
from tests.support.records import CLASS, COURSE, DECIDED, RUN, WINDOWED

if TYPE_CHECKING:
    from playwright.sync_api import Page

MISTAKE = Misconception(
    "rows-for-columns", Text({"en": "You took rows for columns.", "ko": "행과 열을 바꾸었습니다."})
)
NAMED = replace(WINDOWED, misconception=MISTAKE, output="seen")
GRADES = [
    poisoned(grade)
    for grade in (
        replace(DECIDED, checks=(*DECIDED.checks, NAMED)),
        *CLASS[1:],
        replace(DECIDED, student="bob", checks=(NAMED,)),
    )
]

FOREIGN = """() => [...document.querySelectorAll("*")].filter(item =>
    ["IMG", "IFRAME", "OBJECT", "EMBED", "TEXTAREA", "BASE"].includes(item.tagName)
    || [...item.attributes].some(({name, value}) => name.startsWith("on") || /^\\s*javascript:/i.test(value))
).map(item => item.outerHTML)"""


def pages() -> Iterator[tuple[str, str]]:
    """Yield every kind of page that is made of what a class wrote, but the class report."""
    course = poisoned(COURSE)
    for number, (_, page, _) in enumerate(feedback_files(course, GRADES, "ko")):
        yield f"feedback-{number}.html", page
    first, second = f"{ONE}# {EVIL}{ODD}\n", f"{DISGUISED}# {EVIL}{ODD}\n"
    (pair,) = compare({f"ann{EVIL}{ODD}": first, f"bob{EVIL}{ODD}": second})
    yield "similar.html", similar_page(course, [Similar("ex01", pair, first, second)], "en", 9)
    cell = "".join(grade_html(grade, "en") for grade in GRADES)
    yield "cell.html", f"<!doctype html><meta charset=utf-8><script>0</script>{cell}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all pages."""
    folder = tmp_path_factory.mktemp("hostile")
    ours = {name: RUN[name] for name in ("finished_at", "isolation")}
    write_class_report(folder, poisoned(COURSE), GRADES, poisoned(RUN) | ours)
    for name, page in pages():
        (folder / name).write_text(page, encoding="utf-8")
    return folder


def test_no_text_of_a_class_is_more_than_text(careless_page: Page, folder: Path) -> None:
    page = careless_page
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    assert len(names) == 13
    for name in names:
        page.goto((folder / name).as_uri())
        for language in ("ko", "en"):
            if page.locator(f"#{language}").count():
                page.locator(f"#{language}").check()
        page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
        assert page.locator("script").count() == 1, name
        assert page.evaluate(FOREIGN) == [], name
        shown = page.evaluate("document.documentElement.textContent + document.title")
        assert "window.hit = 1</script>" in shown, name
        assert "{{ 7 * 7 }}" in shown, name
        assert [sign for sign in ODD if not sign.isprintable() and sign in shown] == [], name
        assert page.evaluate("window.hit") is None, name


def test_what_is_not_escaped_would_have_run(careless_page: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<title>{EVIL}", encoding="utf-8")
    careless_page.goto((tmp_path / "page.html").as_uri())
    assert careless_page.evaluate("window.hit") is not None
