"""What an exception says of the sandbox."""

from __future__ import annotations

import numpy as np
import pytest

from grader.messages.sentences import explain
from grader.runner.inside.blocks import ProtocolFault
from grader.runner.replies import read_error, read_loaded, read_outcomes

LACKING = {
    "network": [
        ("URLError", "<urlopen error [Errno -3] Temporary failure in name resolution>"),
        (
            "Exception",
            "URL fetch failure on https://x/mnist.npz: None -- [Errno -2] Name or service not known",
        ),
        ("ConnectionError", "HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: /"),
        ("PermissionError", "[Errno 13] Permission denied: '/home/.keras/datasets'"),
    ],
    "input": [("EOFError", "EOF when reading a line")],
    "file": [
        ("FileNotFoundError", "[Errno 2] No such file or directory: '/content/drive/a.csv'"),
        ("FileNotFoundError", "a.csv not found."),
        ("RuntimeError", "Parent directory /content does not exist."),
        ("ValueError", "The provided filename model.pt does not exist"),
    ],
    "space": [("OSError", "[Errno 27] File too large"), ("OSError", "[Errno 28] No space left on device")],
    "threads": [("RuntimeError", "can't start new thread"), ("BlockingIOError", "[Errno 11] Resource")],
    "graphics": [
        ("RuntimeError", "No CUDA GPUs are available"),
        ("AssertionError", "Torch not compiled with CUDA enabled"),
        ("RuntimeError", "Found no NVIDIA driver on your system. Please check that you have an NVIDIA GPU"),
        (
            "RuntimeError",
            "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False.",
        ),
        ("RuntimeError", "Cannot initialize CUDA without ATen_cuda library."),
        ("RuntimeError", "torch.cuda.Stream requires CUDA support"),
        ("RuntimeError", "Cannot access accelerator device when none is available."),
        ("RuntimeError", "PyTorch is not linked with support for mps devices"),
        (
            "RuntimeError",
            "Unknown backend: 'gpu' requested, but no platforms that are instances of gpu are present.",
        ),
        ("RuntimeError", "Unknown backend tpu. Available backends are ['cpu']"),
    ],
    "display": [("TclError", "no display name and no $DISPLAY environment variable")],
    "library": [("ImportError", "libGL.so.1: cannot open shared object file: No such file or directory")],
    "permission": [
        ("PermissionError", "[Errno 1] Operation not permitted"),
        ("OSError", "[Errno 30] Read-only file system: '/usr/x'"),
        ("PermissionError", ""),
    ],
}
CASES = [(kind, *error) for kind, errors in LACKING.items() for error in errors]


@pytest.mark.parametrize(("kind", "name", "message"), CASES)
def test_what_the_sandbox_lacks_is_one_sentence_without_an_errno(kind: str, name: str, message: str) -> None:
    error = read_error({"types": [name, "Exception"], "message": message, "places": [("ex01.py", 4, "f")]})
    assert error.explanation.values["denied"] == kind
    sentence = explain(error.explanation, "en")
    assert "(ex01.py:4" in sentence
    assert "Errno" not in sentence


def test_the_file_that_is_missing_is_named() -> None:
    message = "[Errno 2] No such file or directory: '4242.csv'"
    error = read_error({"types": ["FileNotFoundError"], "message": message, "places": [("ex01.py", 4, "f")]})
    assert "(ex01.py:4, 4242.csv)" in explain(error.explanation, "en")


@pytest.mark.parametrize("message", ["division by zero", "x has 2 files", "[Errno 99] other"])
def test_another_exception_stays_what_it_is(message: str) -> None:
    error = read_error({"types": ["ValueError"], "message": message, "places": []})
    assert error.explanation.values["denied"] is False
    assert message in explain(error.explanation, "en")


FORGED: dict[str, dict[str, object]] = {
    "message": {"message": [np.zeros(0)] * 3},
    "types": {"types": [{}]},
    "place": {"places": [([np.zeros(0)], 3, "f")]},
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED.keys())
def test_a_text_of_a_forged_answer_has_to_be_one(change: dict[str, object]) -> None:
    # To write a hundred thousand arrays as a text would take ten seconds.
    error: dict[str, object] = {
        "types": ["ValueError"],
        "message": "",
        "places": [("ex01.py", 1, "f")],
        "columns": [(0, 0)],
    }
    assert read_error(error).type_names == ("ValueError",)
    error |= change
    with pytest.raises(ProtocolFault):
        read_error(error)
    with pytest.raises(ProtocolFault):
        read_loaded({"functions": [], "failures": [{**error, "unit": "ex01.py", "line": 1}]})


@pytest.mark.parametrize("answer", [{"functions": [1]}, {"functions": [], "misconceptions": [{"id": 1}]}])
def test_a_name_of_a_forged_answer_has_to_be_a_text(answer: dict[str, object]) -> None:
    with pytest.raises(ProtocolFault):
        read_loaded({"failures": [], **answer})


def test_no_more_failures_are_read_than_a_worker_reports() -> None:
    failure = {"types": ["A"], "message": "", "places": [], "columns": [], "unit": "a", "line": 10**4000}
    loaded = read_loaded({"functions": [], "failures": [failure] * 3000})
    assert len(loaded.failures) == 501
    assert loaded.failures[0].line == 0


@pytest.mark.parametrize(
    ("places", "count", "rows"),
    [([], 0, []), ([], 2, [[], []]), ([0, 1, 1, 0], 2, [[1, 2], [2, 1]])],
    ids=["nobody", "no-call", "two"],
)
def test_outcomes_are_those_of_each_mistake(places: list[int], count: int, rows: list[list[int]]) -> None:
    answer = {"outcomes": [{"value": 1}, {"value": 2}], "places": places}
    read = read_outcomes(answer, count)
    assert [[getattr(item, "value", None) for item in row] for row in read] == rows
