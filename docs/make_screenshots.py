"""Take the pictures of docs/reports.md from the demo class. Run by `make pictures`, after `make demo`.

Needs Debian's chromium, and a font with Korean letters for the students' names (`fonts-nanum`, `fonts-noto-cjk`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from grader.course.load import load_course
from grader.files.write import write_file
from grader.gradebook.folder import read_graded
from grader.reports.markdown import feedback_files
from grader.reports.pages.class_report import write_class_report

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
DEMO = ROOT / "build" / "demo"
GRADER = [sys.executable, "-m", "grader.cli"]
STUDENT = "jang-hayoon"
PAIR = "ex01: kim-minjun · 이서연"
MOST_BYTES = 200_000


def take(page: Page, name: str, *, height: int, width: int = 1180, anchor: str = "") -> None:
    """Save what a reader sees of a page, from an element on."""
    page.set_viewport_size({"width": width, "height": height})
    if anchor:
        page.evaluate("id => document.getElementById(id).scrollIntoView()", anchor)
    path = IMAGES / name
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size / 1000:.0f} kB")
    assert size < MOST_BYTES, name


def require_korean_letters() -> None:
    """End where a page would show a box for each Korean letter."""
    fonts = subprocess.run(["fc-list", ":lang=ko"], capture_output=True, text=True, check=True).stdout
    if not fonts:
        raise SystemExit("no font has Korean letters, which pictures need: sudo apt-get install fonts-nanum")


def main() -> None:
    """Take every picture."""
    require_korean_letters()
    course = load_course(ROOT)
    graded = read_graded(course, DEMO / "graded", print)
    mine = [grade for grade in graded.grades if grade.student == STUDENT]
    ((_, feedback, _),) = feedback_files(course, mine, "en")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        write_class_report(folder, course, graded.grades, graded.run)
        write_file(folder / "student.html", feedback)
        similar = [*GRADER, "similar", str(DEMO / "submissions"), "--html", str(folder / "similar.html")]
        subprocess.run([*similar, "--lang", "en"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
        )
        page = browser.new_page()
        page.goto((folder / "index.html").as_uri())
        page.get_by_label("English").check()
        take(page, "report.png", height=1020)
        page.locator("#students thead button").nth(1).click()
        take(page, "report-students.png", height=780, width=860, anchor="class")
        page.goto((folder / "exercises" / "ex02.html").as_uri())
        take(page, "report-exercise.png", height=960, width=1080, anchor="checks")
        page.goto((folder / "student.html").as_uri())
        take(page, "feedback.png", height=660, width=1000, anchor="ex06")
        page.goto((folder / "similar.html").as_uri())
        pair = page.locator("details", has=page.get_by_role("heading", name=PAIR))
        pair.locator("summary").click()
        take(page, "similar.png", height=640, anchor=str(pair.get_attribute("id")))
        browser.close()


if __name__ == "__main__":
    main()
