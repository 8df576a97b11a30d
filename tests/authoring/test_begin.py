from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.load import load_course
from grader.verify.todo import exercise_todo
from tests.support.sandbox import needs_sandbox


def run(*arguments: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", language], catch_exceptions=False)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a new course in English and Korean that has no exercise."""
    folder = tmp_path / "numpy-ml"
    assert run("new", "course", folder, "--languages", "en,ko", "--title", "By hand").exit_code == 0
    monkeypatch.chdir(folder)
    return folder


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("library", ["numpy", "torch", "tensorflow", "jax"])
@pytest.mark.parametrize("languages", ["en", "ko", "ko,en", "ja,pt_BR"])
def test_a_new_course_takes_an_exercise_and_loads(tmp_path: Path, library: str, languages: str) -> None:
    folder = tmp_path / "a course"
    made = run("new", "course", folder, "--library", library, "--languages", languages)
    assert made.exit_code == 0, made.output
    assert run("new", "exercise", "softmax", "--course", folder).exit_code == 0
    course = load_course(folder)
    assert course.id == "a-course"
    assert course.languages == tuple(languages.split(","))
    assert library in {name.partition(".")[0] for name in course.runner.preload}
    exercise = course.exercises[0]
    assert (exercise.id, exercise.functions, exercise.points) == ("ex01", ("softmax",), 10)
    assert exercise.limits.check_seconds == 2 * exercise.limits.call_seconds
    is_numpy = library in ("numpy", "tensorflow")
    assert exercise.tensors == ("numpy" if is_numpy else library)
    stub = (folder / "exercises/ex01_softmax/stub.py").read_text(encoding="utf-8")
    annotation = {"torch": "torch.Tensor", "jax": "jax.Array"}.get(library, "NDArray[np.generic]")
    assert f"def softmax(x: {annotation}) -> {annotation}:" in stub
    for path in folder.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        ast.parse(text)
        assert ("float32" in text) is (not is_numpy and path.name.startswith("test_"))
        assert ("NDArray" in text) is (is_numpy and not path.name.startswith("test_"))


def test_what_a_new_course_says_comes_next_can_be_done_in_each_language(tmp_path: Path) -> None:
    for languages in ("en", "ko", "ja", "ko,ja", "en,ko"):
        made = run("new", "course", tmp_path / languages, "--languages", languages)
        assert 'grader new exercise softmax "Softmax"' in made.output
        result = run("new", "exercise", "softmax", "Softmax", "--course", tmp_path / languages)
        assert result.exit_code == 0, result.output
        (exercise,) = load_course(tmp_path / languages).exercises
        assert exercise.title[languages.partition(",")[0]] == "Softmax"


@pytest.mark.parametrize(
    ("languages", "titles"),
    [("ko", ["Softmax", "Stride"]), ("en,ko", ["Softmax", "Stride"]), ("en", ["A", "가"])],
)
def test_a_title_too_many_is_refused(languages: str, titles: list[str], tmp_path: Path) -> None:
    run("new", "course", tmp_path / "course", "--languages", languages)
    result = run("new", "exercise", "softmax", *titles, "--course", tmp_path / "course")
    assert result.exit_code == 2
    assert "one too many" in result.stderr


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    refused = run("new", "course", tmp_path)
    assert refused.exit_code == 2
    assert "is not an empty folder" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert run("new", "course", tmp_path / "file").exit_code == 2
    assert (tmp_path / "file").read_text() == "mine"


def test_a_repository_without_a_file_is_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert run("new", "course", tmp_path).exit_code == 0


@pytest.mark.parametrize("languages", ["", "english", "en,en", "en;ko"])
def test_languages_that_are_none_are_refused(tmp_path: Path, languages: str) -> None:
    refused = run("new", "course", tmp_path / "new", "--languages", languages or ",")
    assert refused.exit_code == 2
    assert "--languages en,ko" in refused.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("slug", "better"), [("Max Pool", "max-pool"), ("a--b", "a-b"), ("경계", "stride")])
def test_a_bad_slug_is_refused_with_a_good_one(course: Path, slug: str, better: str) -> None:
    before = contents(course)
    refused = run("new", "exercise", slug)
    assert refused.exit_code == 2
    assert refused.stderr.rstrip().endswith(better)
    assert contents(course) == before


def test_a_slug_is_taken_once(course: Path) -> None:
    assert run("new", "exercise", "softmax").exit_code == 0
    before = contents(course)
    refused = run("new", "exercise", "softmax")
    assert refused.exit_code == 2
    assert "grader verify softmax" in refused.stderr
    assert contents(course) == before


def test_a_folder_that_is_there_is_not_written_into(course: Path) -> None:
    own = course / "solutions/ex01_softmax/solution.py"
    own.parent.mkdir()
    own.write_text("x = 1")
    before = contents(course)
    refused = run("new", "exercise", "softmax")
    assert refused.exit_code == 2
    assert "solutions/ex01_softmax" in refused.stderr
    assert contents(course) == before


@pytest.mark.parametrize("name", ["max-pool", "class", "_hidden", "2d", "f()", "f(x", "f(x): pass; g(y)"])
def test_a_function_that_cannot_be_called_so_is_refused(course: Path, name: str) -> None:
    refused = run("new", "exercise", "pooling", "--function", name)
    assert refused.exit_code == 2
    assert "--function" in refused.stderr


def test_a_function_has_the_parameters_that_it_is_given_with(course: Path) -> None:
    function = "attend(q, keys, causal=False, *, scale=None)"
    assert run("new", "exercise", "attention", "--function", function).exit_code == 0
    given, hidden = course / "exercises/ex01_attention", course / "solutions/ex01_attention"
    stub = (given / "stub.py").read_text()
    assert (
        "def attend(q: NDArray[np.generic], keys: NDArray[np.generic], causal=False, *, scale=None) -> "
        in stub
    )
    assert "\n    keys    TODO(author)" in stub
    assert "\n    causal  TODO(author): which values; it is False where it is not given" in stub
    assert f"| | `{function}` |" in (given / "README.md").read_text()
    # What has a default begins as it, and not as a tensor.
    visible, checks = (given / "test_ex01.py").read_text(), (hidden / "test_ex01_hidden.py").read_text()
    assert "submission.attend(q, keys, causal, scale=scale), expected" in visible
    assert "reference.attend(q, keys, causal, scale=scale)" in checks
    assert [(code.count("causal = False"), code.count("scale = None")) for code in (visible, checks)] == [
        (1, 1),
        (2, 2),
    ]


def test_of_exercises_that_are_not_begun_the_first_is_listed(course: Path) -> None:
    for slug in ("first", "second"):
        run("new", "exercise", slug, "A title", "제목")
    everything, second = run("verify").stdout, run("verify", "second").stdout
    assert "exercises/ex01_first/stub.py: line 8" in everything
    assert "exercises/ex02_second/stub.py" not in everything
    assert "`grader verify ex02` lists them" in everything
    assert "exercises/ex02_second/stub.py: line 8" in second
    assert "ex01" not in second


def test_titles_go_to_the_language_that_they_are_in(course: Path) -> None:
    assert run("new", "exercise", "stride", "보폭과 패딩", "Stride and padding").exit_code == 0
    assert run("new", "exercise", "padding", "Padding").exit_code == 0
    first, second = load_course(course).exercises
    assert dict(first.title) == {"en": "Stride and padding", "ko": "보폭과 패딩"}
    assert second.title["en"] == "Padding"
    assert second.title["ko"].startswith("TODO(author): ")
    too_many = run("new", "exercise", "third", "One", "Two")
    assert too_many.exit_code == 2
    assert "'Two'" in too_many.stderr


def test_verify_says_that_there_is_no_exercise_yet(course: Path) -> None:
    result = run("verify")
    assert result.exit_code == 2
    assert "grader new exercise softmax" in result.stderr


def test_verify_lists_what_is_left_in_the_order_of_writing(course: Path) -> None:
    run("new", "exercise", "stride", "Stride", "보폭")
    result = run("verify")
    assert result.exit_code == 1
    lines = [line.split(": ")[:2] for line in result.stdout.splitlines() if line.startswith("  ")]
    files = list(dict.fromkeys(Path(file.strip()).name for file, _ in lines))
    assert files == (
        "course.yml README.md README.ko.md stub.py solution.py test_ex01.py test_ex01_hidden.py misconceptions.py".split()
    )
    for file, place in lines:
        line = (course / file.strip()).read_text(encoding="utf-8").splitlines()[int(place.split()[1]) - 1]
        assert "TODO(author)" in line
    assert "exercises/ex01_stride/README.md: line 3: what it is about" in result.stdout


def test_what_is_left_is_in_the_json_too(course: Path) -> None:
    run("new", "exercise", "stride", "Stride")
    result = run("verify", "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert [item["text"] for item in document["to_do"]["course.yml"]] == ["강좌의 제목", "과제의 제목"]
    assert len(document["to_do"]["ex01"]) == 24
    assert document["exercises"] == []


def test_what_is_left_of_a_line_ends_before_the_other_language(tmp_path: Path) -> None:
    run("new", "course", tmp_path / "new", "--languages", "ko,en", "--title", "강좌")
    run("new", "exercise", "stride", "Lab 2: stride", "--course", tmp_path / "new")
    result = run("--course", tmp_path / "new", "verify", "--json")
    assert [item["text"] for item in json.loads(result.stdout)["to_do"]["course.yml"]][1:] == ["과제의 제목"]


def test_what_is_left_to_write_is_not_released(course: Path) -> None:
    run("new", "exercise", "stride", "Stride", "보폭")
    refused = run("release", "students")
    assert refused.exit_code == 2
    assert "TODO(author)" in refused.stderr
    assert "course.yml, line " in refused.stderr
    assert not (course / "students").exists()


def test_a_todo_of_a_student_is_none_of_the_author(course: Path) -> None:
    run("new", "exercise", "stride", "Stride", "보폭")
    for path in [*course.rglob("*.py"), *course.rglob("exercises/*/*.md")]:
        path.write_text(path.read_text(encoding="utf-8").replace("TODO(author):", "TODO: "), encoding="utf-8")
    loaded = load_course(course)
    assert exercise_todo(loaded, loaded.exercises[0]) == ()


STATEMENT = "# ex01. Double\n\nDouble it.\n\n## Tasks\n\n1. Write `double(x)`: an array as it is, no list.\n"
STUB = '"""Double."""\n\n\ndef double(x):\n    """Return twice x."""\n    raise NotImplementedError\n'


@needs_sandbox
def test_a_template_filled_in_is_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "course"
    run("new", "course", folder, "--languages", "en", "--title", "By hand")
    monkeypatch.chdir(folder)
    run("new", "exercise", "double", "Double")
    given, hidden = folder / "exercises/ex01_double", folder / "solutions/ex01_double"
    (given / "README.md").write_text(STATEMENT)
    (given / "stub.py").write_text(STUB)
    (hidden / "solution.py").write_text(STUB.replace("raise NotImplementedError", "return x + x"))
    checks = given / "test_ex01.py"
    checks.write_text(
        checks.read_text()
        .replace("expected = np.array([[1.0, 2.0], [3.0, 4.0]])", "expected = 2 * x")
        .replace("TODO(author): what the example shows", "the example is doubled")
    )
    for path in (checks, hidden / "test_ex01_hidden.py", hidden / "misconceptions.py"):
        kept = [line for line in path.read_text().splitlines() if not line.strip().startswith("# TODO")]
        text = "\n".join(kept).replace("TODO(author): ", "")
        path.write_text(text + "\n")
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "1/1" in result.stdout
