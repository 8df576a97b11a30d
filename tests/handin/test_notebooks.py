"""Notebooks whose names are no exercise, in what a class hands in: written as Colab, VS Code, Jupyter and IPython 2 do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.answers.notebook import read_notebook
from grader.model import Course
from tests.support.handin import Class, hand_in

SUMS = "def row_sums(x):\n    return x.sum(axis=1)"
POOL = "def max_pool(x):\n    return x[:, ::2, ::2]"
BETTER = "def max_pool(x):\n    return x[:, 1::2, 1::2]"


def colab(*cells: str) -> str:
    """Return a notebook as Colab writes it: the id in the metadata, outputs kept, format 4.0."""
    made: list[dict[str, Any]] = []
    for number, source in enumerate(cells):
        kind = "markdown" if source.startswith("#") else "code"
        metadata: dict[str, Any] = {"id": f"k{number}Xy"}
        cell: dict[str, Any] = {
            "cell_type": kind,
            "source": source.splitlines(keepends=True),
            "metadata": metadata,
        }
        if kind == "code":
            metadata |= {"colab": {"base_uri": "https://localhost:8080/"}, "outputId": "7f"}
            output = {"output_type": "stream", "name": "stdout", "text": ["Mounted at /content/drive\n"]}
            cell |= {"execution_count": None, "outputs": [output]}
        made.append(cell)
    about = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": about, "cells": made})


def vscode(*cells: str) -> str:
    """Return a notebook as VS Code writes it: its own metadata, lines, format 4.2."""
    made = [
        {"cell_type": "markdown", "metadata": {}, "source": [source]}
        if source.startswith("#")
        else {
            "cell_type": "code",
            "execution_count": 3,
            "metadata": {"vscode": {"languageId": "python"}},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
        for source in cells
    ]
    about = {"language_info": {"name": "python"}, "orig_nbformat": 4}
    return json.dumps({"cells": made, "metadata": about, "nbformat": 4, "nbformat_minor": 2})


def jupyter(*cells: str) -> str:
    """Return a notebook as Jupyter writes it: every cell with an id, here all the same one, format 4.5."""
    made = [
        {"cell_type": "markdown", "id": "copied", "metadata": {}, "source": source}
        if source.startswith("#")
        else {
            "cell_type": "code",
            "id": "copied",
            "metadata": {"scrolled": True, "nbgrader": {"grade_id": "solution_max_pool", "solution": True}},
            "execution_count": 1,
            "outputs": [],
            "source": source,
        }
        for source in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def format_3(*cells: str) -> str:
    """Return a notebook of format 3: worksheets, headings with a level, `input` in place of `source`."""
    made = [
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": [source.lstrip("# ")]}
        if source.startswith("#")
        else {
            "cell_type": "code",
            "collapsed": False,
            "input": source.splitlines(keepends=True),
            "language": "python",
            "metadata": {},
            "outputs": [],
            "prompt_number": 1,
        }
        for source in cells
    ]
    sheet = {"cells": made, "metadata": {}}
    return json.dumps({"metadata": {"name": "hw"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]})


STYLES = {"colab": colab, "vscode": vscode, "jupyter": jupyter, "format 3": format_3}
CELLS = ("import numpy as np\n!pip install numpy", "## ex03", BETTER, "## ex02", POOL, "# 연습", SUMS)


def parts(course: Course, folder: Path, **files: str) -> Class:
    """Hand in files by their path, and return what was found."""
    hand_in(folder / "in", *files, **files)
    return Class(course, folder / "in", folder / "work")


def code_of(text: str) -> str:
    return "\n".join(unit.code for unit in read_notebook(text, "a.ipynb").units)


@pytest.mark.parametrize("style", STYLES)
def test_a_notebook_is_handed_in_for_each_exercise_that_it_answers(
    style: str, tiny: Course, tmp_path: Path
) -> None:
    found = parts(tiny, tmp_path, **{"kim/homework.ipynb": STYLES[style](*CELLS[:-2])})
    assert found.taken == {"kim ex02": ["homework.ipynb"], "kim ex03": ["homework.ipynb"]}
    assert POOL in code_of(found.texts["kim ex02"][0])
    assert BETTER not in code_of(found.texts["kim ex02"][0])
    assert BETTER in code_of(found.texts["kim ex03"][0])
    assert found.notes == [("notebook_taken", "kim/homework.ipynb")]
    assert "taken for ex02, ex03" in found.sentences[0]


@pytest.mark.parametrize("style", STYLES)
def test_a_notebook_of_one_exercise_is_taken_as_it_is(style: str, tiny: Course, tmp_path: Path) -> None:
    text = STYLES[style](*CELLS[:3])
    found = parts(tiny, tmp_path, **{"kim/EX03.IPYNB": text, "lee_ex3.Ipynb": text})
    assert found.texts == {"kim ex03": [text], "lee ex03": [text]}
    assert found.notes == []


def test_all_forms_are_split_alike(tiny: Course, tmp_path: Path) -> None:
    texts = {name: style(*CELLS[:-2]) for name, style in STYLES.items()}
    found = parts(tiny, tmp_path, **{f"{name}/a.ipynb": text for name, text in texts.items()})
    assert len({found.texts[f"{name} ex03"][0] for name in STYLES}) == 1


def test_a_function_of_several_exercises_is_graded_for_none_of_them(tiny: Course, tmp_path: Path) -> None:
    found = parts(tiny, tmp_path, **{"kim/homework.ipynb": vscode(SUMS, POOL)})
    assert found.taken == {"kim ex01": ["homework.ipynb"]}
    assert [kind for kind, _ in found.notes] == ["notebook_taken", "unclear"]
    assert "max_pool may be for ex02, ex03, and nothing tells which" in found.sentences[1]
    assert "manifest.csv" in found.sentences[1]
    assert "--exercise" in found.sentences[1]


OTHERS = {
    "named": {"kim/ex03.ipynb": vscode(BETTER)},
    "named as Python": {"kim/EX03_final.py": BETTER},
    "headed": {"kim/one.ipynb": vscode("# ex03", BETTER)},
    "commented": {"kim/one.py": f"# ex03\n{BETTER}"},
}


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize("name", ["kim/all.ipynb", "kim/all.py"])
def test_it_is_where_the_students_other_files_leave_a_single_one(
    others: str, name: str, tiny: Course, tmp_path: Path
) -> None:
    text = vscode(POOL) if name.endswith("ipynb") else POOL
    found = parts(tiny, tmp_path, **OTHERS[others], **{name: text})
    assert POOL in found.texts["kim ex02"][0] or POOL in code_of(found.texts["kim ex02"][0])
    assert len(found.taken["kim ex02"]) == len(found.taken["kim ex03"]) == 1
    assert ("taken_as", name) in found.notes


def test_two_files_for_the_single_one_that_is_left_are_not_taken(tiny: Course, tmp_path: Path) -> None:
    files = {"kim/ex03.py": BETTER, "kim/a.py": POOL, "kim/b.ipynb": vscode(POOL)}
    found = parts(tiny, tmp_path, **files)
    assert found.taken == {"kim ex03": ["ex03.py"]}
    assert found.notes == [("one_of_several", "kim/a.py"), ("one_of_several", "kim/b.ipynb")]


def test_a_function_for_which_the_student_has_all_files_is_not_taken(tiny: Course, tmp_path: Path) -> None:
    files = {"kim/ex03.py": BETTER, "kim/ex02.py": POOL, "kim/draft.py": POOL}
    found = parts(tiny, tmp_path, **files)
    assert found.taken == {"kim ex02": ["ex02.py"], "kim ex03": ["ex03.py"]}
    assert found.notes == [("notebook_named", "kim/draft.py")]


def test_a_file_that_is_named_for_an_exercise_goes_before_its_functions(tiny: Course, tmp_path: Path) -> None:
    files = {"kim/ex01.ipynb": vscode(SUMS), "kim/all.ipynb": vscode(SUMS + "  # again")}
    found = parts(tiny, tmp_path, **files)
    assert found.taken == {"kim ex01": ["ex01.ipynb"]}
    assert found.notes == [("notebook_named", "kim/all.ipynb")]


def test_a_python_file_is_looked_into_like_a_notebook(tiny: Course, tmp_path: Path) -> None:
    text = f"import numpy as np\n\n# ex02\n{POOL}\n\n# ex03\n{BETTER}\n"
    files = {"kim/homework.py": text, "lee/x.py": SUMS, "park/x.py": POOL, "choi/x.py": "y = 1"}
    found = parts(tiny, tmp_path, **files)
    assert sorted(found.taken) == ["kim ex02", "kim ex03", "lee ex01"]
    assert found.texts["lee ex01"] == [SUMS]
    assert POOL in found.texts["kim ex02"][0]
    assert BETTER not in found.texts["kim ex02"][0]
    assert sorted(found.notes) == [
        ("notebook_taken", "kim/homework.py"),
        ("notebook_taken", "lee/x.py"),
        ("passed_over", "choi/x.py"),
        ("unclear", "park/x.py"),
    ]


def test_a_manifest_says_which_exercise_a_file_is_for(tiny: Course, tmp_path: Path) -> None:
    manifest = "student,file,exercise,submitted_at\nkim,homework.py,ex03,2026-03-02T10:00:00Z\n"
    found = parts(tiny, tmp_path, **{"manifest.csv": manifest, "kim/homework.py": POOL})
    assert found.texts == {"kim ex03": [POOL]}
    assert found.notes == []


def test_of_several_nameless_files_the_one_with_the_exercises_functions_is_taken(
    tiny: Course, tmp_path: Path
) -> None:
    files = {"kim/homework.py": POOL, "kim/plots.py": "def plot(): pass", "kim/empty.ipynb": vscode("x = 1")}
    hand_in(tmp_path / "in", *files, **files)
    found = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex03"])
    assert found.texts == {"kim ex03": [POOL]}
    assert ("taken_as", "kim/homework.py") in found.notes


@pytest.mark.parametrize("heading", ["## Question 4", "## 문제 1", "# Part A", "# 4."])
def test_the_exercise_that_is_asked_for_is_taken_whatever_a_notebook_counts(
    heading: str, tiny: Course, tmp_path: Path
) -> None:
    text = vscode(heading, POOL)
    hand_in(tmp_path / "in", "kim/homework.ipynb", **{"kim/homework.ipynb": text})
    assert Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex03"]).texts == {"kim ex03": [text]}


def test_a_heading_makes_an_attempt_beside_a_file_of_that_name(tiny: Course, tmp_path: Path) -> None:
    files = {"kim/ex03.ipynb": vscode(BETTER), "kim/all.ipynb": vscode("# ex03", POOL)}
    assert parts(tiny, tmp_path, **files).taken == {"kim ex03": ["ex03.ipynb", "all.ipynb"]}


def test_times_are_those_of_the_whole_notebook(tiny: Course, tmp_path: Path) -> None:
    files = {"kim/a.py": "", "kim/all.ipynb": vscode(*CELLS)}
    times = parts(tiny, tmp_path, **files).times
    assert times == {f"kim {id}": ["2026-03-02T10:01:00+00:00"] for id in ("ex01", "ex02", "ex03")}


def test_the_same_part_is_the_same_file(tiny: Course, tmp_path: Path) -> None:
    files = {"kim/all.ipynb": vscode(*CELLS)}
    first = {item.exercise: item.path for item in parts(tiny, tmp_path, **files).found.submissions}
    changed = (*CELLS[:2], BETTER + "  # mended", *CELLS[3:])
    second = {
        item.exercise: item.path
        for item in parts(tiny, tmp_path, **{"kim/all.ipynb": vscode(*changed)}).found.submissions
    }
    assert [id for id in first if first[id] != second[id]] == ["ex03"]


def test_a_copy_of_the_stub_is_told_to_be_no_answer_and_nothing_else(tiny: Course, tmp_path: Path) -> None:
    stub = vscode("# ex03", "def max_pool(x):\n    raise NotImplementedError\n")
    answer = vscode("def max_pool(x):\n    return x\n")
    found = parts(tiny, tmp_path, **{"kim/ex03.ipynb": answer, "kim/original.ipynb": stub})
    assert found.taken == {"kim ex03": ["ex03.ipynb"]}
    assert found.notes == [("untouched", "kim/original.ipynb")]


FLAT = {
    ("kim_midterm.ipynb", "lee_midterm.ipynb"): ["kim", "lee"],
    ("midterm-kim-a.ipynb", "midterm-kim-b.ipynb", "midterm-lee.ipynb"): ["kim-a", "kim-b", "lee"],
    ("김민준 (1).ipynb", "이서연.ipynb"): ["김민준", "이서연"],
    ("kim_ex03.py", "kim_rest.ipynb"): ["kim"],
    ("kim_midterm.ipynb",): ["kim_midterm"],
    ("park/ex03.py", "hw1_PARK.ipynb", "hw1_choi.ipynb"): ["hw1_choi", "park"],
}


@pytest.mark.parametrize("names", FLAT)
def test_files_of_a_class_say_whose_they_are(names: tuple[str, ...], tiny: Course, tmp_path: Path) -> None:
    texts = {name: vscode(*CELLS) if name.endswith("ipynb") else "# ex03" for name in names}
    found = parts(tiny, tmp_path, **texts)
    assert list(found.students) == FLAT[names]


def test_the_roster_says_whose_a_file_is(tiny: Course, tmp_path: Path) -> None:
    roster = "student,name\n1201,Kim Minjun\n1202,Lee Seo\n"
    files = {
        "roster.csv": roster,
        "Kim_Minjun_hw.ipynb": vscode(*CELLS),
        "hw-final-1202.ipynb": vscode(*CELLS),
    }
    assert list(parts(tiny, tmp_path, **files).students) == ["1201", "1202"]


def test_a_notebook_without_an_answer_among_a_classs_files_is_nobodys(tiny: Course, tmp_path: Path) -> None:
    files = {"kim_ex03.py": "", "scratch.ipynb": vscode("x = 1"), "damaged.ipynb": "{"}
    found = parts(tiny, tmp_path, **files)
    assert list(found.students) == ["kim"]
    assert found.notes == [("passed_over", "damaged.ipynb"), ("passed_over", "scratch.ipynb")]


def test_a_folder_around_a_classs_notebooks_is_no_student(tiny: Course, tmp_path: Path) -> None:
    files = {f"class/{name}_midterm.ipynb": vscode(*CELLS) for name in ("kim", "lee")}
    assert list(parts(tiny, tmp_path, **files).students) == ["kim", "lee"]


def test_a_notebook_that_nobody_can_read_is_said(tiny: Course, tmp_path: Path) -> None:
    found = parts(tiny, tmp_path, **{"kim/homework.ipynb": '{"cells": [', "kim/ex02.ipynb": "{"})
    assert found.taken == {"kim ex02": ["ex02.ipynb"]}
    assert found.notes == [("notebook_unread", "kim/homework.ipynb")]


def test_a_fault_of_ours_leaves_the_students_exercises_ungraded(
    tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ImportError("no nbformat")

    monkeypatch.setattr("grader.answers.split.read_cells", fail)
    found = parts(tiny, tmp_path, **{"kim/homework.ipynb": vscode(*CELLS), "kim/ex02.py": ""})
    assert ("notebook_unreadable", "kim/homework.ipynb") in found.notes
    paths = {item.exercise: item.path for item in found.found.submissions}
    assert paths["ex02"] == tmp_path / "in" / "kim" / "ex02.py"
    for id in ("ex01", "ex03"):
        path = paths[id]
        assert path is not None
        with pytest.raises(OSError, match="Not a directory"):
            path.read_bytes()


def test_the_exercise_that_is_asked_for_has_the_whole_notebook(tiny: Course, tmp_path: Path) -> None:
    text = vscode(SUMS, POOL)
    hand_in(tmp_path / "in", "kim/homework.ipynb", **{"kim/homework.ipynb": text})
    found = Class(tiny, tmp_path / "in", tmp_path / "work", exercises=["ex03"])
    assert found.texts == {"kim ex03": [text]}
    assert found.notes == [("taken_as", "kim/homework.ipynb")]


def test_headings_go_before_the_folders_name(tiny: Course, tmp_path: Path) -> None:
    found = parts(tiny, tmp_path, **{"kim/ex02/all.ipynb": vscode(*CELLS[:-2])})
    assert sorted(found.taken) == ["kim ex02", "kim ex03"]


def test_an_assignment_of_nbgrader_may_be_one_notebook_for_several_exercises(
    tiny: Course, tmp_path: Path
) -> None:
    files = {
        "submitted/kim/hw1/hw1.ipynb": vscode(*CELLS[:-2]),
        "submitted/kim/hw1/timestamp.txt": "2026-03-05 10:00:00 UTC",
    }
    expected = {f"kim {id}": ["2026-03-05T10:00:00+00:00"] for id in ("ex02", "ex03")}
    assert parts(tiny, tmp_path, **files).times == expected
    assert Class(tiny, tmp_path / "in" / "submitted", tmp_path / "work").times == expected
