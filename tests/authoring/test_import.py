from __future__ import annotations

import csv
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader.answers.questions import answers_of
from grader.authoring.foreign_tests import NotTranslatable, translate
from grader.authoring.parts import Test as ForeignTest
from grader.cli import main
from grader.course.files import files_of
from grader.course.load import load_course
from tests.authoring import notebooks as nb
from tests.support.sandbox import needs_sandbox


def run(*arguments: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", language], catch_exceptions=False)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a new course in English without exercises."""
    folder = tmp_path / "course"
    run("new", "course", folder, "--languages", "en", "--title", "By hand")
    monkeypatch.chdir(folder)
    return folder


def files(course: Path, id: str) -> dict[str, str]:
    return {
        path.name: path.read_text(encoding="utf-8")
        for folder in ("exercises", "solutions")
        for path in (course / folder).glob(f"{id}_*/*")
    }


def translated(code: str, *, is_hidden: bool = False, prepared: str = "", remote: str = "f x Model") -> str:
    test = ForeignTest(1, "q1", Fraction(1), code, is_hidden)
    body = translate(test, prepared, remote.split(), {"en": "q1 passes"})
    return "\n".join(line.removeprefix("    ") for line in body.lines.splitlines())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("assert f(3) == 9", 'assert_equal(submission.f(3), 9, en="`f(3)`")'),
        ("assert 9 == f(3), 'the square'", 'assert_equal(submission.f(3), 9, en="the square")'),
        ("assert x == [1, 2]", 'assert_equal(submission.x, [1, 2], en="`x`")'),
        ("assert f(x)", "assert submission.f(submission.x)"),
        ("assert x > 2 and 'é' < f('é')", "assert submission.x > 2 and 'é' < submission.f('é')"),
        ("assert_equal(f(3), 9)", 'assert_equal(submission.f(3), 9, en="`f(3)`")'),
        ("np.testing.assert_equal(f(3), 9)", "np.testing.assert_equal(submission.f(3), 9)"),
        ("np.testing.assert_allclose(f(3), 9)", "np.testing.assert_allclose(submission.f(3), 9)"),
        ("assert np.allclose(f(3), 9)", "assert np.allclose(submission.f(3), 9)"),
        (
            "assert np.allclose([1, 2], f(3), atol=0.1)",
            "assert_tensor(submission.f(3), np.array([1, 2]), rtol=1e-05, atol=0.1)",
        ),
        ("assert np.array_equal(f(3), np.array([9]))", "assert_tensor(submission.f(3), np.array([9]))"),
        (
            "for k in range(3):\n    assert f(k) == k",
            'for k in range(3):\n    assert_equal(submission.f(k), k, en="`f(k)`")',
        ),
        (
            "m = Model(2)\nassert m.up() == 3",
            'm = submission.Model(2)\nassert_equal(m.up(), 3, en="`m.up()`")',
        ),
        (
            "try:\n    f(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no')",
            'with raises(submission, "ValueError"):\n    submission.f(0)',
        ),
        (
            "try:\n    f(0)\n    assert False\nexcept ValueError:\n    pass",
            'with raises(submission, "ValueError"):\n    submission.f(0)',
        ),
        (
            "with pytest.raises(ValueError):\n    f(0)",
            'with raises(submission, "ValueError"):\n    submission.f(0)',
        ),
        (
            "assert_raises(ValueError, f, 0, k=1)",
            'with raises(submission, "ValueError"):\n    submission.f(0, k=1)',
        ),
        ("from nose.tools import assert_true\nassert_true(f(1))", "assert submission.f(1)"),
        (
            "assert_almost_equal(f(1), 2.5, 3)",
            "assert_tensor(submission.f(1), 2.5, rtol=0, atol=10.0 ** -(3))",
        ),
        (
            'text = """a\nb"""\nassert f(text) == 1',
            'text = """a\nb"""\nassert_equal(submission.f(text), 1, en="`f(text)`")',
        ),
        (
            "assert round(x, 2) == 4.67",
            'assert_equal(round(float(submission.x), 2), 4.67, en="`round(x, 2)`")',
        ),
        (
            "assert [y for y in x] == [1]",
            'assert_equal([y for y in submission.x], [1], en="`[y for y in x]`")',
        ),
        # What a test looks at in an argument, another process has changed in a copy.
        (
            "y = [1, 2]\nf(y)\nassert len(y) == 2",
            'y = [1, 2]\nsubmission.f(y)\nassert_unchanged(submission)\nassert_equal(len(y), 2, en="`len(y)`")',
        ),
        ("y = [1, 2]\nf(y)", "y = [1, 2]\nsubmission.f(y)"),
    ],
)
def test_a_test_asks_the_submission(code: str, expected: str) -> None:
    assert translated(code) == expected


def test_what_a_text_is_made_of_asks_the_submission_too() -> None:
    code = "shown = f'{x} of {f(2):.2f}'\nassert x > 2, f'got {x}'\nprint('Success!')"
    assert translated(code) == (
        "shown = f'{submission.x} of {submission.f(2):.2f}'\nassert submission.x > 2, f'got {submission.x}'"
    )


def test_a_hidden_test_says_nothing_of_its_values() -> None:
    assert (
        translated("assert f(3) == 9, 'nine!'", is_hidden=True)
        == 'assert_equal(submission.f(3), 9, en="q1 passes")'
    )


@pytest.mark.parametrize(
    "code",
    [
        "f = 3\nassert f == 3",
        "del f",
        "assert 'f' in globals()",
        "get_ipython().run_cell('1')",
        "assert (",
        "with contextlib.redirect_stdout(out):\n    f(3)",
        "sys.stdout = io.StringIO()\nf(3)",
    ],
)
def test_what_needs_the_students_process_is_not_translated(code: str) -> None:
    with pytest.raises(NotTranslatable):
        translated(code)


def test_what_the_lecture_made_a_test_makes_again(course: Path, tmp_path: Path) -> None:
    cells = [
        nb.answer("### BEGIN SOLUTION\ndef f(x):\n    return [x]\n### END SOLUTION"),
        nb.code("made = f(1)\nmore = f(2)"),
        nb.tests("again", 1, "made = f(3)\nassert made == [3]"),
        nb.tests("changed", 1, "more = more + [3]\nassert more == [2, 3]"),
        nb.tests("replaced", 1, "f = len\nassert made == [1]"),
        nb.tests("absent", 1, "assert f(1) == nowhere"),
    ]
    result = run("import", "nbgrader", nb.write(tmp_path / "a.ipynb", cells))
    visible = files(course, "ex01")["test_ex01.py"]
    assert "    made = submission.f(3)\n    assert_equal(made, [3]," in visible
    assert visible.count("@check") == 1
    for cell, name, why in ((4, "changed", "more"), (5, "replaced", "f"), (6, "absent", "nowhere")):
        assert f"cell {cell}: {name} (1 pt) is left out: `{why}`" in result.stdout


def test_otters_dictionary_of_names_asks_the_submission(course: Path, tmp_path: Path) -> None:
    config = 'points: 2\nfailure_message: "Not three"'
    own = f'""" # BEGIN TEST CONFIG\n{config}\n""" # END TEST CONFIG\n'
    cells = nb.block(
        "QUESTION",
        *nb.block("SOLUTION", nb.code("x = 3 # SOLUTION")),
        *nb.block("TESTS", nb.code(f"{own}def test_x(env):\n    assert env['x'] == 3")),
        config="name: q",
    )
    result = run("import", "otter", nb.write(tmp_path / "a.ipynb", cells))
    assert "assert_equal(submission.x, 3," in files(course, "ex01")["test_ex01.py"]
    assert "the message (`Not three`) is left out" in result.stdout


def test_an_nbgrader_notebook_becomes_an_exercise(course: Path, tmp_path: Path) -> None:
    result = run("import", "nbgrader", nb.write(tmp_path / "Softmax 1.ipynb", nb.SOFTMAX))
    assert result.exit_code == 0, result.output
    exercise = load_course(course).exercises[0]
    assert (exercise.slug, exercise.title["en"], exercise.points) == ("softmax-1", "Softmax by hand", 10)
    question = exercise.questions[0]
    assert (question.id, question.kind, question.points) == ("why", "text", 3)
    assert dict(question.rubric or {}) == {"en": "Because exp overflows."}
    found = files(course, "ex01")
    assert found["stub.py"] == (
        "import numpy as np\n\n# What the lecture shows.\nSCORES = np.array([[1.0, 2.0, 3.0]])\n\n\n"
        'def softmax(x):\n    """Return the probabilities of each row."""\n    raise NotImplementedError\n\n\n'
        'best = None\n\n\nclass Counter:\n    """Counts."""\n    def __init__(self, start=0):\n'
        '        raise NotImplementedError\n\n    def up(self):\n        """Count one up."""\n        raise NotImplementedError\n'
        '\nwhy = ""\n'
    )
    assert "shifted.sum" in found["solution.py"]
    assert "BEGIN" not in found["solution.py"]
    assert "## Tasks\n\n1. Write `softmax`.\n2. Write `best`.\n3. Write `Counter`.\n" in found["README.md"]
    assert "```python\nsoftmax(SCORES)\n```" in found["README.md"]
    assert "overflows" not in found["README.md"]
    visible, hidden = found["test_ex01.py"], found["test_ex01_hidden.py"]
    assert 'points=2,\n    en="Rows add up to one"' in visible
    assert 'assert_equal(submission.best, 2, en="the number of the class")' in visible
    assert 'with raises(submission, "TypeError"):\n        submission.Counter(1, 2)' in visible
    assert "nose" not in visible
    # The hidden half needs what the visible one made.
    assert (
        "    result = submission.softmax(SCORES)\n    assert np.allclose(submission.softmax(SCORES + 1000), result)"
        in hidden
    )
    assert "cell 5: rows has visible and hidden tests" in result.stdout


def test_an_otter_notebook_becomes_an_exercise(course: Path, tmp_path: Path) -> None:
    result = run("import", "otter", nb.write(tmp_path / "hw.ipynb", nb.STATISTICS), "--slug", "statistics")
    assert result.exit_code == 0, result.output
    exercise = load_course(course).exercises[0]
    assert (exercise.slug, exercise.points) == ("statistics", 7)
    assert [(item.id, item.kind, item.points) for item in exercise.questions] == [("q2", "text", 2)]
    assert dict(exercise.questions[0].rubric or {}) == {"en": "the spread."}
    found = files(course, "ex01")
    assert (
        'def mean(x):\n    """Return the mean."""\n    raise NotImplementedError\n\nm = None\n'
        in found["stub.py"]
    )
    assert "def center(x):\n    raise NotImplementedError" in found["stub.py"]
    assert "return y" in found["solution.py"]
    assert "PROMPT" not in found["solution.py"]
    visible, hidden = found["test_ex01.py"], found["test_ex01_hidden.py"]
    assert "assert_equal(submission.mean(np.array([2.0, 4.0])), 3.0," in visible
    assert "assert_equal(round(float(submission.m), 3), 4.667," in visible
    assert "def test_zero_mean(submission: Submission)" in hidden
    assert "data = np.array([1.0, 4.0, 9.0])" in hidden
    assert "    assert abs(submission.center(data).mean()) < 1e-9\n" in hidden
    assert "    assert_tensor(submission.center(np.array([9.0])), np.array([0.0]))\n" in hidden
    assert "the spread" not in found["README.md"]


SEEDED = [
    nb.raw(
        "# ASSIGNMENT CONFIG\ninit_cell: false\nseed:\n    variable: rng_seed\n    autograder_value: 42\n    student_value: 713"
    ),
    nb.markdown("# Walks"),
    nb.code("import numpy as np\nrng_seed = 42  # SEED"),
    *nb.block(
        "QUESTION",
        *nb.block(
            "SOLUTION",
            nb.code('def walk(steps):\n    """Return the places."""\n    return np.cumsum(steps) # SOLUTION'),
        ),
        *nb.block(
            "TESTS",
            nb.code("walk(np.array([1, 1, -1]))", shown="array([1, 2, 1])"),
            nb.code(
                "def test_pure(walk):\n    import numpy as np\n    steps = np.array([1, 1])\n    walk(steps)\n    assert (steps == 1).all()"
            ),
        ),
        config="name: q1\npoints: 4\nall_or_nothing: true",
    ),
]


def test_what_otter_is_told_beside_questions_is_listed(course: Path, tmp_path: Path) -> None:
    result = run("import", "otter", nb.write(tmp_path / "hw.ipynb", SEEDED), "--slug", "walks")
    assert result.exit_code == 0, result.output
    listed = " ".join(result.stdout.split())
    assert (
        "cell 1: Otter's settings are left out (seed: {'variable': 'rng_seed', 'autograder_value': '42'"
        in listed
    )
    assert "init_cell" not in listed
    assert "cell 4: Otter's settings are left out (all_or_nothing: true)" in listed
    assert "rng_seed = 42\n" in files(course, "ex01")["stub.py"]


def test_each_check_has_the_imports_that_it_does_not_make_itself(course: Path, tmp_path: Path) -> None:
    run("import", "otter", nb.write(tmp_path / "hw.ipynb", SEEDED), "--slug", "walks")
    head = files(course, "ex01")["test_ex01.py"].partition("@check")[0]
    assert "import numpy as np\n" in head


def test_the_statement_says_what_checks_ask(course: Path, tmp_path: Path) -> None:
    run("import", "otter", nb.write(tmp_path / "hw.ipynb", SEEDED), "--slug", "walks")
    assert files(course, "ex01")["README.md"].endswith(
        "1. Write `walk`.\n\nAn array that you return is an array, and no list.\n\n"
        "What your functions are given stays unchanged.\n"
    )


def test_what_a_person_grades_has_its_kind_and_what_it_is_graded_by(course: Path, tmp_path: Path) -> None:
    task = "Draw a line.\n\n=== BEGIN MARK SCHEME ===\nTwo points for labels.\n=== END MARK SCHEME ==="
    manual = {"grade": True, "solution": True, "points": 1}
    cells = [
        nb.markdown(
            task, {"task": True, "grade": False, "solution": False, "grade_id": "Line 1", "points": 2}
        ),
        nb.code("### BEGIN SOLUTION\nplt.plot([1])\n### END SOLUTION", {**manual, "grade_id": "3rd"}),
        nb.code("def use():\n    return 1", {**manual, "grade_id": "use"}),
        nb.manual("nothing", 0, "Because."),
    ]
    result = run("import", "nbgrader", nb.write(tmp_path / "a.ipynb", cells))
    assert result.exit_code == 0, result.output
    found = [
        (item.id, item.kind, item.points, item.rubric and item.rubric["en"])
        for item in load_course(course).exercises[0].questions
    ]
    assert found == [
        ("line_1", "text", 2, "Two points for labels."),
        ("q_3rd", "plot", 1, "plt.plot([1])"),
        ("use", "code", 1, "def use():\n    return 1"),
    ]
    assert "labels" not in files(course, "ex01")["README.md"]
    assert "cell 4: nothing is worth 0 pt" in result.stdout


def test_what_the_cell_of_a_question_leaves_to_students_is_given_to_them(
    course: Path, tmp_path: Path
) -> None:
    manual = {"grade": True, "solution": True, "points": 1}
    plot = "# Draw the data.\ndata = [1, 4]\n### BEGIN SOLUTION\nplt.plot(data)\n### END SOLUTION"
    cells = [
        nb.code(plot, {**manual, "grade_id": "plot"}),
        nb.manual("why", 1, "**Why** does it grow?\n### BEGIN SOLUTION\nSquares do.\n### END SOLUTION"),
        nb.markdown("Find two more.", {"task": True, "grade_id": "Task 1", "points": 1}),
    ]
    assert run("import", "nbgrader", nb.write(tmp_path / "a.ipynb", cells)).exit_code == 0
    exercise = load_course(course).exercises[0]
    found = [(dict(item.title)["en"], item.prompt and item.prompt["en"]) for item in exercise.questions]
    assert found == [
        ("plot", "Draw the data."),
        ("why", "**Why** does it grow?"),
        ("Task 1", "Find two more."),
    ]
    assert [item.rubric and item.rubric["en"] for item in exercise.questions] == [
        "plt.plot(data)",
        "Squares do.",
        None,
    ]
    written = files(course, "ex01")
    assert "data = [1, 4]" in written["stub.py"]
    assert "plt.plot" not in written["stub.py"] + written["README.md"]
    assert "Draw the data.\n\n**Why** does it grow?\n\nFind two more." in written["README.md"]
    released = [
        nb.code(
            "# Draw the data.\ndata = [1, 4]\n# YOUR CODE HERE\nraise NotImplementedError()",
            cells[0]["metadata"]["nbgrader"],
        ),
        nb.manual("why", 1, "**Why** does it grow?\nYOUR ANSWER HERE"),
        cells[2],
    ]
    untouched = nb.write(tmp_path / "untouched.ipynb", released).read_bytes()
    assert [*answers_of(exercise, untouched, "a.ipynb").values()] == ["", "", ""]
    released[0]["source"] = ["# Draw the data.\n", "data = [1, 4]\n", "plt.plot(data)"]
    released[1]["source"] = "**Why** does it grow?\nSquares."
    released[2]["source"] = "Find two more.\n\n3 and 5"
    answered = nb.write(tmp_path / "answered.ipynb", released).read_bytes()
    assert [*answers_of(exercise, answered, "a.ipynb").values()] == [
        "# Draw the data.\ndata = [1, 4]\nplt.plot(data)",
        "Squares.",
        "3 and 5",
    ]


@pytest.mark.parametrize(
    ("heading", "body", "titles", "own"),
    [
        ("# PS1: Vectors", "Write it.", {"ko": "PS1: Vectors"}, "ko"),
        ("", "Write it.", {"ko": "A b"}, "ko"),
        ("# PS1: Vectors", "벡터를 다룬다.", {"en": "PS1: Vectors"}, "ko"),
        ("", "벡터를 다룬다.", {"en": "A b"}, "ko"),
        ("# 벡터", "Write it.", {"ko": "벡터"}, "en"),
    ],
)
def test_a_notebook_in_any_language_goes_into_a_course_in_any(
    heading: str, body: str, titles: dict[str, str], own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    languages = "ko" if [*titles] == ["ko"] and heading != "# 벡터" else "en,ko"
    run("new", "course", tmp_path / "course", "--languages", languages, "--title", "강좌")
    monkeypatch.chdir(tmp_path / "course")
    cells = [nb.markdown(f"{heading}\n\n{body}".strip()), nb.manual("why", 1, "Because.")]
    result = run("import", "nbgrader", nb.write(tmp_path / "a b.ipynb", cells))
    assert result.exit_code == 0, result.output
    exercise = load_course(tmp_path / "course").exercises[0]
    assert titles.items() <= dict(exercise.title).items()
    statements = {
        code: path.read_text(encoding="utf-8") for code, path in files_of(exercise).statements.items()
    }
    assert [code for code, text in statements.items() if body in text] == [own]


def points_of(config: str, *cells: Mapping[str, Any], tmp_path: Path, course: Path) -> list[str]:
    question = nb.block(
        "QUESTION",
        *nb.block("SOLUTION", nb.code("x = 1 # SOLUTION")),
        *nb.block("TESTS", *map(dict, cells)),
        config=config,
    )
    assert run("import", "otter", nb.write(tmp_path / "q.ipynb", question)).exit_code == 0
    return [
        line.strip()
        for text in (files(course, "ex01")["test_ex01.py"], files(course, "ex01")["test_ex01_hidden.py"])
        for line in text.splitlines()
        if line.startswith("    points=")
    ]


def test_the_points_of_a_question_are_shared_as_otter_shares_them(course: Path, tmp_path: Path) -> None:
    plain = nb.code("assert x == 1")
    own = nb.code('""" # BEGIN TEST CONFIG\npoints: 1.5\n""" # END TEST CONFIG\nassert x == 1')
    assert points_of("name: q\npoints: 2", own, plain, plain, tmp_path=tmp_path, course=course) == [
        "points=1.5,",
        "points=0.25,",
        "points=0.25,",
    ]


def test_a_question_without_points_is_worth_one(course: Path, tmp_path: Path) -> None:
    plain = nb.code("assert x == 1")
    found = points_of("name: q", plain, plain, plain, tmp_path=tmp_path, course=course)
    assert found == ["points=1 / 3,"] * 3
    assert load_course(course).exercises[0].points == 1


def test_a_folder_becomes_an_exercise_of_each_notebook(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ps1"
    folder.mkdir()
    nb.write(folder / "problem1.ipynb", [nb.code("import csv\nopen('table.csv')"), *nb.SOFTMAX])
    nb.write(folder / "problem2.ipynb", [nb.manual("why not?", 2, "Because.")])
    nb.write(folder / "problem3.ipynb", [nb.markdown("Read this.")])
    (folder / "table.csv").write_text("1,2\n")
    (folder / "csv.py").write_text("x = 1\n")
    result = run("import", "nbgrader", folder)
    assert result.exit_code == 0, result.output
    assert [item.slug for item in load_course(course).exercises] == ["problem1", "problem2"]
    assert [item.id for item in load_course(course).exercises[1].questions] == ["why_not"]
    assert 'why_not = ""' in files(course, "ex02")["stub.py"]
    assert "1. Answer the question `why_not`." in files(course, "ex02")["README.md"]
    assert "cell 1: the file table.csv" in result.stdout
    assert "cell 1: the file csv.py" in result.stdout
    assert "problem3.ipynb is left out" in result.stdout


def test_what_an_earlier_cell_made_is_made_again(course: Path, tmp_path: Path) -> None:
    cells = [
        nb.answer("def f(k):\n    ### BEGIN SOLUTION\n    return k * k\n    ### END SOLUTION"),
        nb.code("def twice(k):\n    return f(f(k))"),
        nb.tests("first", 1, "from math import sqrt\nside = f(3)\nassert side == 9"),
        nb.tests("second", 1, "assert sqrt(side) == 3\nassert twice(2) == 16"),
    ]
    assert run("import", "nbgrader", nb.write(tmp_path / "a.ipynb", cells)).exit_code == 0
    visible = files(course, "ex01")["test_ex01.py"]
    assert visible.endswith(
        "    from math import sqrt\n    side = submission.f(3)\n"
        '    assert_equal(sqrt(side), 3, en="`sqrt(side)`")\n'
        '    assert_equal(submission.twice(2), 16, en="`twice(2)`")\n'
    )


def test_what_a_solution_imports_and_loops_over_is_no_answer(course: Path, tmp_path: Path) -> None:
    cells = [
        nb.code("np.random.seed(3)\nnumbers = np.random.normal(size=4)\nprint(numbers)"),
        nb.answer("import numpy as np\ntotal = 0\nfor number in [1, 2]:\n    total += number\n"),
        nb.tests("total", 1, "assert np.isclose(total, 3)\nassert len(numbers) == 4"),
        nb.answer("total = 5"),
    ]
    cells.insert(0, nb.code("import numpy as np"))
    result = run("import", "nbgrader", nb.write(tmp_path / "a.ipynb", cells))
    assert result.exit_code == 0, result.output
    found = files(course, "ex01")
    assert load_course(course).exercises[0].functions == ("total",)
    assert "number = None" not in found["stub.py"]
    assert "np.random.seed(3)\nnumbers = np.random.normal(size=4)\n" in found["stub.py"]
    assert "print(numbers)" not in found["solution.py"]
    assert "np.random.seed(3)\nnumbers = np.random.normal(size=4)\n" in found["test_ex01.py"]
    assert "assert np.isclose(submission.total, 3)" in found["test_ex01.py"]
    assert "cell 5: `total` is written in cell 3" in result.stdout


def test_another_language_is_left_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "course"
    run("new", "course", folder, "--languages", "ko,en", "--title", "강좌")
    monkeypatch.chdir(folder)
    assert run("import", "nbgrader", nb.write(tmp_path / "a.ipynb", nb.SOFTMAX)).exit_code == 0
    found = files(folder, "ex01")
    assert "probabilities" in found["README.md"]
    assert "TODO(author)" in found["README.ko.md"]
    assert "## 과제\n\n1. `softmax`를 작성하세요." in found["README.ko.md"]
    assert 'ko="rows의 테스트를 통과한다",\n    en="Rows add up to one"' in found["test_ex01.py"]
    assert dict(load_course(folder).exercises[0].title)["en"] == "Softmax by hand"


@pytest.mark.parametrize(
    ("kind", "cells", "language", "sentence"),
    [
        ("nbgrader", [nb.markdown("# Text")], "python", "nothing that students write"),
        ("nbgrader", nb.SOFTMAX[:4], "python", "no test that could become a check"),
        ("nbgrader", nb.SOFTMAX, "R", "notebook of R"),
        ("otter", nb.SOFTMAX, "python", "no question of Otter"),
    ],
)
def test_a_notebook_without_an_exercise_is_refused(
    course: Path, tmp_path: Path, kind: str, cells: list[dict[str, Any]], language: str, sentence: str
) -> None:
    before = (course / "course.yml").read_bytes()
    refused = run("import", kind, nb.write(tmp_path / "a.ipynb", cells, language))
    assert refused.exit_code == 2
    assert sentence in refused.stderr
    assert (course / "course.yml").read_bytes() == before
    assert not list((course / "exercises").iterdir())


@pytest.mark.parametrize("content", ["", "no JSON", "[]", '{"cells": 3}', '{"worksheets": []}'])
def test_what_is_no_notebook_is_refused(course: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "a.ipynb").write_text(content)
    refused = run("import", "nbgrader", tmp_path / "a.ipynb")
    assert refused.exit_code == 2
    assert "nbformat 4" in refused.stderr


def test_a_slug_is_for_one_notebook(course: Path, tmp_path: Path) -> None:
    for name in ("a.ipynb", "b.ipynb"):
        nb.write(tmp_path / name, nb.SOFTMAX)
    refused = run("import", "nbgrader", tmp_path, "--slug", "x")
    assert refused.exit_code == 2
    assert "--slug" in refused.stderr


@needs_sandbox
@pytest.mark.parametrize(
    ("kind", "cells", "points"), [("nbgrader", nb.SOFTMAX, 7), ("otter", nb.STATISTICS, 5)]
)
def test_what_was_brought_over_grades(
    course: Path, tmp_path: Path, kind: str, cells: list[dict[str, Any]], points: int
) -> None:
    assert run("import", kind, nb.write(tmp_path / "a.ipynb", cells), "--slug", "brought").exit_code == 0
    found = files(course, "ex01")
    for student, name in (("solved", "solution.py"), ("begun", "stub.py")):
        folder = tmp_path / "class" / student
        folder.mkdir(parents=True)
        (folder / "ex01.py").write_text(found[name], encoding="utf-8")
    result = run("grade", tmp_path / "class", "--jobs", "1")
    assert result.exit_code == 0, result.output
    with (course / "graded/grades.csv").open(encoding="utf-8-sig", newline="") as file:
        earned = {row["student"]: float(row["ex01"]) for row in csv.DictReader(file)}
    assert earned == {"solved": points, "begun": 0}
