"""Make the files of this folder, in an empty one: `python -m tests.made_before.make FOLDER`, from the root of the repository.

It was run at version 0.1.0. What a later version makes is not what is to be tested, so nothing runs this again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from grader.course.load import load_course
from tests.support.nbgrader_course import hand_in, nbgrader_api, notebook, put_in
from tests.test_made_before import read_back

HERE = Path(__file__).parent
GRADER = Path(sys.executable).with_name("grader")
SCALE = "\n\ndef scale(x, factor=2):\n    return x * factor\n"
GOOD1 = "def row_sums(x):\n    if x.ndim != 2:\n        raise ValueError\n    return x @ np.ones(x.shape[1], int)\n"
COLUMNS = "def row_sums(x):\n    return np.array([sum(column) for column in x.T])\n"
CORNER = "def max_pool(x):\n    return x[:, 1::2, 1::2]\n"
AFFINE = "def affine(x, factor=2.0, offset=0.0):\n    {}\n\n\ndef pooled(x):\n    print('pooling', x.shape)\n    return {}\n"
SMALLEST = "x.reshape(1, x.shape[1] // 2, 2, x.shape[2] // 2, 2, 1).min(axis=(2, 4))"
# Student -> exercise -> the function that was written; each row brings another verdict.
FIRST = {
    "kim-minjun": {"ex01": GOOD1, "ex02": CORNER, "ex04": AFFINE.format("return x * factor + offset", SMALLEST)},
    "이서연": {"ex01": COLUMNS, "ex04": AFFINE.format("return [[1.0, 2.0]] if x[0][0] < 0 else x * 3 + 1", "x.T")},
    "raises": {"ex01": "def row_sums(x):\n    return x.no_such\n"},
    "slow": {"ex01": "def row_sums(x):\n    while True:\n        pass\n"},
    "hoards": {"ex01": "def row_sums(x):\n    hoard = []\n    while True:\n        hoard.append(np.ones(1 << 20))\n"},
    "ends": {"ex01": "import os\n\n\ndef row_sums(x):\n    os._exit(3)\n"},
    "bans": {"ex01": "def row_sums(x):\n    return np.sum(x, axis=1)\n"},
    "stub": {"ex01": "def row_sums(x):\n    raise NotImplementedError\n"},
}
SECOND = {
    "kim-minjun": {"ex02": "def max_pool(x):\n    return x.reshape(1, 2, 2, 2, 2, 1).max(axis=(2, 4))\n"},
    "이서연": {"ex01": GOOD1.replace("raise ValueError", "return x")},
}


def run(*arguments: str, fails: bool = False) -> None:
    """Run a command of the grader; one that is to say that something is ungraded, too."""
    done = subprocess.run([GRADER, *arguments, "--lang", "en"], check=False)
    assert done.returncode == (2 if fails else 0), arguments


def write(answers: dict[str, dict[str, str]], day: int) -> None:
    """Hand a class's files in at noon of a day of December."""
    for student, files in answers.items():
        for exercise, code in files.items():
            path = Path("submissions", student, f"{exercise}.py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"import numpy as np\n\n\n{code}{SCALE if exercise == 'ex01' else ''}", encoding="utf-8")
            at = 1796094000 + 86400 * day
            os.utime(path, (at, at))


def grade_a_class() -> None:
    """Grade a class twice, decide by hand, and try a regrade that does not count."""
    course = ["--course", "course"]
    write(FIRST, 0)
    run("grade", "submissions", *course, "--jobs", "1", fails=True)
    write(SECOND, 2)
    run("grade", "submissions", *course, "--jobs", "1", fails=True)
    by = [*course, "--author", "kang"]
    run("override", "slow", "ex1", "--points", "2.5", "--why", "쉬운 실수", *by)
    run("override", "slow", "ex1", "--points", "3", "--why", "seen again <b>", *by)
    run("override", "stub", "ex1", "--points", "6", "--why", "the wrong student", *by)
    run("withdraw", "3", *by)
    run("extend", "이서연", "ex1", "--until", "2026-12-02T23:59:00+09:00", "--why", "ill", *by)
    run("comment", "kim-minjun", "ex2", "Beautiful use of reshape.\n훌륭합니다.", *by)
    run("comment", "kim-minjun", "ex2", "On the wrong page.", *by)
    run("withdraw", "6", *by)
    run("regrade", "ex2", "--preview", "--force", "--jobs", "1", *course)
    run("regrade", "--cancel", *course)
    run("export", "json", "--output", "results.json", *course)


def build_an_nbgrader_course() -> None:
    """Build the first exercise for nbgrader, and hand a notebook in whose row_sums is wrong."""
    run("nbgrader", "build", "nbgrader", "ex1", "--course", "course")
    shutil.copytree("nbgrader", "released-by-nbgrader")
    answer = nbgrader_api(Path("released-by-nbgrader")).generate_assignment("ex01_row_sums")
    assert answer["success"], answer
    document = notebook(Path("released-by-nbgrader"), "ex01_row_sums")
    put_in(document, "row_sums", COLUMNS)
    put_in(document, "scale", SCALE.strip())
    hand_in(Path("nbgrader"), "kim-minjun", "ex01_row_sums", document)
    shutil.rmtree("released-by-nbgrader")


def main() -> None:
    """Make everything in the folder that is named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    shutil.copytree(HERE / "course", folder / "course", ignore=shutil.ignore_patterns("__pycache__"))
    os.chdir(folder)
    grade_a_class()
    expected = read_back(Path("graded/gradebook.db"), load_course(Path("course")))
    Path("expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.copy("graded/gradebook.db", "gradebook.db")
    build_an_nbgrader_course()
    run("release", "released", "--course", "course")


if __name__ == "__main__":
    main()
