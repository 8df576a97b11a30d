"""A key, or an explanation, becomes a sentence in the reader's language.

Each language is a folder of `locale/` with a gettext catalogue, whose msgids are the keys; English is one of them. Only
the reader's catalogue is read. click's own words are in the same catalogues.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from grader.errors import CourseError, Fault, GraderError
from grader.messages.meanings import meaning_of, meaning_of_kind
from grader.messages.particles import with_particles
from grader.messages.printable import printable
from grader.model import Difference, Explanation, Language, Text, zone_of

LOCALE = Path(__file__).with_name("locale")
LANGUAGE_FILE = ".grader/language"
"""Below a student's folder: the language in which the student began. It is read at every start, so it is a file of its own."""


@cache
def languages() -> tuple[Language, ...]:
    """Return the codes of the languages that the program speaks: those that have a compiled catalogue."""
    return tuple(sorted(file.parent.parent.name for file in LOCALE.glob("*/LC_MESSAGES/messages.mo")))


def language_name(language: Language) -> str:
    """Return what a language is called in itself; the code of one that the program does not speak."""
    return text("language.name", language) if language in languages() else language


def language_from_environment() -> Language | None:
    """Return the reader's language: GRADER_LANG, else that of the student's folder, else the locale; None where none is ours."""
    environment = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    for told in (os.environ.get("GRADER_LANG", ""), _language_of_folder(), *environment):
        code = re.split("[.@]", told)[0]
        for candidate in (code, re.split("[_-]", code)[0].lower()):
            if candidate in languages():
                return candidate
    return None


def _language_of_folder() -> str:
    """Return what is kept as the reader's language in the nearest folder above that keeps one; empty where none does."""
    # The folder that we are in may be gone, and the file may hold anything.
    with suppress(OSError):
        for folder in (here := Path.cwd(), *here.parents):
            if (path := folder / LANGUAGE_FILE).is_file():
                with path.open("rb") as file:
                    return file.read(20).decode("ascii", "replace").strip()
    return ""


def text(key: str, language: Language, /, **values: Any) -> str:
    """Return a sentence of the catalogue with its values filled in; the value called `count` chooses its plural form.

    A sentence that counts several things takes each as an explanation: `Explanation("count.files", {"count": 3})`.
    """
    shown = {name: _shown(value, language) for name, value in values.items()}
    safe = {name: printable(value) if isinstance(value, str) else value for name, value in shown.items()}
    return with_particles(_template(key, language, values.get("count")), safe)


def points_count(points: float) -> int:
    """Return what chooses the plural form of so many points: half a point is plural."""
    return int(points) if float(points).is_integer() else 2


def _template(key: str, language: Language, count: object) -> str:
    """Return the sentence of a key as its catalogue has it, in English where that catalogue does not have it."""
    for code in (language, "en"):
        catalogue = _catalogue(code)
        template = catalogue.ngettext(key, key, count) if isinstance(count, int) else key
        template = catalogue.gettext(key) if template == key else template
        if template != key:
            return template
    raise KeyError(key)


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.translation("messages", LOCALE, [language], fallback=True)


def in_every_language(make: Callable[[Language], str]) -> Text:
    """Return a text as it is made in each language that the program speaks."""
    return Text({language: make(language) for language in languages()})


def bilingual(key: str, **values: Any) -> Text:
    """Return a sentence of the catalogue in every language."""
    return in_every_language(lambda language: text(key, language, **values))


def _shown(value: Any, language: Language) -> Any:
    if isinstance(value, dict) and value.keys() == {"key", "values", "difference"}:
        # An explanation inside of another, as it comes back from the gradebook.
        value = Explanation(value["key"], value["values"])
    if isinstance(value, Explanation):
        return explain(value, language)
    # An author's text, by language; the sandbox and the gradebook hand it over as an object.
    return Text(value).in_language(language) if isinstance(value, Mapping) else value


def explain(explanation: Explanation, language: Language) -> str:
    """Return an explanation as a sentence."""
    key, values = explanation.key, dict(explanation.values)
    if key in _WITH_PLACE:
        values["at_place"] = _at_place(values)
    if key in ("submission.raised", "submission.load_raised"):
        denied = values.pop("denied", False)
        if isinstance(denied, str):
            at_place = _at_place({"place": _place_and_file(explanation.values)})
            return text(f"submission.lacks_{denied}", language, at_place=at_place)
        is_unparsed = key == "submission.load_raised" and values.get("type") in _SYNTAX
        sentence = text("submission.unparsed" if is_unparsed else key, language, **values)
        sentence += text("submission.denied", language) if denied else ""
    elif explanation.difference is not None:
        sentence = _explain_difference(key, values, explanation.difference, language)
    else:
        sentence = text(key, language, **values)
    meaning = _meaning(explanation)
    if meaning is None:
        return sentence
    end = "" if sentence.endswith((".", "!", "?")) else "."
    return f"{sentence}{end}\n{text(meaning[0], language, **meaning[1])}"


def _meaning(explanation: Explanation) -> tuple[str, dict[str, str]] | None:
    """Return the sentence, as a key and its values, that says what an exception or a value of another kind means."""
    if explanation.key in _RAISED:
        return meaning_of(explanation.key, explanation.values)
    if explanation.key == "tensor.kind" and explanation.difference is not None:
        return meaning_of_kind(explanation.difference.actual.kind)
    is_layer_wanted = explanation.key in ("layer.none", "layer.undescribed")
    actual = str(explanation.values.get("actual"))
    return meaning_of_kind(actual) if is_layer_wanted and actual != "list" else None


def _explain_difference(key: str, values: dict[str, Any], difference: Difference, language: Language) -> str:
    given, wanted = difference.actual, difference.expected
    values |= {
        "actual": given.kind,
        "actual_shape": shape_text(given.shape),
        "expected_shape": shape_text(wanted.shape),
        "axes": _axes(given.shape or (), wanted.shape or (), language),
        "actual_dtype": given.dtype,
        "expected_dtype": wanted.dtype,
        "count": difference.wrong_count,
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


def sentences_of(error: GraderError, language: Language) -> list[str]:
    """Return what is wrong, where, and the remedy: a sentence for each fault of a course, else one."""
    if isinstance(error, CourseError):
        return [fault_text(fault, language) for fault in error.faults]
    explanation = getattr(error, "explanation", None)
    return [explain(explanation, language) if isinstance(explanation, Explanation) else str(error)]


def fault_text(fault: Fault, language: Language) -> str:
    """Return a fault as file, place and sentence."""
    line = f"line {fault.line}" if fault.line else ""
    places = ", ".join(part for part in (line, fault.place) if part)
    return ": ".join(part for part in (fault.file, places, explain(fault.explanation, language)) if part)


def points_text(points: float) -> str:
    """Return points: all digits that count, the same wherever they are written, and never an exponent."""
    return f"{points:.6f}".rstrip("0").rstrip(".")


def time_text(moment: datetime, zone: str) -> str:
    """Return a moment as people write it: to the minute, on the clocks of a zone, which is named.

    Zones that have no abbreviation but their offset are called by their full name: `Asia/Dubai`.
    """
    local = moment.astimezone(zone_of(zone))
    name = local.tzname() or ""
    return f"{local:%Y-%m-%d %H:%M} {name if name.isalpha() else zone}"


def index_text(index: tuple[int, ...]) -> str:
    """Return an index as it is written in code."""
    return f"[{', '.join(map(str, index))}]"


def _axes(actual: tuple[int, ...], expected: tuple[int, ...], language: Language) -> str:
    if len(actual) != len(expected):
        return text("tensor.axes", language, count=len(actual), expected=len(expected))
    return ", ".join(
        text("tensor.axis", language, axis=axis, actual=mine, expected=wanted)
        for axis, (mine, wanted) in enumerate(zip(actual, expected, strict=True))
        if mine != wanted
    )


def _place_and_file(values: Mapping[str, Any]) -> str:
    """Return where an exception was raised, and the file that its message ends with."""
    file = re.search(r"'([^']{1,200})'\Z", str(values["message"]))
    return ", ".join(part for part in (values["place"], file[1] if file else "") if part)


def _at_place(values: dict[str, Any]) -> str:
    place = values.pop("place", "")
    return f" ({place})" if place else ""


def shape_text(shape: tuple[int, ...] | None) -> str:
    """Return a shape as it is written in code."""
    return "?" if shape is None else f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


_RAISED = {
    "submission.raised",
    "submission.load_raised",
    "submission.raised_in_class",
    "submission.raised_in_library",
}
_SYNTAX = ("SyntaxError", "IndentationError", "TabError")
_WITH_PLACE = {
    "submission.raised",
    "submission.load_raised",
    "submission.no_module",
    "submission.load_no_module",
    "submission.load_ended",
    "submission.recursion",
}
