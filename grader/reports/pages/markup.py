"""How a page is made: templates with everything escaped, all languages side by side, one script that is known.

Students' names, code and output are untrusted text. Everything is escaped where it is filled in; and should that ever
fail, the page's own policy runs no script but the one whose hash it holds, and loads nothing: a picture stands in the page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from grader.messages.printable import printable
from grader.messages.sentences import language_name, languages, points_text, text
from grader.messages.templates import templates_of
from grader.model import Language, Text, Verdict
from grader.reports.signs import SIGNS, grade_text
from grader.reports.views import CheckView


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
        policy=f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
        t=_said,
        text=text,
        languages=languages(),
        name_of=language_name,
        title=_title,
        as_attributes=_as_attributes,
        verdict=lambda verdict: _fixed(f"verdict.{verdict}"),
        called=lambda grade: _title(grade_text(grade)),
        legend=_legend,
        number=_number,
        points=points_text,
        fixed=_fixed_number,
        check=_check,
        Verdict=Verdict,
    )
    return templates


def _fills() -> str:
    light = " ".join(f".v-{verdict} {{ fill: {sign.fill}; }}" for verdict, sign in SIGNS.items())
    dark = " ".join(
        f".v-{verdict} {{ fill: {sign.dark_fill}; }}" for verdict, sign in SIGNS.items() if sign.dark_fill
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"


def _spans(sentences: Sequence[str]) -> Markup:
    """Return a sentence, which is given in every language; the page shows one."""
    if len(set(sentences)) == 1:
        return escape(sentences[0])
    pairs = zip(languages(), sentences, strict=True)
    return Markup("").join(Markup('<span lang="{}">{}</span>').format(*pair) for pair in pairs)


def _in_all(make: Callable[[Language], str]) -> Markup:
    return _spans([make(language) for language in languages()])


def _said(key: str, **values: Any) -> Markup:
    return _in_all(partial(text, key, **values)) if values else _fixed(key)


@cache
def _fixed(key: str) -> Markup:
    return _in_all(partial(text, key))


def _as_attributes(value: Text) -> Markup:
    """Return a title as attributes, from which the script takes it when the language is switched."""
    pairs = ((language, value.in_language(language)) for language in languages())
    return Markup("").join(Markup(' data-{}="{}"').format(*pair) for pair in pairs)


@cache
def _title(value: Text) -> Markup:
    return _in_all(value.in_language)


@lru_cache(maxsize=4096)
def _check(view: CheckView) -> Markup:
    """Return one check of a student's page; a class repeats most of them, passed ones above all."""
    module: Any = _environment().get_template("parts.html").module
    return Markup(module.check(view))


@cache
def _legend() -> list[Markup]:
    """Return what the signs of the tables mean, each for itself: none is broken over two lines."""
    return _each(lambda language: text("cli.legend", language).split(" | "))


def _each(make: Callable[[Language], list[str]]) -> list[Markup]:
    """Return several sentences, each in every language."""
    return [_spans(sentences) for sentences in zip(*map(make, languages()), strict=True)]


def _number(value: float | None, digits: int = 2) -> str:
    """Return a number without needless zeros; a dash where there is none."""
    return (
        "–" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    )


def _fixed_number(value: float | None) -> str:
    """Return a number as it stands in a column; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}"
