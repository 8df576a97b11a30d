"""Gradescope: an autograder.zip that grades there with this program.

Published: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (the zip's `setup.sh` and `run_autograder`, and
the folder /autograder) and .../best_practices/ (students' code as a user who may read neither source nor results).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import Distribution, distribution, distributions, version
from pathlib import Path

from grader.course.yaml import FILE_NAME, without_due_dates
from grader.errors import RequestError
from grader.messages.sentences import text
from grader.model import Course, Language

__all__ = ["autograder_zip"]

_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = {"__pycache__", ".git", ".ipynb_checkpoints", ".venv"}

_SETUP = """#!/usr/bin/env bash
# Installs what the autograder needs, once, when Gradescope builds the image, and then tries it.
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
pip() { /autograder/venv/bin/pip --disable-pip-version-check install --quiet --constraint "$here/$1" "${@:2}"; }
install() { pip "$1" "$here/program"; }
# The pip that comes with a Python may take minutes to find that two versions do not agree.
pip constraints.txt --upgrade pip || true
# A version that was tried elsewhere may not be had here.
install constraints.txt || {
    echo "setup: not every version can be had here; holding to those that decide grades" >&2
    install constraints-least.txt
}
# Students' code runs as another user: only root reads the solutions.
chmod -R go= "$here/course/solutions"
# The course's own answers, graded as a submission: the build's log then says whether this container can grade.
trial=$(mktemp -d)
chmod 755 "$trial"
mkdir "$trial/submission"
ln -s "$here" "$trial/source"
ln -s /autograder/venv "$trial/venv"
for answer in @ANSWERS@; do cp "$here/course/${answer#* }" "$trial/submission/${answer%% *}.py"; done
if (cd "$trial" && bash "$here/run_autograder"); then
    echo "setup: the autograder graded the course's own answers"
else
    echo "setup: THE AUTOGRADER CANNOT GRADE IN THIS CONTAINER, for the reason above" >&2
fi
rm -rf "$trial"
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
# Students' code runs as another user, who may read neither the solutions nor the results, nor what Python keeps of them.
umask 077
chmod -R go= "$course/solutions" "$root/results"
work=$(mktemp -d)
end() {
    code=$?
    rm -rf "$work"
    if [ ! -s "$results" ]; then
        cp "$root/source/not_graded.json" "$results"
        cat "$root/source/not_graded.txt"
    fi
    exit "$code"
}
trap end EXIT
mkdir "$work/submission"
cp -rP "$root/submission/." "$work/submission/"
if [ ${#exercises[@]} = 1 ]; then
    # A single file is the answer, whatever it is called.
    shopt -s nullglob
    files=("$root"/submission/*.py "$root"/submission/*.ipynb)
    if [ ${#files[@]} = 1 ]; then
        rm -r "$work/submission"
        mkdir "$work/submission"
        # A link could lead to the solutions: it stays a link, and links are not graded.
        cp -P "${files[0]}" "$work/submission/${exercises[0]}.${files[0]##*.}"
    fi
fi
# When it was handed in is Gradescope's to say: the files are as old as this container.
handed_in=$("$root/venv/bin/python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["created_at"])' \
    "$root/submission_metadata.json" 2>/dev/null || true)
if [ -n "$handed_in" ]; then find "$work/submission" -exec touch -h -d "$handed_in" {} + || true; fi
options=()
for exercise in "${exercises[@]}"; do options+=(--exercise "$exercise"); done
grader() { "$root/venv/bin/python" -m grader.cli "$@" --course "$course" --lang @LANGUAGE@; }
grader grade "$work/submission" --student student --output "$work/graded" --jobs 1 --isolation @ISOLATION@ "${options[@]}"
notes=()
[ ! -e "$work/graded/notes.txt" ] || notes=(--notes "$work/graded/notes.txt")
grader export gradescope --graded "$work/graded" --student student "${notes[@]}" --output "$results"
"""


def autograder_zip(course: Course, exercises: Iterable[str], *, language: Language, isolation: str) -> bytes:
    """Return an autograder.zip: this program, the course with its solutions, and the two scripts that Gradescope runs.

    Only instructors see the zip. On Gradescope the submission runs in this program's sandbox, and only root can read the
    solutions.

    Raises:
        RequestError: an exercise has no solution here: it is the student's version of the course.

    """
    buffer = io.BytesIO()
    chosen = list(exercises)
    if any(item.solution_folder is None for item in course.exercises if item.id in chosen):
        raise RequestError("request.no_solutions")
    run = (
        _RUN.replace("@EXERCISES@", " ".join(chosen))
        .replace("@LANGUAGE@", language)
        .replace("@ISOLATION@", isolation)
    )
    answers = {item.id: f"solutions/{item.exercise_folder.name}/solution.py" for item in course.exercises}
    setup = _SETUP.replace("@ANSWERS@", " ".join(f'"{name} {answers[name]}"' for name in chosen))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", setup.encode(), executable=True)
        _add(archive, "run_autograder", run.encode(), executable=True)
        installed = _installed()
        _add(archive, "not_graded.json", _not_graded(chosen, language).encode())
        _add(archive, "not_graded.txt", f"{text('export.not_graded_why', language)}\n".encode())
        _add(archive, "constraints.txt", _constraints(installed).encode())
        least = {name: item for name, item in installed.items() if _plain_name(name) in _least()}
        _add(archive, "constraints-least.txt", _constraints(least).encode())
        _add(archive, "program/pyproject.toml", _project().encode())
        _add_folder(archive, Path(__file__).parents[1], "program/grader")
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


def _installed() -> dict[str, Distribution]:
    """Return what is installed here, so that Gradescope grades with what was tried here."""
    found = {item.metadata["Name"]: item for item in distributions() if "Name" in item.metadata}
    found.pop("grader", None)
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
    return [line for line in distribution("grader").requires or [] if "extra ==" not in line]


def _project() -> str:
    """Return a pyproject.toml for the bundled program, from what is installed here."""
    own = distribution("grader")
    named = {group: own.entry_points.select(group=group) for group in ("console_scripts", "pytest11")}
    scripts, plugins = ({item.name: item.value for item in items} for items in named.values())
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
