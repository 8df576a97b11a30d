"""The pictures that a notebook shows below the cells in which the answer to a question stands; no more than that is read of outputs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

_MOST_BYTES = 16 << 20
_MOST_VALUES = 1_000_000
"""Commas and brackets: a picture has none, and a parsed value takes fifty times its text."""


def pictures_below(answer: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures below a notebook's cells that are in an answer, or that it is in; nobody knows yet what is in them."""
    answer = answer.strip()
    for number, cell in enumerate(_code_cells(raw) if answer else (), start=1):
        source = _joined(cell.get("source")).strip()
        outputs = cell.get("outputs")
        if source and (source in answer or answer in source) and isinstance(outputs, list):
            for output in outputs:
                try:
                    yield f"cell_{number}.png", base64.b64decode(_joined(output["data"]["image/png"]))
                except (KeyError, TypeError, ValueError):
                    continue


def _code_cells(raw: bytes) -> list[Any]:
    if len(raw) > _MOST_BYTES or sum(map(raw.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        return []
    try:
        return [cell for cell in json.loads(raw)["cells"] if cell["cell_type"] == "code"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return []


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)
