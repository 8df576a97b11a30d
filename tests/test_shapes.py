"""Objects, variables, closures, generators, output, files and time, on each way that grades in a sandbox and on `%check`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grader.answers.untouched import is_untouched
from grader.checks.doing import last_call
from grader.checks.remote import RemoteCode
from grader.course.load import load_course
from grader.errors import CheckFailed, CourseError, SubmissionError
from grader.ipython import run_checks
from grader.judge.collect import collected
from grader.judge.judge import Judge
from grader.judge.reference_side import ReferenceSide
from grader.model import Course, Grade, Limits, RunnerSettings, Submission, Verdict
from grader.nbgrader.answer_cells import student_cells
from grader.release.build import make_release
from grader.runner.call import Call
from grader.runner.process import SandboxedRunner
from tests.support.fakes import source_of
from tests.support.places import TESTS
from tests.support.sandbox import needs_sandbox

SHAPES = TESTS / "shapes_course"
SOLUTION = (SHAPES / "solutions/ex01_shapes/solution.py").read_text(encoding="utf-8")
STUB = (SHAPES / "exercises/ex01_shapes/stub.py").read_text(encoding="utf-8")
HOSTILE = sorted((TESTS / "shapes_hostile").glob("*.py"))
FAST = "return x - x.mean(axis=1, keepdims=True)"
SLOW = "return np.array([[float(v) - sum(map(float, row)) / len(row) for v in row] for row in x])"
LYING_CLOCK = (
    "import time\ntime.perf_counter = time.time = time.process_time = time.thread_time = lambda: 0.0\n"
)
THREADS = """import threading
    def work():
        n = 0
        for _ in range(4_000_000):
            n += 1
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    """


@pytest.fixture(scope="module")
def shapes() -> Course:
    return load_course(SHAPES)


@pytest.fixture(scope="module")
def judge(shapes: Course, sandbox: None) -> Iterator[Judge]:
    """Return a judge whose submissions and whose reference each have a warm sandbox."""
    with (
        SandboxedRunner(shapes.runner, isolation="full", slot=931) as runner,
        collected(shapes, shapes.exercises) as checks,
        closing(
            ReferenceSide(checks, lambda: SandboxedRunner(shapes.runner, isolation="full", slot=932))
        ) as reference,
    ):
        reference.prove(shapes.exercises)
        yield Judge(runner, reference)


def graded(judge: Judge, folder: Path, code: str) -> Grade:
    path = folder / "ex01.py"
    path.write_text(code, encoding="utf-8")
    return judge.grade(Submission("ann", "ex01", path))


def failed(grade: Grade) -> dict[str, Verdict]:
    return {item.name: item.verdict for item in grade.checks if item.verdict is not Verdict.PASSED}


CASES = {
    "right": (SOLUTION, {}),
    "loop": (SOLUTION.replace(FAST, SLOW), {"test_fast": Verdict.FAILED}),
    "lying-clock": (LYING_CLOCK + SOLUTION.replace(FAST, SLOW), {"test_fast": Verdict.FAILED}),
    "threads": (SOLUTION.replace(FAST, THREADS + FAST), {"test_fast": Verdict.FAILED}),
    "no-answer": (SOLUTION.replace("answer = 4", "answer = None"), {"test_answer": Verdict.NOT_ATTEMPTED}),
    "other-answer": (SOLUTION.replace("answer = 4", "answer = 5"), {"test_answer": Verdict.FAILED}),
    "no-variable": (SOLUTION.replace("answer = 4", ""), {"test_answer": Verdict.ERROR}),
    "warning": (
        SOLUTION.replace('    with open("r', '    import warnings\n    warnings.warn("!")\n    with open("r'),
        {},
    ),
    "no-file": (SOLUTION.replace('"report.csv"', '"other.csv"'), {"test_file": Verdict.FAILED}),
    "link": (
        SOLUTION.replace(
            '    with open("report.csv"',
            '    import os\n    os.symlink("/etc/passwd", "report.csv")\n    with open("x"',
        ),
        dict.fromkeys(("test_printed", "test_file"), Verdict.ERROR),
    ),
    "large-file": (
        SOLUTION.replace('{name},{value}\\n")', '{name},{value}\\n" + "x" * 600_000)'),
        {"test_file": Verdict.ERROR},
    ),
    "shared": (
        SOLUTION.replace("    count = 0\n\n", "").replace(
            "        nonlocal count\n", "        global count\n"
        )
        + "\ncount = 0\n",
        {"test_two_counters": Verdict.FAILED},
    ),
    "banned-in-a-method": (
        SOLUTION.replace("return np.where(", 'getattr(np.linalg, "no" + "rm")(x)\n        return np.where('),
        dict.fromkeys(("test_perceptron", "test_weights", "test_too_early"), Verdict.FORBIDDEN),
    ),
    "endless-in-next": (
        SOLUTION.replace(
            "        yield start\n", "        yield start\n        while True:\n            pass\n"
        ),
        {"test_naturals": Verdict.TIMEOUT, "test_any_function": Verdict.TIMEOUT},
    ),
}


@needs_sandbox
@pytest.mark.parametrize(("code", "expected"), CASES.values(), ids=CASES)
def test_each_shape_earns_its_verdict(
    code: str, expected: dict[str, Verdict], judge: Judge, tmp_path: Path
) -> None:
    assert failed(graded(judge, tmp_path, code)) == expected


@needs_sandbox
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_answer_earns_its_verdicts_and_harms_nobody(
    path: Path, judge: Judge, tmp_path: Path
) -> None:
    """Each file stands behind the solution, and its first line says which checks do not pass."""
    head, code = path.read_text(encoding="utf-8").split("\n", 1)
    expected = head.removeprefix("# expected: ")
    grade = graded(judge, tmp_path, SOLUTION + code)
    found = ", ".join(f"{name} {verdict}" for name, verdict in failed(grade).items())
    assert (found or "nothing") == expected
    assert failed(graded(judge, tmp_path, SOLUTION)) == {}
    shown = "".join(item.output for item in grade.checks)
    assert "assert_" not in shown
    assert str(TESTS) not in shown


@needs_sandbox
def test_the_stub_is_not_attempted_and_known_mistakes_are_named(judge: Judge, tmp_path: Path) -> None:
    assert {item.verdict for item in graded(judge, tmp_path, STUB).checks} == {Verdict.NOT_ATTEMPTED}
    grade = graded(judge, tmp_path, SOLUTION.replace("count += step", "count += 1"))
    named = {item.name: item.misconception.id for item in grade.checks if item.misconception is not None}
    assert named == {"test_counter": "counts-in-ones", "test_two_counters": "counts-in-ones"}
    grade = graded(judge, tmp_path, SOLUTION.replace('print(f"{name}: {value}")', 'print(f"{name}:")'))
    assert [item.misconception.id for item in grade.checks if item.misconception] == ["name-alone"]


@pytest.fixture(scope="module")
def runner(sandbox: None) -> Iterator[SandboxedRunner]:
    with SandboxedRunner(RunnerSettings(("numpy",)), isolation="full", slot=933) as runner:
        yield runner


def opened(runner: SandboxedRunner, code: str) -> RemoteCode:
    return RemoteCode(runner.open(source_of(code), Limits(call_seconds=2, result_mib=1)))


@needs_sandbox
def test_what_a_forged_reply_says_of_time_is_not_believed(runner: SandboxedRunner) -> None:
    code = (
        "import os, sys\n"
        "from grader.runner.inside import wire, worker\n"
        "def f(n):\n"
        "    frame = sys._getframe(1)\n"
        "    while 'request' not in frame.f_locals:\n"
        "        frame = frame.f_back\n"
        "    number = frame.f_locals['request']['number']\n"
        "    for _ in range(5_000_000):\n"
        "        pass\n"
        "    reply = {'number': number, 'value': n, 'changed': [], 'seconds': 0.0, 'cpu_seconds': 0.0, 'output': 'lie'}\n"
        "    os.write(worker.REPLY, wire.encode(reply))\n"
        "    while True:\n"
        "        pass\n"
    )
    with closing(runner.open(source_of(code), Limits(call_seconds=2))) as session:
        reply = session.call(Call("f", (3,), is_timed=True))
    assert (reply.value, reply.output) == (3, "")
    assert reply.cpu_seconds > 0.03


@needs_sandbox
def test_output_is_that_of_the_last_named_call(runner: SandboxedRunner) -> None:
    code = opened(
        runner,
        "import os, sys\n"
        "class A:\n"
        "    def __init__(self):\n        print('made')\n"
        "    def f(self):\n        print('f', end='!')\n        print('wrong', file=sys.stderr)\n        os.system\n"
        "    def __len__(self):\n        print('len')\n        return 3\n"
        "def low():\n    os.write(1, b'from C')\n"
        "def fails():\n    print('x')\n    raise ValueError('no')\n",
    )
    a = code.A()
    assert last_call(code).output == "made\n"
    a.f()
    assert len(a) == 3
    assert last_call(code).output == "f!"
    code.low()
    assert last_call(code).output == "from C"
    assert "wrong" in code._caller.take_output()  # type: ignore[attr-defined]  # it is a session
    with pytest.raises(ValueError, match="no"):
        code.fails()
    with pytest.raises(CourseError) as raised:
        last_call(code)
    assert raised.value.faults[0].file.endswith("test_shapes.py")
    code._caller.close()  # type: ignore[attr-defined]  # it is a session


@needs_sandbox
def test_output_is_whole_whatever_was_printed_before(runner: SandboxedRunner) -> None:
    code = opened(runner, "print('x' * 100_000)\ndef say():\n    print('y' * 60_000)\n")
    for _ in range(3):
        code.say()
        assert last_call(code).output == "y" * 60_000 + "\n"
    code._caller.close()  # type: ignore[attr-defined]  # it is a session


@needs_sandbox
def test_files_are_those_of_the_last_call(runner: SandboxedRunner) -> None:
    code = opened(
        runner,
        "import os\n"
        "def write(name, text):\n"
        "    os.makedirs(os.path.dirname(name) or '.', exist_ok=True)\n"
        "    open(name, 'w').write(text)\n"
        "def fifo():\n    os.mkfifo('pipe')\n",
    )
    for text in ("one", "two", "two"):
        code.write("a.txt", text)
        assert dict(last_call(code).files) == {"a.txt": text.encode()}
    code.write("inner/b.txt", "b")
    files = last_call(code).files
    assert [*files] == ["inner/b.txt"]
    assert len(files) == 1
    for name in ("a.txt", "/etc/hostname", "../../etc/passwd"):
        with pytest.raises(CheckFailed) as raised:
            files[name]
        assert raised.value.explanation.key == "check.no_file"
    with pytest.raises(SubmissionError):
        code.fifo()
    code._caller.close()  # type: ignore[attr-defined]  # it is a session


def test_check_in_a_kernel_takes_every_shape(
    shapes: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for code, expected in (
        (SOLUTION, {}),
        *(CASES[name] for name in ("loop", "no-answer", "shared", "no-file")),
    ):
        names: dict[str, object] = {}
        exec(compile(code, "<ipython-input-1-x>", "exec", dont_inherit=True), names)
        assert failed(run_checks(shapes, shapes.exercises[0], names, everything=True)) == expected


def test_a_stub_is_untouched_with_its_class_and_variable(shapes: Course, tmp_path: Path) -> None:
    path = tmp_path / "ex01.py"
    for code, expected in (
        (STUB, True),
        (STUB.replace("answer = None", "answer = None  # TODO"), True),
        (STUB.replace("answer = None", "answer = 4"), False),
        (STUB.replace("Remember how", "Keep how"), True),
        (STUB.replace("        raise NotImplementedError\n", "        self.x = 1\n", 1), False),
    ):
        path.write_text(code, encoding="utf-8")
        assert is_untouched(shapes.exercises[0], path) is expected


def test_cells_have_the_class_and_the_variable(shapes: Course) -> None:
    cells = student_cells(shapes.exercises[0])
    assert 'LABELS = ("name", "value")' in cells.given
    assert [*cells.functions][:2] == ["answer", "Perceptron"]
    assert cells.functions["answer"].splitlines() == [
        "answer = None",
        "### BEGIN SOLUTION",
        "answer = 4",
        "### END SOLUTION",
    ]
    assert cells.functions["Perceptron"].count("### BEGIN SOLUTION") == 3


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("    def fit(", "    def own(self):\n        pass\n\n    def fit(", "nbgrader.other_members"),
        ("class Perceptron:", "def Perceptron():\n    return 1\n\nclass Other:", "nbgrader.other_kind"),
        ("    def predict(", "    def predicts(", "nbgrader.other_members"),
    ],
)
def test_what_no_cell_can_hold_is_refused_with_its_line(old: str, new: str, key: str, tmp_path: Path) -> None:
    course = shutil.copytree(SHAPES, tmp_path / "course")
    (course / "solutions/ex01_shapes/solution.py").write_text(SOLUTION.replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError) as raised:
        student_cells(load_course(course).exercises[0])
    fault = raised.value.faults[0]
    assert (fault.explanation.key, fault.place[:5]) == (key, "line ")


def test_what_a_variable_is_set_to_is_no_part_of_a_release(tmp_path: Path) -> None:
    course = shutil.copytree(SHAPES, tmp_path / "course")
    readme = course / "exercises/ex01_shapes/README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "\n    answer = 4\n", encoding="utf-8")
    with pytest.raises(CourseError) as raised:
        make_release(load_course(course))
    assert "answer = 4" in str(raised.value)
