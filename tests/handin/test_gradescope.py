from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

METADATA = """\
---
submission_254718001:
  :submitters:
  - :name: Ann Kim
    :sid: '0012'
    :email: ann@example.org
  :created_at: 2026-03-02 01:11:12.345678901 Z
  :score: 8.0
  :status: processed
  :results:
    tests:
    - name: '1.1'
      output: |
        submission_254718001:
          :submitters: forged
      score: 1.0
  :history:
  - :created_at: 2026-03-01 01:11:12.000000000 Z
    :id: 254717000
    :results: {}
submission_254718002:
  :submitters:
  - :name: 이 서연
    :sid:
    :email: lee@example.org
  - :name: Bo
    :sid: ''
    :email: bo@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-03-02 23:11:12.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: America/Los_Angeles
    time: 2026-03-02 15:11:12.000000000 Z
submission_254718003:
  ":submitters":
  - name: No Number
  created_at: !ruby/object:Kernel 2026-03-03 01:11:12 -08:00
"""
FILES = {
    "submission_metadata.yml": METADATA,
    "submission_254718001/work/ex03.py": "a",
    "submission_254718001/submission_metadata.yml": "the student's",
    "submission_254718002/ex03.ipynb": "b",
    "submission_254718002/notes.txt": "",
    "submission_254718003/ex03.py": "c",
}
FIVE_PAST = "2026-03-02T01:11:12.345678+00:00"


def export(folder: Path, *names: str, **changed: str) -> Path:
    files = {name: content for name, content in FILES.items() if not names or name in names} | changed
    path = folder / "in" / "assignment_777_export"
    hand_in(path, *files, **files)
    return folder / "in"


@pytest.mark.parametrize("form", ["auto", "gradescope"])
@pytest.mark.parametrize("source", ["folder", "around", "zip"])
def test_an_export_says_whose_each_submission_is_and_when(
    source: str, form: str, tiny: Course, tmp_path: Path
) -> None:
    path = export(tmp_path)
    if source == "folder":
        path /= "assignment_777_export"
    elif source == "zip":
        path = make_zip(
            tmp_path / "a.zip", {f"assignment_777_export/{name}": text for name, text in FILES.items()}
        )
    result = Class(tiny, path, tmp_path / "work", form=form)
    assert result.times == {
        "0012 ex03": [FIVE_PAST],
        "lee@example.org ex03": ["2026-03-02T23:11:12+00:00"],
        "bo@example.org ex03": ["2026-03-02T23:11:12+00:00"],
        "No Number ex03": ["2026-03-03T01:11:12-08:00"],
    }
    assert sorted(result.notes) == [
        ("handed_in_together", "submission_254718002"),
        ("passed_over", "submission_254718001/submission_metadata.yml"),
        ("passed_over", "submission_254718002/notes.txt"),
    ]


def test_an_answer_without_a_time_is_named(tiny: Course, tmp_path: Path) -> None:
    metadata = FILES["submission_metadata.yml"]
    lines = metadata.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if ":created_at:" in line)
    lines[first] = "  :created_at: yesterday\n"
    changed = {"submission_metadata.yml": "".join(lines)}
    result = Class(tiny, export(tmp_path, **changed), tmp_path / "work")
    assert result.times["0012 ex03"] == [None]
    assert [kind for kind, _ in result.notes if kind.startswith("no_time")] == ["no_time"]


@pytest.mark.parametrize("row", ["0012,,", "1,Ann Kim,", "2,,ann@example.org"])
def test_a_roster_finds_number_name_or_address(row: str, tiny: Course, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(f"student,name,email\n{row}\n")
    result = Class(tiny, export(tmp_path), tmp_path / "work", roster=tmp_path / "roster.csv")
    assert result.times[f"{row.partition(',')[0]} ex03"] == [FIVE_PAST]


def test_a_group_of_the_rosters_that_handed_in_together_has_one_attempt(tiny: Course, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("student,group\nlee@example.org,A\nbo@example.org,A\n")
    result = Class(tiny, export(tmp_path), tmp_path / "work", roster=tmp_path / "roster.csv")
    assert [len(result.texts[f"{name}@example.org ex03"]) for name in ("lee", "bo")] == [1, 1]
    assert not {"identical", "group_several"} & {kind for kind, _ in result.notes}


def test_without_metadata_each_submission_is_one_students(tiny: Course, tmp_path: Path) -> None:
    names = ["submission_254718001/work/ex03.py", "submission_254718003/ex03.py"]
    result = Class(tiny, export(tmp_path, *names), tmp_path / "work")
    assert result.students == ("submission_254718001", "submission_254718003")
    assert {"no_metadata", "no_times"} == {kind for kind, _ in result.notes}
    alone = Class(tiny, export(tmp_path / "alone", names[0]), tmp_path / "work")
    assert alone.students == ("submission_254718001",)


def test_attempts_of_a_student_are_no_export(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "kim/submission_1/ex03.py", "kim/submission_2/ex03.py")
    assert Class(tiny, tmp_path / "in", tmp_path / "work").students == ("kim",)


def test_what_only_one_of_the_two_has_is_noted_and_no_zero(tiny: Course, tmp_path: Path) -> None:
    path = export(
        tmp_path,
        "submission_metadata.yml",
        "submission_254718001/work/ex03.py",
        **{"submission_254718009/ex03.py": "d"},
    )
    result = Class(tiny, path, tmp_path / "work")
    assert {"0012", "submission_254718009", "bo@example.org", "No Number"} <= set(result.students)
    assert ("not_in_metadata", "submission_254718009") in result.notes
    assert sum(kind == "only_in_metadata" for kind, _ in result.notes) == 2
    missing = [item for item in result.found.submissions if item.student == "bo@example.org"]
    assert all(item.path is not None and not item.path.exists() for item in missing)


@pytest.mark.parametrize(
    ("metadata", "place"),
    [
        ("submission_1:\n  :submitters:\n  - :name: 'Ann\n  :created_at: 2\n", "line"),
        ("submission_1:\n  :submitters:\n  - : [\n", "line"),
        ("a: " + "[" * 500, ""),
        ("a: *nowhere\n", "line 1"),
    ],
)
def test_damaged_metadata_are_an_error_with_the_line(
    metadata: str, place: str, tiny: Course, tmp_path: Path
) -> None:
    with pytest.raises(CourseError) as caught:
        Class(tiny, export(tmp_path, **{"submission_metadata.yml": metadata}), tmp_path / "work")
    (fault,) = caught.value.faults
    assert fault.file == "submission_metadata.yml"
    assert fault.place.startswith(place)


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "- a\n",
        "submission_254718001:\n",
        "submission_254718001: [1, 2]\n",
        "submission_254718001:\n  :submitters: nobody\n  :created_at: [yesterday]\n",
        "submission_254718001:\n  :submitters:\n  - :name: ~\n  :created_at: 2026-99-01 01:11:12 Z\n",
        "submission_254718001: !!python/object/apply:os.system ['touch /tmp/forged']\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d {e: *d}\nsubmission_254718001: {submitters: *c}\n",
    ],
)
def test_metadata_of_another_shape_say_nothing(metadata: str, tiny: Course, tmp_path: Path) -> None:
    result = Class(tiny, export(tmp_path, **{"submission_metadata.yml": metadata}), tmp_path / "work")
    assert result.times["submission_254718001 ex03"] == [None]


def test_what_tests_printed_is_not_read(tiny: Course, tmp_path: Path) -> None:
    """A class's results are megabytes, and reading them as YAML takes minutes."""
    printed = "    - output: [{'this is no YAML\n" * 3
    metadata = METADATA.replace("    tests:\n", f"    tests:\n{printed}", 1)
    result = Class(tiny, export(tmp_path, **{"submission_metadata.yml": metadata}), tmp_path / "work")
    assert result.times["0012 ex03"] == [FIVE_PAST]
