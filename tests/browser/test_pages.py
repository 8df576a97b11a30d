"""The pages in a real browser: Chromium, which `make test` installs where it may; skipped without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.model import Explanation, Grade, TensorView, Verdict
from grader.reports.pages.class_report import class_report, write_class_report
from grader.reports.pages.written import page_name
from grader.similarity.answers import Similar
from grader.similarity.report import similar_page
from grader.similarity.winnowing import compare
from tests.browser.conftest import reload_until
from tests.similarity.test_report import DISGUISED, ONE
from tests.support.big_class import BIG_COURSE, big_class
from tests.support.records import DIFFERENCE, EVIL_NAME, GRADE, RUN, WRONG

if TYPE_CHECKING:
    from playwright.sync_api import Page

EVIL = "</pre></script><script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"


def students() -> Iterator[Grade]:
    """Yield a class of three: one who failed everything, one with a hostile name and output, one who passed."""
    for exercise in BIG_COURSE.exercises:
        yield replace(GRADE, student="failed-all", exercise=exercise.id, verdict=Verdict.FAILED, points=1)
        evil = replace(WRONG, output=EVIL, call=EVIL)
        yield replace(GRADE, student=EVIL_NAME + EVIL, exercise=exercise.id, points=2, checks=(evil,))
        passed = GRADE.checks[:1]
        yield replace(
            GRADE, student="zoe", exercise=exercise.id, verdict=Verdict.PASSED, points=10, checks=passed
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a report."""
    folder = tmp_path_factory.mktemp("report")
    write_class_report(folder, BIG_COURSE, list(students()), RUN)
    return folder


def names(page: Page) -> list[str]:
    """Return the students that are shown, in order."""
    return page.locator("#students tbody tr:visible th").all_text_contents()


def test_students_are_sorted_and_searched_by_keyboard(browser_page: Page, folder: Path) -> None:
    page = browser_page
    page.goto((folder / "index.html").as_uri())
    total = page.locator("#students thead th").nth(1)
    total.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert total.get_attribute("aria-sort") == "descending"
    assert names(page)[0] == "zoe"
    page.keyboard.press("Enter")
    assert total.get_attribute("aria-sort") == "ascending"
    assert names(page) == ["failed-all", EVIL_NAME + EVIL, "zoe"]
    page.get_by_role("searchbox").fill("FAILED")
    assert names(page) == ["failed-all"]
    assert page.locator("#found").text_content() == "1 / 3"


def test_the_language_is_switched_and_remembered(browser_page: Page, folder: Path) -> None:
    page = browser_page
    page.goto((folder / "index.html").as_uri())
    page.get_by_label("English").check()
    assert page.get_by_role("heading", level=1).inner_text() == "Class report: Tiny <course>"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="failed-all").first.click()
    page.wait_for_url(f"**/{page_name('failed-all')}*")
    assert page.get_by_text("exercise", exact=True).first.is_visible()
    page.get_by_label("한국어").check()
    assert page.get_by_text("과제", exact=True).first.is_visible()
    page.go_back()
    reload_until(page, "학급 보고서: 작은 <강좌>")
    assert page.get_by_role("heading", level=1).inner_text() == "학급 보고서: 작은 <강좌>"


def test_nothing_of_a_students_runs(browser_page: Page, folder: Path) -> None:
    page = browser_page
    for name in ("index.html", "exercises/ex01.html", page_name(EVIL_NAME + EVIL)):
        page.goto((folder / name).as_uri())
        assert page.evaluate("window.hit") is None
        assert page.locator("img").count() == 0
    assert page.locator("pre").first.text_content() == EVIL


def test_even_without_escaping_the_pages_policy_runs_no_other_script(
    browser_page: Page, tmp_path: Path
) -> None:
    report = class_report(BIG_COURSE, list(students())[:1], RUN)
    text = next(report)[1].replace("<main", f"{EVIL}<main", 1)
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    browser_page.goto((tmp_path / "index.html").as_uri())
    assert browser_page.locator("img").count() == 1
    assert browser_page.evaluate("window.hit") is None


def test_fourteen_failed_exercises_are_all_open(browser_page: Page, folder: Path) -> None:
    page = browser_page
    page.goto((folder / page_name("failed-all")).as_uri())
    assert page.locator("details[open]").count() == 14
    assert page.locator("mark:visible").count() == 14 * 2 * 2
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.get_by_label("English").is_visible()
    page.emulate_media(media="screen", color_scheme="light")


def test_a_link_to_a_closed_exercise_opens_it(browser_page: Page, folder: Path) -> None:
    page = browser_page
    page.goto((folder / "exercises" / "ex14.html").as_uri())
    page.get_by_role("link", name="zoe").last.click()
    page.wait_for_url(f"**/{page_name('zoe')}*")
    assert page.locator("details[open]").count() == 1
    assert page.locator("#ex14").get_attribute("open") is not None


def test_printing_opens_all_and_closes_it_again(browser_page: Page, folder: Path) -> None:
    page = browser_page
    page.goto((folder / page_name("zoe")).as_uri())
    counts = "[...document.querySelectorAll('details')].filter(item => item.open).length"
    assert page.evaluate(f"dispatchEvent(new Event('beforeprint')), {counts}") == 14
    assert page.evaluate(f"dispatchEvent(new Event('afterprint')), {counts}") == 0


def test_headings_are_printed_on_every_sheet(browser_page: Page, folder: Path) -> None:
    """A button is not painted where Chromium repeats a table's head; the text in it is."""
    page = browser_page
    page.goto((folder / "index.html").as_uri())
    page.emulate_media(media="print")
    shown = page.locator("#students thead button").first.evaluate("item => getComputedStyle(item).display")
    page.emulate_media(media="screen")
    assert shown == "contents"


def test_nothing_sticks_out_on_a_phone(browser_page: Page, tmp_path: Path) -> None:
    page = browser_page
    cells = tuple(f"-0.{number}234567" for number in range(24))
    view = TensorView("tensor", (1, 2, 12, 1), "float32", cells)
    wide = replace(DIFFERENCE, actual=view, expected=view, wrong=(0, 23))
    check = replace(
        WRONG, explanation=Explanation("tensor.values", {}, wide), call="x" * 300, output="y" * 300
    )
    grades = [
        replace(GRADE, student="w" * 90, exercise=exercise.id, checks=(check,))
        for exercise in BIG_COURSE.exercises
    ]
    write_class_report(tmp_path, BIG_COURSE, grades, RUN)
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ("index.html", "exercises/ex01.html", page_name("w" * 90)):
        page.goto((tmp_path / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 360, name
    page.set_viewport_size({"width": 1280, "height": 720})


def test_every_table_and_field_has_a_name(browser_page: Page, folder: Path) -> None:
    """For who hears the page: tables, the search, and the switch of the language."""
    page = browser_page
    for name in ("index.html", "exercises/ex01.html", page_name("failed-all")):
        page.goto((folder / name).as_uri())
        nameless = """[...document.querySelectorAll("table")].filter(item => !item.caption && !item.closest("figure")
            && !document.getElementById(item.getAttribute("aria-labelledby") ?? "")).length"""
        assert page.evaluate(nameless) == 0, name
        assert page.get_by_role("radio", name="English").count() == 1
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_a_class_of_five_hundred_opens(browser_page: Page, tmp_path: Path) -> None:
    page = browser_page
    text = next(class_report(BIG_COURSE, list(big_class(500)), RUN))[1]
    assert len(text.encode()) < 5_000_000
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    page.goto((tmp_path / "index.html").as_uri())
    assert page.locator("#students tbody tr").count() == 500
    page.get_by_role("searchbox").fill("student-49")
    assert len(names(page)) == 10


def test_two_answers_stand_side_by_side(browser_page: Page, tmp_path: Path) -> None:
    page = browser_page
    codes = {"ann": ONE, "bob": f"{DISGUISED}# {EVIL}\n"}
    (pair,) = compare(codes)
    found = [Similar("ex01", pair, codes[pair.first], codes[pair.second])]
    path = tmp_path / "similar.html"
    path.write_text(similar_page(BIG_COURSE, found, "en", 9), encoding="utf-8")
    page.goto(path.as_uri())
    left, right = (box for box in (page.locator(".code pre").nth(n).bounding_box() for n in (0, 1)) if box)
    assert left["x"] + left["width"] <= right["x"]
    assert left["y"] == right["y"]
    assert page.evaluate("window.hit") is None
