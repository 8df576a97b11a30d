"""nbgrader's formgrader in Chromium: an instructor presses its buttons, and our judge grades. Skipped where either is missing."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.course.load import load_course
from grader.nbgrader.build import build_course
from tests.browser.jupyter import CHROMIUM, FLAGS, FORMGRADER, open_formgrader, serve
from tests.support.nbgrader_course import hand_in, nbgrader_api, notebook, open_gradebook, put_in, solve
from tests.support.places import TINY

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAME = "ex01_row_sums"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # nbgrader's own code
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: sudo apt-get install chromium"),
    pytest.mark.skipif(importlib.util.find_spec("jupyter_server") is None, reason="no jupyter_server"),
]


@dataclass(frozen=True)
class Formgrader:
    """An instructor's browser, after autograding and generating feedback for kim; lee is not graded."""

    page: Page
    address: str
    folder: Path
    said: str
    """What formgrader said of the autograding."""

    def see(self, path: str) -> Page:
        self.page.goto(f"{self.address}/formgrader/{path}")
        return self.page


@pytest.fixture(scope="module")
def formgrader(sandbox: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    """Serve an nbgrader course that two students handed in to, and press the buttons for one of them."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    root = tmp_path_factory.mktemp("instructor")
    shutil.copytree(TINY, root / "course", ignore=shutil.ignore_patterns("__pycache__"))
    course, folder = load_course(root / "course"), root / "nb"
    build_course(course, course.exercises[:1], folder, "en")
    assert nbgrader_api(folder).generate_assignment(NAME)["success"]
    document = notebook(folder, NAME)
    hand_in(folder, "lee", NAME, document)
    solve(document, "scale")
    put_in(document, "row_sums", "def row_sums(x):\n    return np.zeros(len(x), int)\n")
    hand_in(folder, "kim", NAME, document)
    with (
        serve("server", folder, root / "home", options=FORMGRADER) as address,
        playwright.sync_playwright() as started,
    ):
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        open_formgrader(page, address)
        page.goto(f"{address}/formgrader/manage_submissions/{NAME}")
        said = [_press(page, "kim", button) for button in ("autograde", "generate-feedback")]
        yield Formgrader(page, address, folder, said[0])
        browser.close()


def _press(page: Page, student: str, button: str) -> str:
    """Press a button in a student's row; returns what is said when it is done."""
    page.locator("tr", has_text=student).locator(f".{button} a").click()
    answer = page.locator(".modal.in")
    answer.wait_for()
    said = answer.inner_text()
    answer.get_by_role("button", name="OK").click()
    answer.wait_for(state="detached")
    return said


def test_the_button_runs_our_judge(formgrader: Formgrader) -> None:
    assert "Successfully autograded" in formgrader.said
    assert "Applying preprocessor: JudgeCells" in formgrader.said
    with open_gradebook(formgrader.folder) as gradebook:
        there = gradebook.find_submission_notebook(NAME, NAME, "kim")
        scores = {grade.name: grade.auto_score for grade in there.grades}
        assert {grade.needs_manual_grade for grade in there.grades} == {False}
    assert scores == dict.fromkeys(scores, 0.0) | {"test_scale": 1.0}
    document = json.loads(
        (formgrader.folder / "autograded" / "kim" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    )
    outputs = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell["outputs"]
        for cell in document["cells"]
        if cell["cell_type"] == "code"
    }
    assert {len(outputs[name]) for name in scores} == {1}
    assert "".join(outputs["test_scale"][0]["data"]["text/plain"]) == "1.0"


def test_the_list_of_assignments_counts_them(formgrader: Formgrader) -> None:
    row = formgrader.see("manage_assignments").locator("tr", has_text=NAME)
    assert row.locator(".num-submissions").inner_text() == "2"


def test_the_row_has_the_score_and_the_other_row_none(formgrader: Formgrader) -> None:
    page = formgrader.see(f"manage_submissions/{NAME}")
    assert page.locator("tr", has_text="kim").locator(".score").inner_text() == "1 / 6"
    assert page.locator("tr", has_text="lee").locator(".status").inner_text() == "needs autograding"


def test_manual_grading_shows_partial_credit_and_the_feedback(formgrader: Formgrader) -> None:
    page = formgrader.see(f"gradebook/{NAME}/{NAME}")
    page.get_by_role("link", name="Submission #1").click()
    # What was scored automatically is the placeholder of the field for a manual score.
    page.locator("input#test_scale").wait_for()
    for name, points in (("test_scale", "1"), ("test_example", "0")):
        page.wait_for_function(f"document.querySelector('#{name}').placeholder !== ''")
        assert page.locator(f"input#{name}").get_attribute("placeholder") == points
    _see_feedback(page)


def test_the_students_page_shows_the_feedback(formgrader: Formgrader) -> None:
    page = formgrader.page
    page.goto((formgrader.folder / "feedback" / "kim" / NAME / f"{NAME}.html").as_uri())
    assert page.get_by_text(f"{NAME} (Score: 1.0 / 6.0)").is_visible()
    _see_feedback(page)


def _see_feedback(page: Page) -> None:
    """Look for our feedback as a reader sees it: drawn, with nothing escaped, and no line that only machines need."""
    wrong = page.locator(".output_html td", has_text=re.compile(r"^0 ✗$")).first
    assert wrong.evaluate("cell => getComputedStyle(cell).backgroundColor") == "rgb(246, 201, 192)"
    shown = page.locator("body").inner_text()
    assert "0 / 2  works on a table of any size [wrong result] (hidden)" in shown.replace("\xa0", " ")
    assert "style=" not in shown
    assert "HIDDEN TESTS" not in shown
    assert "NBGRADER_EXECUTION" not in shown
