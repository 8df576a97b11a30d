"""How long the class report of 500 students takes to make and to open, and how large it is.

Run by `.venv/bin/python benchmarks/report.py [STUDENTS]`. Opening is measured where Chromium and Playwright are.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grader.exports.results import results_json
from grader.reports.markdown import feedback_files
from grader.reports.pages.class_report import write_class_report
from tests.support.big_class import BIG_COURSE, big_class
from tests.support.records import RUN


def main() -> None:
    """Make a class's report in a folder of its own, and open it."""
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    grades = list(big_class(students))
    print(f"{students} students, {len(grades)} grades, {sum(len(grade.checks) for grade in grades)} checks")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        write_class_report(folder, BIG_COURSE, grades, RUN)
        print(f"report: {time.perf_counter() - started:.1f} s")
        sizes = {path: path.stat().st_size for path in folder.rglob("*.html")}
        largest = max(size for path, size in sizes.items() if path.parent.name == "students")
        print(f"index.html: {sizes[folder / 'index.html'] / 1e6:.2f} MB")
        print(
            f"all {len(sizes)} pages: {sum(sizes.values()) / 1e6:.1f} MB, largest of a student: {largest / 1e3:.0f} kB"
        )
        started = time.perf_counter()
        print(f"results.json: {len(results_json(BIG_COURSE, grades, RUN)) / 1e6:.1f} MB", end=", ")
        print(f"{time.perf_counter() - started:.1f} s")
        started = time.perf_counter()
        count = sum(1 for _ in feedback_files(BIG_COURSE, grades, "en"))
        print(f"feedback of {count} students: {time.perf_counter() - started:.1f} s")
        _open(folder / "index.html")


def _open(path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("not opened: no chromium")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for attempt in range(3):
            page = browser.new_page()
            page.goto(path.as_uri())
            milliseconds = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
            started = time.perf_counter()
            page.locator("#students thead button").nth(1).click()
            sorted_in = time.perf_counter() - started
            print(f"opened ({attempt + 1}): {milliseconds / 1000:.2f} s, sorted: {sorted_in:.2f} s")
        browser.close()


if __name__ == "__main__":
    main()
