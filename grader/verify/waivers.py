"""What the checks need not catch, waived with a reason: mutants that are equal to the reference, and holes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

from grader.course.files import name_in_course
from grader.course.yaml import form, parse_yaml
from grader.errors import CourseError, Fault
from grader.model import Explanation


@dataclass(frozen=True, slots=True)
class Waiver:
    """An author's word that a mutant is no mistake, or that a mistake of the family does not matter, and why."""

    mutant: str
    """The mutant, or the mistake."""
    code: str
    """The mutated line, or the functions that have the hole; when these change, the waiver no longer holds."""
    reason: str
    file: str = ""
    place: str = ""
    """Where it is written: `[2]`."""

    @property
    def is_mutant(self) -> bool:
        """Return whether it is of a mutant: the name of each has its line in it."""
        return ":" in self.mutant


_Text = Annotated[str, form(r"\S", "something")]


class _Waiver(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    mutant: _Text
    code: _Text
    reason: _Text


_WAIVERS = TypeAdapter(list[_Waiver])


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers of a file, `solutions/<folder>/waivers.yml`.

    Raises:
        CourseError: with every fault of the file.
    """
    file = name_in_course(path)
    parsed = parse_yaml(path, _WAIVERS, file, no_shape="waiver.no_list", no_field="waiver.unknown_field")
    places: dict[str, str] = {}
    faults = []
    for index, item in enumerate(parsed):
        first = places.setdefault(item.mutant, f"[{index}]")
        if first != f"[{index}]":
            values = {"mutant": item.mutant, "other": first}
            faults.append(Fault(file, f"[{index}].mutant", Explanation("waiver.twice", values)))
    if faults:
        raise CourseError(tuple(faults))
    return tuple(
        Waiver(item.mutant, item.code.strip(), item.reason.strip(), file, f"[{index}]")
        for index, item in enumerate(parsed)
    )


class _Waived(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def code(self) -> str: ...


AnyWaived = TypeVar("AnyWaived", bound=_Waived)


def apply_waivers(
    mutants: Sequence[AnyWaived], waivers: Sequence[Waiver]
) -> tuple[tuple[AnyWaived, ...], tuple[AnyWaived, ...], tuple[Fault, ...]]:
    """Return the mutants (or holes) that count, those that are waived, and a fault for each waiver that no longer holds."""
    known = {mutant.id: mutant for mutant in mutants}
    waived, stale = set(), []
    for waiver in waivers:
        mutant = known.get(waiver.mutant)
        if mutant is None:
            explanation = Explanation("waiver.no_mutant", {"mutant": waiver.mutant})
            stale.append(Fault(waiver.file, f"{waiver.place}.mutant", explanation))
        elif mutant.code != waiver.code:
            values = {"mutant": mutant.id, "given": waiver.code, "code": mutant.code}
            stale.append(Fault(waiver.file, f"{waiver.place}.code", Explanation("waiver.other_code", values)))
        else:
            waived.add(mutant.id)
    return (
        tuple(mutant for mutant in mutants if mutant.id not in waived),
        tuple(mutant for mutant in mutants if mutant.id in waived),
        tuple(stale),
    )
