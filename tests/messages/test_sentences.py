from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from grader.commands.options import help_language
from grader.messages import sentences
from grader.messages.printable import printable
from grader.messages.sentences import (
    LOCALE,
    explain,
    language_from_environment,
    languages,
    text,
    time_text,
)
from grader.model import Difference, Explanation, TensorView, Text


def test_a_text_in_both_languages_is_filled_in_in_the_readers() -> None:
    what = {"en": "the number of weights", "ko": "가중치의 수"}
    assert text("check.equal", "en", what=what, actual=1, expected=2).startswith("the number of weights is 1")
    assert text("check.equal", "ko", what=what, actual=1, expected=2).startswith("가중치의 수: 1")


@pytest.fixture
def esperanto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add a language that has a few sentences: one folder."""
    shutil.copytree(LOCALE, tmp_path / "locale")
    folder = tmp_path / "locale" / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(locale="eo")
    catalog.add("cli.points", "poentoj")
    catalog.add(
        ("count.files", "count.files"),
        (
            "{count} dosiero",
            "{count} dosieroj",
        ),
    )
    catalog.add("Options", "Opcioj")
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(sentences, "LOCALE", tmp_path / "locale")
    languages.cache_clear()
    sentences._catalogue.cache_clear()
    yield
    languages.cache_clear()
    sentences._catalogue.cache_clear()


@pytest.mark.usefixtures("esperanto")
def test_a_language_is_a_folder_and_english_stands_in_for_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert {"en", "eo", "ko"} <= set(languages())
    assert text("cli.points", "eo") == "poentoj"
    assert text("count.files", "eo", count=1) == "1 dosiero"
    assert text("cli.total", "eo") == text("cli.total", "en")
    assert text("count.students", "eo", count=1) == "1 student"
    monkeypatch.setenv("GRADER_LANG", "eo.UTF-8")
    assert language_from_environment() == "eo"
    monkeypatch.setattr("sys.argv", ["grader", "--lang", "eo", "check"])
    assert help_language() == "eo"


def test_a_language_without_a_catalogue_is_answered_in_english() -> None:
    assert text("cli.points", "fr") == "points"


def test_there_is_no_sentence_without_a_key() -> None:
    with pytest.raises(KeyError, match=r"cli\.pionts"):
        text("cli.pionts", "ko")


@pytest.mark.parametrize(
    ("count", "english", "korean"),
    [(0, "0 files", "파일 0개"), (1, "1 file", "파일 1개"), (2, "2 files", "파일 2개")],
)
def test_a_number_chooses_the_form(count: int, english: str, korean: str) -> None:
    assert text("count.files", "en", count=count) == english
    assert text("count.files", "ko", count=count) == korean


def test_a_sentence_that_counts_several_things_takes_each_in_its_form() -> None:
    values = {
        "notebooks": Explanation("count.notebooks", {"count": 2}),
        "assignments": Explanation("count.assignments", {"count": 1}),
    }
    assert text("nbgrader.built", "en", **values) == "2 notebooks in 1 assignment"
    assert text("nbgrader.built", "ko", **values) == "노트북 2개, assignment 1개"


def test_an_authors_text_is_filled_in_in_the_readers_language_else_in_its_first() -> None:
    assert text("check.expect", "ko", what=Text({"en": "even", "ko": "짝수"})) == "성립하지 않음: 짝수"
    assert text("check.expect", "fr", what={"ko": "짝수", "en": "even"}) == "not so: 짝수"


RAISED = Explanation(
    "submission.raised",
    {"type": "SecretError", "message": "x was [[7 3]]", "place": "ex03.py:4", "denied": False},
)


def test_an_exception_says_type_place_and_text() -> None:
    assert explain(RAISED, "en") == "Your code raised SecretError (ex03.py:4): x was [[7 3]]"


def test_what_the_sandbox_denies_is_explained() -> None:
    denied = Explanation("submission.raised", {**RAISED.values, "type": "PermissionError", "denied": True})
    assert "no network" in explain(denied, "en")


def test_a_difference_of_shape_names_both() -> None:
    difference = Difference(
        "shape", TensorView("tensor", (1, 4), "int64"), TensorView("tensor", (3,), "float32")
    )
    sentence = explain(Explanation("tensor.shape", {}, difference), "en")
    assert sentence == "returned shape (1, 4), expected (3,): 2 axes, not 1"


def test_a_difference_of_shape_says_which_axes() -> None:
    difference = Difference("shape", TensorView("tensor", (1, 4, 4, 1)), TensorView("tensor", (1, 2, 4, 3)))
    sentence = explain(Explanation("tensor.shape", {}, difference), "en")
    assert sentence.endswith(": axis 1 has 4, not 2, axis 3 has 1, not 3")


def test_a_relation_is_said_after_the_difference() -> None:
    view = TensorView("tensor", (2, 2), "float64")
    relation = Explanation("relation.swapped", {"first": 0, "second": 1})
    difference = Difference(
        "values", view, view, wrong_count=2, total=4, nan_count=1, infinite_count=1, relation=relation
    )
    assert explain(Explanation("tensor.values", {}, difference), "en") == (
        "2 of 4 values are wrong (50 %); 1 NaN; 1 infinite. "
        "This is the expected tensor with axes 0 and 1 swapped."
    )
    assert explain(Explanation("tensor.values", {}, difference), "ko").endswith(
        "0번 축과 1번 축이 서로 바뀌었습니다."
    )


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "en_GB"}, "en"),
        ({"GRADER_LANG": "ko", "LC_ALL": "en_GB"}, "ko"),
        ({"LANG": "C.UTF-8"}, None),
        ({"LANG": "kok_IN.UTF-8"}, None),
        ({"GRADER_LANG": "KO"}, "ko"),
        ({"GRADER_LANG": "fr", "LANG": "ko_KR.UTF-8"}, "ko"),
        ({}, None),
    ],
)
def test_language_comes_from_the_environment(
    environment: dict[str, str], language: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_from_environment() == language


@pytest.mark.parametrize(
    ("kept", "environment", "language"),
    [
        (b"en\n", {"LANG": "ko_KR.UTF-8"}, "en"),
        (b"ko", {}, "ko"),
        (b"ko\r\n", {"GRADER_LANG": "en"}, "en"),
        (b"\xff\xfe\x00" * 100, {"LANG": "ko_KR.UTF-8"}, "ko"),
        (b"", {}, None),
    ],
)
def test_a_students_folder_has_a_language_which_its_own_folders_share(
    kept: bytes,
    environment: dict[str, str],
    language: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".grader").mkdir()
    (tmp_path / ".grader/language").write_bytes(kept)
    (tmp_path / "exercises").mkdir()
    monkeypatch.chdir(tmp_path / "exercises")
    assert language_from_environment() == language


def test_a_folder_that_is_gone_has_no_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_LANG", "fr")
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert language_from_environment() == "ko"


def test_control_characters_and_half_pairs_are_not_printed() -> None:
    note = Explanation("submissions.passed_over", {"file": "a\x1b[31mb\ud800.txt"})
    assert explain(note, "en").startswith("a\ufffd[31mb\ufffd.txt: passed over")


@pytest.mark.parametrize(
    "sign", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\N{RIGHT-TO-LEFT ISOLATE}", "\x85", "\r", "\x00"]
)
def test_nothing_turns_the_writing_around_or_steers_a_terminal(sign: str) -> None:
    assert printable(f"if ok:{sign}\n\t# 가") == "if ok:\ufffd\n\t# 가"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "2026-11-01 05:30 UTC"),
        ("Asia/Seoul", "2026-11-01 14:30 KST"),
        ("America/New_York", "2026-11-01 01:30 EDT"),
        ("Asia/Kolkata", "2026-11-01 11:00 IST"),
        # Zones whose only abbreviation is their offset.
        ("Asia/Dubai", "2026-11-01 09:30 Asia/Dubai"),
        ("America/Sao_Paulo", "2026-11-01 02:30 America/Sao_Paulo"),
    ],
)
def test_a_time_is_shown_on_the_clocks_of_its_zone_which_is_named(zone: str, shown: str) -> None:
    moment = datetime(2026, 11, 1, 5, 30, 59, tzinfo=UTC)
    assert time_text(moment, zone) == shown
    assert time_text(moment.astimezone(), zone) == shown


def test_an_hour_that_comes_twice_has_two_names() -> None:
    moment = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert time_text(moment, "America/New_York") == "2026-11-01 01:30 EST"
