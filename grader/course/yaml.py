"""YAML files, read and written: every fault has its file, and its line or field."""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any, LiteralString, TypeVar

from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from grader.course.text import read_text
from grader.errors import CourseError, Fault
from grader.model import Explanation

FILE_NAME = "course.yml"

Parsed = TypeVar("Parsed")


def read_yaml(path: Path, file: str = FILE_NAME) -> Any:
    """Return what a YAML file, which faults call `file`, holds as plain values; a date stays the text that it is.

    Raises:
        CourseError: it cannot be read, or is no YAML.
    """
    # Pure Python, YAML 1.2: a key given twice is an error, and `no` is a word.
    loader = YAML(typ="safe", pure=True)
    loader.constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
    )
    try:
        return loader.load(read_text(path, file))
    except YAMLError as error:
        raise CourseError((_syntax_fault(file, error),)) from error


def _syntax_fault(file: str, error: YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    said = str(getattr(error, "problem", None) or error)
    problem = Explanation(f"yaml.{next((key for word, key in _PROBLEMS.items() if word in said), 'other')}")
    return Fault(file, place, Explanation("course.yaml", {"problem": problem}))


_PROBLEMS = {"duplicate key": "twice", r"'\\t'": "tab"}
"""What ruamel.yaml says of the faults that have a sentence of their own -> its key."""


def parse_texts(content: str, file: str) -> Any:
    """Return what another program wrote as YAML, as dictionaries and lists of texts: tags mean nothing, no object is made.

    Raises:
        CourseError: it is no YAML, or is nested too deep.
    """
    made: dict[int, Any] = {}

    def texts(node: Node | None) -> Any:
        # An alias is the same node again, and stays one object.
        if id(node) not in made:
            if isinstance(node, MappingNode):
                mapping: dict[str, Any] = {}
                made[id(node)] = mapping
                mapping.update({str(texts(key)): texts(value) for key, value in node.value})
            elif isinstance(node, SequenceNode):
                sequence: list[Any] = []
                made[id(node)] = sequence
                sequence.extend(map(texts, node.value))
            else:
                made[id(node)] = node.value if node is not None else ""
        return made[id(node)]

    try:
        return texts(YAML(typ="safe", pure=True).compose(content))
    except YAMLError as error:
        raise CourseError((_syntax_fault(file, error),)) from error
    except RecursionError as error:
        fault = Fault(file, "", Explanation("course.yaml", {"problem": Explanation("yaml.deep")}))
        raise CourseError((fault,)) from error


def parse_yaml(
    path: Path,
    adapter: TypeAdapter[Parsed],
    file: str = FILE_NAME,
    *,
    no_shape: str = "course.no_mapping",
    no_field: str = "course.field_unknown",
) -> Parsed:
    """Return what a YAML file holds as the records that it must hold.

    `no_shape` is said of a file that is not even a mapping or a list, as it must be; `no_field` of an unknown field.

    Raises:
        CourseError: with every fault of the file.
    """
    try:
        return adapter.validate_python(read_yaml(path, file))
    except ValidationError as error:
        items = error.errors(include_url=False)
        missing = {item["loc"] for item in items if item["type"] == "missing"}
        meant = {}
        for item in items:
            if item["type"] == "extra_forbidden":
                *within, name = item["loc"]
                known = _fields(adapter.json_schema(), within)
                for near in difflib.get_close_matches(str(name), known, 1):
                    meant[item["loc"]] = near
                    # A field that is written wrong is not missing too.
                    missing.discard((*within, near))
        raise CourseError(
            tuple(
                _fault(file, item, no_shape, no_field, meant.get(item["loc"]))
                for item in items
                if item["type"] != "missing" or item["loc"] in missing
            )
        ) from error


def _fields(schema: Mapping[str, Any], within: Iterable[int | str]) -> list[str]:
    """Return the names of the fields that records have at a place."""

    def resolved(node: Mapping[str, Any]) -> Mapping[str, Any]:
        name = str(node.get("$ref", "")).rpartition("/")[2]
        return schema["$defs"][name] if name else node

    node = resolved(schema)
    for part in within:
        node = resolved(node["items"] if isinstance(part, int) else node["properties"][part])
    return list(node["properties"])


def with_lines(path: Path, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults, of which those of a YAML file's fields have the line at which the field stands, or should stand."""
    try:
        top = YAML(typ="safe", pure=True).compose(read_text(path, path.name))
    except (CourseError, YAMLError):
        return tuple(faults)
    return tuple(
        replace(fault, line=_line(top, fault.place))
        if fault.file == path.name and not fault.place.startswith("line ")
        else fault
        for fault in faults
    )


def _line(node: Node | None, place: str) -> int:
    """Return the line of a field; of one that is not there, that of what it would be in."""
    line = 0
    for part in re.findall(r"[^.\[\]]+", place):
        if isinstance(node, SequenceNode) and part.isdigit() and int(part) < len(node.value):
            node = node.value[int(part)]
            mark = node.start_mark
        elif isinstance(node, MappingNode) and part in (keys := {key.value: key for key, _ in node.value}):
            mark = keys[part].start_mark
            node = next(value for key, value in node.value if key.value == part)
        else:
            break
        line = mark.line + 1
    return line


_WANTED = {
    "float_type": "number",
    "finite_number": "number",
    "int_type": "whole",
    "int_from_float": "whole",
    "string_type": "text",
    "list_type": "list",
    "dict_type": "fields",
    "model_type": "fields",
    "literal_error": "one_of",
    "greater_than": "more",
    "greater_than_equal": "least",
    "less_than": "less",
    "less_than_equal": "most",
    "string_too_short": "something",
    "too_short": "something",
    "too_long": "shorter",
}
"""What pydantic calls a fault -> the sentence on what is wanted; a validator of our own calls it by the sentence."""


def form(pattern: str, wanted: LiteralString) -> AfterValidator:
    """Return what holds that a text matches a pattern; `wanted` is the key of the sentence on what is wanted."""

    def matching(text: str) -> str:
        if not re.search(pattern, text):
            raise PydanticCustomError(wanted, wanted)
        return text

    return AfterValidator(matching)


def _fault(file: str, item: Mapping[str, Any], no_shape: str, no_field: str, meant: str | None) -> Fault:
    place = ""
    for part in item["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    given = repr(item["input"])
    values: dict[str, Any] = {"given": given if len(given) <= 80 else f"{given[:77]}..."}
    if meant is not None:
        return Fault(file, place, Explanation("course.field_meant", values | {"meant": meant}))
    keys = {"missing": "course.field_missing", "extra_forbidden": no_field}
    key = keys.get(item["type"], "course.field_wrong") if place else no_shape
    if key == "course.field_wrong":
        details = dict(item.get("ctx", {}))
        if "expected" in details:
            details["expected"] = ", ".join(re.findall(r"'[^']*'|\d+", details["expected"]))
        values["wanted"] = Explanation(f"wanted.{_WANTED.get(item['type'], item['type'])}", details)
    return Fault(file, place, Explanation(key, values))


def without_due_dates(content: str) -> str:
    """Return a course.yml without its due dates and late policy, for where somebody else keeps those.

    Its exercises are given out: they are assignments there.
    """
    yaml = YAML()
    yaml.width = 4096
    document = yaml.load(content)
    document.pop("late_policy", None)
    for exercise in document["exercises"]:
        exercise.pop("due", None)
        exercise["opens"] = "1970-01-01"
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def with_item(content: str, key: str, item: Mapping[str, Any], file: str = FILE_NAME) -> str:
    """Return a YAML text with an item more at the end of one of its lists; all else stays as it is written.

    Raises:
        CourseError: the text is no YAML, or the list is written in a way to which nothing can be added safely.
    """
    loader = YAML(typ="safe", pure=True)
    try:
        wanted = loader.load(content)
        wanted[key].append(dict(item))
        top = loader.compose(content)
    except YAMLError as error:
        raise CourseError((_syntax_fault(file, error),)) from error
    starts = [(name.start_mark.line, name.value, node) for name, node in top.value]
    line, _, node = next(entry for entry in starts if entry[1] == key)
    lines = content.splitlines()
    if node.flow_style:
        # An empty list in one line, in whose place the first item is put.
        column, end = 2, line + 1
        lines[line] = lines[line][: node.start_mark.column].rstrip()
    else:
        column = node.start_mark.column
        end = min((start for start, _, _ in starts if start > line), default=len(lines))
        # What stands between the list and the next key is the next key's.
        while not (text := lines[end - 1].strip()) or text == "..." or _is_comment(lines[end - 1], column):
            end -= 1
    document = {
        name: in_one_line(value) if isinstance(value, dict) else value for name, value in item.items()
    }
    added = dedent(yaml_text([document])).splitlines()
    lines[end:end] = [" " * column + text for text in added]
    result = "\n".join([*lines, ""])
    try:
        is_as_wanted = loader.load(result) == wanted
    except YAMLError:
        is_as_wanted = False
    if not is_as_wanted:
        values = {"item": "\n".join(added)}
        raise CourseError((Fault(file, f"line {line + 1}", Explanation("course.not_extended", values)),))
    return result


def _is_comment(line: str, column: int) -> bool:
    """Return whether a line is a comment that belongs to nothing which begins at a column."""
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= column


def yaml_text(document: Any) -> str:
    """Return a document as YAML without anchors: what several places share is written out in each."""
    writer = YAML()
    writer.width = 4096
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.representer.ignore_aliases = lambda data: True
    stream = io.StringIO()
    writer.dump(document, stream)
    return stream.getvalue()


def in_one_line(value: Mapping[str, Any] | Sequence[Any]) -> CommentedMap | CommentedSeq:
    """Return a mapping or a list as `yaml_text` writes it in one line."""
    line = CommentedMap(value) if isinstance(value, Mapping) else CommentedSeq(value)
    line.fa.set_flow_style()
    return line
