"""How a page is made: templates with everything escaped, both languages side by side, one script that is known.

Students' names, code and output are untrusted text. Everything is escaped where it is filled in; and should that ever
fail, the page's own policy runs no script but the one whose hash it holds, and loads nothing at all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from grader.messages.catalogue import CATALOGUE
from grader.messages.printable import printable
from grader.messages.sentences import points_text, text
from grader.messages.templates import templates_of
from grader.model import Text, Verdict
from grader.reports.signs import SIGNS, verdict_text
from grader.reports.views import CheckView

__all__ = ["render", "spans", "title_values"]


def render(template: str, /, **values: Any) -> str:
    """Return a page; every value in it is escaped."""
    page = _environment().get_template(template).render(**values)
    return printable(page)


@cache
def _environment() -> Environment:
    templates = templates_of("grader.reports.pages", autoescape=True)
    assert templates.loader is not None
    style, script = (templates.loader.get_source(templates, name)[0] for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    templates.globals.update(
        style=Markup(style + _fills()),
        script=Markup(script),
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        t=_both,
        text=text,
        title=_title,
        in_both=_in_both,
        verdict=lambda verdict: _title(verdict_text(verdict)),
        legend=_legend,
        number=_number,
        points=points_text,
        fixed=_fixed_number,
        check=_check,
        Verdict=Verdict,
    )
    return templates


def _fills() -> str:
    """Return the style of each verdict's bar."""
    light = " ".join(f".v-{verdict} {{ fill: {sign.fill}; }}" for verdict, sign in SIGNS.items())
    dark = " ".join(
        f".v-{verdict} {{ fill: {sign.dark_fill}; }}" for verdict, sign in SIGNS.items() if sign.dark_fill
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"


def spans(en: str, ko: str) -> Markup:
    """Return both languages; the page shows one."""
    if en == ko:
        return escape(en)
    return Markup(f'<span lang="en">{escape(en)}</span><span lang="ko">{escape(ko)}</span>')


def _both(key: str, **values: Any) -> Markup:
    return _fixed(key) if not values else spans(text(key, "en", **values), text(key, "ko", **values))


def _in_both(value: Text) -> Markup:
    """Return a title as attributes, from which the script takes it when the language is switched."""
    return Markup(' data-en="{}" data-ko="{}"').format(value.en, value.ko)


@cache
def _fixed(key: str) -> Markup:
    assert key in CATALOGUE, key
    return spans(text(key, "en"), text(key, "ko"))


@cache
def _title(value: Text) -> Markup:
    return spans(value.en, value.ko)


@lru_cache(maxsize=4096)
def _check(view: CheckView) -> Markup:
    """Return one check of a student's page; a class repeats most of them, passed ones above all."""
    module: Any = _environment().get_template("parts.html").module
    return Markup(module.check(view))


@cache
def _legend() -> list[Markup]:
    """Return what the signs of the tables mean, each for itself: none is broken over two lines."""
    signs = (text("cli.legend", language).split(" | ") for language in ("en", "ko"))
    return [spans(en, ko) for en, ko in zip(*signs, strict=True)]


def _number(value: float | None, digits: int = 2) -> str:
    """Return a number without needless zeros; a dash where there is none."""
    return (
        "–" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    )


def _fixed_number(value: float | None) -> str:
    """Return a number as it stands in a column; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}"


def title_values(value: Text) -> Mapping[str, str]:
    """Return a text as a value of a sentence: each language gets its own."""
    return {"en": value.en, "ko": value.ko}
