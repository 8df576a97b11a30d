from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import pytest

from grader.course.load import find_course, load_course
from grader.course.names import find_exercise, parse_exercise_name
from grader.errors import CourseError, RequestError
from grader.messages.sentences import fault_text
from grader.model import Course, LatePolicy, Limits, RunnerSettings, Text
from tests.support.places import ROOT


def faults_of(folder: Path) -> list[tuple[str, str, str]]:
    """Return the faults of a course: file, place and key."""
    with pytest.raises(CourseError) as caught:
        load_course(folder)
    return [
        (fault.file, fault.place, fault.explanation.key.removeprefix("course."))
        for fault in caught.value.faults
    ]


def edit(folder: Path, old: str, new: str, file: str = "course.yml") -> Path:
    """Replace a text that stands once in a file of a course; return the course's folder."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_course_is_read_as_it_is_written(tiny: Course) -> None:
    assert (tiny.id, tiny.title, tiny.language, tiny.attempts) == (
        "tiny",
        Text({"en": "A tiny course", "ko": "작은 강좌"}),
        "en",
        "last",
    )
    assert tiny.runner == RunnerSettings(("numpy",), {})
    assert tiny.late_policy == LatePolicy(10, 50, 30)
    assert [exercise.id for exercise in tiny.exercises] == ["ex01", "ex02", "ex03"]
    first, second, third = tiny.exercises
    assert (first.points, first.functions, first.due) == (6, ("row_sums", "scale"), None)
    assert first.banned == {"row_sums": ("np.sum", "np.einsum", "*.sum")}
    assert first.solution_folder == tiny.root / "solutions" / "ex01_row_sums"
    assert second.due == datetime(2026, 12, 1, 23, 59, tzinfo=timezone(timedelta(hours=9)))
    assert third.slug == "maxpool-2"


def test_a_course_without_a_time_zone_keeps_to_utc(tiny: Course, tiny_copy: Path) -> None:
    assert tiny.timezone == "UTC"
    edit(tiny_copy, "format: 1", "format: 1\ntimezone: Asia/Seoul")
    assert load_course(tiny_copy).timezone == "Asia/Seoul"


def test_an_exercises_limits_go_before_the_courses_and_those_before_the_default(tiny: Course) -> None:
    first, _, third = tiny.exercises
    common = {"load_seconds": 1, "call_seconds": 1, "check_seconds": 2, "cpu_seconds": 10, "disk_mib": 1}
    small = {"threads": 32, "output_kib": 4, "result_mib": 1}
    assert first.limits == Limits(**common, **small, memory_mib=128)
    assert third.limits == Limits(**common, **small, memory_mib=64)


@pytest.mark.parametrize(
    ("course", "exercise", "seconds"),
    [
        ("", "", 10),
        ("call_seconds: 3", "", 6),
        ("call_seconds: 3", "call_seconds: 30", 60),
        ("check_seconds: 7", "", 7),
        ("check_seconds: 7", "call_seconds: 30", 7),
        ("check_seconds: 7", "check_seconds: 8", 8),
        # What courses have that were written for one limit of all checks together.
        ("submission_seconds: 15", "", 15),
        ("submission_seconds: 15", "submission_seconds: 60, call_seconds: 30", 60),
        ("submission_seconds: 15", "call_seconds: 30", 30),
        ("check_seconds: 7", "submission_seconds: 60", 60),
        ("submission_seconds: 60", "check_seconds: 7", 7),
        ("submission_seconds: 60, check_seconds: 7", "", 7),
    ],
)
def test_the_time_of_a_check_is_told_or_follows_from_the_other_limits(
    course: str, exercise: str, seconds: float, tiny_copy: Path
) -> None:
    path = tiny_copy / "course.yml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^limits:\n(  .*\n)+", f"limits: {{{course}}}\n", text, flags=re.MULTILINE)
    path.write_text(text.replace("{memory_mib: 64}", f"{{{exercise}}}"), encoding="utf-8")
    assert load_course(tiny_copy).exercises[2].limits.check_seconds == seconds


def test_the_students_version_has_no_solutions(tiny_copy: Path) -> None:
    shutil.rmtree(tiny_copy / "solutions")
    assert [exercise.solution_folder for exercise in load_course(tiny_copy).exercises] == [None, None, None]


def test_the_modules_that_need_not_be_there_are_read(tiny_copy: Path) -> None:
    assert load_course(tiny_copy).runner.optional_modules == ()
    edit(tiny_copy, "preload: [numpy]", "preload: [numpy]\n  optional_modules: [matplotlib, google.colab]")
    assert load_course(tiny_copy).runner.optional_modules == ("matplotlib", "google.colab")


BAD_FIELDS = {
    "format-missing": ("format: 1", "", "format", "field_missing"),
    "format-other": ("format: 1", "format: 2", "format", "field_wrong"),
    "id": ("id: tiny", "id: no spaces", "id", "field_wrong"),
    "id-number": ("id: tiny", "id: 7", "id", "field_wrong"),
    "language": ("language: en", "language: no", "language", "language_unknown"),
    "language-code": ("language: en", "language: English", "language", "field_wrong"),
    "title-one-language": (
        'title: {en: "A tiny course", ko: "작은 강좌"}',
        "title: {en: a}",
        "title.ko",
        "field_missing",
    ),
    "title-empty": ('ko: "작은 강좌"', 'ko: ""', "title.ko", "field_wrong"),
    "unknown": ("format: 1", "format: 1\ncolour: red", "colour", "field_unknown"),
    "unknown-limit": ("threads: 32", "threats: 32", "limits.threats", "field_meant"),
    "timezone": ("format: 1", "format: 1\ntimezone: Asia/Soul", "timezone", "field_wrong"),
    "timezone-file": ("format: 1", "format: 1\ntimezone: /etc/passwd", "timezone", "field_wrong"),
    "timezone-folder": ("format: 1", "format: 1\ntimezone: Asia", "timezone", "field_wrong"),
    "timezone-empty": ("format: 1", 'format: 1\ntimezone: ""', "timezone", "field_wrong"),
    "percent": ("percent_per_day: 10", "percent_per_day: 101", "late_policy.percent_per_day", "field_wrong"),
    "grace": ("grace_minutes: 30", "grace_minutes: -1", "late_policy.grace_minutes", "field_wrong"),
    "seconds-zero": ("load_seconds: 1", "load_seconds: 0", "limits.load_seconds", "field_wrong"),
    "seconds-infinite": ("load_seconds: 1", "load_seconds: .inf", "limits.load_seconds", "field_wrong"),
    "memory-text": ("memory_mib: 128", 'memory_mib: "128"', "limits.memory_mib", "field_wrong"),
    "memory-fraction": ("memory_mib: 128", "memory_mib: 128.5", "limits.memory_mib", "field_wrong"),
    "preload": ("preload: [numpy]", "preload: ['numpy; import os']", "runner.preload[0]", "field_wrong"),
    "optional": (
        "preload: [numpy]",
        "preload: [numpy]\n  optional_modules: [matplotlib, 'google colab']",
        "runner.optional_modules[1]",
        "field_wrong",
    ),
    "points-missing": ("    points: 3\n", "", "exercises[1].points", "field_missing"),
    "points-zero": ("points: 3", "points: 0", "exercises[1].points", "field_wrong"),
    "points-nan": ("points: 3", "points: .nan", "exercises[1].points", "field_wrong"),
    "points-text": ("points: 3", "points: three", "exercises[1].points", "field_wrong"),
    "points-true": ("points: 3", "points: true", "exercises[1].points", "field_wrong"),
    "slug": ("slug: maxpool-2", "slug: Maxpool_2", "exercises[2].slug", "field_wrong"),
    "slug-upward": ("slug: maxpool-2", "slug: ../maxpool", "exercises[2].slug", "field_wrong"),
    "unknown-in-exercise": ("points: 3", "points: 3\n    weight: 2", "exercises[1].weight", "field_unknown"),
    "date-naive": ("T23:59:00+09:00", "T23:59:00", "exercises[1].due", "field_wrong"),
    "date-no-day": ("2026-12-01T23:59:00+09:00", "2026-02-30", "exercises[1].due", "field_wrong"),
    "opens-naive": (
        "points: 6",
        'points: 6\n    opens: "2026-12-01T08:00"',
        "exercises[0].opens",
        "field_wrong",
    ),
    "opens-number": ("points: 6", "points: 6\n    opens: 2026", "exercises[0].opens", "field_wrong"),
    "opens-late": ("points: 3", "points: 3\n    opens: 2026-12-02", "exercises[1].opens", "opens_late"),
    "opens-when-due": (
        "points: 3",
        "points: 3\n    opens: 2026-12-01T14:59:00Z",
        "exercises[1].opens",
        "opens_late",
    ),
    "date-none": ("2026-12-01T23:59:00+09:00", "tomorrow", "exercises[1].due", "field_wrong"),
    "banned-no-list": (
        '[np.sum, np.einsum, "*.sum"]',
        "np.sum",
        "exercises[0].banned.row_sums",
        "field_wrong",
    ),
    "banned-empty": ('"*.sum"', '""', "exercises[0].banned.row_sums[2]", "field_wrong"),
    "banned-unknown-function": (
        "banned: {row_sums:",
        "banned: {rowsums:",
        "exercises[0].banned.rowsums",
        "banned_function",
    ),
}


@pytest.mark.parametrize(("old", "new", "place", "kind"), BAD_FIELDS.values(), ids=BAD_FIELDS.keys())
def test_a_bad_field_is_reported_with_its_place(
    old: str, new: str, place: str, kind: str, tiny_copy: Path
) -> None:
    assert faults_of(edit(tiny_copy, old, new)) == [("course.yml", place, kind)]


def test_a_slug_given_twice_would_make_two_exercises_the_same(tiny_copy: Path) -> None:
    (tiny_copy / "exercises" / "ex03_maxpool_2").rename(tiny_copy / "exercises" / "ex03_maxpool_1")
    (tiny_copy / "solutions" / "ex03_maxpool_2").rename(tiny_copy / "solutions" / "ex03_maxpool_1")
    edit(tiny_copy, "slug: maxpool-2", "slug: maxpool-1")
    assert faults_of(tiny_copy) == [("course.yml", "exercises[2].slug", "slug_twice")]


def test_all_bad_fields_are_reported_at_once(tiny_copy: Path) -> None:
    edit(tiny_copy, "format: 1", "colour: red")
    edit(tiny_copy, "points: 3", "points: -3")
    edit(tiny_copy, "T23:59:00+09:00", "T23:59:00")
    assert sorted(faults_of(tiny_copy)) == [
        ("course.yml", "colour", "field_unknown"),
        ("course.yml", "exercises[1].due", "field_wrong"),
        ("course.yml", "exercises[1].points", "field_wrong"),
        ("course.yml", "format", "field_missing"),
    ]


def test_all_faults_of_the_folders_are_reported_at_once(tiny_copy: Path) -> None:
    for name in ("exercises/ex01_row_sums/README.ko.md", "solutions/ex02_maxpool_1/solution.py"):
        (tiny_copy / name).unlink()
    (tiny_copy / "exercises/ex03_maxpool_2/stub.py").write_text('"""Nothing to fill in."""\n_hidden = 1\n')
    edit(tiny_copy, "banned: {row_sums:", "banned: {scales: [x], row_sums:")
    assert sorted(faults_of(tiny_copy)) == [
        ("course.yml", "exercises[0].banned.scales", "banned_function"),
        ("exercises/ex01_row_sums/README.ko.md", "", "file_missing"),
        ("exercises/ex03_maxpool_2/stub.py", "", "stub_empty"),
        ("solutions/ex02_maxpool_1/solution.py", "", "file_missing"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "exercises/ex02_maxpool_1/README.md",
        "exercises/ex02_maxpool_1/README.ko.md",
        "exercises/ex02_maxpool_1/stub.py",
        "exercises/ex02_maxpool_1/test_ex02.py",
        "solutions/ex02_maxpool_1/solution.py",
        "solutions/ex02_maxpool_1/test_ex02_hidden.py",
    ],
)
def test_a_missing_file_is_reported(name: str, tiny_copy: Path) -> None:
    (tiny_copy / name).unlink()
    assert faults_of(tiny_copy) == [(name, "", "file_missing")]


def test_files_that_have_the_number_of_another_place_are_to_be_renamed(tiny_copy: Path) -> None:
    for name in ("exercises/ex02_maxpool_1/test_ex02.py", "solutions/ex02_maxpool_1/test_ex02_hidden.py"):
        path = tiny_copy / name
        path.rename(path.with_name(path.name.replace("ex02", "ex04")))
    with pytest.raises(CourseError) as caught:
        load_course(tiny_copy)
    assert [(item.explanation.key, item.explanation.values["near"]) for item in caught.value.faults] == [
        ("course.file_renamed", "test_ex04.py"),
        ("course.file_renamed", "test_ex04_hidden.py"),
    ]


@pytest.mark.parametrize(
    ("content", "place", "kind"),
    [
        (b"def max_pool(x:\n", "line 1", "python"),
        (b"max_pool = 1\n", "", "stub_empty"),
        (b"def _max_pool(x):\n    pass\n", "", "stub_empty"),
        (b'"\xb0\xad"\n', "line 1", "other_encoding"),
    ],
    ids=["syntax", "no-function", "private-function", "encoding"],
)
def test_a_stub_without_functions_is_reported(content: bytes, place: str, kind: str, tiny_copy: Path) -> None:
    (tiny_copy / "exercises/ex02_maxpool_1/stub.py").write_bytes(content)
    assert faults_of(tiny_copy) == [("exercises/ex02_maxpool_1/stub.py", place, kind)]


def test_a_misconception_that_replaces_a_function_twice_is_reported(tiny_copy: Path) -> None:
    file = "solutions/ex02_maxpool_1/misconceptions.py"
    found = '@misconception("twice", en="a", ko="가")\ndef max_pool(x):\n    return x\n'
    other = found.replace("max_pool", "helper")
    (tiny_copy / file).write_text(f"{found}{other}{found}", encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        load_course(tiny_copy)
    (fault,) = caught.value.faults
    assert (fault.file, fault.place) == (file, "line 7")
    assert fault.explanation.values == {"id": "twice", "function": "max_pool", "line": 1}


def test_a_misconception_without_an_id_is_reported(tiny_copy: Path) -> None:
    file = "solutions/ex02_maxpool_1/misconceptions.py"
    (tiny_copy / file).write_text("\n@misconception\ndef max_pool(x):\n    return x\n", encoding="utf-8")
    assert faults_of(tiny_copy) == [(file, "line 2", "misconception_bare")]


@pytest.mark.parametrize(
    ("content", "place", "kind"),
    [
        (b"format: 1\nid: [tiny\nlanguage: en\n", "line 3, column 9", "yaml"),
        (b"format: 1\nid: a\nid: b\n", "line 3, column 1", "yaml"),
        (b"format: 1\n\tid: a\n", "line 2, column 1", "yaml"),
        (b"a: *nowhere\n", "line 1, column 4", "yaml"),
        (b"a: !!python/object/apply:os.system ['true']\n", "line 1, column 4", "yaml"),
        (b"- format\n- 1\n", "", "no_mapping"),
        (b"", "", "no_mapping"),
        (b"id: a\ntitle: \xb0\xad\n", "line 2", "other_encoding"),
    ],
    ids=["bracket", "duplicate-key", "tab", "anchor", "python-tag", "list", "empty", "encoding"],
)
def test_bad_yaml_is_reported_with_its_line(content: bytes, place: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "course.yml").write_bytes(content)
    faults = faults_of(tmp_path)
    assert [(file, kind) for file, _, kind in faults] == [("course.yml", kind)]
    assert faults[0][1] == place


def test_a_key_given_twice_inside_of_an_exercise_is_reported(tiny_copy: Path) -> None:
    edit(tiny_copy, "points: 3", "points: 3\n    points: 4")
    assert [(file, kind) for file, _, kind in faults_of(tiny_copy)] == [("course.yml", "yaml")]


def test_what_was_given_is_cut_where_it_is_long(tiny_copy: Path) -> None:
    edit(tiny_copy, "id: tiny", f"id: '{'x ' * 100}'")
    with pytest.raises(CourseError) as caught:
        load_course(tiny_copy)
    given = caught.value.faults[0].explanation.values["given"]
    assert len(given) == 80
    assert given.endswith("...")


def test_the_course_is_found_from_a_folder_inside_of_it(tiny_copy: Path) -> None:
    assert find_course(tiny_copy / "exercises" / "ex01_row_sums") == tiny_copy.resolve()


@pytest.mark.parametrize("seek", [find_course, load_course])
def test_no_course_is_the_users_error(seek: object, tmp_path: Path) -> None:
    assert callable(seek)
    with pytest.raises(RequestError) as caught:
        seek(tmp_path)
    assert caught.value.explanation.key == "request.no_course"


@pytest.mark.parametrize(
    "name",
    ["ex3", "ex03", "EX003", "3", "03", "maxpool-2", "maxpool_2", "ex03_maxpool_2", "ex3-maxpool-2", " Ex3 "],
)
def test_these_names_are_the_same_exercise(name: str, tiny: Course) -> None:
    assert parse_exercise_name(tiny, name) == tiny.exercises[2]
    assert find_exercise(tiny, name) == tiny.exercises[2]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ex",
        "0",
        "ex4",
        "30",
        "-3",
        "3.0",
        "ex03_maxpool_1",
        "ex01_maxpool_2",
        "maxpool",
        "maxpool-3",
        "3x",
    ],
)
def test_these_names_are_no_exercise(name: str, tiny: Course) -> None:
    assert parse_exercise_name(tiny, name) is None
    with pytest.raises(RequestError) as caught:
        find_exercise(tiny, name)
    values = caught.value.explanation.values
    assert values["name"] == name
    assert values["known"] == "ex01 (row-sums), ex02 (maxpool-1), ex03 (maxpool-2)"


@pytest.mark.parametrize(
    ("name", "near"),
    [("maxpol-2", "maxpool-2"), ("maxpool2", "maxpool-2"), ("Row_sum", "row-sums"), ("xe03", "ex03")],
)
def test_a_mistyped_name_is_answered_with_the_nearest(name: str, near: str, tiny: Course) -> None:
    with pytest.raises(RequestError) as caught:
        find_exercise(tiny, name)
    assert caught.value.explanation.key == "request.no_exercise_but"
    assert caught.value.explanation.values["near"] == near


def test_the_real_course_is_read_without_a_fault() -> None:
    course = load_course(ROOT)
    slugs = re.findall(r"^ *- slug: *(\S+)", (ROOT / "course.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert [exercise.slug for exercise in course.exercises] == slugs
    assert all(re.fullmatch(r"ex\d\d", exercise.id) for exercise in course.exercises)


def test_a_date_is_a_whole_day_of_the_courses_zone(tiny_copy: Path) -> None:
    edit(tiny_copy, "format: 1", "format: 1\ntimezone: Asia/Seoul")
    edit(tiny_copy, "due: 2026-12-01T23:59:00+09:00", "opens: 2026-12-01\n    due: 2026-12-01")
    second = load_course(tiny_copy).exercises[1]
    zone = timezone(timedelta(hours=9))
    assert second.opens == datetime(2026, 12, 1, tzinfo=zone)
    assert second.due == datetime(2026, 12, 1, 23, 59, 59, tzinfo=zone)


def test_an_exercise_may_open_without_being_due(tiny_copy: Path) -> None:
    edit(tiny_copy, "points: 6", 'points: 6\n    opens: "2026-11-01T08:00:00Z"')
    first, *others = load_course(tiny_copy).exercises
    assert first.opens == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert [item.opens for item in others] == [None, None]


def test_an_exercise_may_name_a_family_which_must_be_there(tiny: Course, tiny_copy: Path) -> None:
    assert [exercise.family for exercise in tiny.exercises] == [None, None, "pooling"]
    (tiny_copy / "solutions" / "families" / "pooling.py").unlink()
    assert faults_of(tiny_copy) == [("solutions/families/pooling.py", "", "file_missing")]


def test_the_students_version_needs_no_family(tiny_copy: Path) -> None:
    shutil.rmtree(tiny_copy / "solutions")
    assert load_course(tiny_copy).exercises[2].family == "pooling"


@pytest.mark.parametrize("name", ["../secrets", "Pooling", "a.b", ""])
def test_a_family_is_named_by_a_word(name: str, tiny_copy: Path) -> None:
    edit(tiny_copy, "family: pooling", f"family: {name!r}")
    assert [place for _, place, _ in faults_of(tiny_copy)] == ["exercises[2].family"]


EXERCISE = "exercises/ex02_maxpool_1", "solutions/ex02_maxpool_1"
SAVED = [
    "course.yml",
    *(f"{EXERCISE[0]}/{name}" for name in ("README.md", "README.ko.md", "stub.py", "test_ex02.py")),
    *(f"{EXERCISE[1]}/{name}" for name in ("solution.py", "test_ex02_hidden.py")),
]


def test_a_file_in_another_encoding_is_reported_once(tiny_copy: Path) -> None:
    for name, encoding in product(SAVED, ("utf-16", "cp949")):
        path = tiny_copy / name
        saved = path.read_bytes()
        path.write_bytes(f"{saved.decode('utf-8')}# 풀이\n".encode(encoding))
        assert [(file, kind) for file, _, kind in faults_of(tiny_copy)] == [(name, "other_encoding")]
        path.write_bytes(saved)


def test_a_byte_order_mark_makes_no_difference(tiny: Course, tiny_copy: Path) -> None:
    for name in SAVED:
        path = tiny_copy / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [item.functions for item in load_course(tiny_copy).exercises] == [
        item.functions for item in tiny.exercises
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "meant"),
    [
        ("points: 6", "piont: 6", "exercises[0].piont", "points"),
        ("percent_per_day: 10", "percent_a_day: 10", "late_policy.percent_a_day", "percent_per_day"),
        ("format: 1", "fromat: 1", "fromat", "format"),
    ],
)
def test_a_field_that_is_written_wrong_is_one_fault(
    old: str, new: str, place: str, meant: str, tiny_copy: Path
) -> None:
    edit(tiny_copy, old, new)
    with pytest.raises(CourseError) as caught:
        load_course(tiny_copy)
    (fault,) = caught.value.faults
    assert (fault.place, fault.explanation.key) == (place, "course.field_meant")
    assert fault.explanation.values["meant"] == meant


WRONG = ["six", "'6'", ".nan", "-6", "0", "true", "[6]", "{en: 6}", "null", "1.5.2", "''"]
FIELDS = [
    ("points: 6", "points"),
    ("format: 1", "format"),
    ("id: tiny", "id"),
    ("memory_mib: 128", "memory_mib"),
    ("preload: [numpy]", "preload"),
    ("grace_minutes: 30", "grace_minutes"),
    ("percent_per_day: 10", "percent_per_day"),
    ("slug: maxpool-2", "slug"),
    ("due: 2026-12-01T23:59:00+09:00", "due"),
    ("language: en", "language"),
    ("language: en", "timezone"),
    ("language: en", "attempts"),
]


def test_every_wrong_value_has_a_sentence(tiny_copy: Path) -> None:
    path = tiny_copy / "course.yml"
    text = path.read_text(encoding="utf-8")
    for (old, field), value in product(FIELDS, WRONG):
        path.write_text(text.replace(old, f"{field}: {value}"), encoding="utf-8")
        try:
            load_course(tiny_copy)
        except CourseError as error:
            said = [fault_text(fault, language) for fault in error.faults for language in ("en", "ko")]
            assert not [item for item in said if "wanted." in item or "nput should" in item]
