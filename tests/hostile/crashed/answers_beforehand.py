# expected: 2 points, submission.bad_answer
"""Sends a well-formed frame of its own in place of the answer: another number than the one that was asked."""

import json
import os
import struct
from typing import Any


def row_sums(x: Any) -> Any:
    if x.ndim != 2:
        raise ValueError("no table")
    text = json.dumps(
        {"$": "dict", "v": [["number", 1], ["value", 0], ["changed", []], ["seconds", 0]]}
    ).encode()
    os.write(11, struct.pack("<4sIQ", b"GRD1", len(text), 0) + text)
    return x


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
