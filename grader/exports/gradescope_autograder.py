"""Gradescope: an autograder.zip that grades there with this program.

Published: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (the zip's `setup.sh` and `run_autograder`, and
the folder /autograder) and .../best_practices/ (students' code as a user who may read neither source nor results).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import Distribution, distribution, distributions, version
from pathlib import Path

from grader.course.files import files_of, name_in_course, require_solutions
from grader.course.yaml import FILE_NAME, without_due_dates
from grader.files.zipped import zip_of
from grader.messages.sentences import text
from grader.model import DISTRIBUTION, Course, Language

_LEFT_OUT = {"__pycache__", ".git", ".ipynb_checkpoints", ".venv"}
_TEMPLATES = Path(__file__).with_name("templates")


def autograder_zip(course: Course, exercises: Iterable[str], *, language: Language, isolation: str) -> bytes:
    """Return an autograder.zip: this program, the course with its solutions, and the two scripts that Gradescope runs.

    Only instructors see the zip. On Gradescope the submission runs in this program's sandbox, and only root can read the
    solutions.

    Raises:
        RequestError: an exercise has no solution here: it is the student's version of the course.
    """
    chosen = list(exercises)
    require_solutions(item for item in course.exercises if item.id in chosen)
    answers = {item.id: name_in_course(files_of(item).solution) for item in course.exercises}
    named = " ".join(f'"{name} {answers[name]}"' for name in chosen)
    values = {"EXERCISES": " ".join(chosen), "LANGUAGE": language, "ISOLATION": isolation, "ANSWERS": named}
    installed = _installed()
    least = {name: item for name, item in installed.items() if _plain_name(name) in _least()}
    # Due dates and extensions are Gradescope's there.
    settings = without_due_dates((course.root / FILE_NAME).read_text(encoding="utf-8-sig"))
    files: dict[str, str | bytes] = {
        "setup.sh": _script("setup.sh", values),
        "run_autograder": _script("run_autograder.sh", values),
        "not_graded.json": _not_graded(chosen, language),
        "not_graded.txt": f"{text('export.not_graded_why', language)}\n",
        "constraints.txt": _constraints(installed),
        "constraints-least.txt": _constraints(least),
        "program/pyproject.toml": _project(),
        **_folder(Path(__file__).parents[1], "program/grader"),
        f"course/{FILE_NAME}": settings,
    }
    for exercise in course.exercises:
        for folder in (exercise.exercise_folder, exercise.solution_folder):
            if folder is not None:
                files |= _folder(folder, f"course/{folder.parent.name}/{folder.name}")
        files |= {f"course/{name_in_course(path)}": path.read_bytes() for path in files_of(exercise).family}
    return zip_of(files, executable={"setup.sh", "run_autograder"})


def _script(name: str, values: Mapping[str, str]) -> str:
    script = (_TEMPLATES / name).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], script)


def _folder(folder: Path, name: str) -> dict[str, bytes]:
    """Return the files of a folder, which the zip calls `name`."""
    inside = {path.relative_to(folder): path for path in sorted(folder.rglob("*"))}
    return {
        f"{name}/{relative.as_posix()}": path.read_bytes()
        for relative, path in inside.items()
        if path.is_file() and not path.is_symlink() and not _LEFT_OUT & set(relative.parts)
    }


def _installed() -> dict[str, Distribution]:
    """Return what is installed here, so that Gradescope grades with what was tried here."""
    found = {item.metadata["Name"]: item for item in distributions() if "Name" in item.metadata}
    found.pop(DISTRIBUTION, None)
    return found


def _least() -> set[str]:
    """Return what decides grades: the libraries that this program names itself, and TensorFlow's Keras."""
    names = (re.match(r"[\w.-]+", line) for line in _needed())
    return {_plain_name(name[0]) for name in names if name is not None} | {"keras"}


def _plain_name(name: str) -> str:
    """Return a package's name as all tools compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _constraints(installed: Mapping[str, Distribution]) -> str:
    """Return the versions as pip's constraints; one that wants a newer Python than the image has binds nobody there."""
    rows = sorted(installed.items(), key=lambda row: row[0].lower())
    return "".join(f"{name}=={item.version}{_marker(item)}\n" for name, item in rows)


def _marker(item: Distribution) -> str:
    needed = "".join(item.metadata.get_all("Requires-Python") or ())
    clauses = re.findall(r"(~=|==|!=|<=|>=|<|>)\s*([\w.*]+)", needed)
    marker = " and ".join(f'python_full_version {sign} "{number}"' for sign, number in clauses)
    return f" ; {marker}" if marker else ""


def _not_graded(exercises: Sequence[str], language: Language) -> str:
    """Return the results of a submission that could not be graded: a text, and no score."""
    names = ", ".join(f"{name}.py" for name in exercises)
    document = {
        "output": text("export.not_graded", language, files=names),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _needed() -> list[str]:
    return [line for line in distribution(DISTRIBUTION).requires or [] if "extra ==" not in line]


def _project() -> str:
    """Return a pyproject.toml for the bundled program, from what is installed here."""
    own = distribution(DISTRIBUTION)
    named = {group: own.entry_points.select(group=group) for group in ("console_scripts", "pytest11")}
    scripts, plugins = ({item.name: item.value for item in items} for items in named.values())
    lines = [
        "[build-system]",
        'requires = ["setuptools>=77"]',
        'build-backend = "setuptools.build_meta"',
        "",
        "[project]",
        f'name = "{DISTRIBUTION}"',
        f'version = "{version(DISTRIBUTION)}"',
        'requires-python = ">=3.11"',
        f"dependencies = {json.dumps(_needed(), indent=4)}",
        "",
        "[project.scripts]",
        *(f"{name} = {json.dumps(value)}" for name, value in sorted(scripts.items())),
        "",
        "[project.entry-points.pytest11]",
        *(f"{name} = {json.dumps(value)}" for name, value in sorted(plugins.items())),
        "",
        "[tool.setuptools.packages.find]",
        'include = ["grader", "grader.*"]',
        "",
        "[tool.setuptools.package-data]",
        'grader = ["py.typed", "**/*.ini", "**/*.mo", "**/templates/*"]',
    ]
    return "\n".join(lines) + "\n"
