"""An exercise by any of its names: `ex3`, `ex03`, `maxpool-2` and `ex03_maxpool_2` are the same."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from grader.errors import RequestError
from grader.model import Course, Exercise


def folder_name(number: int, slug: str) -> str:
    """Return what an exercise's folders are called: `ex03_maxpool_2`."""
    return f"ex{number:02d}_{slug.replace('-', '_')}"


def question_id(cell: str) -> str:
    """Return the id of the question that nbgrader calls by a cell's name."""
    plain = re.sub(r"\W+", "_", cell, flags=re.ASCII).strip("_").lower()
    return plain if plain[:1].isalpha() else f"q_{plain}".rstrip("_")


def parse_exercise_name(course: Course, name: str) -> Exercise | None:
    """Return the exercise that a name means: `ex3`, `ex03`, `3`, `maxpool-2` and `ex03_maxpool_2` are the same."""
    plain = name.strip().lower().replace("_", "-")
    matched = re.fullmatch(r"(?:ex)?0*(\d+)(?:-(.+))?", plain)
    for exercise in course.exercises:
        if plain == exercise.slug:
            return exercise
        if matched and int(matched[1]) == exercise.number and matched[2] in (None, exercise.slug):
            return exercise
    return None


def find_exercise(course: Course, name: str) -> Exercise:
    """Return the exercise that a name means.

    Raises:
        RequestError: the course has no such exercise.
    """
    exercise = parse_exercise_name(course, name)
    if exercise is None:
        known = ", ".join(f"{item.id} ({item.slug})" for item in course.exercises)
        near = nearest_name(course, name)
        values = {"name": name, "known": known}
        if near is not None:
            raise RequestError("request.no_exercise_but", values | {"near": near})
        raise RequestError("request.no_exercise", values)
    return exercise


def nearest_name(course: Course, name: str) -> str | None:
    """Return the id or slug that a name which means no exercise was probably to be; None where none is like it."""
    names = [other for item in course.exercises for other in (item.slug, item.id)]
    return next(iter(difflib.get_close_matches(name.strip().lower().replace("_", "-"), names, n=1)), None)


def find_exercises(course: Course, names: Iterable[str]) -> tuple[Exercise, ...]:
    """Return the exercises that names mean, in the course's order; all of them without any name.

    Raises:
        RequestError: the course has no such exercise.
    """
    chosen = {find_exercise(course, name).id for name in names}
    return tuple(exercise for exercise in course.exercises if not chosen or exercise.id in chosen)
