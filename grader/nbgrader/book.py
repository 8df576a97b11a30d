"""nbgrader's gradebook, opened where the course's configuration says that it is."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook as NbgraderGradebook
from nbgrader.api import InvalidEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config.loader import Config, PyFileConfigLoader

from grader.course.names import parse_exercise_name
from grader.errors import GradebookError, RequestError
from grader.model import Course, Exercise
from grader.nbgrader.build import CONFIG

_SQLITE = "sqlite:///"


@contextlib.contextmanager
def nbgrader_gradebook(folder: Path) -> Iterator[Any]:
    """Open the gradebook of the nbgrader course in `folder`, where its configuration says that it is.

    Raises:
        RequestError: there is no gradebook, or the configuration cannot be read.
        GradebookError: it cannot be read or written.
    """
    url = _url(folder)
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).is_file():
        raise RequestError("nbgrader.nothing_generated", {"folder": str(folder)})
    try:
        with warnings.catch_warnings(), NbgraderGradebook(url) as gradebook:
            # Newer versions of SQLAlchemy warn of what nbgrader's own code does.
            warnings.filterwarnings("ignore", module=r"nbgrader\..*")
            yield gradebook
    except (SQLAlchemyError, InvalidEntry) as error:
        # The database's own error, where there is one, says more than that of SQLAlchemy around it.
        reason = getattr(error, "orig", None) or error
        values = {"file": url.removeprefix(_SQLITE), "error": str(reason)}
        raise GradebookError("nbgrader.cannot_use_gradebook", values) from error


def _url(folder: Path) -> str:
    """Return the URL of a course's database; a relative path in it is meant from the course's folder."""
    config = Config()
    try:
        if (folder / CONFIG).is_file():
            config = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
        url = str(CourseDirectory(config=config, root=str(folder.resolve())).db_url)
    except (Exception, SystemExit) as error:  # the configuration is a program, which may raise anything
        values = {"file": str(folder / CONFIG), "error": f"{type(error).__name__}: {error}"}
        raise RequestError("nbgrader.bad_config", values) from error
    if not url.startswith(_SQLITE):
        return url
    return f"{_SQLITE}{folder.resolve() / url.removeprefix(_SQLITE)}"


def is_built(exercise: Exercise, notebook: Any) -> bool:
    """Return whether one of nbgrader's notebooks is as `grader nbgrader build` makes it, and not what an exercise is from."""
    ours = {f"solution_{function}" for function in exercise.functions}
    ours |= {question.name for question in exercise.questions}
    return not ours.isdisjoint(cell.name for cell in [*notebook.solution_cells, *notebook.grade_cells])


def places_of(course: Course, gradebook: Any, wanted: Collection[str]) -> dict[str, tuple[Any, Any]]:
    """Return exercise -> its assignment and notebook in nbgrader; one that was built goes before one that it was imported from.

    Raises:
        RequestError: one of the wanted exercises is in more than one assignment.
    """
    places: dict[str, tuple[Any, Any]] = {}
    for assignment in gradebook.assignments:
        for notebook in assignment.notebooks:
            exercise = parse_exercise_name(course, notebook.name)
            if exercise is None:
                continue
            if exercise.id in places:
                other, there = places[exercise.id]
                is_other_built = is_built(exercise, there)
                if is_built(exercise, notebook) == is_other_built and exercise.id in wanted:
                    names = ", ".join(sorted((other.name, assignment.name)))
                    values = {"exercise": exercise.id, "assignments": names}
                    raise RequestError("nbgrader.in_two_assignments", values)
                if is_other_built:
                    continue
            places[exercise.id] = (assignment, notebook)
    return places


def has_originals_alone(course: Course, folder: Path) -> bool:
    """Return whether nbgrader knows nothing of a course but notebooks that its exercises were imported from."""
    with nbgrader_gradebook(folder) as gradebook:
        places = places_of(course, gradebook, ())
        exercises = {exercise.id: exercise for exercise in course.exercises}
        return bool(places) and not any(is_built(exercises[id], place[1]) for id, place in places.items())
