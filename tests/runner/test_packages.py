from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.model import Limits, RunnerSettings, Source, Unit
from grader.runner.call import Call
from grader.runner.packages import find_packages
from grader.runner.process import SandboxedRunner
from grader.runner.sandbox import python_roots
from tests.support.places import ROOT
from tests.support.sandbox import needs_sandbox


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of `sys.path`, with a package, a module, and what is neither."""
    folder = tmp_path / "library"
    (folder / "shapes").mkdir(parents=True)
    (folder / "shapes/__init__.py").write_text("SIDES = 4\n")
    (folder / "colours.py").write_text("RED = 'red'\n")
    (folder / "letters").mkdir()
    (folder / "letters/private.txt").write_text("private")
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    return folder


def hidden_of(course: Path | None) -> dict[Path, str]:
    return {path: why.key for path, why in find_packages(python_roots(), course).hidden}


def test_of_a_folder_only_its_packages_and_modules_are_shown(library: Path, tmp_path: Path) -> None:
    found = find_packages(python_roots(), tmp_path / "course")
    assert found.folders[-1] == library
    assert [path.name for path in found.shown if path.parent == library] == ["colours.py", "shapes"]


def test_a_folder_of_installed_packages_is_shown_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lib" / "site-packages"
    folder.mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(folder)])
    assert find_packages(python_roots(), None).shown == (folder,)


@pytest.mark.parametrize(
    "place", [".", "..", "solutions", "solutions/ex01_row_sums", "exercises/ex01_row_sums"]
)
def test_no_folder_is_shown_that_holds_a_courses_solutions_or_checks(
    place: str, tiny_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = (tiny_copy / place).resolve()
    monkeypatch.setattr(sys, "path", [str(folder)])
    assert find_packages(python_roots(), tiny_copy).shown == ()
    assert hidden_of(tiny_copy) == {folder: "runner.hidden_course"}


def test_no_link_leads_to_a_courses_solutions(library: Path, tiny_copy: Path) -> None:
    secret = tiny_copy / "solutions/ex01_row_sums"
    (secret / "__init__.py").write_text("")
    (library / "linked").symlink_to(secret)
    (library / "answer.py").symlink_to(secret / "solution.py")
    shown = [path.name for path in find_packages(python_roots(), tiny_copy).shown if path.parent == library]
    assert shown == ["colours.py", "shapes"]


def test_no_other_course_is_shown_and_no_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/course.yml").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "other"), str(Path.home())])
    hidden = hidden_of(tmp_path / "course")
    assert hidden[tmp_path / "other"] == "runner.hidden_course"
    assert hidden[Path.home()] == "runner.hidden_broad"


def test_nothing_is_shown_of_the_folder_that_this_program_lies_in() -> None:
    assert not any(path.is_relative_to(ROOT) for path in find_packages(python_roots(), None).shown)


@needs_sandbox
@pytest.mark.parametrize("isolation", ["full", "reduced"])
def test_code_in_the_sandbox_imports_them_and_reads_nothing_beside_them(
    isolation: str, library: Path
) -> None:
    library.chmod(0o755)
    code = (
        "import shapes\nimport colours\n"
        "def found():\n    return [shapes.SIDES, colours.RED]\n"
        f"def private():\n    return open({str(library / 'letters/private.txt')!r}).read()\n"
    )
    settings = RunnerSettings(("numpy", "shapes", "colours"))
    with SandboxedRunner(settings, isolation=isolation) as runner:  # type: ignore[arg-type]  # one of its levels
        session = runner.open(Source((Unit("answer.py", code),)), Limits())
        assert session.call(Call("found")).value == [4, "red"]
        with pytest.raises(Exception, match=r"submission\.raised"):
            session.call(Call("private"))
        session.close()


@needs_sandbox
def test_where_a_library_keeps_files_is_each_submissions_own_folder(library: Path) -> None:
    library.chmod(0o755)
    (library / "keeping.py").write_text(
        "import os, tempfile\n"
        "def folder():\n"
        "    path = os.environ.setdefault('KEEPING', os.path.join(tempfile.gettempdir(), 'kept'))\n"
        "    os.makedirs(path, exist_ok=True)\n"
        "    return path\n"
        "folder()\n"
    )
    code = "import keeping, os\ndef inside():\n    return os.path.relpath(keeping.folder())\n"
    with SandboxedRunner(RunnerSettings(("numpy", "keeping"))) as runner:
        session = runner.open(Source((Unit("answer.py", code),)), Limits())
        assert session.call(Call("inside")).value == "kept"
        session.close()


@needs_sandbox
def test_a_module_that_is_not_shown_is_told_with_the_reason(
    tiny_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tiny_copy / "mine.py").write_text("")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tiny_copy)])
    settings = RunnerSettings(("numpy", "mine"))
    with (
        SandboxedRunner(settings, course=tiny_copy) as runner,
        pytest.raises(CourseError) as caught,
    ):
        runner.wait()
    (fault,) = caught.value.faults
    assert (fault.place, fault.explanation.key) == ("runner.preload[1]", "course.preload_hidden")
