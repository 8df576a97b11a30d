"""How an author writes down known wrong answers: one by one, or as the mistakes of a family of exercises.

    @misconception("mean-instead-of-max", en="The values of each window look averaged ...", ko="...")
    def max_pool(x): ...

The function's name is that of the exercise's function which it replaces; what is not replaced is the reference's.
Several functions of one misconception share its id, and one of them carries the texts, one for each language of the course.

A family is one implementation for several exercises, with places at which it can go wrong (`docs/authoring.md`):

    def run(x, pool_size=(2, 2), *, at): ...
    family(run, functions={"max_pool": {"reduce": np.max}}, window=lambda size: size, prepare=())
    knob("window-taken-as-square", en="...", ko="...", window=lambda size: (size[0], size[0]))

Authors import these from `grader.misconceptions`, and `misconception` also from `grader`, on both sides of the sandbox's wall.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from types import SimpleNamespace
from typing import Any, TypeVar

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

AXES = {
    "en": {"": "rows and columns", "rows": "rows", "columns": "columns"},
    "ko": {"": "행과 열", "rows": "행", "columns": "열"},
}
"""What `{axis}` in a text becomes: for both axes, for the first and for the second."""


def misconception(
    id: str, /, *, same_as: str | None = None, **texts: str
) -> Callable[[AnyFunction], AnyFunction]:
    """Mark a function or class as a part of the misconception `id`, explained in the course's languages (`en=`, `ko=`).

    `same_as` names another misconception of the exercise which this one cannot be told from by any check, and says
    that this is known.
    """

    def mark(function: AnyFunction) -> AnyFunction:
        registry = sys._getframe(1).f_globals.setdefault("__misconceptions__", {})
        entry = registry.setdefault(id, {"texts": {}, "same_as": None, "functions": {}})
        entry["texts"].update(texts)
        entry["same_as"] = same_as or entry["same_as"]
        if entry["functions"].setdefault(function.__name__, function) is not function:
            raise TypeError(
                f"the misconception {id!r} has another {function.__name__} above; give this one another id"
            )
        return function

    return mark


def first_line(marked: Iterable[Any]) -> int:
    """Return the first line of what is marked; a class is where its first method is."""
    parts = [part for item in marked for part in (vars(item).values() if isinstance(item, type) else [item])]
    return min((part.__code__.co_firstlineno for part in parts if hasattr(part, "__code__")), default=0)


@dataclass(frozen=True)
class Knob:
    """One mistake of a family, in one way of writing it."""

    id: str
    texts: dict[str, str]
    places: dict[str, Any]
    functions: frozenset[str]
    """The functions of the family in which it can be made."""
    rare: bool
    memory: bool
    """Whether it keeps something between calls: in `at.memory`, a namespace that is empty at first."""
    works_only: bool
    """Whether its text says that the answer works for some inputs only, and so explains why it raises at others."""
    whole: Callable[..., Any] | None
    line: int
    is_pair: bool = False
    """Whether it is two mistakes at once."""


@dataclass
class Family:
    """One implementation, the functions that it is, its places, and its mistakes."""

    run: Callable[..., Any]
    functions: dict[str, dict[str, Any]]
    places: dict[str, Any]
    axes: Mapping[str, Mapping[str, str]]
    twin_of: frozenset[str]
    twin: dict[str, Any]
    twin_texts: Mapping[str, str]
    knobs: list[Knob] = field(default_factory=list)

    def bound(self, knob: Knob | None, name: str, reference: Callable[..., Any]) -> Callable[..., Any] | None:
        """Return the function `name` with a mistake, or the right one; None where the family does not know it.

        It is called as the reference is. What the reference has no parameter for takes the family's default.
        """
        if name not in self.functions or (knob is not None and name not in knob.functions):
            return None
        signature = _signature(reference)
        known = _signature(self.run).parameters
        if not set(signature.parameters) <= set(known):
            return None
        at = self._places(knob, name)
        run = self.run if knob is None or knob.whole is None else knob.whole
        defaults = {key: item.default for key, item in known.items() if item.default is not item.empty}
        taken = _signature(run).parameters
        names = tuple(signature.parameters)

        def function(*args: Any, **kwargs: Any) -> Any:
            if len(args) == len(names) and not kwargs:
                # Hundreds of mistakes are asked the same, and to bind takes as long as a small answer.
                arguments = dict(zip(names, args, strict=True))
            else:
                call = signature.bind(*args, **kwargs)
                call.apply_defaults()
                arguments = call.arguments
            given = {**defaults, **arguments, "at": at}
            return run(**{key: value for key, value in given.items() if key in taken})

        function.forget = at.memory.__dict__.clear  # type: ignore[attr-defined]
        return function

    def _places(self, knob: Knob | None, name: str) -> SimpleNamespace:
        places = {**self.places, **self.functions[name]}
        for place, change in (knob.places if knob is not None else {}).items():
            if isinstance(change, _OnAxes):
                places[place] = change.of(places[place])
            elif isinstance(places[place], tuple):
                places[place] = (*places[place], *_steps(change))
            else:
                places[place] = change
        return SimpleNamespace(
            memory=SimpleNamespace(), **{place: _asked(value) for place, value in places.items()}
        )


@dataclass(frozen=True)
class _OnAxes:
    """Stands for another value of a place on some axes, made of the right one."""

    change: Callable[..., Any]
    axes: tuple[int, ...]

    def of(self, right: Callable[..., Any]) -> Callable[..., Any]:
        ask = _asked(right)

        def place(*args: Any, axis: int, **kwargs: Any) -> Any:
            value = ask(*args, axis=axis, **kwargs)
            return self.change(value, *args[: _most(self.change) - 1]) if axis in self.axes else value

        return place


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


def _asked(place: Any) -> Any:
    """Return a place as `at` has it: a chain as one function, and `axis` left out for who does not take it."""
    if isinstance(place, tuple):
        steps = tuple(_asked(step) for step in place)

        def chain(value: Any, *args: Any, **kwargs: Any) -> Any:
            for step in steps:
                value = step(value, *args, **kwargs)
            return value

        return chain
    if not callable(place) or isinstance(place, type) or _takes_axis(place):
        return place
    return _without_axis(place)


@cache
def _without_axis(place: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, axis=None, **kwargs: place(*args, **kwargs)


@cache
def _takes_axis(function: Callable[..., Any]) -> bool:
    try:
        parameters = _signature(function).parameters.values()
    except ValueError:
        # NumPy's own functions, which do.
        return True
    return any(item.name == "axis" or item.kind is item.VAR_KEYWORD for item in parameters)


@cache
def _most(function: Callable[..., Any]) -> int:
    """Return how many arguments a function takes by their place."""
    parameters = _signature(function).parameters.values()
    return sum(item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD) for item in parameters)


def family(
    run: Callable[..., Any],
    /,
    *,
    functions: Mapping[str, Mapping[str, Any]],
    axes: Mapping[str, Mapping[str, str]] = AXES,
    twin_of: Sequence[str] = (),
    twin: Mapping[str, Any] | None = None,
    twin_texts: Mapping[str, str] | None = None,
    **places: Any,
) -> Family:
    """Say what a family is: `run(..., at=)`, the exercises' functions that it is, and its places with the right values.

    `functions` has for each function the places in which it differs from the others. A place is a function or a
    constant, `at.window(...)` or `at.fill`; a tuple is a chain of functions, of which each gets what the last returned.
    Every knob on a place of `twin_of` has a twin, with the places of `twin` and the knob's text followed by `twin_texts`.
    """
    made = Family(
        run,
        {name: dict(settings) for name, settings in functions.items()},
        places,
        axes,
        frozenset(twin_of),
        dict(twin or {}),
        dict(twin_texts or {}),
    )
    run.__globals__["__family__"] = made
    return made


def knob(
    id: str,
    /,
    *,
    functions: Sequence[str] = (),
    rare: bool = False,
    memory: bool = False,
    works_only: bool = False,
    has_twin: bool = True,
    whole: Callable[..., Any] | None = None,
    **settings: Any,
) -> None:
    """Add a mistake to the family of this file: its texts (`en=`, `ko=`), and other values for some of its places.

    A place that is a chain gets a function more. `whole` replaces all of `run`; it takes what it needs of `run`'s
    parameters. Frequent mistakes come first in the file, and `rare` ones are named after all others. Several knobs
    with one id are ways of writing one mistake, and the texts stand at the first. `functions` are those of the family
    in which the mistake can be made, if not in all.
    """
    _add(sys._getframe(1), id, functions, rare, memory, works_only, has_twin, whole, settings)


def axes_of(
    id: str, /, *, place: str, change: Callable[..., Any], rare: bool = False, **settings: Any
) -> None:
    """Add three mistakes: a place that is asked with `axis=` goes wrong on both axes, on the rows, on the columns alone.

    `change` gets the right value, and as many of the place's arguments as it takes. In the texts `{axis}` is the word for
    it. The ids of the second and third end with `-in-rows` and `-in-columns`.
    """
    frame = sys._getframe(1)
    words = _family_of(frame).axes
    flags = {key: settings.pop(key) for key in ("works_only", "memory", "has_twin") if key in settings}
    functions = settings.pop("functions", ())
    for name, axes in {"": (0, 1), "rows": (0,), "columns": (1,)}.items():
        filled = {
            key: value.replace("{axis}", words.get(key, AXES["en"])[name])
            if isinstance(value, str)
            else value
            for key, value in settings.items()
        }
        _add(
            frame,
            f"{id}-in-{name}" if name else id,
            functions,
            rare,
            flags.get("memory", False),
            flags.get("works_only", False),
            flags.get("has_twin", True),
            None,
            {**filled, place: _OnAxes(change, axes)},
        )


def pairs(*groups: Sequence[str], **texts: str) -> None:
    """Add two mistakes at once: every knob of each group, by its id, with every one of the other groups.

    In the texts `{first}` and `{second}` are those of the two. Knobs that change one place, which is no chain, are no pair,
    and of several knobs with one id the first is taken. Pairs are asked only where no mistake alone explains an answer.
    """
    frame = sys._getframe(1)
    made = _family_of(frame)
    known = {item.id: item for item in reversed(made.knobs)}
    for group, other in combinations(groups, 2):
        for first, second in ((known[one], known[two]) for one in group for two in other):
            shared = first.places.keys() & second.places.keys()
            concerned = first.functions & second.functions
            if not concerned or any(not isinstance(made.places[place], tuple) for place in shared):
                continue
            places = {**first.places, **second.places}
            for place in shared:
                places[place] = _steps(first.places[place]) + _steps(second.places[place])
            filled = {
                key: value.replace("{first}", first.texts.get(key, "")).replace(
                    "{second}", second.texts.get(key, "")
                )
                for key, value in texts.items()
            }
            name, line = f"{first.id}-and-{second.id}", frame.f_lineno
            made.knobs.append(
                Knob(name, filled, places, concerned, True, False, False, None, line, is_pair=True)
            )


def _steps(change: Any) -> tuple[Any, ...]:
    return change if isinstance(change, tuple) else (change,)


def _family_of(frame: Any) -> Family:
    found = frame.f_globals.get("__family__")
    if not isinstance(found, Family):
        raise TypeError("family(run, ...) comes before its knobs")
    return found


def _add(
    frame: Any,
    id: str,
    functions: Sequence[str],
    rare: bool,
    memory: bool,
    works_only: bool,
    has_twin: bool,
    whole: Callable[..., Any] | None,
    settings: Mapping[str, Any],
) -> None:
    made = _family_of(frame)
    places = {key: value for key, value in settings.items() if key in made.places}
    texts = {key: value for key, value in settings.items() if key not in made.places}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise TypeError(
                f"{id}: {key} is neither a text nor a place; the places are {', '.join(made.places)}"
            )
    if not set(functions) <= set(made.functions):
        raise TypeError(f"{id}: the functions of this family are {', '.join(made.functions)}")
    known = next((item.texts for item in made.knobs if item.id == id), {})
    texts = texts or known
    concerned = frozenset(functions or made.functions)
    line = frame.f_lineno
    made.knobs.append(Knob(id, texts, places, concerned, rare, memory, works_only, whole, line))
    if has_twin and made.twin and whole is None and made.twin_of & set(places):
        more = {key: f"{value} {made.twin_texts.get(key, '')}".strip() for key, value in texts.items()}
        changed = {**places, **made.twin}
        name = f"{id}-rest-stays-zero"
        made.knobs.append(Knob(name, more, changed, concerned, rare, memory, works_only, None, line))


WITHOUT_A_KNOB = " "
"""Stands for the family itself where a known wrong answer's key is asked for: right, if it is what the reference is."""


def without_a_knob(families: Sequence[Family], reference: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Return the functions of a reference as its families have them where nothing is wrong."""
    pairs = (
        (name, made.bound(None, name, reference[name]))
        for made in families
        for name in made.functions
        if callable(reference.get(name))
    )
    return {name: function for name, function in pairs if function is not None}


def candidates(
    own: Mapping[str, Mapping[str, Any]], families: Sequence[Family], reference: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield every known wrong answer in the order in which they are named: each as data, with its functions.

    These are an exercise's own misconceptions, then the knobs of its family: frequent ones, rare ones, those that keep
    something between calls, and pairs. A knob is a candidate for each function by itself: who made it in one of two has the
    other one right. A knob with the id of an own misconception is another way of writing that one.
    """
    for id, entry in own.items():
        line = first_line(entry["functions"].values())
        flags = {"family": False, "memory": False, "works_only": False, "pair": False}
        described = {"key": id, "id": id, "line": line, **flags}
        yield {**entry, **described}
        if len(entry["functions"]) > 1:
            # Who made it in one of the functions alone has the other ones right.
            for name, function in entry["functions"].items():
                alone = {
                    "key": f"{id} {name}",
                    "functions": {name: function},
                    "same_as": None,
                    "family": True,
                }
                yield {**entry, **described, **alone}
    knobs = [(made, item) for made in families for item in made.knobs]
    for number, (made, item) in sorted(
        enumerate(knobs), key=lambda item: (item[1][1].is_pair, item[1][1].memory, item[1][1].rare)
    ):
        for name in made.functions:
            right = reference.get(name)
            function = made.bound(item, name, right) if callable(right) else None
            if function is not None:
                yield {
                    "key": f"{item.id} {number} {name}",
                    "id": item.id,
                    "texts": own.get(item.id, {}).get("texts") or item.texts,
                    "same_as": None,
                    "functions": {name: function},
                    "line": item.line,
                    "family": True,
                    "memory": item.memory,
                    "works_only": item.works_only,
                    "pair": item.is_pair,
                }
