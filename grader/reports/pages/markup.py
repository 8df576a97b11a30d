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

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.messages.catalogue import CATALOGUE, VERDICTS
from grader.messages.printable import printable
from grader.messages.sentences import explain, points_text, text
from grader.model import PADDED, Explanation, Text, Verdict
from grader.reports.views import CheckView, places, window_sentence

__all__ = ["render", "spans", "title_values"]


def render(template: str, /, **values: Any) -> str:
    """Return a page; every value in it is escaped."""
    page = _environment().get_template(template).render(**values)
    return printable(page)


@cache
def _environment() -> Environment:
    loader = PackageLoader("grader.reports.pages")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = (loader.get_source(environment, name)[0] for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.globals.update(
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        t=_both,
        title=_title,
        in_both=_in_both,
        verdict=_verdict,
        why=_why,
        legend=_legend,
        places=_places,
        window=_window,
        PADDED=PADDED,
        number=_number,
        points=points_text,
        fixed=_fixed_number,
        check=_check,
        Verdict=Verdict,
    )
    return environment


def spans(en: str, ko: str) -> Markup:
    """Return both languages; the page shows one."""
    if en == ko:
        return escape(en)
    return Markup(f'<span lang="en">{escape(en)}</span><span lang="ko">{escape(ko)}</span>')


def _both(key: str, **values: Any) -> Markup:
    return _fixed(key) if not values else spans(text(key, "en", **values), text(key, "ko", **values))


def _in_both(value: Text) -> Markup:
    """Return a title as attributes, from which the script takes it when the language is switched."""
    return Markup(' data-en="{}" data-ko="{}"').format(
        *(value.in_language(language) for language in ("en", "ko"))
    )


@cache
def _fixed(key: str) -> Markup:
    assert key in CATALOGUE, key
    return spans(text(key, "en"), text(key, "ko"))


@cache
def _title(value: Text) -> Markup:
    return spans(value.in_language("en"), value.in_language("ko"))


@cache
def _verdict(value: Verdict) -> Markup:
    return spans(*VERDICTS[value])


def _why(explanation: Explanation) -> Markup:
    return spans(explain(explanation, "en"), explain(explanation, "ko"))


@lru_cache(maxsize=4096)
def _check(view: CheckView, instructor: bool) -> Markup:
    """Return one check of a student's page; a class repeats most of them, passed ones above all."""
    module: Any = _environment().get_template("parts.html").module
    return Markup(module.check(view, instructor))


@cache
def _legend() -> list[Markup]:
    """Return what the signs of the tables mean, each for itself: none is broken over two lines."""
    signs = (text("cli.legend", language).split(" | ") for language in ("en", "ko"))
    return [spans(en, ko) for en, ko in zip(*signs, strict=True)]


def _places(difference: Any) -> list[Markup]:
    pairs = zip(places(difference, "en"), places(difference, "ko"), strict=True)
    return [spans(en, ko) for en, ko in pairs]


def _window(difference: Any) -> Markup:
    return spans(window_sentence(difference, "en"), window_sentence(difference, "ko"))


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
    return dict(value)
