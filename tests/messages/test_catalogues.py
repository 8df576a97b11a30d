"""The catalogues hold the same sentences with the same places to fill in, all of them used; each check can fail."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

import grader
from grader.messages.sentences import LOCALE, languages
from grader.model import Verdict

PACKAGE = Path(grader.__file__).parent
KEY = re.compile(r"[a-z]+(?:\.[a-z]+(?:_[a-z]+)*)+")


@cache
def catalog(language: str) -> Catalog:
    """Return a catalogue as it is written; Babel refuses what it cannot parse."""
    with (LOCALE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def key_of(message: Message) -> str:
    """Return a message's key; one with plural forms has the same key twice."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms_of(message: Message) -> tuple[str, ...]:
    """Return what is said: one sentence, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def sentences(found: Catalog) -> dict[str, Message]:
    """Return key -> message, of ours; the key of click's words is their English."""
    return {key_of(message): message for message in found if KEY.fullmatch(key_of(message))}


def places(template: str) -> set[tuple[str, str, str | None]]:
    """Return what is filled in, and how: its name, format and conversion."""
    parsed = string.Formatter().parse(template)
    return {(name, form or "", conversion) for _, name, form, conversion in parsed if name is not None}


def unlike_in_keys(found: Catalog, english: Catalog) -> set[str]:
    """Return the keys that only one of two catalogues has, or that have plural forms in one alone."""
    both = (
        {(key, message.pluralizable) for key, message in sentences(it).items()} for it in (found, english)
    )
    return {key for key, _ in set.symmetric_difference(*both)}


def unsaid(found: Catalog) -> set[str]:
    """Return the keys that have no sentence, or lack one of their plural forms, or are not checked yet (fuzzy)."""
    return {
        key
        for key, message in sentences(found).items()
        if message.fuzzy or not all(form.strip() for form in forms_of(message)) or list(message.check(found))
    }


def unlike_in_places(found: Catalog, english: Catalog) -> set[str]:
    """Return the keys whose sentences fill in something else than English does. A form may say the count as a word."""
    wanted = {
        key: set[tuple[str, str, str | None]]().union(*map(places, forms_of(message)))
        for key, message in sentences(english).items()
    }
    return {
        key
        for key, message in sentences(found).items()
        for form in forms_of(message)
        if places(form) != wanted[key]
        and not (message.pluralizable and places(form) | {("count", "", None)} == wanted[key])
    }


def not_korean(found: Catalog) -> set[str]:
    """Return the keys whose Korean holds no Korean although something is said."""
    return {
        key
        for key, message in sentences(found).items()
        for form in forms_of(message)
        if re.search("[a-z]{3}", re.sub(r"\{[^}]*\}", "", form)) and not re.search("[가-힣]", form)
    }


def strings_of(source: str) -> Iterator[str]:
    """Yield the texts of Python code that may be keys; of those that are made up while it runs, what they match."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            yield re.escape(node.value)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"
                for part in node.values
            ]
            if re.match(r"[a-z]+\\\.", parts[0]):
                yield "".join(parts)


@cache
def used() -> frozenset[str]:
    """Return patterns of the keys that the package uses."""
    found = set[str]()
    for path in PACKAGE.rglob("*.py"):
        found |= set(strings_of(path.read_text(encoding="utf-8")))
    for path in PACKAGE.rglob("templates/*"):
        content = path.read_text(encoding="utf-8")
        found |= set(map(re.escape, re.findall(rf'"({KEY.pattern})"', content)))
        found |= {re.escape(start) + "[a-z_]+" for start in re.findall(r'"([a-z]+\.[a-z_]*)" ~', content)}
    return frozenset(found)


def unused(keys: Iterable[str], patterns: Iterable[str]) -> set[str]:
    """Return the keys that no pattern fits."""
    wanted = re.compile("|".join(patterns))
    return {key for key in keys if not wanted.fullmatch(key)}


NOT_KEYS = {"course.yml", "gradebook.db", "similar.html"}


def unknown(patterns: Iterable[str], keys: Iterable[str]) -> set[str]:
    """Return the patterns that look like keys of ours and fit none."""
    families = {key.split(".")[0] for key in keys}
    return {
        pattern
        for pattern in patterns
        if re.split(r"\\?\.", pattern)[0] in families
        and pattern.replace("\\", "") not in NOT_KEYS
        and not any(re.fullmatch(pattern, key) for key in keys)
    }


others = pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
all_languages = pytest.mark.parametrize("language", languages())


@others
def test_every_language_has_every_sentence_and_no_other(language: str) -> None:
    assert unlike_in_keys(catalog(language), catalog("en")) == set()


@all_languages
def test_every_sentence_is_said_in_all_its_plural_forms(language: str) -> None:
    assert unsaid(catalog(language)) == set()


@all_languages
def test_every_sentence_fills_in_what_english_does(language: str) -> None:
    assert unlike_in_places(catalog(language), catalog("en")) == set()


def test_korean_is_korean() -> None:
    # Its name is the same in every language.
    assert not_korean(catalog("ko")) == {"cli.landlock"}


def test_every_sentence_is_used() -> None:
    assert unused(sentences(catalog("en")), used()) == set()


def test_every_key_that_is_used_is_there() -> None:
    assert unknown(used(), sentences(catalog("en"))) == set()


def test_every_verdict_has_a_name() -> None:
    names = {key.removeprefix("verdict.") for key in sentences(catalog("en")) if key.startswith("verdict.")}
    assert names == {verdict.value for verdict in Verdict}


def contents(found: Catalog) -> dict[str, tuple[str, ...]]:
    """Return all that is said, click's words too."""
    return {key_of(message): forms_of(message) for message in found if message.id and all(forms_of(message))}


@all_languages
def test_no_sentence_is_written_twice(language: str) -> None:
    written = (LOCALE / language / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    # Babel takes the last of two without a word.
    assert [
        key for key, times in Counter(re.findall(r'^msgid ("\w.*)', written, re.M)).items() if times > 1
    ] == []


@all_languages
def test_what_is_read_is_what_is_written(language: str) -> None:
    written, compiled = catalog(language), LOCALE / language / "LC_MESSAGES" / "messages.mo"
    # Through the compiler, which leaves out what is not said.
    buffer = BytesIO()
    write_mo(buffer, written)
    with compiled.open("rb") as file:
        assert contents(read_mo(file)) == contents(read_mo(BytesIO(buffer.getvalue()))), "run `make locale`"


def small(text: str) -> Catalog:
    """Return a catalogue of a few messages."""
    header = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    return read_po(BytesIO(f"{header}{text}".encode()), locale="en", abort_invalid=True)


GOOD = small(
    'msgid "a.one"\nmsgstr "{x} is {y:g}"\n\n'
    'msgid "a.many"\nmsgid_plural "a.many"\nmsgstr[0] "one file"\nmsgstr[1] "{count} files"\n'
)


def test_a_good_catalogue_has_no_faults() -> None:
    assert unlike_in_keys(GOOD, GOOD) | unsaid(GOOD) | unlike_in_places(GOOD, GOOD) == set()


@pytest.mark.parametrize(
    ("fault_of", "text", "keys"),
    [
        (lambda it: unlike_in_keys(it, GOOD), 'msgid "a.one"\nmsgstr "{x} is {y:g}"', {"a.many"}),
        (
            lambda it: unlike_in_keys(it, GOOD),
            'msgid "a.one"\nmsgstr "a"\n\nmsgid "a.many"\nmsgstr "a"\n\nmsgid "a.new"\nmsgstr "a"',
            {"a.many", "a.new"},
        ),
        (unsaid, 'msgid "a.one"\nmsgstr ""', {"a.one"}),
        (unsaid, '#, fuzzy\nmsgid "a.one"\nmsgstr "a"', {"a.one"}),
        (unsaid, 'msgid "a.b"\nmsgid_plural "a.b"\nmsgstr[0] "a"', {"a.b"}),
        (unsaid, 'msgid "a.b"\nmsgid_plural "a.b"\nmsgstr[0] "a"\nmsgstr[1] ""', {"a.b"}),
        (lambda it: unlike_in_places(it, GOOD), 'msgid "a.one"\nmsgstr "{x} is {z:g}"', {"a.one"}),
        (lambda it: unlike_in_places(it, GOOD), 'msgid "a.one"\nmsgstr "{x} is {y}"', {"a.one"}),
        (lambda it: unlike_in_places(it, GOOD), 'msgid "a.one"\nmsgstr "{x}"', {"a.one"}),
        (not_korean, 'msgid "a.one"\nmsgstr "said in {english}"', {"a.one"}),
        (lambda it: unused(sentences(it), {r"a\.on"}), 'msgid "a.one"\nmsgstr "a"', {"a.one"}),
        (
            lambda it: unknown({r"a\.two", r"a\.[a-z_]+"}, sentences(it)),
            'msgid "a.one"\nmsgstr "a"',
            {r"a\.two"},
        ),
    ],
)
def test_each_check_finds_its_fault(
    fault_of: Callable[[Catalog], set[str]], text: str, keys: set[str]
) -> None:
    assert fault_of(small(text)) == keys


def test_keys_are_found_in_code() -> None:
    code = 'text("a.b_c"); text("help.d.e"); text(f"verify.{name}"); open("x"); f"{a}.b"; text("not.{it}")'
    assert set(strings_of(code)) == {r"a\.b_c", r"help\.d\.e", r"verify\.[a-z_]+"}
