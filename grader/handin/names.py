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

_COPY_WORD = (
    r"(?:copy|copie|c[oó]pia|kopie|kopia|kopio|kopi|kópia|kopija|kopyası|kopya|másolat|salinan|bản sao|копия|копія|копие|"
    r"αντίγραφο|สำเนาของ|สำเนา|نسخة|עותק|副本|拷贝|拷貝|複製|複本|コピー|복사본|사본)"
)
"""What systems call a copy, each in its user's language."""
_COPIES = [
    # ex03 (1)
    re.compile(r"(?P<name>.*?)\s*\((?P<number>\d{1,4})\)", re.DOTALL),
    # ex03-Copy1, ex03 - 복사본, ex03 copy 2, ex03의 사본, ex03のコピー
    re.compile(
        rf"(?P<name>.*?)(?:[\s_\-–—]+|의[\s_]*|[の的])(?:de )?{_COPY_WORD}[\s_\-]*(?P<number>\d{{1,4}})?",
        re.IGNORECASE | re.DOTALL,
    ),
    # Copy of ex03, Copy_of_ex03, Kopie von ex03, Copia de ex03, 사본 - ex03
    re.compile(
        rf"{_COPY_WORD}(?P<number>)(?:[\s_\-]+(?:of|von|van|de|di|do|da|av|af|z|của))?[\s_\-]+(?P<name>.*)",
        re.IGNORECASE | re.DOTALL,
    ),
]
_LETTERS = "a-zA-ZÀ-ɏ"
_GENERAL_WORDS = frozenset(
    "final v ver version draft old new fixed fix backup last latest submit submission submitted resubmission answer "
    "answers solution solutions homework hw assignment done finished complete completed edited revised updated my real "
    "work try test abgabe lösung endgültig neu tarea solución definitivo devoir rendu nouveau 최종 최종본 수정 수정본 완성 "
    "완성본 완료 제출 제출본 제출용 과제 숙제 답 답안 정답 풀이 진짜 마지막 最終 提出 課題 宿題 最终 作业 提交 答案".split()
)
"""Words of file names that are no student's name."""
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
    """Return a name without the marks of a copy, and the copy's number; 0 where it has no such mark."""
    name, number = stem.strip(), 0
    while matched := next(filter(None, (pattern.fullmatch(name) for pattern in _COPIES)), None):
        if not matched["name"].strip(" _-"):
            break
        name, number = matched["name"].strip(), max(number, int(matched["number"] or 1))
    return name, number


def without_exercise(course: Course, name: str) -> tuple[str, frozenset[str]]:
    """Return a name without the names of exercises in it, and the exercises' ids; the longest name counts.

    A slug stands between what is neither a letter nor a digit, `ex03` behind no letter and before no digit: neither is
    `ex03` in `ex031`, nor `conv-2` in `conv-2d`. `ex01-03` is several exercises. A bare number names none.
    """
    ids = {exercise.number: exercise.id for exercise in course.exercises}
    slugs = {exercise.slug: exercise.id for exercise in course.exercises}
    either = "|".join(slug.replace("-", r"[\-_\s]") for slug in sorted(slugs, key=len, reverse=True))
    pattern = (
        rf"(?<![{_LETTERS}0-9])(?P<slug>(?i:{either}))(?![{_LETTERS}0-9])"
        rf"|(?:(?<![{_LETTERS}])[eE]|(?<=[a-z])E)[xX][\-_\s]?0*(?P<first>[0-9]{{1,3}})(?![0-9])"
        r"(?:(?:\s?[~&,+]\s?0*|\-0+)(?P<last>[0-9]{1,3})(?![0-9]))?"
    )
    found: set[str] = set()

    def cut(matched: re.Match[str]) -> str:
        if matched["slug"]:
            named = {slugs[re.sub(r"[_\s]", "-", matched["slug"].lower())]}
        else:
            numbers = (matched["first"], matched["last"] or matched["first"])
            named = {id for number in numbers if (id := ids.get(int(number)))}
        found.update(named)
        return " " if named else matched[0]

    rest = re.sub(pattern, cut, unicodedata.normalize("NFKC", text_of(name)))
    return rest.strip(" _-"), frozenset(found)


def is_general(name: str) -> bool:
    """Return whether nothing but words like `final` and `v2` are in a name, which then is no student's nor their number."""
    words = re.findall(r"[^\W\d_]+|\d{5,}", key_of(name))
    return bool(words) and _GENERAL_WORDS.issuperset(words)


def without_general(name: str) -> str:
    """Return a name without the words like `final` and `v2` at its ends, as long as something is left.

    `hw1` stays: it may be all that tells two files apart.
    """
    parts = re.split(r"([_\-\s]+)", name)
    while len(parts) > 1 and _is_general_word(parts[0]):
        parts = parts[2:]
    while len(parts) > 1 and _is_general_word(parts[-1]):
        parts = parts[:-2]
    return "".join(parts).strip(" _-.")


def _is_general_word(word: str) -> bool:
    return not word or (is_general(word) and re.fullmatch(r"(?i)v\d+|\D+", word) is not None)


def exercise_named(course: Course, name: str) -> str | None:
    """Return the id of the exercise that a name means or has in it; None where it has none, or those of several."""
    exercise = parse_exercise_name(course, name)
    if exercise is not None:
        return exercise.id
    _, ids = without_exercise(course, name)
    return next(iter(ids)) if len(ids) == 1 else None


def parse_file_name(
    course: Course, name: str, *, may_be_numbered: bool = False
) -> tuple[str | None, str, int]:
    """Return the exercise's id that a file's name means, the name without marks of copies, and the copy's number.

    With `may_be_numbered` a number at the end, `-1`, may be the LMS's own.
    """
    stem, _, suffix = text_of(name).rpartition(".")
    base, number = without_copy(stem)
    exercise = exercise_named(course, base)
    numbered = re.fullmatch(r"(.+)-(\d{1,4})", base, re.DOTALL)
    if may_be_numbered and numbered is not None and parse_exercise_name(course, base) is None:
        plain = without_copy(numbered[1])[0]
        if exercise is None or exercise_named(course, plain) is not None:
            base, number, exercise = plain, int(numbered[2]), exercise_named(course, plain)
    return exercise, f"{key_of(base)}.{suffix.lower()}", number


def module_file(name: str, *, may_be_numbered: bool = False) -> tuple[str, int]:
    """Return a Python file's name as its student had it, `helper.py` of `helper (1).py`, and the copy's number."""
    stem, number = without_copy(stem_of(name))
    numbered = re.fullmatch(r"(.+)-(\d{1,4})", stem, re.DOTALL)
    if may_be_numbered and numbered is not None:
        stem, number = numbered[1], int(numbered[2])
    return f"{stem}.py", number


def split_flat(course: Course, stem: str) -> tuple[str, str] | None:
    """Return student and exercise of `kim_ex03`, `kim-maxpool-2` or `ex03_kim`; the longest name of an exercise wins.

    A bare number is no exercise here: names of students and dates end in numbers. `final` and the like are no student.
    """
    base, _ = without_copy(text_of(stem))
    splits: list[tuple[int, bool, str, str]] = []
    for matched in re.finditer(r"[_\-\s]", base):
        left, right = base[: matched.start()], base[matched.end() :]
        for is_last, student, name in ((True, left, right), (False, right, left)):
            exercise = None if name.strip().isdigit() else parse_exercise_name(course, name)
            student = without_general(student)
            if exercise is not None and student and not is_general(student):
                splits.append((len(name), is_last, student, exercise.id))
    return max(splits, key=lambda split: split[:2])[2:] if splits else None
