"""An explanation becomes a sentence in the reader's language."""

from __future__ import annotations

import builtins
import os
from typing import Any

from grader.messages.catalogue import CATALOGUE
from grader.messages.printable import printable
from grader.model import Difference, Explanation, Language, Text

__all__ = [
    "bilingual",
    "explain",
    "index_text",
    "language_from_environment",
    "points_text",
    "shape_text",
    "text",
]


def language_from_environment() -> Language | None:
    """Return the reader's language: GRADER_LANG, else the locale; None when neither says English or Korean."""
    for name in ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")[:2].lower()
        if value == "ko":
            return "ko"
        if value == "en":
            return "en"
    return None


def text(key: str, language: Language, /, **values: Any) -> str:
    """Return a sentence of the catalogue with its values filled in."""
    template = CATALOGUE[key][language == "ko"]
    shown = {name: _shown(value, language) for name, value in values.items()}
    return template.format(
        **{name: printable(value) if isinstance(value, str) else value for name, value in shown.items()}
    )


def bilingual(key: str, **values: Any) -> Text:
    """Return a sentence of the catalogue in both languages."""
    return Text({language: text(key, language, **values) for language in ("en", "ko")})


def _shown(value: Any, language: Language) -> Any:
    if isinstance(value, dict) and value.keys() == {"key", "values", "difference"}:
        # An explanation inside of another, as it comes back from the gradebook.
        value = Explanation(value["key"], value["values"])
    if isinstance(value, Explanation):
        return explain(value, language)
    # An author's text, by language.
    return Text(value).in_language(language) if isinstance(value, dict) else value


def explain(explanation: Explanation, language: Language, *, with_values: bool = True) -> str:
    """Return an explanation as a sentence.

    Without values nothing that the checks' input or the expected tensor could be read from is in it: an exception's
    own text is the student's to choose, and so is the name of its class.
    """
    key, values = explanation.key, dict(explanation.values)
    if not with_values and key in _WITHOUT_VALUES:
        # A line number, an exit code, a signal, a garbled answer: each is the student's to choose, and could carry
        # the hidden input out.
        key = f"{key}_hidden"
    if key in ("submission.no_module", "submission.load_no_module"):
        values["at_place"] = _at_place(values)
    if key in ("submission.raised", "submission.raised_hidden", "submission.load_raised"):
        values["at_place"] = _at_place(values)
        denied = values.pop("denied", False)
        if not with_values:
            values["type"] = values["type"] if values["type"] in _KNOWN_EXCEPTIONS else "Exception"
        sentence = text(key, language, **values)
        return sentence + (text("submission.denied", language) if denied else "")
    if explanation.difference is not None:
        return _explain_difference(key, values, explanation.difference, language)
    return text(key, language, **values)


def _explain_difference(key: str, values: dict[str, Any], difference: Difference, language: Language) -> str:
    given, wanted = difference.actual, difference.expected
    values |= {
        "actual": given.kind,
        "actual_shape": shape_text(given.shape),
        "expected_shape": shape_text(wanted.shape),
        "axes": _axes(given.shape or (), wanted.shape or (), language),
        "actual_dtype": given.dtype,
        "expected_dtype": wanted.dtype,
        "wrong": difference.wrong_count,
        "total": difference.total,
        "share": f"{100 * difference.wrong_count / max(difference.total, 1):.3g}",
    }
    parts = [text(key, language, **values)]
    if difference.largest_error:
        index = index_text(difference.largest_at)
        parts.append(text("tensor.largest", language, error=difference.largest_error, index=index))
    if difference.largest_relative:
        index = index_text(difference.relative_at)
        parts.append(
            text("tensor.largest_relative", language, error=difference.largest_relative, index=index)
        )
    if difference.nan_count:
        parts.append(text("tensor.nan", language, count=difference.nan_count))
    if difference.infinite_count:
        parts.append(text("tensor.infinite", language, count=difference.infinite_count))
    sentence = "; ".join(parts)
    if difference.relation is not None:
        sentence += ". " + text(difference.relation.key, language, **difference.relation.values)
    return sentence


def points_text(points: float) -> str:
    """Return points: all digits that count, the same wherever they are written, and never an exponent."""
    return f"{points:.6f}".rstrip("0").rstrip(".")


def index_text(index: tuple[int, ...]) -> str:
    """Return an index as it is written in code."""
    return f"[{', '.join(map(str, index))}]"


def _axes(actual: tuple[int, ...], expected: tuple[int, ...], language: Language) -> str:
    if len(actual) != len(expected):
        return text("tensor.axes", language, actual=len(actual), expected=len(expected))
    return ", ".join(
        text("tensor.axis", language, axis=axis, actual=mine, expected=wanted)
        for axis, (mine, wanted) in enumerate(zip(actual, expected, strict=True))
        if mine != wanted
    )


def _at_place(values: dict[str, Any]) -> str:
    place = values.pop("place", "")
    return f" ({place})" if place else ""


def shape_text(shape: tuple[int, ...] | None) -> str:
    """Return a shape as it is written in code."""
    return "?" if shape is None else f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


_WITHOUT_VALUES = {
    "submission.raised",
    "submission.no_module",
    "submission.exit",
    "submission.signal",
    "submission.bad_answer",
}

_KNOWN_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | {"InvalidArgumentError", "ResourceExhaustedError", "UnimplementedError", "NotFoundError"}
