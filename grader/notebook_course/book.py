"""nbgrader's gradebook, opened where the course's configuration says that it is."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook as NbgraderGradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config.loader import Config, PyFileConfigLoader

from grader.course import parse_exercise_name
from grader.errors import GradebookError, RequestError
from grader.model import Course
from grader.notebook_course.build import CONFIG

__all__ = ["nbgrader_gradebook", "places_of", "quiet_sqlalchemy"]


@contextlib.contextmanager
def nbgrader_gradebook(folder: Path) -> Iterator[Any]:
    """Open the gradebook of an nbgrader course, where its configuration says that it is."""
    config = Config()
    if (folder / CONFIG).is_file():
        config = PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
    url = str(CourseDirectory(config=config, root=str(folder.resolve())).db_url)
    prefix = "sqlite:///"
    if url.startswith(prefix) and not Path(url.removeprefix(prefix)).is_file():
        raise RequestError("nbgrader.not_generated", {"folder": str(folder), "assignments": "..."})
    try:
        with NbgraderGradebook(url) as gradebook:
            yield gradebook
    except SQLAlchemyError as error:
        values = {"file": url.removeprefix(prefix), "error": str(getattr(error, "orig", None) or error)}
        raise GradebookError("gradebook.cannot_write", values) from error


def places_of(course: Course, gradebook: Any) -> dict[str, tuple[Any, Any]]:
    """Return exercise -> its assignment and notebook in nbgrader."""
    places = {}
    for assignment in gradebook.assignments:
        for notebook in assignment.notebooks:
            exercise = parse_exercise_name(course, notebook.name)
            if exercise is not None:
                places[exercise.id] = (assignment, notebook)
    return places


@contextlib.contextmanager
def quiet_sqlalchemy() -> Iterator[None]:
    """Keep back what newer versions of SQLAlchemy warn of in nbgrader's own code."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"nbgrader\..*")
        yield
