"""The browser that the tests of the pages share."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()


@pytest.fixture(scope="module")
def browser_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return a page of a browser with a profile of its own; whatever it loads from elsewhere fails the test."""
    with _browser(tmp_path_factory.mktemp("profile"), bypass_csp=False) as page:
        yield page


@pytest.fixture(scope="module")
def careless_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Return a page of a browser that passes over the pages' own policy: what is not escaped runs in it."""
    with _browser(tmp_path_factory.mktemp("careless"), bypass_csp=True) as page:
        yield page


def reload_until(page: Page, title: str) -> None:
    """Load the page again until it has the title, for at most 10 s; the title that it has last is compared.

    Chromium hands what a page keeps to another process and does not wait for it: a page that is loaded again at
    once, faster than anybody could, may read what was kept before.
    """
    deadline = time.monotonic() + 10
    page.reload()
    while page.title() != title and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        page.reload()
    assert page.title() == title


@contextlib.contextmanager
def _browser(profile: Path, *, bypass_csp: bool) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no chromium: sudo apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    with playwright.sync_playwright() as started:
        context = started.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=FLAGS, timeout=60_000, bypass_csp=bypass_csp
        )
        context.set_default_timeout(120_000)
        page = context.pages[0]
        requests: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        context.close()
    assert [url for url in requests if not url.startswith("file://")] == []
    assert errors == []
