"""Names on disks and in zips: as text, as printed, as compared, and as names of exercises and of copies."""

from __future__ import annotations

import re
import unicodedata

from grader.answers.file import SUFFIXES
from grader.course.names import parse_exercise_name
from grader.model import Course

PACKAGE_FILE = "__init__.py"
"""What makes a folder a package of Python's: a part of an answer that imports it, and no answer itself."""
_LITTER = {"thumbs.db", "desktop.ini"}

# "ex03 (1)", "ex03 - Copy", "ex03 - 복사본 (2)", "ex03 copy 2": browsers, Moodle, Windows, macOS.
_COPY = re.compile(
    r"(.*?)(?:\s*\((\d{1,4})\)|\s*-\s*(?:copy|복사본)(?:\s*\((\d{1,4})\))?|\s+copy(?:\s+(\d{1,4}))?)",
    re.IGNORECASE | re.DOTALL,
)
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode's categories of what cannot be seen."""


def text_of(name: str) -> str:
    """Return a name as text in NFC; bytes that are not UTF-8 are read as CP949 (Korean Windows) where they can be."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        try:
            name = name.encode("utf-8", "surrogateescape").decode("cp949")
        except UnicodeError:
            return name
    return unicodedata.normalize("NFC", name)


def shown_name(name: str) -> str:
    """Return a name that can be printed: what cannot be seen or is not text is written as an escape."""
    return "".join(map(_shown, text_of(name))).strip()


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _UNPRINTABLE:
        return character
    # Python has a byte that is in no known encoding as a half of a surrogate pair.
    code = ord(character)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else ascii(character)[1:-1]


def key_of(name: str) -> str:
    """Return what two spellings of one name have in common: case, spaces and composed letters do not count."""
    return unicodedata.normalize("NFC", " ".join(text_of(name).casefold().split()))


def squeezed(name: str) -> str:
    """Return the letters and digits of a name alone, as LMS file names have them."""
    return re.sub(r"[\W_]+", "", key_of(name))


def stem_of(name: str) -> str:
    """Return a file's name as text, without its suffix."""
    return text_of(name).rpartition(".")[0]


def is_hidden(name: str) -> bool:
    """Return whether a file is made by a system or an editor, and is nobody's answer."""
    is_made = name.startswith((".", "__")) and name != PACKAGE_FILE
    return is_made or name.lower() in _LITTER


def is_answer(name: str) -> bool:
    """Return whether a file can be an answer: Python or a notebook, in capitals too, as Windows has it."""
    return name.lower().endswith(SUFFIXES)


def without_copy(stem: str) -> tuple[str, int]:
    """Return a name without the mark of a copy, and the copy's number; 0 where it has no such mark."""
    matched = _COPY.fullmatch(stem.strip())
    if matched is None or not matched[1].strip():
        return stem.strip(), 0
    return matched[1].strip(), int(matched[2] or matched[3] or matched[4] or 1)


def parse_file_name(
    course: Course, name: str, *, may_be_numbered: bool = False
) -> tuple[str | None, str, int]:
    """Return the exercise's id that a file's name means, the name without marks of copies, and the copy's number.

    With `may_be_numbered` a number at the end, `-1`, may be the LMS's own.
    """
    stem, _, suffix = text_of(name).rpartition(".")
    base, number = without_copy(stem)
    exercise = parse_exercise_name(course, base)
    numbered = re.fullmatch(r"(.+)-(\d{1,4})", base, re.DOTALL)
    if may_be_numbered and exercise is None and numbered is not None:
        base, number = numbered[1], int(numbered[2])
        exercise = parse_exercise_name(course, base)
    return exercise.id if exercise else None, f"{key_of(base)}.{suffix.lower()}", number


def module_file(name: str, *, may_be_numbered: bool = False) -> tuple[str, int]:
    """Return a Python file's name as its student had it, `helper.py` of `helper (1).py`, and the copy's number."""
    stem, number = without_copy(stem_of(name))
    numbered = re.fullmatch(r"(.+)-(\d{1,4})", stem, re.DOTALL)
    if may_be_numbered and numbered is not None:
        stem, number = numbered[1], int(numbered[2])
    return f"{stem}.py", number


def split_flat(course: Course, stem: str) -> tuple[str, str] | None:
    """Return student and exercise of `kim_ex03`, `kim-maxpool-2` or `ex03_kim`; the longest name of an exercise wins.

    A bare number is no exercise here: names of students and dates end in numbers.
    """
    base, _ = without_copy(text_of(stem))
    splits: list[tuple[int, bool, str, str]] = []
    for matched in re.finditer(r"[_\-\s]", base):
        left, right = base[: matched.start()], base[matched.end() :]
        for is_last, student, name in ((True, left, right), (False, right, left)):
            exercise = None if name.strip().isdigit() else parse_exercise_name(course, name)
            student = student.strip(" _-")
            if exercise is not None and student:
                splits.append((len(name), is_last, student, exercise.id))
    return max(splits, key=lambda split: split[:2])[2:] if splits else None
