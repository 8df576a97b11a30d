"""What those need who cannot see the pages, see them badly, or have no mouse: the rules of WCAG 2.2 AA that can be held."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from grader.model import Misconception, Text, Verdict
from grader.reports.markdown import feedback_files
from grader.reports.pages.class_report import write_class_report
from grader.reports.pages.written import page_name
from grader.similarity.answers import Similar
from grader.similarity.report import similar_page
from grader.similarity.winnowing import compare
from tests.browser.conftest import reload_until
from tests.similarity.test_report import DISGUISED, ONE
from tests.support.records import CLASS, COURSE, DECIDED, GRADE, RUN, WINDOWED

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = ("index.html", "exercises/ex01.html", page_name("ann"), "feedback.html", "similar.html")
MISTAKE = Misconception(
    "rows-for-columns", Text({"en": "You took rows for columns.", "ko": "행과 열을 바꾸었습니다."})
)
NAMED = replace(WINDOWED, misconception=MISTAKE, output="seen")
KOREAN = "김민준"

# The contrast of every text that is shown with what it stands on; text in pictures has its colour in `fill`.
FAINT = """() => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const seen = new Map();
  const rgba = (colour) => {
    if (!seen.has(colour)) {
      context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
      seen.set(colour, [...context.getImageData(0, 0, 1, 1).data]);
    }
    return seen.get(colour);
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (item) => {
    for (; item; item = item.parentElement) {
      const colour = rgba(getComputedStyle(item).backgroundColor);
      if (colour[3] === 255) { return colour; }
      if (colour[3] !== 0) { throw new Error("half a colour: " + item.outerHTML); }
    }
    return [255, 255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  while (walker.nextNode()) {
    const item = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !item.checkVisibility() || item.closest("script, .unseen, .hint, .skip")) { continue; }
    const style = getComputedStyle(item);
    const [a, b] = [light(rgba(item.closest("svg") ? style.fill : style.color)), light(behind(item))];
    count += 1;
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) { faint.push(item.outerHTML.slice(0, 200)); }
  }
  return [count, [...new Set(faint)]];
}"""

JUMPS = """() => [...document.querySelectorAll("h1, h2, h3, h4")].map(item => Number(item.tagName[1]))"""

HOMELESS = """() => [...document.querySelectorAll("body *")].filter(item => item.checkVisibility()
    && ![...item.children].length && item.textContent.trim()
    && !item.closest("main, header, nav, script, .skip")).map(item => item.outerHTML)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a page of each kind."""
    folder = tmp_path_factory.mktemp("pages")
    shares = [0, 0.4, 1, 1.4, 2, 2.6, 3, 3.4, 3.8, 4]
    grades = [
        replace(DECIDED, checks=(*DECIDED.checks, NAMED)),
        *CLASS[1:],
        *(
            replace(GRADE, student=f"student-{at}", points=points, verdict=Verdict.FAILED, checks=(NAMED,))
            for at, points in enumerate([*shares, 4])
        ),
        replace(GRADE, student=unicodedata.normalize("NFD", KOREAN), checks=(NAMED,)),
    ]
    write_class_report(folder, COURSE, grades, RUN)
    ((_, feedback, _),) = feedback_files(COURSE, grades[:2], "ko")
    (folder / "feedback.html").write_text(feedback, encoding="utf-8")
    (pair,) = compare({"ann": ONE, "bob": DISGUISED})
    similar = similar_page(COURSE, [Similar("ex01", pair, ONE, DISGUISED)], "ko", 9)
    (folder / "similar.html").write_text(similar, encoding="utf-8")
    return folder


def open_all(page: Page, folder: Path, name: str) -> None:
    page.goto((folder / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_it_stands_on(
    browser_page: Page, folder: Path, name: str, scheme: Literal["light", "dark"]
) -> None:
    """WCAG's contrast of 4.5 to 1, for the colours that the browser computes: every shade of a table, every mark."""
    browser_page.emulate_media(color_scheme=scheme)
    open_all(browser_page, folder, name)
    count, faint = browser_page.evaluate(FAINT)
    browser_page.emulate_media(color_scheme="light")
    assert count > 9
    assert faint == []


def test_a_contrast_that_is_too_low_would_be_found(browser_page: Page, folder: Path) -> None:
    open_all(browser_page, folder, "index.html")
    browser_page.evaluate("document.querySelector('#students td.s0').style.color = '#c97'")
    _, faint = browser_page.evaluate(FAINT)
    assert len(faint) == 1


@pytest.mark.parametrize("name", PAGES)
def test_headings_and_landmarks_lead_through_the_page(browser_page: Page, folder: Path, name: str) -> None:
    page = browser_page
    open_all(page, folder, name)
    levels = page.evaluate(JUMPS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    assert page.locator("main").count() == page.locator("header").count() == 1
    assert page.evaluate(HOMELESS) == []
    assert page.locator("th:not([scope])").count() == 0
    assert page.locator(".sortable thead th[aria-sort]:not(:has(button))").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_the_language_of_page_and_title_is_the_one_that_is_shown(
    browser_page: Page, folder: Path, name: str
) -> None:
    page = browser_page
    page.goto((folder / name).as_uri())
    shown = {}
    for language in ("ko", "en"):
        page.locator(f"#{language}").focus()
        page.keyboard.press("Space")
        assert page.locator("html").get_attribute("lang") == language
        shown[language] = page.title()
        other = {"ko": "en", "en": "ko"}[language]
        assert page.locator(f"main span[lang={other}]:visible").count() == 0
    assert shown["ko"] != shown["en"]
    reload_until(page, shown["en"])


def test_what_a_number_stands_for_is_read_aloud_and_shown_by_key(browser_page: Page, folder: Path) -> None:
    page = browser_page
    page.goto((folder / "index.html").as_uri())
    page.locator("#en").check()
    hint = page.locator(".heat td a .hint").nth(1)
    assert page.get_by_role("link", name=re.compile(r"^0 doubles images ?: 0 . 14$")).is_visible()
    box = hint.bounding_box()
    assert box is not None
    assert box["width"] <= 1
    page.locator(".heat td a").nth(0).focus()
    page.keyboard.press("Tab")
    assert "doubles images" in hint.inner_text()
    box = hint.bounding_box()
    assert box is not None
    assert box["width"] > 60
    page.keyboard.press("Escape")
    box = hint.bounding_box()
    assert box is not None
    assert box["width"] <= 1


def test_focus_is_seen(browser_page: Page, folder: Path) -> None:
    page = browser_page
    page.goto((folder / "index.html").as_uri())
    kinds = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        kind, outline = page.evaluate(
            "(item => [item.tagName, getComputedStyle(item).outlineStyle])(document.activeElement)"
        )
        if kind != "BODY":
            kinds.add(kind)
            assert outline != "none", kind
    assert {"A", "BUTTON", "INPUT"} <= kinds


def test_numbers_in_names_are_sorted_as_numbers_and_letters_in_parts_are_found(
    browser_page: Page, folder: Path
) -> None:
    page = browser_page
    page.goto((folder / "index.html").as_uri())
    for _ in range(2):
        page.locator("#students thead button").first.focus()
        page.keyboard.press("Enter")
    names = page.locator("#students tbody th").all_text_contents()
    numbered = [name for name in names if name.startswith("student-")]
    assert numbered == [f"student-{at}" for at in range(11)]
    page.get_by_role("searchbox").fill(unicodedata.normalize("NFC", KOREAN))
    assert page.locator("#students tbody tr:visible").count() == 1
    assert page.locator("#found").inner_text() == f"1 / {len(names)}"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("media", ["screen", "print"])
def test_nothing_sticks_out_on_a_phone_or_on_paper(
    browser_page: Page, folder: Path, name: str, media: Literal["screen", "print"]
) -> None:
    page = browser_page
    width = {"screen": 390, "print": 688}[media]
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(media=media)
    open_all(page, folder, name)
    found = page.evaluate("document.documentElement.scrollWidth")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 720})
    assert found == width
