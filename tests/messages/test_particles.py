"""Each Korean particle is in the form that the word before it asks for, wherever the word is known."""

from __future__ import annotations

import re

import pytest

from grader.messages.particles import with_particles
from grader.messages.sentences import LOCALE
from tests.messages.test_catalogues import KEY, catalog, forms_of, key_of
from tests.support.places import ROOT

BOTH = re.compile(r"을\(를\)|은\(는\)|이\(가\)|와\(과\)|\(으\)로|이어야\(여야\)|\(이\)")
BEHIND_A_PLACE = re.compile(rf"(?<=\}})['`\"]?(?:\([^()]*\))?(?:{BOTH.pattern})")
BARE = re.compile(
    r"\}['`\"]?(?:을|를|은|는|이|가|과|와|로|으로|이?라는|이?라고|이?므로|이어야|여야)(?=[ ,.])"
)


@pytest.mark.parametrize(
    ("word", "object", "subject", "way"),
    [
        ("김민준", "김민준을", "김민준이", "김민준으로"),
        ("이수아", "이수아를", "이수아가", "이수아로"),
        ("서울", "서울을", "서울이", "서울로"),
        ("ex01", "ex01을", "ex01이", "ex01로"),
        ("ex02", "ex02를", "ex02가", "ex02로"),
        ("ex03", "ex03을", "ex03이", "ex03으로"),
        ("ex04", "ex04를", "ex04가", "ex04로"),
        ("ex05", "ex05를", "ex05가", "ex05로"),
        ("ex06", "ex06을", "ex06이", "ex06으로"),
        ("ex07", "ex07을", "ex07이", "ex07로"),
        ("ex08", "ex08을", "ex08이", "ex08로"),
        ("ex09", "ex09를", "ex09가", "ex09로"),
        ("ex10", "ex10을", "ex10이", "ex10으로"),
        ("homework/ex03.py", "homework/ex03.py를", "homework/ex03.py가", "homework/ex03.py로"),
        ("ex03.ipynb", "ex03.ipynb를", "ex03.ipynb가", "ex03.ipynb로"),
        ("course.yml", "course.yml을", "course.yml이", "course.yml로"),
        ("cnn.zip", "cnn.zip을", "cnn.zip이", "cnn.zip으로"),
        ("max_pool", "max_pool을", "max_pool이", "max_pool로"),
        ("shape", "shape를", "shape가", "shape로"),
        ("test_basic", "test_basic을", "test_basic이", "test_basic으로"),
        ("MaxPool2D", "MaxPool2D를", "MaxPool2D가", "MaxPool2D로"),
        ("CNN", "CNN을", "CNN이", "CNN으로"),
        ("(1, 2, 2, 1)", "(1, 2, 2, 1)을", "(1, 2, 2, 1)이", "(1, 2, 2, 1)로"),
        ("f(x)", "f(x)를", "f(x)가", "f(x)로"),
        ("日本", "日本을(를)", "日本이(가)", "日本(으)로"),
        ("", "을(를)", "이(가)", "(으)로"),
    ],
)
def test_a_particle_follows_the_sound_of_its_word(word: str, object: str, subject: str, way: str) -> None:
    assert with_particles("{word}을(를)", {"word": word}) == object
    assert with_particles("{word}이(가)", {"word": word}) == subject
    assert with_particles("{word}(으)로", {"word": word}) == way


def test_what_is_and_what_has_to_be() -> None:
    assert (
        with_particles("{a!r}(이)라는, {b!r}(이)라는", {"a": "ex03", "b": "ex02"})
        == "'ex03'이라는, 'ex02'라는"
    )
    template = "{a}이어야(여야) {b}이어야(여야)"
    assert with_particles(template, {"a": "(1, 3)", "b": "float32"}) == "(1, 3)이어야 float32여야"


def test_quotes_brackets_formats_and_braces_stay() -> None:
    values = {"name": "ex03.py", "type": "int", "points": 3.0}
    template = "`{name}`({type})은(는) {{x}} {points:g}이(가) {name!r}와(과)"
    assert with_particles(template, values) == "`ex03.py`(int)는 {x} 3이 'ex03.py'와"


def test_a_value_that_looks_like_a_particle_or_a_place_is_left_alone() -> None:
    assert with_particles("{name}을(를)", {"name": "a을(를) {b}"}) == "a을(를) {b}를"


def test_both_forms_are_written_only_where_a_value_decides() -> None:
    for message in catalog("ko"):
        for form in forms_of(message):
            if KEY.fullmatch(key_of(message)):
                assert len(BOTH.findall(form)) == len(BEHIND_A_PLACE.findall(form)), form
            else:
                # click fills these in itself.
                assert not BOTH.search(form), form


def test_behind_a_value_no_particle_is_guessed() -> None:
    # A count of things is a text of this catalogue, whose end is known.
    assert [
        form
        for message in catalog("ko")
        if KEY.fullmatch(key_of(message))
        for form in forms_of(message)
        if BARE.search(form.replace("{exercises}가", ""))
    ] == []


def test_korean_has_one_word_for_a_thing() -> None:
    texts = [
        *(ROOT / "exercises").rglob("README.ko.md"),
        *(ROOT / "exercises").rglob("*.py"),
        *(ROOT / "solutions").rglob("*.py"),
        *(ROOT / "docs").glob("*.ko.md"),
        LOCALE / "ko" / "LC_MESSAGES" / "messages.po",
    ]
    assert len(texts) > 40
    others = re.compile(r"맥스 ?풀링|최대풀링|모양|셰이프|shape(?:이 |은|을|과|으로)")
    for path in texts:
        assert others.findall(path.read_text(encoding="utf-8")) == [], path


def test_the_student_is_never_sent_to_another_project() -> None:
    # On PyPI `grader` is another project.
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "grader").rglob("*.po")]:
        found = re.findall(
            r"(?:pip|pipx|uv tool|uv pip) install (?:-\S+ )*['\"]?grader\b", path.read_text("utf-8")
        )
        assert found == [], path
