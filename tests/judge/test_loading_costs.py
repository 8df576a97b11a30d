"""What is said of a file costs no more than what is shown of it, however much is wrong with the file."""

from __future__ import annotations

import difflib
from typing import Any

import pytest

from grader.answers import statements
from grader.answers.python import parsed
from grader.judge import loading
from grader.judge.loading import Loading
from grader.model import Explanation, Frame, Source, Unit
from grader.runner.replies import Loaded, LoadFailure
from tests.support.fakes import source_of

WHY = Explanation("submission.load_raised", {"type": "E", "message": "", "place": "", "denied": False})


def failures(count: int) -> Loaded:
    return Loaded(
        (),
        tuple(
            LoadFailure("answer.py", WHY, line, (Frame("answer.py", line),)) for line in range(1, count + 1)
        ),
    )


@pytest.mark.parametrize("count", [1, 10, 11, 400])
def test_only_the_failures_that_are_shown_are_explained(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    explained: list[int] = []
    original = loading.explained

    def noted(failure: LoadFailure, source: Source) -> Explanation:
        explained.append(failure.line)
        return original(failure, source)

    monkeypatch.setattr(loading, "explained", noted)
    notes = Loading().notes(source_of("import absent\n" * 500), failures(count))
    assert explained == [*range(1, min(count, 10) + 1)]
    assert len(notes) == min(count, 11)
    if count > 10:
        assert notes[-1] == Explanation("submission.more_raised", {"count": count - 10})


def test_what_a_missing_function_may_be_called_is_looked_for_among_so_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []
    original = difflib.get_close_matches

    def noted(word: str, possibilities: dict[str, str], **options: Any) -> list[str]:
        compared.append(len(possibilities))
        return original(word, possibilities, **options)

    monkeypatch.setattr(difflib, "get_close_matches", noted)
    names = [f"row_sum{number}" for number in range(3000)]
    source = source_of("".join(f"def {name}(): pass\n" for name in names))
    why = Loading().missing("row_sums", source, Loaded(tuple(names))).explanation
    assert (why.key, compared) == ("submission.no_function_but", [1000])


def test_a_file_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = parsed

    def noted(code: str) -> Any:
        read.append(code)
        return original(code)

    monkeypatch.setattr(statements, "parsed", noted)
    code = "import absent\nfrom math import nothing\nunheard_of = 1\n"
    source, loader = Source((Unit("answer.py", code),)), Loading()
    for function in ("f", "g", "f"):
        loader.missing(function, source, failures(2))
    loader.notes(source, failures(2))
    assert read == [code]
