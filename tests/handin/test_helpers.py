from __future__ import annotations

from pathlib import Path

import pytest

from grader.answers.file import read_submission
from grader.answers.notebook import write_notebook
from grader.answers.python import MOST_CODE
from grader.errors import RequestError, SubmissionError
from grader.handin.helpers import helpers_beside
from grader.model import Course
from tests.support.handin import Class, make_zip

ANSWER = "from helper import half\ndef max_pool(x): return half(x)\n"
HELPER = "def half(x):\n    return x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "submissions"
    path.mkdir()
    return path


def write(folder: Path, **files: str) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def found(course: Course, source: Path, **options: object) -> Class:
    return Class(course, source, source.parent / "work", **options)


def helpers(handed_in: Class) -> dict[str, dict[str, str]]:
    """Return the modules of each answer that has any."""
    read = {
        f"{item.student} {item.exercise}": read_submission(item.path).helpers
        for item in handed_in.found.submissions
        if item.path is not None
    }
    return {place: {unit.name: unit.code for unit in units} for place, units in read.items() if units}


def test_what_lies_beside_an_answer_and_is_imported_is_a_part_of_it(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim/ex03.py": ANSWER + "from utils.pool import f\n",
            "kim/helper.py": HELPER,
            "kim/utils/__init__.py": "from . import deep\n",
            "kim/utils/pool.py": "f = 1\n",
            "kim/utils/deep.py": "g = 2\n",
        },
    )
    handed_in = found(tiny, folder)
    assert handed_in.taken == {"kim ex03": ["ex03.py"]}
    assert handed_in.notes == []
    assert helpers(handed_in) == {
        "kim ex03": {
            "helper.py": HELPER,
            "utils/__init__.py": "from . import deep\n",
            "utils/deep.py": "g = 2\n",
            "utils/pool.py": "f = 1\n",
        }
    }


def test_what_is_not_imported_changes_nothing(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim/ex03.py": "def max_pool(x): return x\n",
            "kim/helper.py": HELPER,
            "kim/ex02.py": "import numpy\n",
        },
    )
    handed_in = found(tiny, folder)
    paths = [item.path for item in handed_in.found.submissions if item.path]
    assert paths == [folder / "kim/ex02.py", folder / "kim/ex03.py"]
    assert handed_in.notes == [("passed_over", "kim/helper.py")]


def test_another_exercises_answer_can_be_imported(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{"kim/ex02.py": HELPER, "kim/ex03.py": "from ex02 import half\n", "lee/ex03.py": "import ex02\n"},
    )
    assert helpers(found(tiny, folder)) == {"kim ex03": {"ex02.py": HELPER}}


def test_students_never_get_each_others_modules(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim/ex03.py": ANSWER,
            "kim/helper.py": "half = 'of kim'\n",
            "lee/ex03.py": ANSWER,
            "lee/helper.py": "half = 'of lee'\n",
            "cho/ex03.py": ANSWER,
            "helper.py": "half = 'of nobody'\n",
        },
    )
    assert helpers(found(tiny, folder)) == {
        "kim ex03": {"helper.py": "half = 'of kim'\n"},
        "lee ex03": {"helper.py": "half = 'of lee'\n"},
    }


def test_an_attempts_folder_has_its_own_modules(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim/1/ex03.py": ANSWER,
            "kim/1/helper.py": "half = 1\n",
            "kim/2/ex03.py": ANSWER,
            "kim/2/helper.py": "half = 2\n",
            "kim/3/ex03.py": ANSWER,
        },
    )
    handed_in = found(tiny, folder)
    attempts = [read_submission(item.path) for item in handed_in.found.submissions if item.path]
    codes = [[unit.code for unit in source.helpers] for source in attempts]
    assert codes == [["half = 1\n"], ["half = 2\n"], []]


def test_a_copy_has_the_module_of_its_number(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim/ex03.py": ANSWER,
            "kim/helper.py": "half = 0\n",
            "kim/ex03 (1).py": ANSWER,
            "kim/helper (1).py": "half = 1\n",
            "kim/ex03 (2).py": ANSWER + "# again\n",
        },
    )
    handed_in = found(tiny, folder)
    attempts = [read_submission(item.path) for item in handed_in.found.submissions if item.path]
    assert [source.helpers[0].code for source in attempts] == ["half = 0\n", "half = 1\n", "half = 1\n"]


def test_a_changed_module_is_another_answer_and_the_same_one_the_same(tiny: Course, folder: Path) -> None:
    write(folder, **{"kim/ex03.py": ANSWER, "kim/helper.py": HELPER})
    (first,) = [item.path for item in found(tiny, folder).found.submissions if item.path]
    (again,) = [item.path for item in found(tiny, folder).found.submissions if item.path]
    assert first == again
    write(folder, **{"kim/helper.py": HELPER + "# changed\n"})
    (other,) = [item.path for item in found(tiny, folder).found.submissions if item.path]
    assert other.read_bytes() != first.read_bytes()


def test_a_students_zip_is_a_place_of_its_own(tiny: Course, folder: Path) -> None:
    make_zip(
        folder / "kim.zip",
        {"hw/ex03.py": ANSWER, "hw/helper.py": "from pkg import x\n", "hw/pkg/__init__.py": "x = 1\n"},
    )
    make_zip(folder / "lee.zip", {"ex03.py": ANSWER})
    handed_in = found(tiny, folder)
    assert helpers(handed_in) == {
        "kim ex03": {"helper.py": "from pkg import x\n", "pkg/__init__.py": "x = 1\n"}
    }
    assert handed_in.notes == []


@pytest.mark.parametrize(
    "names",
    [
        ("kimann_11_101_{}", "leebo_12_103_{}"),
        ("Ann Kim_4021_assignsubmission_file_{}", "Bo Lee_4022_assignsubmission_file_{}"),
        ("Ann Kim_4021_assignsubmission_file/{}", "Bo Lee_4022_assignsubmission_file/{}"),
    ],
    ids=["canvas", "moodle", "moodle-folders"],
)
def test_in_an_lms_download_a_students_files_belong_together(
    names: tuple[str, str], tiny: Course, folder: Path
) -> None:
    for number, name in enumerate(names):
        write(
            folder,
            **{name.format("ex03.py"): ANSWER, name.format("MyHelper.py"): f"half = {number}\n"},
            **{name.format("helper.py"): f"from MyHelper import half  # {number}\n"},
        )
    handed_in = found(tiny, folder)
    codes = [set(files.values()) for files in helpers(handed_in).values()]
    assert codes == [
        {"half = 0\n", "from MyHelper import half  # 0\n"},
        {"half = 1\n", "from MyHelper import half  # 1\n"},
    ]
    assert [key for key, _ in handed_in.notes] == ["no_times"]


def test_files_beside_each_other_are_whose_name_they_have(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim_ex03.py": ANSWER,
            "kim_helper.py": "half = 'of kim'\n",
            "kim_lee_ex03.py": ANSWER,
            "kim_lee_helper.py": "half = 'of kim lee'\n",
            "ex03_cho.py": ANSWER,
            "helper_cho.py": "half = 'of cho'\n",
            "kim_notes.py": "",
            "helper.py": "half = 'of nobody'\n",
        },
    )
    handed_in = found(tiny, folder, exercises=("ex03",))
    assert {place: files["helper.py"] for place, files in helpers(handed_in).items()} == {
        "kim ex03": "half = 'of kim'\n",
        "kim_lee ex03": "half = 'of kim lee'\n",
        "cho ex03": "half = 'of cho'\n",
    }
    assert handed_in.taken == {
        "cho ex03": ["ex03_cho.py"],
        "kim ex03": ["kim_ex03.py"],
        "kim_lee ex03": ["kim_lee_ex03.py"],
    }
    assert handed_in.notes == [("passed_over", "helper.py"), ("passed_over", "kim_notes.py")]


def test_canvass_number_is_no_part_of_a_modules_name(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim_11_101_ex03.py": ANSWER,
            "kim_11_102_helper.py": "half = 0\n",
            "kim_11_103_ex03-1.py": ANSWER,
            "kim_11_104_helper-1.py": "half = 1\n",
        },
    )
    attempts = [read_submission(item.path) for item in found(tiny, folder).found.submissions if item.path]
    assert [source.helpers[0].code for source in attempts] == ["half = 0\n", "half = 1\n"]


def test_nbgraders_assignment_has_its_modules(tiny: Course, folder: Path) -> None:
    notebook = write_notebook([ANSWER])
    write(
        folder,
        **{
            "submitted/kim/ex03/ex03.ipynb": notebook,
            "submitted/kim/ex03/helper.py": HELPER,
            "submitted/lee/ex03/ex03.ipynb": notebook,
            "source/ex03/helper.py": "raise SystemExit\n",
        },
    )
    handed_in = found(tiny, folder)
    assert helpers(handed_in) == {"kim ex03": {"helper.py": HELPER}}


def test_each_part_of_a_notebook_has_the_modules_that_it_imports(tiny: Course, folder: Path) -> None:
    cells = [
        "# ex02\nfrom helper import half\ndef max_pool(x): return half(x)",
        "# ex01\ndef scale(x): return x",
    ]
    write(folder, **{"kim/homework.ipynb": write_notebook(cells), "kim/helper.py": HELPER})
    handed_in = found(tiny, folder)
    assert handed_in.taken == {"kim ex01": ["homework.ipynb"], "kim ex02": ["homework.ipynb"]}
    assert helpers(handed_in) == {"kim ex02": {"helper.py": HELPER}}
    assert [key for key, _ in handed_in.notes] == ["notebook_taken"]


def test_a_module_is_no_answer_to_the_exercise_that_is_asked_for(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim/homework.py": ANSWER,
            "kim/helper.py": "import deep\nhalf = deep\n",
            "kim/deep.py": "x = 1\n",
            "kim/__init__.py": "",
        },
    )
    handed_in = found(tiny, folder, exercises=("ex03",))
    assert handed_in.taken == {"kim ex03": ["homework.py"]}
    assert handed_in.notes == [("taken_as", "kim/homework.py")]
    assert set(helpers(handed_in)["kim ex03"]) == {"helper.py", "deep.py"}


def test_a_file_that_answers_an_exercise_stays_one_when_another_imports_it(
    tiny: Course, folder: Path
) -> None:
    write(folder, **{"kim/homework.py": "def max_pool(x): return x\n", "kim/tries.py": "import homework\n"})
    handed_in = found(tiny, folder, exercises=("ex03",), student="kim")
    assert {key for key, _ in handed_in.notes} == {"one_of_several", "taken_as"}


MAX_POOL = "def max_pool(x):\n    return x\n"


@pytest.mark.parametrize(
    ("files", "answers"),
    [
        # What holds only a part of the functions is never the attempt that counts.
        ({"ex03.py": "from ex03_lib import max_pool\n", "ex03_lib.py": MAX_POOL}, ["ex03.py"]),
        ({"ex03.py": "from ex03_lib import *\n", "ex03_lib.py": MAX_POOL}, ["ex03.py"]),
        ({"ex03.py": MAX_POOL, "ex03_v2.py": "from ex03 import max_pool\n"}, ["ex03.py", "ex03_v2.py"]),
        ({"ex03_final.py": "import ex03_v2\n" + MAX_POOL, "ex03_v2.py": "import ex03_final\n" + MAX_POOL}, ["ex03_final.py", "ex03_v2.py"]),
        ({"hw.py": "from pool import max_pool\n", "pool.py": MAX_POOL}, ["hw.py"]),
        ({"homework.py": MAX_POOL, "main.py": "import homework\n"}, ["homework.py"]),
    ],
)  # fmt: skip
def test_what_the_answer_imports_is_no_answer_beside_it(
    files: dict[str, str], answers: list[str], tiny: Course, folder: Path
) -> None:
    write(folder, **{f"kim/{name}": content for name, content in files.items()})
    write(folder, **{"lee/ex03.py": MAX_POOL})
    taken = found(tiny, folder, exercises=["ex03"]).taken
    assert taken == {"kim ex03": answers, "lee ex03": ["ex03.py"]}


def test_an_installed_module_is_never_hidden_and_a_note_says_so(tiny: Course, folder: Path) -> None:
    write(
        folder,
        **{
            "kim/ex03.py": "import numpy, random, helper\nimport grader.model\n",
            "kim/helper.py": "import json\n",
            "kim/numpy.py": "",
            "kim/random/__init__.py": "",
            "kim/json.py": "",
            "kim/grader/model.py": "",
        },
    )
    handed_in = found(tiny, folder)
    assert helpers(handed_in) == {"kim ex03": {"helper.py": "import json\n"}}
    assert sorted(handed_in.sentences) == [
        f"kim/{file}: never imported, for {module} is an installed module; give the file another name"
        for file, module in [
            ("grader/model.py", "grader"),
            ("json.py", "json"),
            ("numpy.py", "numpy"),
            ("random/__init__.py", "random"),
        ]
    ]


def test_links_lead_nowhere(tiny: Course, folder: Path) -> None:
    write(folder, **{"lee/ex03.py": "x = 1\n", "lee/helper.py": HELPER, "kim/ex03.py": ANSWER})
    (folder / "kim/helper.py").symlink_to(folder / "lee/helper.py")
    (folder / "kim/utils").symlink_to(folder / "lee")
    assert helpers(found(tiny, folder)) == {}


def test_a_module_that_we_cannot_read_is_not_the_students_fault(
    tiny: Course, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, **{"kim/ex03.py": ANSWER, "kim/helper.py": HELPER})
    helper = folder / "kim/helper.py"

    def refuse(path: Path, below: Path | None = None) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("grader.handin.helpers.read_module", refuse)
    # The judge cannot read it either, and leaves the exercise ungraded.
    assert [item.path for item in found(tiny, folder).found.submissions if item.path] == [helper]
    with (
        pytest.raises(RequestError, match="helper"),
        helpers_beside(tiny, folder / "kim/ex03.py", folder / "kim"),
    ):
        pass


def test_a_module_that_is_too_large_is_told_to_its_student(tiny: Course, folder: Path) -> None:
    write(folder, **{"kim/ex03.py": ANSWER, "kim/helper.py": "#" * (MOST_CODE + 1)})
    (path,) = [item.path for item in found(tiny, folder).found.submissions if item.path]
    with pytest.raises(SubmissionError) as caught:
        read_submission(path)
    assert caught.value.explanation.key == "submission.too_much_code"


def test_a_file_that_nobody_can_read_stops_nothing(
    tiny: Course, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(raw: bytes, name: str) -> None:
        raise RuntimeError("a fault of this program")

    write(folder, **{"kim/ex03.py": ANSWER, "kim/helper.py": HELPER})
    monkeypatch.setattr("grader.handin.helpers.read_source", fail)
    assert found(tiny, folder).taken == {"kim ex03": ["ex03.py"]}


def test_a_check_takes_what_lies_beside_the_answer(tiny: Course, tmp_path: Path) -> None:
    write(tmp_path, **{"ex03.py": ANSWER, "helper.py": HELPER, "other.py": ""})
    with helpers_beside(tiny, tmp_path / "ex03.py", tmp_path) as (answer, notes):
        source = read_submission(answer)
        assert (answer.name, notes) == ("ex03.py", ())
        assert [unit.name for unit in source.helpers] == ["helper.py"]
    assert not answer.exists()
    (tmp_path / "helper.py").unlink()
    with helpers_beside(tiny, tmp_path / "ex03.py", tmp_path) as (answer, notes):
        assert answer == tmp_path / "ex03.py"


def test_a_check_reads_no_solution_and_follows_no_link(tiny: Course, tmp_path: Path) -> None:
    solutions = tiny.root / "solutions"
    names = ["linked/ex01_row_sums/solution", "solution"]
    (tmp_path / "linked").symlink_to(solutions)
    (tmp_path / "solution.py").symlink_to(solutions / "ex01_row_sums" / "solution.py")
    for name in names:
        write(tmp_path, **{"ex01.py": f"import {name.replace('/', '.')}\n"})
        with helpers_beside(tiny, tmp_path / "ex01.py", tmp_path) as (answer, _):
            assert answer == tmp_path / "ex01.py"
    (tmp_path / "secret.py").write_text(HELPER)
    for name in (str(tmp_path / "secret"), f"..{tmp_path.name}.secret", f"../{tmp_path.name}/secret"):
        write(tmp_path, **{"in/ex01.py": f"import importlib\nimportlib.import_module({name!r})\n"})
        with helpers_beside(tiny, tmp_path / "in/ex01.py", tmp_path / "in") as (answer, _):
            assert answer == tmp_path / "in/ex01.py"
    write(tmp_path, **{"ex01.py": "import solutions.ex01_row_sums.solution\n"})
    with helpers_beside(tiny, tmp_path / "ex01.py", tiny.root) as (answer, _):
        assert answer == tmp_path / "ex01.py"


def test_where_nbgrader_copied_what_a_link_leads_to_nothing_is_read(tiny: Course, tmp_path: Path) -> None:
    write(tmp_path, **{"copied/ex03.py": ANSWER, "copied/helper.py": HELPER, "secret.py": HELPER})
    handed_in = tmp_path / "submitted"
    handed_in.mkdir()
    (handed_in / "helper.py").symlink_to(tmp_path / "secret.py")
    copied = tmp_path / "copied"
    with helpers_beside(tiny, copied / "ex03.py", copied, handed_in=handed_in) as (answer, _):
        assert answer == copied / "ex03.py"
    with helpers_beside(tiny, copied / "ex03.py", copied) as (answer, _):
        assert answer != copied / "ex03.py"


def test_more_code_than_is_looked_through_is_a_note(
    tiny: Course, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.handin.helpers._MOST_READ", 1000)
    everything = "".join(f"import m{number}\n" for number in range(100))
    members = {f"m{number}.py": everything for number in range(100)}
    make_zip(folder / "kim.zip", {"ex03.py": everything, **members})
    write(folder, **{"lee/ex03.py": ANSWER, "lee/helper.py": HELPER})
    handed_in = found(tiny, folder)
    assert handed_in.taken == {"kim ex03": ["ex03.py"], "lee ex03": ["ex03.py"]}
    assert helpers(handed_in) == {"lee ex03": {"helper.py": HELPER}}
    assert [note for note in handed_in.notes if note[0] == "helpers_unread"] == [("helpers_unread", "kim")]
