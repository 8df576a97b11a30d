"""Gradescope: results.json as its autograders write it, and an autograder.zip that grades there with this program.

Published: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (the zip's `setup.sh` and `run_autograder`, the
folder /autograder, and the fields of results.json).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import distribution, distributions, version
from pathlib import Path
from typing import Any

from grader.course import FILE_NAME, without_due_dates
from grader.messages import VERDICTS, text
from grader.model import Course, Grade, Language
from grader.reports.standing import remarks
from grader.reports.student_feedback import check_markdown
from grader.reports.views import CheckView, student_view

__all__ = ["autograder_zip", "gradescope_results"]

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = {"__pycache__", ".git", ".ipynb_checkpoints", ".venv"}


def gradescope_results(course: Course, row: Mapping[str, Grade], language: Language) -> str | None:
    """Return one student's results; None where an exercise is ungraded, because a score is then not known.

    All tests are visible: what a student may not know of a hidden check is not in the file at all. Neither is the time
    it took, which a submission can choose by what it was given.
    """
    grades = [row[exercise.id] for exercise in course.exercises if exercise.id in row]
    if not grades or any(grade.is_open for grade in grades):
        return None
    tests = [
        _test(grade.exercise, number, view, language)
        for grade in grades
        for number, view in enumerate(student_view(grade.checks), start=1)
    ]
    exercises = {exercise.id: exercise for exercise in course.exercises}
    lines = []
    for grade in grades:
        verdict = VERDICTS[grade.verdict][language == "ko"]
        lines.append(f"{grade.exercise}: {verdict}, {grade.points:g} / {grade.possible:g}")
        said = remarks(grade, exercises[grade.exercise], instructor=False)
        lines += [f"  {remark.text.in_language(language)}" for remark in said]
    document = {
        "score": sum(grade.points for grade in grades),
        "output": "\n".join(lines),
        "output_format": "text",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _test(exercise: str, number: int, view: CheckView, language: Language) -> dict[str, Any]:
    hidden = f" ({text('cli.hidden', language)})" if view.hidden else ""
    return {
        "name": f"{exercise} · {view.title.in_language(language)}{hidden}",
        "number": f"{int(exercise.removeprefix('ex'))}.{number}",
        "score": view.earned,
        "max_score": view.points,
        "status": "passed" if view.passed else "failed",
        "output": "" if view.passed else "\n".join(check_markdown(view, language)),
        "output_format": "md",
        "visibility": "visible",
    }


_SETUP = """#!/usr/bin/env bash
# Installs what the autograder needs, once, when Gradescope builds the image.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends bubblewrap libseccomp2 python3 python3-venv
python=
find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
}
find_python
if [ -z "$python" ]; then
    apt-get install -y -q --no-install-recommends python3.11 python3.11-venv
    find_python
fi
"$python" -m venv /autograder/venv
install() { /autograder/venv/bin/pip install --quiet --constraint "$here/$1" "$here/program"; }
# A version that was tried elsewhere may want a newer Python than this image has.
install constraints.txt || {
    echo "setup: not every version can be had here; holding to those that decide grades" >&2
    install constraints-least.txt
}
"""

_RUN = """#!/usr/bin/env bash
# Grades the submission in /autograder/submission, which is where Gradescope starts this: the working directory.
# When something could not be graded the results hold a text and no score: Gradescope then says that the autograder failed,
# and nothing is recorded. Why it failed is in the output, which instructors see.
set -euo pipefail
root=$PWD
results=$root/results/results.json
mkdir -p "$root/results"
rm -f "$results"
exercises=(@EXERCISES@)
course=$root/source/course
work=$(mktemp -d)
end() {
    code=$?
    rm -rf "$work"
    [ -s "$results" ] || cp "$root/source/not_graded.json" "$results"
    exit "$code"
}
trap end EXIT
mkdir -p "$work/submissions/student"
cp -rP "$root/submission/." "$work/submissions/student/"
if [ ${#exercises[@]} = 1 ]; then
    # A single file is the answer, whatever it is called.
    shopt -s nullglob
    files=("$root"/submission/*.py "$root"/submission/*.ipynb)
    if [ ${#files[@]} = 1 ]; then
        rm -r "$work/submissions/student"
        mkdir "$work/submissions/student"
        # A link could lead to the solutions: it stays a link, and links are not graded.
        cp -P "${files[0]}" "$work/submissions/student/${exercises[0]}.${files[0]##*.}"
    fi
fi
# When it was handed in is Gradescope's to say: the files are as old as this container.
handed_in=$("$root/venv/bin/python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["created_at"])' \
    "$root/submission_metadata.json" 2>/dev/null || true)
if [ -n "$handed_in" ]; then find "$work/submissions" -exec touch -h -d "$handed_in" {} + || true; fi
options=()
for exercise in "${exercises[@]}"; do options+=(--exercise "$exercise"); done
grader() { "$root/venv/bin/python" -m grader.cli "$@" --course "$course" --lang @LANGUAGE@; }
grader grade "$work/submissions" --output "$work/graded" --jobs 1 --isolation @ISOLATION@ "${options[@]}"
grader export gradescope --graded "$work/graded" --student student --output "$results"
"""


def autograder_zip(course: Course, exercises: Iterable[str], *, language: Language, isolation: str) -> bytes:
    """Return an autograder.zip: this program, the course with its solutions, and the two scripts that Gradescope runs.

    Only instructors see the zip; on Gradescope the submission runs in this program's sandbox and cannot read the course.
    """
    buffer = io.BytesIO()
    chosen = list(exercises)
    run = (
        _RUN.replace("@EXERCISES@", " ".join(chosen))
        .replace("@LANGUAGE@", language)
        .replace("@ISOLATION@", isolation)
    )
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", _SETUP.encode(), executable=True)
        _add(archive, "run_autograder", run.encode(), executable=True)
        installed = _installed()
        _add(archive, "not_graded.json", _not_graded(chosen, language).encode())
        _add(archive, "constraints.txt", _constraints(installed).encode())
        least = {name: number for name, number in installed.items() if _plain_name(name) in _least()}
        _add(archive, "constraints-least.txt", _constraints(least).encode())
        _add(archive, "program/pyproject.toml", _project().encode())
        _add_folder(archive, Path(__file__).parent.parent, "program/grader")
        # Due dates and extensions are Gradescope's there.
        settings = (course.root / FILE_NAME).read_text(encoding="utf-8")
        _add(archive, f"course/{FILE_NAME}", without_due_dates(settings).encode())
        for exercise in course.exercises:
            for folder in (exercise.exercise_folder, exercise.solution_folder):
                if folder is not None:
                    _add_folder(archive, folder, f"course/{folder.parent.name}/{folder.name}")
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, *, executable: bool = False) -> None:
    entry = zipfile.ZipInfo(name, _FIXED_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o755 if executable else 0o644) << 16
    archive.writestr(entry, content)


def _add_folder(archive: zipfile.ZipFile, folder: Path, name: str) -> None:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and not _LEFT_OUT & set(inside.parts):
            _add(archive, f"{name}/{inside.as_posix()}", path.read_bytes())


def _installed() -> dict[str, str]:
    """Return the versions that are installed here, so that Gradescope grades with what was tried here."""
    found = {item.metadata["Name"]: item.version for item in distributions() if item.metadata["Name"]}
    found.pop("grader", None)
    return found


def _least() -> set[str]:
    """Return what decides grades: the libraries that this program names itself, and TensorFlow's Keras."""
    names = (re.match(r"[\w.-]+", line) for line in _needed())
    return {_plain_name(name[0]) for name in names if name is not None} | {"keras"}


def _plain_name(name: str) -> str:
    """Return a package's name as all tools compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _constraints(versions: Mapping[str, str]) -> str:
    rows = sorted(versions.items(), key=lambda row: row[0].lower())
    return "".join(f"{name}=={number}\n" for name, number in rows)


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
    return [line for line in distribution("grader").requires or [] if "extra ==" not in line]


def _project() -> str:
    """Return a pyproject.toml for the bundled program, from what is installed here."""
    own = distribution("grader")
    plugins = {item.name: item.value for item in own.entry_points if item.group == "pytest11"}
    lines = [
        "[build-system]",
        'requires = ["setuptools>=77"]',
        'build-backend = "setuptools.build_meta"',
        "",
        "[project]",
        'name = "grader"',
        f'version = "{version("grader")}"',
        'requires-python = ">=3.11"',
        f"dependencies = {json.dumps(_needed(), indent=4)}",
        "",
        "[project.entry-points.pytest11]",
        *(f"{name} = {json.dumps(value)}" for name, value in sorted(plugins.items())),
        "",
        "[tool.setuptools.packages.find]",
        'include = ["grader", "grader.*"]',
        "",
        "[tool.setuptools.package-data]",
        'grader = ["judge.ini", "py.typed", "reports/templates/*"]',
    ]
    return "\n".join(lines) + "\n"
