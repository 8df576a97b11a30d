"""What can be read in a released file: text, code, a notebook's cells, what is packed in it, and letters among bytes."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_RUN = re.compile(rb"[\t -~]{12,}|(?:[\t -~]\0){12,}|(?:[\t -~]\0{3}){12,}")
"""Text inside a file that is not a text file, in one, two or four bytes a letter."""


@dataclass(frozen=True, slots=True)
class View:
    """Lines of a released file that are read together: the file, a cell, an output."""

    lines: tuple[str, ...]
    prefix: str = ""
    offsets: tuple[int, ...] = ()
    """The offset in bytes of each line in a file that is not a text file; empty for one that is."""

    def place(self, first: int, last: int) -> str:
        """Return the words for the place of the lines with these indices."""
        if self.offsets:
            return f"{self.prefix}byte {self.offsets[first]}"
        number = f"line {first + 1}" if first == last else f"lines {first + 1}-{last + 1}"
        return f"{self.prefix}{number}"


def members(file: str, data: bytes, depth: int = 2) -> Iterator[tuple[str, bytes]]:
    """Yield a file and what is packed in it (a zip, an .npz, a .gz), each with its path; what cannot be unpacked is one file."""
    yield file, data
    with contextlib.suppress(zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
        if depth and data[:2] == b"\x1f\x8b":
            yield from members(file.removesuffix(".gz"), gzip.decompress(data), depth - 1)
        elif depth and data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in sorted(archive.namelist()):
                    if not name.endswith("/"):
                        yield from members(f"{file}/{name}", archive.read(name), depth - 1)


def decode(data: bytes) -> str | None:
    """Return a file's text; None where it is not a text in UTF-8."""
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def views(suffix: str, data: bytes, prefix: str) -> Iterator[View]:
    """Yield what is read together: a text file, each text in a notebook or in JSON, or the letters among bytes."""
    text = decode(data)
    if text is None:
        runs = list(_RUN.finditer(data))
        if runs:
            lines = tuple(run[0].replace(b"\0", b"").decode("ascii") for run in runs)
            yield View(lines, prefix, tuple(run.start() for run in runs))
        return
    if suffix in (".ipynb", ".json"):
        with contextlib.suppress(ValueError):
            for place, string in _strings(json.loads(text), ""):
                yield View(tuple(string.splitlines()), f"{prefix}{place}, " if place else prefix)
            if suffix == ".ipynb":
                return
    yield View(tuple(text.splitlines()), prefix)


def _strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a JSON document with the words for its place; a list of lines is one text."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield place, "".join(item if item.endswith("\n") else f"{item}\n" for item in value)
            return
        for number, item in enumerate(value, start=1):
            known = {"cells": "cell", "outputs": "output"}
            last = place.rpartition(", ")[2]
            name = f"{place[: len(place) - len(last)]}{known[last]}" if last in known else place
            yield from _strings(item, f"{name} {number}".strip())
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = f"{place}, {name}" if place else name
            yield inner, name
            yield from _strings(item, place if name == "source" else inner)
