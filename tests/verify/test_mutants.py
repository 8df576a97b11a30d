from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.errors import CourseError, Fault
from grader.verify.mutants import Mutant, make_mutants
from grader.verify.waivers import Waiver, apply_waivers, load_waivers
from tests.support.places import ROOT

SOLUTIONS = sorted(ROOT.glob("solutions/ex*/solution.py"))
SOURCE = '''"""A module of 1 line."""

import math
from functools import cache

SIZE = 3


@cache
def area(width: "int | float", times: int = 2) -> "int | float":
    """Return 1 - 1."""
    total: int | None = width + times
    for _ in range(4):
        if not total > 7:
            break
    return -math.floor(total)
'''


def body(code: str) -> tuple[str, ...]:
    """Return the lines that the mutants of one statement make of it."""
    mutants = make_mutants(f"def f(a, b):\n    {code}\n")
    return tuple(mutant.code for mutant in mutants)


def waiver(mutant: str, code: str) -> Waiver:
    return Waiver(mutant, code, "equal", "solutions/ex01/waivers.yml", "[0]")


def faults_of(path: Path, text: str) -> dict[str, str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as raised:
        load_waivers(path)
    return {fault.place: fault.explanation.key for fault in raised.value.faults}


@pytest.mark.parametrize(
    ("code", "mutated"),
    [
        ("return a + b", "return a - b"),
        ("return a // b", "return a / b"),
        ("return a & b", "return a | b"),
        ("return a < b", "return a <= b"),
        ("return a is b", "return a is not b"),
        ("return -a", "return a"),
        ("return not a", "return a"),
        ("return a and b", "return a or b"),
        ("return True", "return False"),
        ("return a[0]", "return a[1]"),
        ("return a[0]", "return a[-1]"),
        ("return a if b else 0", "return a if not b else 0"),
        ("assert a", "assert not a"),
        ("for c in a: b(c)", "for c in []: b(c)"),
        ("for c in a: break", "for c in a: continue"),
    ],
)
def test_each_kind_of_mistake_is_made(code: str, mutated: str) -> None:
    assert mutated in {" ".join(line.split()) for line in body(code)}


def test_an_except_catches_something_else() -> None:
    source = "def f(a):\n    try:\n        a()\n    except KeyError:\n        a = None\n"
    (mutant,) = make_mutants(source)
    assert (mutant.operator, mutant.line) == ("ExceptionReplacer", 4)
    assert "KeyError" not in mutant.source


def test_what_no_student_writes_is_left_out() -> None:
    assert not {"return a << b", "return a | b", "return a ^ b"} & set(body("return a + b"))
    assert "return a is b" not in body("return a == b")


def test_only_bodies_of_functions_are_changed() -> None:
    lines = {mutant.line for mutant in make_mutants(SOURCE)}
    assert lines == {12, 13, 14, 15, 16}


def test_annotations_are_left_alone() -> None:
    mutants = make_mutants(SOURCE)
    assert all("total: int | None = " in mutant.source for mutant in mutants)
    nested = "def f(a):\n    def g(b: 'int | str' = a + a) -> 'x - y':\n        return b\n    c: a + a\n    return g, c\n"
    assert make_mutants(nested) == ()


def test_decorators_and_imports_are_left_alone() -> None:
    source = "def f(a):\n    from math import tau\n\n    @a(1)\n    @a(True)\n    def g(b):\n        return b\n    return g\n"
    assert make_mutants(source) == ()


def test_methods_and_private_functions_are_changed() -> None:
    source = "class A:\n    size = 1\n\n    def f(self):\n        return 1\n\n\ndef _g():\n    return 1\n"
    assert {mutant.line for mutant in make_mutants(source)} == {5, 9}


def test_a_mutant_tells_what_it_is() -> None:
    mutant = make_mutants("def f(a):\n    return a[0] + a[1]\n", file="ex/solution.py")[-1]
    assert mutant.id == "NumberReplacer:2:4"
    assert mutant.operator == "NumberReplacer"
    assert mutant.code == "return a[0] + a[0]"
    assert mutant.source == "def f(a):\n    return a[0] + a[0]\n"
    assert mutant.diff.splitlines() == [
        "--- ex/solution.py",
        "+++ ex/solution.py (mutant)",
        "@@ -1,2 +1,2 @@",
        " def f(a):",
        "-    return a[0] + a[1]",
        "+    return a[0] + a[0]",
    ]


def test_an_id_does_not_depend_on_other_lines() -> None:
    source = "def f(a):\n    b = a + {}\n    return b - 1\n"
    last = [
        {mutant.id for mutant in make_mutants(source.format(what)) if mutant.line == 3}
        for what in ("a", "1 + 2")
    ]
    assert last[0] == last[1]
    assert last[0]


def test_mutants_of_the_same_meaning_count_once() -> None:
    # Whichever minus is taken away, the other is left.
    assert sorted(body("return --a")) == ["return -a", "return -~a", "return ~-a"]


def test_a_mutant_that_says_the_same_as_the_reference_is_none() -> None:
    assert body("for c in []: a()") == ()


def test_what_does_not_compile_is_no_mutant() -> None:
    # To cosmic-ray the marks among the parameters are operators.
    assert body("return lambda c, /, *, d: c + d") == tuple(
        f"return lambda c, /, *, d: c {sign} d" for sign in "- * / // % **".split()
    )


def test_python_warnings_about_a_mutant_are_kept_quiet() -> None:
    assert "return 1 is not a" in body("return 1 is a")


def test_a_source_that_is_no_python_is_the_courses_fault() -> None:
    with pytest.raises(CourseError) as raised:
        make_mutants("def f(:\n", file="ex/solution.py")
    (fault,) = raised.value.faults
    assert (fault.file, fault.place, fault.explanation.key) == ("ex/solution.py", "line 1", "course.python")


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.parent.name)
def test_every_reference_has_mutants_and_its_waivers_hold(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    mutants = make_mutants(source)
    assert mutants == make_mutants(source)
    assert len({mutant.id for mutant in mutants}) == len(mutants) >= 20
    assert (
        len({ast.dump(ast.parse(text)) for text in (source, *(m.source for m in mutants))})
        == len(mutants) + 1
    )
    file = path.with_name("waivers.yml")
    waivers = load_waivers(file) if file.exists() else ()
    kept, waived, stale = apply_waivers(mutants, waivers)
    assert stale == ()
    assert len(waived) == len(waivers)
    assert len(kept) + len(waived) == len(mutants)


def test_a_waiver_takes_its_mutant_out() -> None:
    mutants = make_mutants("def f(a):\n    return a[0]\n")
    kept, waived, stale = apply_waivers(mutants, [waiver("NumberReplacer:2:2", "return a[-1]")])
    assert [mutant.id for mutant in kept] == ["NumberReplacer:2:1"]
    assert [mutant.id for mutant in waived] == ["NumberReplacer:2:2"]
    assert stale == ()


@pytest.mark.parametrize(
    ("stale", "place", "key"),
    [
        (waiver("NumberReplacer:9:1", "return a[1]"), "[0].mutant", "waiver.no_mutant"),
        (waiver("NumberReplacer:2:1", "return b[1]"), "[0].code", "waiver.other_code"),
    ],
)
def test_a_waiver_that_no_longer_holds_is_a_fault(stale: Waiver, place: str, key: str) -> None:
    mutants: tuple[Mutant, ...] = make_mutants("def f(a):\n    return a[0]\n")
    kept, waived, faults = apply_waivers(mutants, [stale])
    assert (kept, waived) == (mutants, ())
    assert [(fault.file, fault.place, fault.explanation.key) for fault in faults] == [
        ("solutions/ex01/waivers.yml", place, key)
    ]


def test_waivers_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "solutions" / "ex01_double"
    folder.mkdir(parents=True)
    path = folder / "waivers.yml"
    path.write_text(
        "- mutant: NumberReplacer:2:1\n  code: ' return a[1] '\n  reason: >\n    so it is\n", "utf-8"
    )
    file = "solutions/ex01_double/waivers.yml"
    assert load_waivers(path) == (Waiver("NumberReplacer:2:1", "return a[1]", "so it is", file, "[0]"),)


def test_every_fault_of_a_waiver_is_told_at_once(tmp_path: Path) -> None:
    text = "- {mutant: a, code: b}\n- {mutant: 3, code: b, reason: ' '}\n- {mutant: c, code: d, reason: e, why: f}\n"
    assert faults_of(tmp_path / "waivers.yml", text) == {
        "[0].reason": "course.field_missing",
        "[1].mutant": "course.field_wrong",
        "[1].reason": "course.field_wrong",
        "[2].why": "waiver.unknown_field",
    }


@pytest.mark.parametrize(
    ("text", "place", "key"),
    [
        ("mutant: a\n", "", "waiver.no_list"),
        ("", "", "waiver.no_list"),
        (
            "- {mutant: a, code: b, reason: c}\n- {mutant: a, code: d, reason: e}\n",
            "[1].mutant",
            "waiver.twice",
        ),
        ("- {mutant: a\n", "line 2, column 1", "course.yaml"),
        ("- {mutant: a, mutant: b, code: c, reason: d}\n", "line 1, column 15", "course.yaml"),
    ],
)
def test_a_file_of_waivers_that_is_wrong(tmp_path: Path, text: str, place: str, key: str) -> None:
    assert faults_of(tmp_path / "waivers.yml", text) == {place: key}


def test_waivers_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as raised:
        load_waivers(tmp_path / "solutions" / "ex01" / "waivers.yml")
    (fault,) = raised.value.faults
    assert isinstance(fault, Fault)
    assert (fault.file, fault.explanation.key) == ("solutions/ex01/waivers.yml", "course.unreadable")
