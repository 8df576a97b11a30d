"""Prove the wheel: built, installed without this checkout, and a course graded elsewhere with it.

What an editable install has by chance (templates, catalogues, settings beside the code) is missed here if the wheel lacks it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"en": "5 of 9 checks did not pass.", "ko": "검사 9개 중 5개를 통과하지 못했습니다."}
"""A line of what `grader check` prints for the wrong answer."""
WORDS = {"en": "passed", "ko": "통과"}
"""What a worker of a cluster says of a check that passed."""
RIGHT = ROOT / "demo" / "answers" / "ex03_slices.py"
WRONG = ROOT / "demo" / "answers" / "ex03_index_error.py"
STUB = ROOT / "exercises" / "ex03_maxpool_2" / "stub.py"
CLASS = {
    "ann": ("ex03.py", RIGHT, 10.0),
    "ben": ("ex03.ipynb", RIGHT, 10.0),
    "cho": ("ex03.py", WRONG, 5.0),
    "dae": ("ex03.py", STUB, 0.0),
}
"""Student -> the file handed in, the code in it, and its points."""
NEEDS_THE_SOURCE = ["browser", "messages", "nbgrader/test_workflow.py", "test_ci.py"]
"""Tests of what no wheel has: the sources of the catalogues, the workflow of CI; and those that need Chromium."""
NO_SOURCE = {"grader", "build", "graded"}
"""The folders of the checkout that are not copied: the package, and what commands write."""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is proved, and how long it took."""
    started = time.monotonic()
    print(f"prove: {name} ...", flush=True)
    yield
    print(f"prove: {name}: holds ({time.monotonic() - started:.0f} s)", flush=True)


def run(*command: str | Path, cwd: Path, codes: tuple[int, ...] = (0,), **environment: str) -> str:
    """Run a command; return what it printed, or end with it where its exit code is another."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "GRADER_LANG")}
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, env=clean | environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in codes:
        sys.exit(
            f"{' '.join(words)}: exit code {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        )
    return done.stdout


def expect(is_so: bool, what: str) -> None:
    """End with what does not hold."""
    if not is_so:
        sys.exit(f"prove: this does not hold: {what}")


def copy_of(names: Iterable[str], target: Path) -> None:
    """Copy files and folders of this checkout, without what running them left there."""
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def data_files(names: Iterable[str]) -> set[str]:
    """Return which of the files belong to the package and are neither code nor a catalogue's source."""
    return {name for name in names if name.startswith("grader/") and Path(name).suffix not in (".py", ".po")}


def install(folder: Path) -> Path:
    """Build the wheel and install it with the locked packages; return the environment's folder of programs."""
    source, wheels = folder / "source", folder / "wheels"
    copy_of(("grader", "pyproject.toml", "README.md", "LICENSE"), source)
    files = (path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())
    expected = data_files(files)
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    run(sys.executable, *pip, "wheel", "--no-deps", "--wheel-dir", wheels, source, cwd=folder)
    shutil.rmtree(source)
    (wheel,) = wheels.glob("tensor_grader-*.whl")
    missing = expected - data_files(zipfile.ZipFile(wheel).namelist())
    expect(not missing, f"the wheel holds {', '.join(sorted(missing))}")
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / "bin"
    python = programs / "python"
    run(python, *pip, "install", "--require-hashes", "-r", ROOT / "requirements.lock", cwd=folder)
    run(python, *pip, "install", "--no-deps", wheel, cwd=folder)
    return programs


def hand_in(folder: Path) -> None:
    """Write what the class hands in."""
    for student, (name, answer, _) in CLASS.items():
        code = answer.read_text(encoding="utf-8")
        path = folder / student / name
        path.parent.mkdir(parents=True)
        path.write_text(as_notebook(code) if name.endswith(".ipynb") else code, encoding="utf-8")


def as_notebook(code: str) -> str:
    """Return a notebook of one cell."""
    cell = {"cell_type": "code", "id": "answer", "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps(
        {"cells": [cell | {"source": code}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    )


def grade_a_class(grader: Path, course: Path) -> None:
    """Grade the class in the full sandbox; the scores, the report and Gradescope's program are there."""
    hand_in(course.parent / "class")
    run(grader, "grade", "../class", "--output", "graded", "--exercise", "ex3", cwd=course)
    results = json.loads((course / "graded" / "results.json").read_text(encoding="utf-8"))
    points = {grade["student"]: grade["points"] for grade in results["grades"]}
    expected = {student: row[-1] for student, row in CLASS.items()}
    expect(points == expected, f"the class earns {expected}; it earned {points}")
    expect(results["run"]["isolation"] == "full", "the class is graded in the full sandbox")
    page = (course / "graded" / "reports" / "index.html").read_text(encoding="utf-8")
    expect("<main" in page, "there is a report")
    export = ("export", "gradescope-autograder", "--exercise", "ex3", "--output", "autograder.zip")
    run(grader, *export, cwd=course)
    inside = set(zipfile.ZipFile(course / "autograder.zip").namelist())
    for catalogue in (ROOT / "grader").rglob("*.mo"):
        name = f"program/{catalogue.relative_to(ROOT).as_posix()}"
        expect(name in inside, f"autograder.zip holds {name}")


def read_a_sentence_of_each_language(grader: Path, course: Path) -> None:
    """Check a wrong answer; what is said of it is said in the reader's language."""
    for language, sentence in LANGUAGES.items():
        said = run(grader, "check", "ex3", "--file", WRONG, "--lang", language, cwd=course, codes=(1,))
        expect(sentence in said.splitlines(), f"`grader check --lang {language}` says: {sentence}")
    helped = {language: run(grader, "--help", cwd=course, GRADER_LANG=language) for language in LANGUAGES}
    expect("자동 채점" in helped["ko"] and "Auto-graded" in helped["en"], "help is in the reader's language")


def read_a_sentence_on_a_worker(python: Path, course: Path) -> None:
    """Ask a worker of a cluster for a word of each language: it has the catalogues too."""
    lines = [
        "from distributed import Client",
        "from grader.messages.sentences import text",
        "if __name__ == '__main__':",
        "    with Client(n_workers=1, threads_per_worker=1, dashboard_address=None) as client:",
        f"        for language in {[*WORDS]!r}:",
        "            print(client.submit(text, 'verdict.passed', language).result())",
    ]
    program = course / "on_a_worker.py"
    program.write_text("\n".join(lines), encoding="utf-8")
    said = run(python, program, cwd=course).split("\n")
    program.unlink()
    expect(said[:-1] == [*WORDS.values()], f"a worker says {[*WORDS.values()]}; it said {said}")


def release_and_check(grader: Path, course: Path, folder: Path) -> None:
    """Release the course; a student's right answer passes the visible checks there."""
    run(grader, "release", folder / "released", cwd=course)
    shutil.copyfile(RIGHT, folder / "released" / "ex03.py")
    run(grader, "check", "ex3", cwd=folder / "released")


def main() -> None:
    """Prove it in a folder that is not this checkout, and remove that."""
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        folder = Path(name)
        # Root's sandbox runs as another user, who has to reach Python.
        folder.chmod(0o755)
        elsewhere = folder / "elsewhere"
        with step("the wheel is built and installed without this checkout"):
            programs = install(folder)
            # The checkout without the package, so that only the installed one can be imported there.
            names = (path.name for path in ROOT.iterdir() if path.suffix != ".egg-info")
            copy_of((name for name in names if name[0] != "." and name not in NO_SOURCE), elsewhere)
            python, grader = programs / "python", programs / "grader"
            place = run(python, "-c", "import grader; print(grader.__file__)", cwd=elsewhere).strip()
            expect(
                Path(place).is_relative_to(folder / "venv"), f"the package is the installed one, not {place}"
            )
            print("   ", run(grader, "--version", cwd=elsewhere).strip())
        with step("a class is graded elsewhere"):
            grade_a_class(grader, elsewhere)
        with step("a sentence of each language is read"):
            read_a_sentence_of_each_language(grader, elsewhere)
            read_a_sentence_on_a_worker(python, elsewhere)
        with step("the course is released, and checked as a student"):
            release_and_check(grader, elsewhere, folder)
        with step("an nbgrader course is built, and plain pytest finds the checks"):
            run(grader, "nbgrader", "build", folder / "nb", "ex3", "--lang", "en", cwd=elsewhere)
            run(
                python, "-m", "pytest", "-q", "solutions/ex03_maxpool_2", "--submission", RIGHT, cwd=elsewhere
            )
        with step("the tests pass against the installed wheel"):
            left_out = [f"--ignore=tests/{name}" for name in NEEDS_THE_SOURCE]
            options = ("-q", "-n", "auto", "-m", "not slow", "--tb", "line")
            said = run(python, "-m", "pytest", *options, *left_out, cwd=elsewhere)
            print("   ", said.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
