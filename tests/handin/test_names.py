from __future__ import annotations

import os
import random
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from grader.handin.names import (
    key_of,
    parse_file_name,
    shown_name,
    split_flat,
    squeezed,
    text_of,
    without_copy,
)
from grader.handin.zipnames import safe_parts
from grader.messages.printable import printable
from grader.messages.sentences import explain
from grader.model import Course
from tests.support.handin import Class, hand_in, make_zip

ODD = [
    "ann",
    "김민준",
    unicodedata.normalize("NFD", "이서연"),
    os.fsdecode("박".encode("cp949")),
    os.fsdecode(b"\xff\xfe"),
    "a\x1b[31mb",
    "a\nb",
    "\u202egnp.py",
    "zero\u200bwidth",
    "👩‍🏫",
    "=1+1",
    "-rf",
    "~",
    "$HOME",
    "%s {x} {0}",
    "[bold]",
    "CON",
    "a b",
    " a ",
    "a" * 100,
    "ex01",
    "3",
    "2026-03-02T10-11-12Z",
    "a_ex01",
    "kim_1_2_x",
    "venv",
    "\\x",
    "'quoted'",
]
TAILS = ["", ".py", ".ipynb", ".PY", ".txt", ".zip", " (1).py", ".", "_ex02.py", "-maxpool-2.ipynb"]


def odd_tree(folder: Path, seed: int) -> list[Path]:
    """Write files with odd names into folders with odd names; return the files."""
    chance = random.Random(seed)
    files = []
    for number in range(30):
        parts = [chance.choice(ODD) for _ in range(chance.choice([0, 1, 1, 1, 2, 3]))]
        parent = folder.joinpath(*parts)
        name = chance.choice(["ex01", "row-sums", "ex02", "homework", *ODD]) + chance.choice(TAILS)
        if any(item.is_file() for item in (parent, *parent.parents)) or (parent / name).exists():
            continue
        parent.mkdir(parents=True, exist_ok=True)
        (parent / name).write_text(f"# {number}\n")
        files.append(parent / name)
    return files


def is_noted(result: Class, parts: Sequence[str]) -> bool:
    """Return whether a note names a file or one of the folders that it lies in."""
    noted = [str(value) for note in result.found.notes for value in note.values.values()]
    shown = [shown_name(part) for part in parts]
    return any("/".join(shown[:end]) in noted for end in range(1, len(shown) + 1))


@pytest.mark.parametrize("seed", range(25))
def test_nothing_is_lost_and_everything_can_be_printed(seed: int, tiny: Course, tmp_path: Path) -> None:
    files = odd_tree(tmp_path / "in", seed)
    (tmp_path / "in/zoe").mkdir()
    (tmp_path / "in/zoe/ex03.ipynb").write_text("")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    taken = {item.path for item in result.found.submissions}
    for path in files:
        assert path in taken or is_noted(result, path.relative_to(tmp_path / "in").parts), path
    for student in result.students:
        assert student == student.strip() == printable(student)
        assert student.isprintable()
    for language in ("en", "ko"):
        assert all(explain(note, language).isprintable() for note in result.found.notes)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_is_found_whatever_order_the_disk_has(
    seed: int, tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd_tree(tmp_path / "in", seed)
    (tmp_path / "in/ann_ex03.py").write_text("")
    for path in (tmp_path / "in").rglob("*"):
        os.utime(path, (5e8, 5e8))
    first = Class(tiny, tmp_path / "in", tmp_path / "work").found
    listdir, scandir = os.listdir, os.scandir

    @contextmanager
    def backwards(path: Path) -> Iterator[list[os.DirEntry[str]]]:
        with scandir(path) as entries:
            yield list(entries)[::-1]

    monkeypatch.setattr("grader.handin.student_files.os.scandir", backwards)
    monkeypatch.setattr("grader.handin.opening.os.listdir", lambda path: listdir(path)[::-1])
    assert Class(tiny, tmp_path / "in", tmp_path / "work").found == first


@pytest.mark.parametrize("seed", range(5))
def test_a_zip_of_odd_names_loses_nothing_either(seed: int, tiny: Course, tmp_path: Path) -> None:
    chance = random.Random(seed)
    members = {"ann/ex01.py": "", "bob/ex01.py": ""}
    for number in range(20):
        parts = [text_of(chance.choice(ODD)).encode("utf-8", "replace").decode() for _ in range(2)]
        members["/".join([*parts, f"ex0{number % 3 + 1}.py"])] = str(number)
    result = Class(tiny, make_zip(tmp_path / "a.zip", members), tmp_path / "work")
    texts = {text for texts in result.texts.values() for text in texts}
    for name, text in members.items():
        assert text in texts or is_noted(result, name.split("/")), name


@pytest.mark.parametrize("name", ODD)
def test_a_shown_name_is_shown_as_itself(name: str) -> None:
    shown = shown_name(name)
    assert shown.isprintable()
    assert shown_name(shown) == shown
    assert key_of(shown_name(shown)) == key_of(shown)


def test_names_are_read_as_korean_windows_wrote_them() -> None:
    assert text_of(os.fsdecode("박민준".encode("cp949"))) == "박민준"
    assert shown_name(os.fsdecode(b"a\xff")) == "a\\xff"


def test_a_folder_in_korean_windows_encoding_is_the_same_student(tiny: Course, tmp_path: Path) -> None:
    for name, file in ((os.fsdecode("박민준".encode("cp949")), "ex01.py"), ("박민준", "ex02.py")):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / file).write_text("")
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    assert set(result.taken) == {"박민준 ex01", "박민준 ex02"}


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("ex03", ("ex03", 0)),
        ("ex03 (2)", ("ex03", 2)),
        ("ex03(2)", ("ex03", 2)),
        ("ex03 - 복사본", ("ex03", 1)),
        ("ex03 - Copy (3)", ("ex03", 3)),
        ("ex03 copy", ("ex03", 1)),
        ("(1)", ("(1)", 0)),
        ("copy", ("copy", 0)),
        ("  ex03  ", ("ex03", 0)),
        ("ex03-1", ("ex03-1", 0)),
        ("ex03-Copy1", ("ex03", 1)),
        ("Copy of ex03", ("ex03", 1)),
        ("Copy_of_Copy_of_ex03 (2)", ("ex03", 2)),
        ("ex03 copy (4)", ("ex03", 4)),
        ("photocopy", ("photocopy", 0)),
    ],
)
def test_the_mark_of_a_copy_is_known(stem: str, expected: tuple[str, int]) -> None:
    assert without_copy(stem) == expected


def test_the_longest_name_of_an_exercise_is_the_exercise(tiny: Course) -> None:
    assert split_flat(tiny, "kim-maxpool-2") == ("kim", "ex03")
    assert split_flat(tiny, "maxpool-1_kim") == ("kim", "ex02")
    assert split_flat(tiny, "ex01_ex02") == ("ex01", "ex02")
    assert split_flat(tiny, "kim_2") is None


NAMED = [
    "ex03_final.ipynb", "final-EX3.py", "hw_ex3_v2.py", "my ex03 answer.py", "ex03final.py", "ex03v2.ipynb", "KimEx03.py",
    "20231234ex03.py", "2026-03-02_ex03_20231234.py", "김민준ex03최종.py", "과제_ex03_제출.ipynb", "ex03.final.py", "(ex03).py",
    "ex 3.py", "ex-03.py", "Ex_03.ipynb", "ex03-1.py", "ex03_2.py", "kim_maxpool-2_final.ipynb", "maxpool 2 (final).py",
    "maxpool-2-1.py", "ex03_maxpool_2_final.py", "maxpool-2 ex03.py", "ＥＸ０３_ｆｉｎａｌ.py", "ex99_maxpool-2.py", "ex03!.py",
    "решениеex03.py", "ex0003.py", "#ex03#.py", "ex03,.py", "ex03~.py",
]  # fmt: skip
COPIES = [
    "ex03-Copy1.py", "ex03-Copy12.ipynb", "Copy of ex03.py", "Copy_of_ex03.ipynb", "ex03의 사본.ipynb", "ex03의_사본.ipynb",
    "사본 - ex03.py", "Kopie von ex03.ipynb", "ex03 - Kopie.py", "ex03 – Kopie (2).py", "Copie de ex03.ipynb", "Copia de ex03.py",
    "Cópia de ex03.py", "Copia di ex03.py", "Kopie van ex03.py", "Kopia av ex03.py", "Копия ex03.py", "ex03 — копия.py",
    "ex03のコピー.ipynb", "ex03 - コピー.py", "ex03的副本.ipynb", "ex03 副本.py", "副本 ex03.py", "ex03 - 拷贝.py", "Kopya ex03.py",
    "ex03 kopyası.py", "Bản sao của ex03.ipynb", "Salinan ex03.py", "สำเนาของ ex03.ipynb", "ex03 copy 2.py", "ex03_copy.py",
    "Copy of ex03_final (1).py", "Copy (2) of ex03.py", "EX03 - COPY.PY", "ex03 (1)(2).py", "MAXPOOL-2-COPY1.IPYNB",
]  # fmt: skip
NOT_NAMED = [
    "ex031.py", "ex0033.py", "index3.py", "vertex_3.py", "latex 3.ipynb", "complex03.py", "ex.py", "ex77.py", "3_final.py",
    "final3.py", "2026-03-03.py", "maxpool2.py", "maxpool-2d.py", "maxpool-22.py", "xmaxpool-2.py", "maxpool.py",
    "ex02_ex03.py", "ex02 and ex03.ipynb", "ex03_maxpool_1.py", "ex01-03.ipynb", "ex2,3.py", "ex1~3.ipynb", "row-sums ex03.py",
]  # fmt: skip


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", [*NAMED, *COPIES])
def test_an_exercises_name_anywhere_in_a_name_is_the_exercise(
    name: str, form: Literal["NFC", "NFD"], tiny: Course
) -> None:
    exercise, _, copy = parse_file_name(tiny, unicodedata.normalize(form, name))
    assert exercise == "ex03"
    assert (copy > 0) == (name in COPIES)


@pytest.mark.parametrize("name", NOT_NAMED)
def test_what_only_looks_like_a_name_of_one_is_none(name: str, tiny: Course) -> None:
    assert parse_file_name(tiny, name)[0] is None


def test_the_longest_of_several_slugs_is_meant(tiny: Course) -> None:
    slugs = ("pool", "max-pool", "max-pool-2")
    exercises = tuple(replace(item, slug=slug) for item, slug in zip(tiny.exercises, slugs, strict=True))
    course = replace(tiny, exercises=exercises)
    for name, id in (
        ("a_pool.py", "ex01"),
        ("max_pool (1).py", "ex02"),
        ("my max-pool-2.py", "ex03"),
        ("max-pool-2-1.py", "ex03"),
        ("max-pool-20.py", "ex02"),
        ("pools.py", None),
        ("pool max-pool.py", None),
    ):
        assert parse_file_name(course, name)[0] == id, name


@pytest.mark.parametrize(
    "name", ["kim_1_2_ex03 (1)-1.py", "kim_1_2_ex03-1.py", "kim_1_2_Copy of ex03-2.ipynb"]
)
def test_the_number_of_an_lms_hides_no_copy(name: str, tiny: Course, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text("")
    assert Class(tiny, tmp_path / "in", tmp_path / "work").taken == {"kim ex03": [name]}


FLAT = {
    "kim_ex03_final.py": ("kim", "ex03"),
    "bae_final_ex03.py": ("bae", "ex03"),
    "ex03_final_yoon.py": ("yoon", "ex03"),
    "김민준_ex03_최종.py": ("김민준", "ex03"),
    "20231234_ex03_v2.py": ("20231234", "ex03"),
    "Kwon Oh.ex03.py": ("Kwon Oh", "ex03"),
    "lee_ex03_final.py": ("lee", "ex03"),
    "park_ex02_final.ipynb": ("park", "ex02"),
    "Copy of choi_ex03.py": ("choi", "ex03"),
    "ex03-Copy1.py": None,
    "ex03_v2.py": None,
    "final_ex03.py": None,
    "과제_ex03.py": None,
}


def test_in_a_classs_files_what_is_not_the_exercise_is_the_student(tiny: Course, tmp_path: Path) -> None:
    hand_in(tmp_path / "in", *FLAT)
    result = Class(tiny, tmp_path / "in", tmp_path / "work")
    expected = {name: f"{owner[0]} {owner[1]}" for name, owner in FLAT.items() if owner is not None}
    assert {files[0]: key for key, files in result.taken.items()} == expected
    assert result.notes == [("passed_over", name) for name in sorted(FLAT) if FLAT[name] is None]


def test_squeezed_names_have_letters_and_digits_alone() -> None:
    assert squeezed("O'Neil, Mary-Jane") == "oneilmaryjane"
    assert squeezed("김 민준") == "김민준"


@pytest.mark.parametrize("seed", range(200))
def test_a_path_in_a_zip_never_leads_out(seed: int) -> None:
    chance = random.Random(seed)
    pieces = ["..", ".", "/", "\\", "a", "C:", "\0", "가" * 90, "~", "...", " ", "//", "\\\\"]
    name = "".join(chance.choice(pieces) for _ in range(chance.randint(1, 8)))
    parts = safe_parts(name)
    if parts is not None:
        assert parts
        assert all(part not in ("", ".", "..") and "/" not in part and "\0" not in part for part in parts)
        assert all(len(part.encode()) <= 255 for part in parts)
        assert not Path(*parts).is_absolute()
