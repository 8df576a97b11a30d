"""One notebook or Python file for several exercises: which cells belong to which.

Function names repeat among exercises, so a heading decides: the cells below one that names an exercise belong to it,
until the next that does; what stands above the first belongs to all exercises. Where no heading decides, a function that
one exercise alone has is that exercise's. One that several have is nobody's until something else tells. A cell of another
exercise comes along where it defines what is used. Metadata is not looked at: it gets lost and copied.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from grader.answers.cells import Parameters, read_cell, stub_parameters
from grader.answers.headings import exercises_above
from grader.answers.helpers import written_helper
from grader.answers.notebook import Cell, as_python, read_cells, write_notebook
from grader.answers.pieces import read_pieces, write_pieces
from grader.answers.questions import answers_in
from grader.model import Course, Exercise, Explanation


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of a notebook or Python file, each one of its own whose cells and lines keep their numbers."""

    parts: Mapping[str, str]
    """Exercise -> its part, for the exercises that the file answers or may answer, in the course's order."""
    headed: frozenset[str]
    """The exercises that a heading or a comment names."""
    unclear: Mapping[str, tuple[str, ...]]
    """Function -> the exercises that it may be for, where nothing in the file tells which of them."""
    notes: tuple[Explanation, ...]
    """What is not certain; the file's name is to be added to their values."""

    @property
    def certain(self) -> tuple[str, ...]:
        """Return the exercises that the file answers for sure."""
        possible = {id for ids in self.unclear.values() for id in ids}
        return tuple(id for id in self.parts if id not in possible)


def split_notebook(course: Course, text: str, asked: str | None = None) -> Split:
    """Return what of a notebook is an answer to which exercise.

    Where one exercise is `asked` for, headings that only count are the student's own unless its functions are below its
    number.

    Raises:
        SubmissionError: the text is not a notebook, or holds more code than is read.
    """
    cells = read_cells(text)
    above, only_count = exercises_above(course, cells)
    split = _Splitter(course, cells, above, has_tasks=asked is not None and only_count)
    if asked is not None and only_count and not split.defines(asked):
        split = _Splitter(course, cells, [None] * len(cells))
    return split.split()


def split_script(course: Course, text: str) -> Split:
    """Return what of a Python file is an answer to which exercise."""
    return _Splitter(course, *read_pieces(course, text), is_script=True).split()


class _Splitter:
    """The splitting of one file; cells are meant by their place among the code cells, from 0."""

    def __init__(
        self,
        course: Course,
        cells: Sequence[Cell],
        above: Sequence[Exercise | None],
        *,
        is_script: bool = False,
        has_tasks: bool = False,
    ) -> None:
        self._course = course
        self._is_script = is_script
        self._has_tasks = has_tasks
        """Whether what is missing below an exercise's heading may be below a later one."""
        self._texts: dict[int, list[tuple[Cell, Exercise | None]]] = defaultdict(list)
        """The cells that are no code, by the number of the code cell below them."""
        number = 1
        for found, exercise in zip(cells, above, strict=True):
            if found.kind == "code":
                number += 1
            else:
                self._texts[number].append((found, exercise))
        places = [place for place, cell in enumerate(cells) if cell.kind == "code"]
        self._cells = [cells[place] for place in places]
        self._above = [above[place] for place in places]
        self._headed = {item.id for item in above if item is not None}
        sources = ["" if cell.is_check else cell.source for cell in self._cells]
        self._names = [
            read_cell(source if code is None else code)
            for source, code in zip(sources, as_python(sources), strict=True)
        ]
        self._makers: dict[str, list[int]] = {}
        """Name -> the cells that bind it."""
        for cell, names in enumerate(self._names):
            for name in names.bound:
                self._makers.setdefault(name, []).append(cell)
        self._functions = {name for exercise in course.exercises for name in exercise.functions}
        self._unclear: dict[str, tuple[str, ...]] = {}
        self._notes: list[Explanation] = []

    def defines(self, id: str) -> bool:
        """Return whether a cell below an exercise's heading defines one of its functions."""
        return any(
            above is not None and above.id == id and names.bound.intersection(above.functions)
            for above, names in zip(self._above, self._names, strict=True)
        )

    def split(self) -> Split:
        """Return the parts."""
        sections = {exercise.id: self._section(exercise) for exercise in self._course.exercises}
        unanswered = [item for item in self._course.exercises if not self._is_answer(item, sections[item.id])]
        chosen = self._by_name(unanswered)
        parts = {}
        for exercise in self._course.exercises:
            section = sections[exercise.id]
            if exercise not in unanswered or exercise.id in chosen:
                taken, not_taken = chosen.get(exercise.id, (set(), set()))
                parts[exercise.id] = self._part(exercise, section | taken, not_taken)
            elif section:
                self._notes.append(Explanation("submissions.notebook_unanswered", {"exercise": exercise.id}))
        return Split(parts, frozenset(self._headed), self._unclear, tuple(self._notes))

    def _section(self, exercise: Exercise) -> set[int]:
        """Return the cells with something in them whose heading names an exercise."""
        return {
            cell
            for cell, above in enumerate(self._above)
            if above is exercise and (self._cells[cell].source.strip() or self._cells[cell].is_check)
        }

    def _is_answer(self, exercise: Exercise, cells: set[int]) -> bool:
        """Return whether an exercise's own cells define one of its functions, or use one that others define."""
        functions = set(exercise.functions) & self._makers.keys()
        if exercise.questions and any(answers_in(exercise, self._under(exercise, cells)).values()):
            return True
        return any(functions & (self._names[cell].bound | self._names[cell].used) for cell in cells)

    def _under(self, exercise: Exercise, code: Container[int]) -> list[Cell]:
        """Return the cells below an exercise's heading, those of code and the others, in order."""
        found = []
        for number in range(1, len(self._cells) + 2):
            found += [cell for cell, above in self._texts.get(number, ()) if above is exercise]
            found += [self._cells[number - 1]] if number - 1 in code else []
        return found

    def _strays(self, function: str) -> list[int]:
        """Return the cells that define a function and stand under no exercise that has it."""
        return [
            cell
            for cell in self._makers.get(function, [])
            if (above := self._above[cell]) is None or function not in above.functions
        ]

    def _by_name(self, unanswered: Sequence[Exercise]) -> dict[str, tuple[set[int], set[int]]]:
        """Return exercise -> the cells that define its functions, and later ones that define functions of the same names.

        These are for the exercises without an answer of their own; one that no cell defines a function of is left out. A
        function that several of them have is for the ones that another function tells, else it is noted as unclear.
        """
        chosen: dict[str, tuple[set[int], set[int]]] = {}
        strays = {name: self._strays(name) for item in unanswered for name in item.functions}
        owners = {
            name: [item for item in unanswered if name in item.functions]
            for name, cells in strays.items()
            if cells
        }
        certain = {items[0].id for items in owners.values() if len(items) == 1}
        for function, items in owners.items():
            known = [item for item in items if item.id in certain]
            if not known:
                self._unclear[function] = tuple(item.id for item in items)
            cells = [self._last(function, strays[function], item) for item in items]
            if known and len(items) > 1 and len(strays[function]) > 1:
                pairs = [(item, cell) for item, cell in zip(items, cells, strict=True) if item in known]
                taken = ", ".join(f"{item.id} [{cell + 1}]" for item, cell in pairs)
                values = {"function": function, "taken": taken}
                self._notes.append(Explanation("submissions.notebook_unclear", values))
            for item, cell in zip(items, cells, strict=True):
                if not known or item in known:
                    taken_cells, not_taken = chosen.setdefault(item.id, (set(), set()))
                    taken_cells.add(cell)
                    not_taken |= {other for other in strays[function] if other > cell}
        return {id: (taken, not_taken - taken) for id, (taken, not_taken) in chosen.items()}

    def _last(self, function: str, strays: Sequence[int], exercise: Exercise) -> int:
        """Return the last cell that defines a function with the stub's parameters, else that can be called like it."""
        parameters = stub_parameters(exercise, function)
        fitting = [cell for cell in strays if self._names[cell].accepts(function, parameters)]
        same = [cell for cell in fitting if self._has_parameters(cell, function, parameters)]
        return (same or fitting or strays)[-1]

    def _has_parameters(self, cell: int, function: str, parameters: Parameters) -> bool:
        known = self._names[cell].parameters.get(function)
        return known is not None and known.names == parameters.names

    def _part(self, exercise: Exercise, own: set[int], not_taken: set[int]) -> str:
        """Return a notebook of an exercise's own cells, of those for all exercises, and of those that define what they use.

        The other cells are empty: cells keep their numbers. `not_taken` are cells in which no definition is looked for.
        """
        chosen = own | {cell for cell in range(len(self._cells)) if self._is_for_all(cell)}
        bound = {name for cell in own for name in self._names[cell].bound}
        if self._has_tasks:
            # What the answer defines itself is not defined anew by what comes along.
            anew = {cell for name in bound.intersection(exercise.functions) for cell in self._makers[name]}
            not_taken = not_taken | (anew - own)
        # An exercise's function that the answer does not define itself is the one above it.
        last = max(own, default=len(self._cells))
        wanted = [(name, last, self._has_tasks) for name in exercise.functions]
        wanted += [(name, cell, True) for cell in own for name in self._names[cell].used]
        needed, looked_up = set(own), set()
        while wanted:
            name, user, also_below = wanted.pop()
            if name in bound or (name, user) in looked_up:
                continue
            looked_up.add((name, user))
            maker = self._maker(name, user, not_taken, also_below=also_below)
            if maker is not None and maker not in needed:
                needed.add(maker)
                wanted += [(used, maker, True) for used in self._names[maker].used]
        chosen |= needed
        if self._is_script:
            return write_pieces(self._cells, chosen)
        checks = {cell for cell in chosen if self._cells[cell].is_check}
        sources = [item.source if cell in chosen - checks else "" for cell, item in enumerate(self._cells)]
        texts = {
            number: [cell for cell, above in found if above in (None, exercise)]
            for number, found in self._texts.items()
            if exercise.questions
        }
        return write_notebook(sources, {cell + 1 for cell in checks}, texts)

    def _maker(self, name: str, user: int, not_taken: set[int], *, also_below: bool) -> int | None:
        """Return the cell that defines a name for another: the nearest above, else the first below."""
        makers = [cell for cell in self._makers.get(name, []) if cell not in not_taken]
        above = bisect_left(makers, user)
        return makers[above - 1] if above else makers[0] if makers and also_below else None

    def _is_for_all(self, cell: int) -> bool:
        """Return whether a cell stands under no exercise and answers none, or makes what any may use.

        That is an import of names with `*`, or a module that the cell writes.
        """
        names = self._names[cell]
        is_free = self._above[cell] is None and not (self._functions & names.bound)
        return is_free or names.has_star or written_helper(self._cells[cell].source, {}) is not None
