"""The records that the parts exchange: plain, frozen, without I/O.

Text is made last: a record says what happened as data (`Explanation`), and `messages/` makes a sentence of it in
the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Protocol

DISTRIBUTION = "tensor-grader"
"""What pip calls this program: `grader` is another project there."""

Language = str
"""The code of a language, as `ko`."""

Isolation = Literal["full", "reduced", "none"]

Tensors = Literal["numpy", "torch", "jax", "tensorflow"]
"""How student code is confined, strongest first; `runner/sandbox.py` says what each level is."""

CheckKind = Literal["check", "bonus", "question"]
"""A check, one beyond the exercise's points, or a question that a person grades."""


class Verdict(StrEnum):
    """What came of one check."""

    # The gravest is the last: `summary_verdict` reads the order.
    PASSED = "passed"
    PARTIAL = "partial"
    """A person gave some of a question's points."""
    WAITING = "waiting"
    """A question's answer waits for a person."""
    SKIPPED = "skipped"
    """It depends on a check that did not pass."""
    NOT_ATTEMPTED = "not_attempted"
    """Nothing handed in, or the stub unchanged."""
    FAILED = "failed"
    """A wrong value."""
    ERROR = "error"
    """The student's code raised."""
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    """The process died."""
    FORBIDDEN = "forbidden"
    """The code uses what the exercise bans."""
    UNGRADED = "ungraded"
    """Our fault: no score is recorded."""

    @property
    def is_fine(self) -> bool:
        """Return whether there is nothing for the student to mend."""
        return self in (Verdict.PASSED, Verdict.PARTIAL, Verdict.WAITING)


class _Counted(Protocol):
    @property
    def verdict(self) -> Verdict: ...
    @property
    def kind(self) -> CheckKind: ...


def counted_verdicts(checks: Iterable[_Counted]) -> list[Verdict]:
    """Return the verdicts that an exercise's verdict is made of: a missed bonus is nothing to mend."""
    return [item.verdict for item in checks if item.kind != "bonus" or item.verdict is Verdict.UNGRADED]


def summary_verdict(verdicts: list[Verdict]) -> Verdict:
    """Return the gravest verdict of an exercise's checks."""
    return max(verdicts, key=list(Verdict).index, default=Verdict.UNGRADED)


class Text(Mapping[Language, str]):
    """A text by language. Its first language is the course's own, which everybody gets who reads none of them."""

    __slots__ = ("_by_language", "_hash")

    def __init__(self, by_language: Mapping[Language, str]) -> None:
        self._by_language = dict(by_language)
        self._hash = hash(frozenset(self._by_language.items()))

    def in_language(self, language: Language) -> str:
        """Return the text in one language, or in the first where it has none in that one; empty where it has none."""
        found = self._by_language.get(language)
        return next(iter(self._by_language.values()), "") if found is None else found

    def for_course(self, languages: Sequence[Language]) -> Text:
        """Return the text in a course's languages, in their order."""
        return Text({code: self._by_language[code] for code in languages if code in self._by_language})

    def __getitem__(self, language: Language) -> str:
        return self._by_language[language]

    def __iter__(self) -> Iterator[Language]:
        return iter(self._by_language)

    def __len__(self) -> int:
        return len(self._by_language)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self._by_language == other._by_language

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Text({self._by_language!r})"

    def __reduce__(self) -> tuple[type[Text], tuple[dict[Language, str]]]:
        # A hash of strings is another one in another process, so that it is never pickled.
        return Text, (self._by_language,)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        """Have pydantic read and write it as an object by language code."""
        # Only what reads and writes JSON pays for this import.
        from pydantic_core import core_schema

        of_strings = core_schema.dict_schema(core_schema.str_schema(), core_schema.str_schema())
        return core_schema.no_info_after_validator_function(
            cls,
            of_strings,
            serialization=core_schema.plain_serializer_function_ser_schema(dict, return_schema=of_strings),
        )


MOST_LOADS = 5
"""How often a file is executed for one submission until it is given up, each time without what ended the last."""
WIDE = 10
"""How many times its limit something may take by the clock, on a machine that is busy with other things."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use."""

    load_seconds: float = 5.0
    """CPU time for executing the file itself."""
    call_seconds: float = 5.0
    """Time of one call, without what it waits for a processor."""
    check_seconds: float = 10.0
    """Time of all calls of one check together."""
    cpu_seconds: int = 20
    """CPU time of one process, all threads together."""
    memory_mib: int = 2048
    """Memory of its own (anonymous and shared pages), beyond what the warm process holds already."""
    disk_mib: int = 64
    """Size of one file it writes."""
    threads: int = 256
    output_kib: int = 64
    """What is kept of the printed output."""
    result_mib: int = 64
    """Size of one returned value."""

    def worst_seconds(self, checks: int) -> float:
        """Return the wall time of a submission of which each check loads the file anew and takes all of its time."""
        return WIDE * ((MOST_LOADS + checks) * self.load_seconds + checks * self.check_seconds)


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    """What a runner holds ready before it forks."""

    preload: tuple[str, ...] = ()
    """Dotted names, imported in order; a name may reach into a module to force a lazy import."""
    environment: dict[str, str] = field(default_factory=dict)
    optional_modules: tuple[str, ...] = ()
    """Modules that a submission may import although the environment may not have them."""


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """What a late submission loses."""

    percent_per_day: float = 0.0
    """Per started day, of the points earned."""
    max_percent: float = 100.0
    grace_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question of an exercise that a person grades; a choice and a number are graded by the right answer."""

    id: str
    """Its name in the exercise, and that of a variable or function that answers it."""
    title: Text
    kind: Literal["text", "code", "plot", "choice", "number"]
    points: float
    prompt: Text | None = None
    """What is asked, where the title does not say it all."""
    rubric: Text | None = None
    """What gives how many points; for instructors alone."""
    options: tuple[tuple[str, Text], ...] = ()
    """Of a choice: each option's letter or other name, and its text."""
    answer: tuple[str, ...] | float | None = None
    """Of a choice the names of the right options, of a number the right one; None where nobody may know it: students."""
    tolerance: float | None = None
    """How far away from the right number is right; None for a hundred thousandth of it."""
    unit: str = ""
    """May stand behind a number."""

    @property
    def is_short(self) -> bool:
        """Return whether no person is needed."""
        return self.kind in ("choice", "number")

    @property
    def name(self) -> str:
        """Return what stands in the place of a check's name, and of a cell's in nbgrader."""
        return f"question_{self.id}"


@dataclass(frozen=True)
class Exercise:
    """One exercise of the course."""

    number: int
    slug: str
    title: Text
    points: float
    functions: tuple[str, ...]
    """What its stub leaves to be written: functions, classes, and variables."""
    banned: dict[str, tuple[str, ...]]
    """Function -> patterns of dotted names that it may not use, directly or through what it uses."""
    limits: Limits
    exercise_folder: Path
    solution_folder: Path | None
    """None in the student's version of the course."""
    opens: datetime | None = None
    """When it is given out."""
    due: datetime | None = None
    seed: int | None = None
    """Seeds every random generator before each call, so that networks start from the same weights."""
    tensors: Tensors = "numpy"
    """The library whose tensors the functions are given for the arrays of a check."""
    timezone: str = "UTC"
    """The course's."""
    family: str | None = None
    """The name of the family whose mistakes are known here too."""
    questions: tuple[Question, ...] = ()
    """What a person grades; their points are part of the exercise's."""
    variables: tuple[str, ...] = ()
    """The names that its stub sets: a check that asks for one gets what it holds."""

    @property
    def id(self) -> str:
        """Return the short name, `ex03`."""
        return f"ex{self.number:02d}"

    @property
    def data_folder(self) -> Path | None:
        """Return the folder of the exercise's data, where it has any."""
        folder = self.exercise_folder / "data"
        return folder if folder.is_dir() else None


@dataclass(frozen=True)
class Course:
    """A course as course.yml and the folders beside it describe it."""

    root: Path
    id: str
    title: Text
    languages: tuple[Language, ...]
    """Of the author's texts; the first is the course's own."""
    exercises: tuple[Exercise, ...]
    runner: RunnerSettings
    late_policy: LatePolicy = LatePolicy()
    attempts: Literal["best", "last"] = "last"
    timezone: str = "UTC"
    """The IANA name of the zone that times are shown in, whose calendar days late are counted by."""

    @property
    def language(self) -> Language:
        """Return the language that everybody gets who reads none of the course's others."""
        return self.languages[0]


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of source that is executed as a whole: a file, or one cell of a notebook."""

    name: str
    code: str
    module: str = "submission"
    """Whose namespace it is executed in; the first unit's module is the one whose functions are called."""
    left_out: frozenset[int] = frozenset()
    """The lines at which statements begin that are not executed: they ended the process, or took too long."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in a student's source that an exception went through, as the sandbox tells it."""

    unit: str
    line: int
    function: str = ""
    """Empty outside of functions."""
    begin: int = 0
    """The byte of the line at which what raised begins."""
    end: int = 0
    """Where it ends; 0 if that is not known, or is on another line."""


@dataclass(frozen=True, slots=True)
class Misconception:
    """A known wrong answer."""

    id: str
    """Its name in misconceptions.py."""
    text: Text
    """What was probably done, and how to see it."""
    functions: tuple[str, ...] = ()
    """The functions that it replaces."""
    same_as: str | None = None
    """The misconception that it is declared not to differ from."""
    line: int = 0
    """Where it begins in its file."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a student wrote, in the order in which it is executed."""

    units: tuple[Unit, ...]
    notes: tuple[Explanation, ...] = ()
    """What was left out while reading it (a notebook's shell lines, ...)."""
    seed: int | None = None
    """The exercise's seed."""
    tensors: Tensors = "numpy"
    """The exercise's."""
    helpers: tuple[Unit, ...] = ()
    """The student's own modules, each a file, which are executed when they are imported."""
    banned: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What is watched for while the exercise's functions are called: function -> patterns."""
    variables: tuple[str, ...] = ()
    """The exercise's."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's file for one exercise; no path where nothing was handed in.

    A student may have several for one exercise: attempts, told apart by their time and content.
    """

    student: str
    exercise: str
    path: Path | None
    submitted_at: datetime | None = None
    """When it was handed in, with its time zone; None where nothing tells."""
    lay_at: Path | None = field(default=None, compare=False)
    """Where it was handed in, in a zip or as a part of a notebook, where `path` is what was made of that."""
    known_loops: tuple[CheckResult, ...] = field(default=(), compare=False)
    """Checks that ran into a limit of time before, with all that they depend on as it is now: they do so again."""
    below: Path | None = field(default=None, compare=False)
    """The folder below which no link leads to the file; None where it is the user's own."""
    failure: str = field(default="", compare=False)
    """Why it could not be read when it was found: it is not read again, and is ungraded."""


@dataclass(frozen=True, slots=True)
class Member:
    """A student of the class, as a roster has them."""

    student: str
    """What the gradebook and the reports call the student."""
    name: str = ""
    email: str = ""
    lms_id: str = ""
    others: tuple[str, ...] = ()
    """What else the student is called: user names, numbers in other systems, other orders of the name."""
    group: str = ""
    """Those of one group hand in together."""
    is_dropped: bool = False
    """Whether the student has left the class: nothing is deleted, and nothing shown."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return what the student may be called, the address before its `@` too; the LMS's number is no name."""
        address = self.email.partition("@")[0]
        return tuple(filter(None, (self.student, self.email, self.name, *self.others, address)))

    @property
    def shown(self) -> str:
        """Return the student with the name beside the id, where there is another one."""
        return student_text(self.student, self.name)


def student_text(student: str, name: str) -> str:
    """Return a student with the name beside the id, where there is another one."""
    return student if name in ("", student) else f"{student} {name}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A file that a student handed in for an exercise, known by its content."""

    student: str
    exercise: str
    digest: str
    """SHA-256 of the file."""
    path: str
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence of the catalogue and what is filled into it."""

    key: str
    """Which sentence it is; keys may change with a version of the program."""
    values: dict[str, Any] = field(default_factory=dict)
    """What is filled into the sentence."""
    difference: Difference | None = None
    """How the returned tensor differs from the expected one."""

    def __hash__(self) -> int:
        """Return the hash of the key: the values may hold what has none."""
        return hash(self.key)


@dataclass(frozen=True, slots=True)
class TensorView:
    """What is shown of a tensor; `cells` holds every value, in C order, when the tensor is small."""

    kind: str
    """`tensor`, or the name of what was returned in its place."""
    shape: tuple[int, ...] | None = None
    """Null where it has none."""
    dtype: str | None = None
    """Null where it has none."""
    cells: tuple[str, ...] | None = None
    """Every value as text, in C order; null where the tensor is large."""


@dataclass(frozen=True, slots=True)
class WrongPlace:
    """One wrong element."""

    index: tuple[int, ...]
    """Of the element."""
    actual: str
    """What was returned there."""
    expected: str
    """What was expected there."""


@dataclass(frozen=True, slots=True)
class InputWindow:
    """The part of the input that one element of the output is made from."""

    rows: tuple[int, int]
    """The first row and the one after the last, as the input counts them; below 0 is padding."""
    columns: tuple[int, int]
    """The same for columns."""
    view: TensorView
    """Its values; a padded place is `·`."""


PADDED = "·"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a returned tensor differs from the expected one."""

    aspect: Literal["kind", "shape", "dtype", "values"]
    """What differs; `values` only where kind, shape and dtype are right."""
    actual: TensorView
    """What was returned."""
    expected: TensorView
    """What was expected."""
    wrong: tuple[int, ...] = ()
    """Flat positions (C order) of the wrong elements, where the tensors are small."""
    wrong_count: int = 0
    """How many elements are wrong."""
    total: int = 0
    """How many elements there are."""
    first: tuple[WrongPlace, ...] = ()
    """The first wrong elements."""
    largest_error: str = ""
    """The largest |actual - expected| where both are finite; empty where there is none."""
    largest_at: tuple[int, ...] = ()
    """Where that is."""
    largest_relative: str = ""
    """The largest |actual - expected| / |expected| in per cent, where the expected value is not 0."""
    relative_at: tuple[int, ...] = ()
    """Where that is."""
    nan_count: int = 0
    """Wrong elements that are NaN."""
    infinite_count: int = 0
    """Wrong elements that are infinite."""
    relation: Explanation | None = None
    """What would make the expected tensor of it."""
    window: InputWindow | None = None
    """What the first wrong element is made from."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or file of a submission's, as an instructor is shown it."""

    name: str
    """What the submission called it; `figure.png` for the figure that a check looked at."""
    kind: Literal["picture", "text", "other"]
    """What it is by its content, whatever its name says."""
    size: int
    """Its bytes, as the submission wrote it."""
    content: str = ""
    """Of a picture a PNG that was made anew, in base64; the beginning of a text; empty for all else."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one check for one submission."""

    name: str
    """The check's function, `test_batch`; with several parameters their id in brackets; `question_why` for a question."""
    title: Text
    """What it looks at."""
    visible: bool
    """Whether students have it; false for a hidden check."""
    points: float
    """What it gives when it passes."""
    earned: float
    """`points` or 0; of a question what a person gave."""
    verdict: Verdict
    """What came of it."""
    explanation: Explanation | None = None
    """Why it did not pass."""
    call: str = ""
    """The last call before the verdict, as a student would write it."""
    output: str = ""
    """What the student's code printed during it; of a question the answer."""
    seconds: float = 0.0
    """How long it took."""
    misconception: Misconception | None = None
    """The known wrong answer that returns the same."""
    kind: CheckKind = "check"
    """A check, one beyond the exercise's points (`bonus`), or a question that a person grades."""
    attachments: tuple[Attachment, ...] = ()
    """The figure and files that it looked at where it did not pass, and the pictures of an answer; for instructors alone."""

    @property
    def is_read(self) -> bool:
        """Return whether it is a choice or a number that was read, where nobody may know the right one: it waits for no person."""
        return self.explanation is not None and self.explanation.key == "question.read"


AdjustmentKind = Literal["override", "score", "comment", "extension"]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What an instructor decided by hand; a grade that is made anew never changes it."""

    number: int
    """Its number, as `grader withdraw` takes it."""
    kind: AdjustmentKind
    """What was decided; a score is that of one question."""
    student: str
    """The student."""
    exercise: str
    """The exercise's `id`."""
    why: str
    """The reason of an override, a score or an extension; a comment's text."""
    author: str
    """Who decided."""
    made_at: datetime
    """When."""
    points: float | None = None
    """Of an override or a score."""
    until: datetime | None = None
    """Of an extension."""
    withdrawn_at: datetime | None = None
    """Null while it holds."""
    withdrawn_by: str = ""
    """Empty while it holds."""
    question: str = ""
    """The question's id of a score; empty for all else."""


@dataclass(frozen=True, slots=True)
class Late:
    """How late an attempt was, and what that costs."""

    seconds: float
    """Since the due date, or the student's extension of it."""
    days: int
    """Started days that count; 0 within the grace."""
    percent: float
    """What it costs, of the points earned."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the points that count came about."""

    earned: float
    """What the checks and the scores of questions gave, before lateness and override."""
    attempt: int = 1
    """The number of the attempt that counts; 0 where nothing was handed in."""
    attempts: int = 1
    """How many were handed in."""
    late: Late | None = None
    """Null where it was not late, or nothing tells."""
    override: Adjustment | None = None
    """The points set by hand."""
    extension: Adjustment | None = None
    """What holds in place of the due date."""
    comments: tuple[Adjustment, ...] = ()
    """In the order in which they were made."""
    scores: tuple[Adjustment, ...] = ()
    """The points that a person gave to questions."""
    waiting: float = 0.0
    """The points of questions that wait for a person; they are not in what counts until then."""


@dataclass(frozen=True, slots=True)
class Grade:
    """What came of one submission."""

    student: str
    exercise: str
    points: float
    possible: float
    verdict: Verdict
    checks: tuple[CheckResult, ...]
    notes: tuple[Explanation, ...] = ()
    path: str = ""
    digest: str = ""
    """SHA-256 of the file that was graded."""
    seconds: float = 0.0
    graded_at: datetime | None = None
    submitted_at: datetime | None = None
    standing: Standing | None = None
    """How `points` came of what the checks gave, where they are the points that count."""
    number: int = field(default=0, compare=False)
    """Its number in the gradebook, where it comes from one."""
    name: str = ""
    """The student's, as the roster has it; empty where none does."""
    group: str = ""
    """The group with which the student hands in, where the roster says one."""

    @property
    def shown_student(self) -> str:
        """Return the student with the name beside the id, where there is another one."""
        return student_text(self.student, self.name)

    @property
    def is_open(self) -> bool:
        """Return whether there are no points: it could not be graded, and nobody has decided by hand."""
        overridden = self.standing is not None and self.standing.override is not None
        return self.verdict is Verdict.UNGRADED and not overridden

    @property
    def waiting(self) -> float:
        """Return the points that wait for a person."""
        if self.standing is not None:
            return self.standing.waiting
        waiting = (check for check in self.checks if check.verdict is Verdict.WAITING)
        return sum(check.points for check in waiting if not check.is_read)


def zone_of(name: str) -> tzinfo:
    """Return a time zone that is known to be one."""
    from zoneinfo import ZoneInfo

    return UTC if name == "UTC" else ZoneInfo(name)
