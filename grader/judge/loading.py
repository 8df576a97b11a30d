"""What is left out when a submission's file is executed, and what is said of it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from grader.answers.statements import Statement, needed_for, statements_of
from grader.errors import SubmissionError
from grader.model import MOST_LOADS, Explanation, Source, Unit, Verdict
from grader.runner.frames import LineOf, line_alone, with_code
from grader.runner.replies import Loaded, LoadFailure

_PATIENCE = 2
"""After so many ends nothing but what the functions need is executed."""
_MOST_NOTES = 10
"""Of further statements that raised only the number is said."""
_MOST_NAMES = 1000
"""Functions of a file that are compared with the name of one that is missing."""


class Loading:
    """Knows which statements of one submission are left out, each with what it did to the process."""

    def __init__(self) -> None:
        self._ends: dict[tuple[str, int], SubmissionError] = {}
        self._is_shortened = False
        self._missing: list[Explanation] = []
        """What was said of functions that are not there, other than that their own statement failed."""

    def without(self, source: Source, error: SubmissionError, functions: Sequence[str]) -> Source | None:
        """Return a source without the statement that ended its process; None where that cannot be told, or is in vain."""
        index, line = error.statement or (-1, 0)
        if not 0 <= index < len(source.units) or len(self._ends) + 1 >= MOST_LOADS:
            return None
        unit = source.units[index]
        if line in unit.left_out:
            return None
        self._ends[unit.name, line] = error
        out = {(unit.name, line)}
        if len(self._ends) == _PATIENCE:
            statements = statements_of(source)
            out |= {(item.unit, item.line) for item in statements} - needed_for(functions, statements)
            self._is_shortened = True
        return replace(source, units=tuple(_without(unit, out) for unit in source.units))

    def missing(self, function: str, source: Source, loaded: Loaded) -> SubmissionError:
        """Return why a function is not there: the statement that binds its name last failed, or gives it to another value."""
        if not any(unit.code.strip() for unit in source.units):
            return SubmissionError(Verdict.ERROR, Explanation("submission.empty"))
        statements = statements_of(source)
        binding = [item for item in statements if function in item.names.bound]
        for statement in reversed(binding):
            end = self._ends.get((statement.unit, statement.line))
            if end is not None:
                return SubmissionError(end.verdict, _left_out(statement.unit, statement.line, end, source))
            for failure in loaded.failures:
                if failure.unit == statement.unit and failure.line in (0, statement.line):
                    return SubmissionError(Verdict.ERROR, explained(failure, source))
            break
        why = (
            Explanation("submission.no_variable", {"function": function})
            if function in source.variables
            else _overwritten(function, binding, source) or _undefined(function, statements, loaded)
        )
        if why not in self._missing:
            self._missing.append(why)
        return SubmissionError(Verdict.ERROR, why)

    def raised(self, error: SubmissionError, function: str, source: Source) -> SubmissionError:
        """Return what to say of a call that raised: with the student's lines, or that the name is no function's."""
        why = error.explanation
        if error.frames and error.verdict is not Verdict.NOT_ATTEMPTED:
            why = with_code(why, error.frames, _lines_of(source))
        elif why.key == "submission.raised":
            last = [item for item in statements_of(source) if function in item.names.bound][-1:]
            if last and not last[0].is_function:
                key = f"submission.raised_in_{'class' if last[0].is_class else 'library'}"
                place = f"{last[0].unit}:{last[0].line}"
                why = Explanation(key, {**why.values, "function": function, "place": place})
        if why is error.explanation:
            return error
        return SubmissionError(error.verdict, why, type_names=error.type_names)

    def notes(self, source: Source, loaded: Loaded) -> tuple[Explanation, ...]:
        """Return what is to be said of the file: first which functions it has not, then what was not executed."""
        notes = [*self._missing, *(_left_out(*place, end, source) for place, end in self._ends.items())]
        if self._is_shortened:
            notes.append(Explanation("submission.shortened"))
        failures = list[LoadFailure]()
        if loaded.failures:
            imports = {(item.unit, item.line) for item in statements_of(source) if item.is_import}
            # What a newer Python reads is told with the file, and is no error of its own.
            newer = {note.values["cell"] for note in source.notes if note.key == "submission.newer_cell"}
            seen = {
                item.name for item in source.units if item.name.endswith(tuple(f" [cell {n}]" for n in newer))
            }
            for failure in loaded.failures:
                is_import = (failure.unit, failure.line) in imports
                # What a cell raises after its first error is mostly for want of what that would have made.
                if is_import or failure.unit not in seen:
                    failures.append(failure)
                if not is_import:
                    seen.add(failure.unit)
        count = len(notes) + len(failures)
        notes += [explained(failure, source) for failure in failures[: max(0, _MOST_NOTES - len(notes))]]
        if count > _MOST_NOTES:
            notes[_MOST_NOTES:] = [Explanation("submission.more_raised", {"count": count - _MOST_NOTES})]
        return tuple(notes)


def _without(unit: Unit, out: set[tuple[str, int]]) -> Unit:
    lines = {line for name, line in out if name == unit.name}
    return replace(unit, left_out=unit.left_out | lines) if lines else unit


def explained(failure: LoadFailure, source: Source) -> Explanation:
    """Return why a statement failed, with its line of code; where it called a function, with the place in that too."""
    own = next((f"{item.unit}:{item.line}" for item in failure.frames if item.unit == failure.unit), "")
    why, inner = failure.explanation, failure.explanation.values["place"]
    if own and inner != own:
        why = replace(why, values={**why.values, "place": f"{own} → {inner}"})
    return with_code(why, failure.frames, _lines_of(source))


def _left_out(unit: str, line: int, end: SubmissionError, source: Source) -> Explanation:
    values = {"place": f"{unit}:{line}", "why": end.explanation}
    return _with_line(Explanation("submission.left_out", values), source, unit, line)


def _with_line(why: Explanation, source: Source, unit: str, line: int) -> Explanation:
    code = line_alone(_lines_of(source)(unit, line))
    return replace(why, values={**why.values, "code": code}) if code else why


def _lines_of(source: Source) -> LineOf:
    units = {unit.name: unit.code for unit in (*source.helpers, *source.units)}

    def line_of(unit: str, line: int) -> str:
        lines = units.get(unit, "").splitlines()
        return lines[line - 1] if 0 < line <= len(lines) else ""

    return line_of


def _overwritten(function: str, binding: list[Statement], source: Source) -> Explanation | None:
    """Return since when a function's name stands for something else; None where it never stood for a function."""
    if not any(function in statement.names.parameters for statement in binding[:-1]):
        return None
    last = binding[-1]
    values = {"function": function, "place": f"{last.unit}:{last.line}"}
    return _with_line(Explanation("submission.overwritten", values), source, last.unit, last.line)


def _undefined(function: str, statements: list[Statement], loaded: Loaded) -> Explanation:
    """Return that a function is not there, with what its author may have taken for it."""
    inside = [owner for item in statements for owner, method in item.methods if method == function]
    if inside:
        return Explanation("submission.no_function_in_class", {"function": function, "name": inside[0]})
    own = {name for item in statements for name in item.names.parameters} & set(loaded.functions)
    plain = {name.replace("_", "").lower(): name for name in sorted(own)[:_MOST_NAMES]}
    near = difflib.get_close_matches(function.replace("_", "").lower(), plain, n=1, cutoff=0.75)
    if near:
        values = {"function": function, "name": plain[near[0]]}
        return Explanation("submission.no_function_but", values)
    return Explanation("submission.no_function", {"function": function})
