from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

import grader
from grader.messages.catalogue import CATALOGUE, VERDICTS
from grader.messages.printable import printable
from grader.messages.sentences import explain, language_from_environment, text
from grader.model import Difference, Explanation, Language, TensorView, Verdict

PACKAGE = Path(grader.__file__).parent


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", CATALOGUE)
def test_both_languages_are_there_with_the_same_fields(key: str) -> None:
    english, korean = CATALOGUE[key]
    assert english.strip()
    assert korean.strip()
    assert fields(english) == fields(korean)


@pytest.mark.parametrize(
    "key", [key for key, (english, _) in CATALOGUE.items() if re.search(r"[a-z]{3}", english)]
)
def test_korean_is_korean(key: str) -> None:
    english, korean = CATALOGUE[key]
    only_values = re.fullmatch(r"(\{[^}]*\}|[\W_])*", english)
    assert only_values or re.search(r"[가-힣]", korean) or english == korean == "Landlock {version}", key


def test_every_verdict_has_a_name_in_both_languages() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert all(len(names) == 2 and all(names) for names in VERDICTS.values())


def used_keys() -> set[str]:
    """Return every string of the package that looks like a key of the catalogue."""
    families = {key.split(".")[0] for key in CATALOGUE}
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.name == "messages.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                matched = re.fullmatch(r"([a-z]+)\.[a-z_]+", node.value)
                if matched and matched[1] in families:
                    found.add(node.value)
    for path in PACKAGE.rglob("*.html"):
        found |= set(re.findall(r"""\bt\("([a-z]+\.[a-z_]+)""", path.read_text(encoding="utf-8")))
    return found


def test_every_key_that_is_used_is_in_the_catalogue() -> None:
    not_keys = {"course.yml", "gradebook.db", "similar.html"}
    assert {key for key in used_keys() if not key.endswith("_")} - set(CATALOGUE) - not_keys == set()


def test_every_sentence_is_used() -> None:
    inside = {"submission.denied"} | {key for key in CATALOGUE if key.endswith("_hidden")}
    columns = {f"verify.{name}" for name in ("exercise", "checks", "misconceptions", "named", "killed")}
    columns |= {f"verify.{name}" for name in ("waived", "seconds", "result")}
    columns |= {f"history.{name}" for name in ("when", "exercise", "what", "who", "run", "grades", "state")}
    columns |= {f"history.{name}" for name in ("student", "before", "after", "checks")}
    columns |= {f"history.{name}" for name in ("counted", "proposed", "cancelled")}
    made_up = {key for key in CATALOGUE if key.startswith(("tensor.", "cli.protection_"))} | columns
    assert set(CATALOGUE) - used_keys() - inside - made_up == set()


def test_a_text_in_both_languages_is_filled_in_in_the_readers() -> None:
    what = {"en": "the number of weights", "ko": "가중치의 수"}
    assert text("check.equal", "en", what=what, actual=1, expected=2).startswith("the number of weights is 1")
    assert text("check.equal", "ko", what=what, actual=1, expected=2).startswith("가중치의 수: 1")


RAISED = Explanation(
    "submission.raised",
    {"type": "SecretError", "message": "x was [[7 3]]", "place": "ex03.py:4", "denied": False},
)


def test_an_exception_says_type_place_and_text() -> None:
    assert explain(RAISED, "en") == "Your code raised SecretError (ex03.py:4): x was [[7 3]]"


def test_without_values_neither_text_nor_a_made_up_class_name_is_shown() -> None:
    assert explain(RAISED, "en", with_values=False) == "Your code raised Exception."


def test_without_values_a_known_exception_keeps_its_name() -> None:
    known = Explanation("submission.raised", {**RAISED.values, "type": "IndexError"})
    assert explain(known, "ko", with_values=False) == "코드에서 IndexError 예외가 발생했습니다."


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
    ("key", "values"),
    [
        ("submission.exit", {"code": 4242}),
        ("submission.signal", {"signal": "SIG4242"}),
        ("submission.bad_answer", {"problem": "unknown tag 4242"}),
        ("submission.no_module", {"module": "m4242", "place": "ex03.py:4"}),
        ("submission.raised", {"type": "E4242", "message": "4242", "place": "ex03.py:4242", "denied": False}),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_values_nothing_that_a_student_chose_is_shown(
    key: str, values: dict[str, object], language: Language
) -> None:
    assert "4242" in explain(Explanation(key, values), language)
    assert "4242" not in explain(Explanation(key, values), language, with_values=False)


def test_control_characters_and_half_pairs_are_not_printed() -> None:
    note = Explanation("submissions.passed_over", {"file": "a\x1b[31mb\ud800.txt"})
    assert explain(note, "en").startswith("a\ufffd[31mb\ufffd.txt: passed over")


@pytest.mark.parametrize(
    "sign", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\N{RIGHT-TO-LEFT ISOLATE}", "\x85", "\r", "\x00"]
)
def test_nothing_turns_the_writing_around_or_steers_a_terminal(sign: str) -> None:
    assert printable(f"if ok:{sign}\n\t# 가") == "if ok:\ufffd\n\t# 가"
