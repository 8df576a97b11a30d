# expected: 1 point, submission.raised
"""Calls home."""

import socket
from typing import Any


def row_sums(x: Any) -> Any:
    return socket.create_connection(("127.0.0.1", 9), timeout=0.2)


def scale(x: Any, factor: int = 2) -> Any:
    return x * factor
