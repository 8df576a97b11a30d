"""The student's version of the course: made in memory, scanned for what is hidden, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from grader.course.files import files_of, name_in_course
from grader.course.languages import readme_names
from grader.course.yaml import FILE_NAME, in_one_line, read_yaml, yaml_text
from grader.errors import CourseError, Fault, reason
from grader.messages.sentences import language_name, languages, text, time_text
from grader.messages.templates import templates_of
from grader.model import Course, Explanation, Language
from grader.release.leaks import find_leaks
from grader.release.mistakes import KnownMistakes
from grader.release.notebooks import notebooks_of

_COURSE_FIELDS = ("format", "id", "title", "languages", "language", "timezone", "limits", "runner")

_EXERCISE_FIELDS = (
    "slug",
    "title",
    "points",
    "opens",
    "due",
    "seed",
    "tensors",
    "banned",
    "questions",
    "limits",
)
"""What students get of course.yml; how late work and attempts count is the instructor's."""


@dataclass(frozen=True)
class Release:
    """What students get."""

    course: Course
    files: Mapping[str, bytes]
    """Path -> content, in order; answer files are not among them."""
    answers: Mapping[str, bytes]
    """An answer file -> what it begins as."""
    left_out: tuple[str, ...]
    """What lies in `exercises/` and does not belong to an exercise."""

    def everything(self) -> dict[str, bytes]:
        """Return all files, answers as they begin."""
        return dict(sorted({**self.files, **self.answers}.items()))


def with_known_mistakes(release: Release, known: KnownMistakes) -> Release:
    """Return a release in which mistakes are named.

    Raises:
        CourseError: something else of `solutions/` is in what names them.
    """
    told = dict.fromkeys(known.files, known.explanations)
    if faults := find_leaks(release.course, known.files, told):
        raise CourseError(faults)
    return replace(release, files=dict(sorted({**release.files, **known.files}.items())))


def make_release(course: Course, notebooks: Sequence[Language] = (), install: str | None = None) -> Release:
    """Return the student's version of a course; in place of Python files with `notebooks` in these languages.

    `install` is what students give to pip to have this program; the notebooks say so.

    Raises:
        CourseError: something of `solutions/` is in it, or a file of `exercises/` cannot be read.
    """
    files, strays, faults = _gather(course)
    files[FILE_NAME] = _course_yml(course)
    beside, clashes = _data_beside(course, files)
    faults += clashes
    # Nobody is left without one: README.md is in English where the program does not speak the course's language.
    readmes = {
        language: name
        for language, name in readme_names(course.languages).items()
        if language in languages() or name == "README.md"
    }
    for language, name in readmes.items():
        files[name] = _readme(course, language, readmes, has_notebooks=bool(notebooks))
    answers = {
        f"{item.id}.py": files.get(name_in_course(files_of(item).stub), b"") for item in course.exercises
    }
    if notebooks and not faults:
        written = notebooks_of(course, files, notebooks, install)
        answers = {name: content for name, content in written.items() if "/" not in name}
        files |= {name: content for name, content in written.items() if "/" in name}
    # Strays are not released; they are searched because all of `exercises/` is meant for students. Copies are not, again.
    faults += find_leaks(course, {**strays, **files, **(answers if notebooks else {})})
    if faults:
        raise CourseError(tuple(faults))
    files |= beside
    return Release(course, dict(sorted(files.items())), answers, tuple(sorted(strays)))


def _gather(course: Course) -> tuple[dict[str, bytes], dict[str, bytes], list[Fault]]:
    """Return the files of the exercises, those that belong to none, and links that lead elsewhere."""
    files: dict[str, bytes] = {}
    strays: dict[str, bytes] = {}
    faults: list[Fault] = []
    top = course.root / "exercises"
    exercises = {item.exercise_folder.name: item for item in course.exercises}
    for path in _walk(top):
        relative = path.relative_to(course.root)
        name = relative.as_posix()
        if path.is_symlink():
            target = path.resolve()
            if not target.is_file() or top.is_symlink() or not target.is_relative_to(top):
                faults.append(Fault(name, "", Explanation("leak.link", {"target": os.readlink(path)})))
                continue
        if not path.is_file():
            continue
        try:
            content = path.read_bytes()
        except OSError as error:
            faults.append(Fault(name, "", Explanation("course.unreadable", {"error": reason(error)})))
            continue
        exercise = exercises.get(relative.parts[1])
        given = set(files_of(exercise).given) if exercise is not None else set()
        (files if given & {path, *path.parents} else strays)[name] = content
    return files, strays, faults


def _data_beside(course: Course, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Fault]]:
    """Return every exercise's data for the folder beside the answers, where a statement's `data/...` is found as by a check."""
    beside: dict[str, bytes] = {}
    faults = []
    for exercise in course.exercises:
        given = name_in_course(files_of(exercise).data)
        for name in [name for name in files if name.startswith(f"{given}/")]:
            copy = f"data/{name.removeprefix(f'{given}/')}"
            if beside.setdefault(copy, files[name]) != files[name] and PurePosixPath(copy).stem != "README":
                faults.append(Fault(name, "", Explanation("release.data_twice", {"file": copy})))
    return beside, faults


def _walk(folder: Path) -> Iterator[Path]:
    """Yield files and links; nothing hidden, no caches, no editor's copies."""
    if folder.is_symlink():
        yield folder
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == "__pycache__" or path.name.endswith((".pyc", "~")):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path


def _course_yml(course: Course) -> bytes:
    """Return course.yml with what students need: no comments, no anchors, nothing of the instructor's."""
    full = read_yaml(course.root / FILE_NAME)
    kept = {name: full[name] for name in _COURSE_FIELDS if name in full}
    kept["exercises"] = [_exercise_entry(item) for item in full["exercises"]]
    return yaml_text(kept).encode()


def _exercise_entry(full: Mapping[str, Any]) -> dict[str, Any]:
    entry = {name: full[name] for name in _EXERCISE_FIELDS if name in full}
    for name in {"title", "limits"} & entry.keys():
        entry[name] = in_one_line(entry[name])
    if "questions" in entry:
        # What gives how many points, and what is right, is for who grades.
        entry["questions"] = [
            {
                name: in_one_line(value) if isinstance(value, dict) else value
                for name, value in item.items()
                if name not in ("rubric", "answer", "tolerance")
            }
            for item in entry["questions"]
        ]
    if "banned" in entry:
        banned = entry["banned"].items()
        entry["banned"] = {function: in_one_line(patterns) for function, patterns in banned}
    return entry


def _readme(
    course: Course, language: Language, readmes: Mapping[Language, str], *, has_notebooks: bool
) -> bytes:
    # Markdown, made of the author's own texts.
    templates = templates_of("grader.release", autoescape=False)
    exercises = [
        {
            "id": item.id,
            "number": item.number,
            "folder": item.exercise_folder.name,
            "title": item.title.in_language(language).replace("|", "\\|"),
            "points": f"{item.points:g}",
            "due": time_text(item.due, course.timezone) if item.due else "",
        }
        for item in course.exercises
    ]
    page = templates.get_template("release_README.md").render(
        t=lambda key, **values: text(key, language, **values),
        file=readmes[language],
        other_languages={
            name: language_name(other if other in languages() else "en")
            for other, name in readmes.items()
            if other != language
        },
        title=course.title.in_language(language),
        exercises=exercises,
        example=exercises[min(2, len(exercises) - 1)],
        total=f"{sum(item.points for item in course.exercises):g}",
        has_due=any(item.due for item in course.exercises),
        write="readme.write_notebook" if has_notebooks else "readme.write",
    )
    # Jinja takes the last line end away.
    return f"{page}\n".encode()
