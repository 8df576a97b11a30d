"""Which exercise a notebook's cells stand under: the headings in its text cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from grader.answers.notebook import Cell
from grader.course.names import parse_exercise_name
from grader.model import Course, Exercise

_MOST_HEADINGS = 2000
"""Further headings of a notebook are not read."""
_MOST_TEXT = 256 << 10
"""Further characters of a cell are not read."""
_LONGEST = 300
"""A line of more characters is not a heading, and no pattern is tried on it."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HASHES = re.compile(r" {0,3}#{1,6}[ \t]+(\S.*)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_BOLD = re.compile(r" {0,3}(\*\*|__)((?:(?!\1).)+)\1:?[ \t]*")
_DEFINES = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)\b", re.MULTILINE)
_TAG = re.compile(r"<h([1-6])[^>]*>(.*?)</h\1>", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?:(?:exercise|ex\.|problem|question|q\.?|homework|hw|assignment|연습\s*문제|연습|과제|문제|문항|숙제)"
    r"\s*(?:no\.?|#)?\s*0*(\d{1,3})"
    r"|0*(\d{1,3})\s*번(?:\s*(?:연습\s*문제|연습|과제|문제|문항|숙제))?)(?![0-9a-z.]*\d)(?:[\s.:)\]】」\-(,]|번|$)"
)
"""Exercise 3, 연습 3, 3번 문제: headings that the tasks within an exercise may have, too."""
_TEST = "test|example|테스트|예제|실습"
_NUMBER = r"0*(\d{1,3})(?![0-9a-z])"


def exercises_above(course: Course, cells: Sequence[Cell]) -> tuple[list[Exercise | None], bool]:
    """Return for each cell the exercise that the nearest heading above names, and whether these headings only count.

    It is None for the cells above all headings. Exercises are named by id, slug or title. Where no heading does that, one
    that only counts ("Exercise 3", "연습 3") does, and after these a comment that is the first line of a code cell.
    """
    return _Names(course).above(cells)


def exercises_of_comments(course: Course, comments: Iterable[str]) -> list[Exercise | None]:
    """Return for each comment the exercise that it names: `# ex03`, `# %% ex03`, `# ## maxpool-2`."""
    names = _Names(course)
    return [names.of_comment(comment) for comment in islice(comments, _MOST_HEADINGS)]


class _Names:
    """What headings may call the exercises of a course."""

    def __init__(self, course: Course) -> None:
        self._course = course
        starts = [
            _folded(text.partition(":")[0]) for item in course.exercises for text in item.title.values()
        ]
        names: list[tuple[str, Exercise]] = []
        for item in course.exercises:
            for text in item.title.values():
                start = _folded(text.partition(":")[0])
                # What several titles begin with is the name of none of them.
                names += [(name, item) for name in (_folded(text), *([start] * (starts.count(start) == 1)))]
            names += [(item.slug.replace("-", between), item) for between in "-_ "]
        names.sort(key=lambda item: -len(item[0]))
        self._patterns = [(re.compile(rf"{re.escape(name)}(?![\w-])"), item) for name, item in names]
        slugs = [re.fullmatch(r"(.+)-\d+", item.slug) for item in course.exercises]
        self._families = {slug[1] for slug in slugs if slug}
        """The names of exercises that differ in a number: `maxpool` of `maxpool-2`."""

    def above(self, cells: Sequence[Cell]) -> tuple[list[Exercise | None], bool]:
        """Return for each cell the exercise whose heading is the nearest above, and whether the headings only count."""
        budget = _MOST_HEADINGS
        headings: list[list[str]] = []
        for cell in cells:
            texts = _headings(cell.source) if cell.kind == "markdown" else iter(())
            headings.append([_folded(text) for text in islice(texts, budget)])
            budget -= len(headings[-1])
        named = self._by_name(headings)
        only_count = not any(named)
        if only_count:
            named = [[item for text in texts if (item := self._counted(text))] for texts in headings]
        if not any(named):
            return self._below_comments(cells), False
        above: list[Exercise | None] = []
        for exercises in named:
            above.append(exercises[-1] if exercises else above[-1] if above else None)
        return above, only_count

    def _by_name(self, headings: Sequence[Sequence[str]]) -> list[list[Exercise]]:
        family = ""
        named: list[list[Exercise]] = []
        for texts in headings:
            exercises = []
            for text in texts:
                exercise = self._named(text) or self._of_family(text, family)
                if exercise is not None:
                    exercises.append(exercise)
                elif text.removesuffix("2d") in self._families:
                    # The lecture has "MaxPool2D", and below it "테스트3".
                    family = text.removesuffix("2d")
            named.append(exercises)
        return named

    def _named(self, heading: str) -> Exercise | None:
        """Return the exercise that a heading names: by `ex03`, its slug or its title, alone or before more text."""
        number = re.match(r"ex ?0*(\d+)(?![0-9a-z])", heading.replace("_", " "))
        if number is not None:
            # Its number goes before the rest of the heading, which may name another one.
            return parse_exercise_name(self._course, number[1])
        return next((item for pattern, item in self._patterns if pattern.match(heading)), None)

    def _of_family(self, heading: str, family: str) -> Exercise | None:
        """Return the exercise of "MaxPool2D test 3", or of "테스트3" where "MaxPool2D" was the heading above."""
        for name in self._families:
            match = re.match(rf"{re.escape(name)}(?:2d)?[\s:\-]*(?:{_TEST})?[\s\-]*{_NUMBER}", heading)
            if match is not None:
                return parse_exercise_name(self._course, f"{name}-{int(match[1])}")
        match = re.match(rf"(?:{_TEST})[\s\-]*{_NUMBER}", heading) if family else None
        return parse_exercise_name(self._course, f"{family}-{int(match[1])}") if match is not None else None

    def _counted(self, heading: str) -> Exercise | None:
        """Return the exercise whose number a heading has, in words that may also mean a task: "Exercise 3"."""
        match = _COUNTED.match(heading)
        return parse_exercise_name(self._course, match[1] or match[2]) if match is not None else None

    def _below_comments(self, cells: Sequence[Cell]) -> list[Exercise | None]:
        """Return for each cell the exercise that its first comment names, or one above with a cell that defines nothing."""
        above: list[Exercise | None] = []
        section: Exercise | None = None
        for cell in cells:
            exercise = self._commented(cell)
            if exercise is not None:
                section = None if _DEFINES.search(cell.source) else exercise
            above.append(exercise or section)
        return above

    def _commented(self, cell: Cell) -> Exercise | None:
        """Return the exercise that the first line of a code cell names, if that is a comment."""
        first = cell.source.lstrip().partition("\n")[0]
        is_comment = cell.kind == "code" and first.startswith("#")
        return self.of_comment(first) if is_comment else None

    def of_comment(self, line: str) -> Exercise | None:
        """Return the exercise that a comment names."""
        return self._named(_folded(line[:_LONGEST].strip().strip("#-=% ")))


def _headings(markdown: str) -> Iterator[str]:
    """Yield the headings of a cell, as plain text; those in fenced blocks are left out."""
    fence = before = ""
    for line in markdown[:_MOST_TEXT].splitlines():
        mark = _FENCE.match(line)
        if fence:
            if mark is not None and mark[1].startswith(fence):
                fence = ""
        elif mark is not None:
            fence, before = mark[1], ""
        elif len(line) <= _LONGEST:
            hashes = _HASHES.fullmatch(line)
            tag = _TAG.search(line)
            heading = hashes[1].rstrip(" \t").rstrip("#") if hashes else tag[2] if tag else ""
            if before.strip() and _UNDERLINE.fullmatch(line):
                heading = before
            elif not heading and (bold := _BOLD.fullmatch(line)) is not None:
                heading = bold[2]
            before = "" if heading else line
            if heading:
                heading = re.sub(r"<[^>]*>|!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
                yield re.sub(r"[*`~]", "", heading).strip()


def _folded(text: str) -> str:
    """Return a text by which headings are compared: without capitals and a bracket before it, with single blanks."""
    return " ".join(text.casefold().split()).lstrip("[【「 ")
