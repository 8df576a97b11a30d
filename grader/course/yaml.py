"""YAML files, read and written: every fault has its file, and its line or field."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from grader.errors import CourseError, Fault, reason
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
        return loader.load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(file, "", Explanation("course.unreadable", {"error": reason(error)}))
        raise CourseError((fault,)) from error
    except YAMLError as error:
        raise CourseError((_syntax_fault(file, error),)) from error


def _syntax_fault(file: str, error: YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    return Fault(file, place, Explanation("course.yaml", {"problem": problem}))


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
        fault = Fault(file, "", Explanation("course.yaml", {"problem": "nested too deep"}))
        raise CourseError((fault,)) from error


def parse_yaml(
    path: Path,
    adapter: TypeAdapter[Parsed],
    file: str = FILE_NAME,
    *,
    no_shape: str = "course.field_wrong",
    no_field: str = "course.field_wrong",
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
        raise CourseError(tuple(_fault(file, item, no_shape, no_field) for item in items)) from error


def with_lines(path: Path, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults, of which those of a YAML file's fields have the line at which the field stands, or should stand."""
    try:
        top = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
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


def _fault(file: str, item: Mapping[str, Any], no_shape: str, no_field: str) -> Fault:
    place = ""
    for part in item["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    keys = {"missing": "course.field_missing", "extra_forbidden": no_field}
    key = keys.get(item["type"], "course.field_wrong") if place else no_shape
    given = repr(item["input"])
    values = {"given": given if len(given) <= 80 else f"{given[:77]}...", "problem": item["msg"]}
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
