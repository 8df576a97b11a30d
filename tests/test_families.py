"""The course's families: right where nothing is wrong, wrong where a knob is, and one sentence for one mistake."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest

from grader.runner.inside.misconceptions import Family
from tests.support.places import ROOT, real_course

EXERCISES = [exercise for exercise in real_course().exercises if exercise.family is not None]
FAMILIES = sorted({exercise.family for exercise in EXERCISES if exercise.family is not None})


def executed(path: Any) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"course_{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def families() -> dict[str, ModuleType]:
    return {name: executed(ROOT / "solutions" / "families" / f"{name}.py") for name in FAMILIES}


@pytest.fixture(scope="module")
def references() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        # Only their functions on arrays are called here, and TensorFlow takes long to import.
        patch.setitem(sys.modules, "tensorflow", MagicMock())
        folders = {item.slug: item.solution_folder for item in EXERCISES}
        yield {
            slug: executed(folder / "solution.py") for slug, folder in folders.items() if folder is not None
        }


def outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Return what a call gives: an array, or the exception's type."""
    copies = [item.copy() if isinstance(item, np.ndarray) else item for item in arguments]
    try:
        return np.asarray(function(*copies))
    except Exception as error:
        return type(error).__name__


def is_same(one: Any, other: Any, *, with_dtype: bool) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str) and one == other
    if (
        one.shape != other.shape
        or object in (one.dtype, other.dtype)
        or (with_dtype and one.dtype != other.dtype)
    ):
        return False
    return bool(np.allclose(one, other, rtol=1e-4, atol=1e-5, equal_nan=True))


def calls_of(family: ModuleType, slug: str, most: int) -> list[tuple[str, tuple[Any, ...]]]:
    """Return some of the calls that an exercise allows, in an order of their own."""
    calls = list(family.inputs(slug, np.random.default_rng(0)))
    return [calls[index] for index in np.random.default_rng(1).permutation(len(calls))[:most]]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_without_a_knob_a_family_is_the_reference(
    exercise: Any, families: dict[str, ModuleType], references: dict[str, ModuleType]
) -> None:
    module, reference = families[exercise.family], references[exercise.slug]
    made: Family = module.__dict__["__family__"]
    calls = calls_of(module, exercise.slug, 80)
    assert {name for name, _ in calls} == {name for name in made.functions if hasattr(reference, name)}
    for name, arguments in calls:
        right = getattr(reference, name)
        function = made.bound(None, name, right)
        assert function is not None
        given, expected = outcome(function, arguments), outcome(right, arguments)
        assert is_same(given, expected, with_dtype=exercise.family == "pooling"), (name, arguments)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_knob_is_wrong_on_an_allowed_input(
    name: str, families: dict[str, ModuleType], references: dict[str, ModuleType]
) -> None:
    module = families[name]
    made: Family = module.__dict__["__family__"]
    right = [item for item in made.knobs if not item.memory]
    for exercise in reversed(EXERCISES):
        if exercise.family != name:
            continue
        for function, arguments in calls_of(
            module, exercise.slug, 300 if exercise.slug == "maxpool-4" else 60
        ):
            reference = getattr(references[exercise.slug], function)
            expected = outcome(reference, arguments)
            left = []
            for item in right:
                wrong = made.bound(item, function, reference)
                if wrong is None or is_same(
                    outcome(wrong, arguments), expected, with_dtype=name == "pooling"
                ):
                    left.append(item)
            right = left
    assert [item.id for item in right] == []


@pytest.mark.parametrize("name", FAMILIES)
def test_one_mistake_has_one_sentence_in_every_language(name: str, families: dict[str, ModuleType]) -> None:
    made: Family = families[name].__dict__["__family__"]
    sentences = defaultdict(set)
    ids = defaultdict(set)
    for item in made.knobs:
        assert set(item.texts) == {"en", "ko"}, item.id
        sentences[item.id].add(tuple(item.texts.values()))
        for text in item.texts.values():
            assert "{" not in text, item.id
            ids[text].add(item.id)
    assert {key for key, found in sentences.items() if len(found) > 1} == set()
    assert [found for found in ids.values() if len(found) > 1] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "solutions").rglob("*.py")), ids=lambda path: path.parent.name
)
def test_no_sentence_speaks_of_code_that_may_not_be_there(path: Any) -> None:
    """Only results are known: what one writes as a loop another writes as a slice or a reshape."""
    written = re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8"))
    assert re.findall(r"[Yy]our loops?\b|[Yy]our reshape\b|reshape reads", written) == []
