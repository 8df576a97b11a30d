"""What an exception says of the sandbox."""

from __future__ import annotations

import pytest

from grader.messages.sentences import explain
from grader.runner.replies import read_error

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
    ],
    "space": [("OSError", "[Errno 27] File too large"), ("OSError", "[Errno 28] No space left on device")],
    "threads": [("RuntimeError", "can't start new thread"), ("BlockingIOError", "[Errno 11] Resource")],
    "graphics": [("RuntimeError", "No CUDA GPUs are available")],
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
