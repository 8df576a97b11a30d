"""The files that an author begins with, made from templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, partial
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from grader.messages.sentences import text
from grader.messages.templates import templates_of
from grader.model import Language

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, language: Language, **values: Any) -> str:
    """Return a file: a template of this room, its sentences in a language."""
    return _templates().get_template(f"{template}.jinja").render(t=_say(language), say=_say, **values) + "\n"


def _say(language: Language) -> Any:
    def sentence(key: str, **values: Any) -> str:
        return text(key, language, **values)

    return sentence


def arguments(texts: Mapping[Language, str]) -> str:
    """Return an author's texts by language as the arguments of a call."""
    plain = [f"{code}={_literal(words)}" for code, words in texts.items() if not iskeyword(code)]
    kept = [f'**{{"{code}": {_literal(words)}}}' for code, words in texts.items() if iskeyword(code)]
    return ", ".join([*plain, *kept])


_literal = partial(json.dumps, ensure_ascii=False)
"""A text as Python and YAML both write it."""


@cache
def _templates() -> Environment:
    environment = templates_of("grader.authoring", autoescape=False)
    environment.filters["literal"] = _literal
    environment.filters["arguments"] = arguments
    return environment
