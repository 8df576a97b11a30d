"""Which files an exercise has: what students get of it, and what they never get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from grader.course.languages import readme_names
from grader.errors import RequestError
from grader.model import Exercise, Language

FAMILIES = "families"
"""The folder in `solutions/` of the mistakes that several exercises share."""


class ExerciseFiles:
    """The files of an exercise by what they are, whether they are there or not."""

    def __init__(
        self,
        id: str,
        folder: Path,
        solutions: Path | None,
        languages: Sequence[Language],
        family: str | None = None,
    ) -> None:
        self.statements = {code: folder / name for code, name in readme_names(languages).items()}
        """In each of the course's languages, its own first."""
        self.stub = folder / "stub.py"
        self.visible_checks = folder / f"test_{id}.py"
        self.data = folder / "data"
        """A folder."""
        # In the student's version of the course nobody asks for what lies here.
        hidden = solutions or Path("solutions")
        self.solution = hidden / "solution.py"
        self.hidden_checks = hidden / f"test_{id}_hidden.py"
        self.misconceptions = hidden / "misconceptions.py"
        self.waivers = hidden / "waivers.yml"
        self.family = [hidden.parent / FAMILIES / f"{family}.py"] if family and solutions else []
        """The file of mistakes that it shares with other exercises, where it has one."""
        self.known_mistakes = folder / "known_mistakes.json"
        """Wrong results that name a mistake where there are no solutions; `grader release` makes it."""
        self.given = [*self.statements.values(), self.stub, self.visible_checks, self.data]
        """What students get."""
        self.hidden = (
            [self.solution, self.hidden_checks, self.misconceptions, self.waivers] if solutions else []
        )
        self.needed = [*self.given[:-1], *self.hidden[:2], *self.family]
        """What every exercise must have."""

    @property
    def ungraded(self) -> set[Path]:
        """Return the files that no grade depends on."""
        return {*self.statements.values(), self.waivers}

    def statement(self, language: Language) -> Path:
        """Return the statement that a reader of a language gets."""
        return self.statements.get(language) or next(iter(self.statements.values()))


def files_of(exercise: Exercise) -> ExerciseFiles:
    """Return an exercise's files."""
    # A title is in exactly the course's languages, its own first.
    languages = tuple(exercise.title)
    folders = exercise.exercise_folder, exercise.solution_folder
    return ExerciseFiles(exercise.id, *folders, languages, exercise.family)


def all_files(exercise: Exercise, pattern: str = "**/*") -> Iterator[Path]:
    """Yield the files that lie in an exercise's folders, whatever they are, sorted in each; no caches."""
    for folder in (exercise.exercise_folder, exercise.solution_folder):
        for path in sorted(folder.glob(pattern)) if folder is not None else ():
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def check_files(exercises: Iterable[Exercise]) -> list[Path]:
    """Return the files that hold the checks of these exercises."""
    return [path for exercise in exercises for path in all_files(exercise, "test_*.py")]


def name_in_course(path: Path) -> str:
    """Return what faults call one of an exercise's files: `solutions/ex03_maxpool_2/solution.py`."""
    return "/".join(path.parts[-3:])


def require_solutions(exercises: Iterable[Exercise]) -> None:
    """Hold that this is no student's version of the course.

    Raises:
        RequestError: it is.
    """
    if any(exercise.solution_folder is None for exercise in exercises):
        raise RequestError("request.no_solutions")
