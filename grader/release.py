"""The student's version of the course: made in memory, scanned for what is hidden, written whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from grader.course import FILE_NAME
from grader.errors import CourseError, Fault, RequestError
from grader.leaks import find_leaks
from grader.model import Course, Exercise, Explanation, Language

__all__ = ["Release", "Written", "make_release", "write_release"]

_COURSE_FIELDS = ("format", "id", "title", "language", "limits", "runner")
_EXERCISE_FIELDS = ("slug", "title", "points", "due", "seed", "banned", "limits")
"""What students get of course.yml; how late work and attempts count is the instructor's."""
_TEMPLATES: dict[str, Language] = {"README.md": "en", "README.ko.md": "ko"}


@dataclass(frozen=True)
class Release:
    """What students get."""

    course: Course
    files: Mapping[str, bytes]
    """Path -> content, in order; answer files are not among them."""
    answers: Mapping[str, str]
    """An answer file -> the stub that it begins as."""
    left_out: tuple[str, ...]
    """What lies in `exercises/` and does not belong to an exercise."""

    def everything(self) -> dict[str, bytes]:
        """Return all files, answers as they begin."""
        answers = {name: self.files[stub] for name, stub in self.answers.items()}
        return dict(sorted({**self.files, **answers}.items()))


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    files: Mapping[str, bytes]
    kept: tuple[str, ...]
    """The answers of an earlier release that were left as they were."""
    zip_digest: str | None
    """SHA-256 of the zip."""


def make_release(course: Course) -> Release:
    """Return the student's version of a course.

    Raises:
        CourseError: something of `solutions/` is in it, or a file of `exercises/` cannot be read.

    """
    files, strays, faults = _gather(course)
    files[FILE_NAME] = _course_yml(course)
    for name, language in _TEMPLATES.items():
        files[name] = _readme(course, name, language)
    # Strays are not released; they are searched because all of `exercises/` is meant for students.
    faults += find_leaks(course, {**strays, **files})
    if faults:
        raise CourseError(tuple(faults))
    answers = {f"{item.id}.py": f"exercises/{item.exercise_folder.name}/stub.py" for item in course.exercises}
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
            values = {"error": error.strerror or str(error)}
            faults.append(Fault(name, "", Explanation("course.unreadable", values)))
            continue
        exercise = exercises.get(relative.parts[1])
        belongs = exercise is not None and _belongs(exercise, relative.parts[2:])
        (files if belongs else strays)[name] = content
    return files, strays, faults


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


def _belongs(exercise: Exercise, parts: tuple[str, ...]) -> bool:
    if len(parts) == 1:
        return parts[0] in ("README.md", "README.ko.md", "stub.py", f"test_{exercise.id}.py")
    return parts[:1] == ("data",)


# --- what is made -----------------------------------------------------------------------------------------------------


def _read_yaml(text: str) -> Any:
    loader = YAML(typ="safe", pure=True)
    loader.constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
    )
    return loader.load(text)


def _course_yml(course: Course) -> bytes:
    """Return course.yml with what students need: no comments, no anchors, nothing of the instructor's."""
    full = _read_yaml((course.root / FILE_NAME).read_text(encoding="utf-8"))
    kept = CommentedMap({name: full[name] for name in _COURSE_FIELDS if name in full})
    kept["exercises"] = [_exercise_entry(item) for item in full["exercises"]]
    writer = YAML()
    writer.width = 4096
    writer.indent(mapping=2, sequence=4, offset=2)
    # What exercises share is written out in each.
    writer.representer.ignore_aliases = lambda data: True
    stream = io.BytesIO()
    writer.dump(kept, stream)
    return stream.getvalue()


def _exercise_entry(full: Mapping[str, Any]) -> CommentedMap:
    entry = CommentedMap({name: full[name] for name in _EXERCISE_FIELDS if name in full})
    for name in ("title", "limits"):
        if name in entry:
            entry[name] = CommentedMap(entry[name])
            entry[name].fa.set_flow_style()
    if "banned" in entry:
        banned = {function: CommentedSeq(patterns) for function, patterns in entry["banned"].items()}
        for patterns in banned.values():
            patterns.fa.set_flow_style()
        entry["banned"] = CommentedMap(banned)
    return entry


def _readme(course: Course, name: str, language: Language) -> bytes:
    environment = Environment(
        loader=PackageLoader("grader.reports"),
        autoescape=False,  # Markdown, made of the author's own texts
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    exercises = [
        {
            "id": item.id,
            "number": item.number,
            "folder": item.exercise_folder.name,
            "title": item.title.in_language(language).replace("|", "\\|"),
            "points": f"{item.points:g}",
            "due": f"{item.due:%Y-%m-%d %H:%M} (UTC{item.due.isoformat()[-6:]})" if item.due else "",
        }
        for item in course.exercises
    ]
    page = environment.get_template(f"release_{name}").render(
        title=course.title.in_language(language),
        exercises=exercises,
        example=exercises[min(2, len(exercises) - 1)],
        total=f"{sum(item.points for item in course.exercises):g}",
        has_due=any(item.due for item in course.exercises),
    )
    return page.encode()


# --- what is written --------------------------------------------------------------------------------------------------


def write_release(
    release: Release, folder: Path | None, zip_file: Path | None, *, force: bool = False
) -> Written:
    """Write a release into a folder, a zip, or both: all of it or nothing.

    The folder is new or empty, or with `force` holds an earlier release: then `exercises/`, course.yml and the READMEs
    are replaced, and an answer is written only where there is none or where it is still the earlier stub.

    Raises:
        RequestError: a target holds something else, or cannot be written; nothing was changed.

    """
    folder, zip_file = folder and folder.resolve(), zip_file and zip_file.resolve()
    for target in (folder, zip_file):
        if target is not None:
            _refuse_inside(release.course, target)
    if zip_file is not None and folder is not None and zip_file.is_relative_to(folder):
        raise RequestError("release.zip_inside", {"file": str(zip_file), "folder": str(folder)})
    if zip_file is not None and (zip_file.is_dir() or (zip_file.exists() and not force)):
        raise RequestError("release.zip_there", {"file": str(zip_file)})
    kept = _kept_answers(release, folder, force=force) if folder is not None else ()
    stems = {Path(name).stem for name in kept}
    everything = release.everything()
    files = {
        name: data
        for name, data in everything.items()
        if name not in release.answers or name[:-3] not in stems
    }
    packed = _zip(release.course.id, everything) if zip_file is not None else b""
    try:
        with ExitStack() as stack:
            # Everything is on its disk before anything is moved to its place.
            if zip_file is not None:
                staged_zip = stack.enter_context(_staged({zip_file.name: packed}, zip_file.parent))
            if folder is not None:
                stage = stack.enter_context(_staged(files, folder if folder.exists() else folder.parent))
                if folder.exists():
                    _swap(stage, folder)
                else:
                    os.rename(stage, folder)
            if zip_file is not None:
                os.replace(staged_zip / zip_file.name, zip_file)
    except OSError as error:
        values = {"file": str(folder or zip_file), "error": error.strerror or str(error)}
        raise RequestError("release.unwritable", values) from error
    digest = hashlib.sha256(packed).hexdigest() if zip_file is not None else None
    return Written(files if folder is not None else everything, kept, digest)


def _zip(name: str, files: Mapping[str, bytes]) -> bytes:
    """Return a zip with one folder in it; the same files give the same bytes."""
    buffer = io.BytesIO()
    # Stored and not compressed: what a compressor makes differs from one version of its library to the next.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(f"{name}/{path}")
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _refuse_inside(course: Course, path: Path) -> None:
    """Refuse the course itself, what lies above it, and its exercises and solutions."""
    inside = any(path.is_relative_to(course.root / part) for part in ("exercises", "solutions"))
    if inside or course.root.is_relative_to(path):
        raise RequestError("release.inside", {"folder": str(path)})


def _kept_answers(release: Release, folder: Path, *, force: bool) -> tuple[str, ...]:
    """Return the answers that an earlier release in a folder holds and that are to be left as they are.

    Raises:
        RequestError: the folder holds something else, or an earlier release and `force` is not given.

    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return ()
    if not _is_release(folder, release.course.id):
        raise RequestError("release.not_empty", {"folder": str(folder)})
    if not force:
        raise RequestError("release.there", {"folder": str(folder)})
    kept = []
    for name in release.answers:
        answer, notebook = folder / name, folder / f"{name[:-3]}.ipynb"
        if answer.is_symlink() or (answer.exists() and not _is_old_stub(answer)):
            kept.append(name)
        elif not answer.exists() and notebook.exists():
            kept.append(notebook.name)
    return tuple(kept)


def _is_release(folder: Path, course_id: str) -> bool:
    """Return whether a folder holds an earlier release of this course, and not a course with its solutions."""
    if not (folder / "exercises").is_dir() or (folder / "solutions").exists():
        return False
    try:
        described = _read_yaml((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        return False
    return isinstance(described, dict) and described.get("id") == course_id


def _is_old_stub(answer: Path) -> bool:
    stubs = answer.parent.glob(f"exercises/{answer.stem}_*/stub.py")
    return answer.is_file() and answer.read_bytes() in [stub.read_bytes() for stub in stubs]


@contextmanager
def _staged(files: Mapping[str, bytes], beside: Path) -> Iterator[Path]:
    """Return a folder on the target's disk that holds the files; what is left of it is removed afterwards."""
    beside.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".release-", dir=beside))
    try:
        stage.chmod(0o755)
        for name, content in files.items():
            path = stage / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _swap(stage: Path, folder: Path) -> None:
    """Move what was built into its place, entry by entry; on any failure put back what was there."""
    old = stage / ".old"
    old.mkdir()
    moved: list[str] = []
    try:
        for name in sorted(item.name for item in stage.iterdir() if item != old):
            moved.append(name)
            if (folder / name).exists():
                os.rename(folder / name, old / name)
            os.rename(stage / name, folder / name)
    except BaseException:
        for name in reversed(moved):
            if not (stage / name).exists():
                os.rename(folder / name, stage / name)
            if (old / name).exists():
                os.rename(old / name, folder / name)
        raise
