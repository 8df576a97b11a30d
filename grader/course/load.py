"""course.yml and the folders beside it -> `Course`. Every fault is collected, each with its file and field."""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter
from pydantic_core import PydanticCustomError

from grader.course.files import ExerciseFiles, files_of
from grader.course.languages import LANGUAGE_CODE
from grader.course.names import folder_name
from grader.course.stub import Stub, read_stub
from grader.course.text import read_text
from grader.course.times import parse_moment
from grader.course.yaml import FILE_NAME, form, parse_yaml, with_lines
from grader.errors import CourseError, Fault, RequestError
from grader.model import (
    Course,
    Exercise,
    Explanation,
    Language,
    LatePolicy,
    Limits,
    Question,
    RunnerSettings,
    Tensors,
    Text,
    zone_of,
)
from grader.short_answers import names_of_option

FORMAT = 1

_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]

_Whole = Annotated[int, Field(gt=0)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PydanticCustomError("zone", "zone") from error
    return name


_Zone = Annotated[str, AfterValidator(_known_zone)]


def _known_moment(text: str) -> str:
    # Whether it is one does not depend on the zone, which is another field's.
    if parse_moment(text, UTC) is None:
        raise PydanticCustomError("moment", "moment")
    return text


_Moment = Annotated[str, AfterValidator(_known_moment)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Limits(_Strict):
    load_seconds: _Positive | None = None
    call_seconds: _Positive | None = None
    check_seconds: _Positive | None = None
    submission_seconds: _Positive | None = None
    cpu_seconds: _Whole | None = None
    memory_mib: _Whole | None = None
    disk_mib: _Whole | None = None
    threads: _Whole | None = None
    output_kib: _Whole | None = None
    result_mib: _Whole | None = None


_DottedName = Annotated[str, form(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", "module")]


class _Runner(_Strict):
    preload: list[_DottedName] = []
    environment: dict[str, str] = {}
    optional_modules: list[_DottedName] = []


class _Late(_Strict):
    percent_per_day: Annotated[float, Field(ge=0, le=100)] = 0
    max_percent: Annotated[float, Field(ge=0, le=100)] = 100
    grace_minutes: Annotated[int, Field(ge=0)] = 0


_Code = Annotated[str, form(LANGUAGE_CODE, "language")]

_Texts = dict[str, Annotated[str, form(r"\S", "something")]]


class _Question(_Strict):
    id: Annotated[str, form(r"^[a-z][a-z0-9_]*$", "name")]
    title: _Texts
    kind: Literal["text", "code", "plot", "choice", "number"] = "text"
    points: _Positive
    options: Annotated[dict[Annotated[str, Field(pattern=r"\S")], _Texts], Field(min_length=2)] | None = None
    answer: str | list[str] | Annotated[float, Field(allow_inf_nan=False)] | None = None
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    unit: str | None = None
    prompt: _Texts | None = None
    rubric: _Texts | None = None


class _Exercise(_Strict):
    slug: Annotated[str, form(r"^[a-z0-9]+(-[a-z0-9]+)*$", "slug")]
    title: _Texts
    points: _Positive
    opens: _Moment | None = None
    due: _Moment | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    tensors: Tensors = "numpy"
    family: Annotated[str, form(r"^[a-z][a-z0-9_]*$", "name")] | None = None
    banned: dict[str, list[Annotated[str, Field(min_length=1)]]] = {}
    questions: list[_Question] = []
    limits: _Limits = _Limits()


class _Course(_Strict):
    format: Literal[1]
    id: Annotated[str, form(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "id")]
    title: _Texts
    languages: Annotated[list[_Code], Field(min_length=1)] = ["en", "ko"]
    language: _Code = "en"
    attempts: Literal["best", "last"] = "last"
    timezone: _Zone = "UTC"
    late_policy: _Late = _Late()
    limits: _Limits = _Limits()
    runner: _Runner = _Runner()
    exercises: Annotated[list[_Exercise], Field(max_length=99)]
    # A place for YAML anchors that several exercises share; nothing reads it.
    shared: Any = None


def find_course(start: Path) -> Path:
    """Return the nearest folder that holds a course.yml: `start` itself or one above it.

    Raises:
        RequestError: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise RequestError("request.no_course", {"folder": str(start)})


def load_course(root: Path) -> Course:
    """Return the course in a folder.

    Raises:
        RequestError: the folder holds no course.yml.
        CourseError: with every fault of course.yml and of the exercises' folders.
    """
    root = root.resolve()
    try:
        return _load(root)
    except CourseError as error:
        raise CourseError(with_lines(root / FILE_NAME, error.faults)) from error


def _load(root: Path) -> Course:
    described = _described(root)
    languages = _languages(described)
    if not described.exercises:
        raise CourseError((Fault(FILE_NAME, "exercises", Explanation("course.no_exercise")),))
    faults: list[Fault] = []
    title = _title(described.title, languages, "title", faults)
    exercises = []
    slugs: dict[str, int] = {}
    for index, item in enumerate(described.exercises):
        place = f"exercises[{index}]"
        if item.slug in slugs:
            values = {"slug": item.slug, "other": f"exercises[{slugs[item.slug]}]"}
            faults.append(Fault(FILE_NAME, f"{place}.slug", Explanation("course.slug_twice", values)))
            # Its folders are the other one's: nothing is said of files that are not there.
            continue
        slugs[item.slug] = index
        exercise = _exercise(root, index + 1, item, described, languages, place, faults)
        exercises.append(exercise)
    # Each once: a family belongs to several exercises.
    for path in dict.fromkeys(path for exercise in exercises for path in files_of(exercise).family):
        _compiled(root, path, faults)
    if faults:
        raise CourseError(tuple(faults))
    late = described.late_policy
    return Course(
        root=root,
        id=described.id,
        title=title,
        languages=languages,
        exercises=tuple(exercises),
        runner=RunnerSettings(
            tuple(described.runner.preload),
            dict(described.runner.environment),
            tuple(described.runner.optional_modules),
        ),
        late_policy=LatePolicy(late.percent_per_day, late.max_percent, late.grace_minutes),
        attempts=described.attempts,
        timezone=described.timezone,
    )


@dataclass(frozen=True, slots=True)
class Outline:
    """Holds what course.yml says of a course as a whole, whether its exercises are written already or not."""

    languages: tuple[Language, ...]
    """Its own first."""
    slugs: tuple[str, ...]
    preload: tuple[str, ...]


def read_outline(root: Path) -> Outline:
    """Return the outline of the course in a folder.

    Raises:
        RequestError: the folder holds no course.yml.
        CourseError: with every fault of course.yml itself.
    """
    described = _described(root)
    slugs = tuple(item.slug for item in described.exercises)
    return Outline(_languages(described), slugs, tuple(described.runner.preload))


def _described(root: Path) -> _Course:
    path = root / FILE_NAME
    if not path.is_file():
        raise RequestError("request.no_course", {"folder": str(root)})
    return parse_yaml(path, TypeAdapter(_Course))


def _languages(described: _Course) -> tuple[Language, ...]:
    """Return the course's languages, its own first."""
    languages = described.languages
    faults = []
    if len(set(languages)) < len(languages):
        explanation = Explanation("course.languages_twice", {"languages": ", ".join(languages)})
        faults.append(Fault(FILE_NAME, "languages", explanation))
    if described.language not in languages:
        values = {"language": described.language, "languages": ", ".join(languages)}
        faults.append(Fault(FILE_NAME, "language", Explanation("course.language_unknown", values)))
    if faults:
        raise CourseError(tuple(faults))
    return (described.language, *(code for code in languages if code != described.language))


def _title(texts: Mapping[str, str], languages: Sequence[Language], place: str, faults: list[Fault]) -> Text:
    """Return a title in exactly the course's languages."""
    for code in languages:
        if code not in texts:
            faults.append(Fault(FILE_NAME, f"{place}.{code}", Explanation("course.field_missing")))
    for code in texts:
        if code not in languages:
            values = {"language": code, "languages": ", ".join(languages)}
            faults.append(Fault(FILE_NAME, f"{place}.{code}", Explanation("course.language_unknown", values)))
    return Text(texts).for_course(languages)


def _exercise(
    root: Path,
    number: int,
    item: _Exercise,
    course: _Course,
    languages: Sequence[Language],
    place: str,
    faults: list[Fault],
) -> Exercise:
    name = folder_name(number, item.slug)
    folder = root / "exercises" / name
    solutions = root / "solutions"
    solution_folder = solutions / name if solutions.is_dir() else None
    files = ExerciseFiles(f"ex{number:02d}", folder, solution_folder, languages, item.family)
    absent = [path for path in (folder, solution_folder) if path is not None and not path.is_dir()]
    # Whoever mends the one looks at the other.
    faults += [Fault(FILE_NAME, f"{place}.slug", _no_folder(root, path)) for path in absent[:1]]
    for path in files.needed:
        if not path.is_file() and path.parent not in absent:
            # Whoever gave the folder another number has these files by the old one.
            old = sorted(path.parent.glob(re.sub(r"ex\d+", "ex[0-9]*", path.name)))
            values = {"exercise": place, "near": old[0].name if old else ""}
            explanation = Explanation("course.file_renamed" if old else "course.file_missing", values)
            faults.append(Fault(path.relative_to(root).as_posix(), "", explanation))
    # What a class is graded by is executed in the sandbox, where a syntax error would be the reference's.
    for path in (files.visible_checks, *files.hidden[:3]):
        is_python = _compiled(root, path, faults) is not None
        if is_python and path in files.hidden[2:3]:
            tree = _compiled(root, path, faults, ast.PyCF_ONLY_AST)
            faults += _mistake_faults(path.relative_to(root).as_posix(), tree)
    for path in (*files.statements.values(), *files.hidden[3:]):
        _text(root, path, faults)
    stub = _stub(root, files.stub, faults, questions={question.id for question in item.questions})
    functions = stub.to_write
    for function in item.banned:
        if functions and function not in functions:
            values = {"function": function, "functions": ", ".join(functions)}
            faults.append(
                Fault(FILE_NAME, f"{place}.banned.{function}", Explanation("course.banned_function", values))
            )
    zone = zone_of(course.timezone)
    opens = None if item.opens is None else parse_moment(item.opens, zone, time.min)
    due = None if item.due is None else parse_moment(item.due, zone)
    if opens is not None and due is not None and opens >= due:
        explanation = Explanation("course.opens_late", {"opens": item.opens, "due": item.due})
        faults.append(Fault(FILE_NAME, f"{place}.opens", explanation))
    return Exercise(
        number=number,
        slug=item.slug,
        title=_title(item.title, languages, f"{place}.title", faults),
        points=item.points,
        functions=functions,
        banned={function: tuple(patterns) for function, patterns in item.banned.items()},
        limits=_limits(course.limits, item.limits),
        exercise_folder=folder,
        solution_folder=solution_folder,
        opens=opens,
        due=due,
        seed=item.seed,
        tensors=item.tensors,
        timezone=course.timezone,
        family=item.family,
        questions=_questions(item, languages, place, faults, is_whole=solution_folder is not None),
        variables=stub.variables,
    )


def _questions(
    item: _Exercise, languages: Sequence[Language], place: str, faults: list[Fault], *, is_whole: bool
) -> tuple[Question, ...]:
    questions: dict[str, Question] = {}
    for index, asked in enumerate(item.questions):
        here = f"{place}.questions[{index}]"
        if asked.id in questions:
            explanation = Explanation("course.question_twice", {"question": asked.id})
            faults.append(Fault(FILE_NAME, f"{here}.id", explanation))
        title, prompt, rubric = (
            None if texts is None else _title(texts, languages, f"{here}.{field}", faults)
            for field, texts in (("title", asked.title), ("prompt", asked.prompt), ("rubric", asked.rubric))
        )
        assert title is not None
        options = tuple(
            (name, _title(texts, languages, f"{here}.options.{name}", faults))
            for name, texts in (asked.options or {}).items()
        )
        answer = (asked.answer,) if isinstance(asked.answer, str) else asked.answer
        question = Question(
            asked.id,
            title,
            asked.kind,
            asked.points,
            prompt,
            rubric,
            options,
            tuple(answer) if isinstance(answer, list) else answer,
            asked.tolerance,
            asked.unit or "",
        )
        questions[asked.id] = question
        found = _short_faults(asked, question, is_whole=is_whole)
        faults += [Fault(FILE_NAME, f"{here}.{field}", explanation) for field, explanation in found]
    return tuple(questions.values())


def _short_faults(
    asked: _Question, question: Question, *, is_whole: bool
) -> Iterator[tuple[str, Explanation]]:
    """Yield the fields of a question that do not go with its kind, or with each other."""
    needed = {"choice": ("options", "answer"), "number": ("answer",)}.get(asked.kind, ())
    taken = {*needed, *(("tolerance", "unit") if asked.kind == "number" else ())}
    for field in ("options", "answer", "tolerance", "unit"):
        if field not in taken and getattr(asked, field) is not None:
            yield field, Explanation("course.question_field", {"field": field, "kind": asked.kind})
        # Students have no answers.
        elif field in needed and getattr(asked, field) is None and (field != "answer" or is_whole):
            yield field, Explanation("course.field_missing")
    right = question.answer
    if asked.kind == "number" and isinstance(right, tuple):
        yield "answer", Explanation("course.question_number")
    names = [name for name, _ in question.options]
    is_among = isinstance(right, tuple) and right and {*right} <= {*names}
    if asked.kind == "choice" and names and right is not None and not is_among:
        yield "answer", Explanation("course.question_answer", {"options": ", ".join(names)})
    spelled: dict[str, str] = {}
    for name in names:
        for written in sorted(names_of_option(question, name)):
            if spelled.setdefault(written, name) != name:
                values = {"one": spelled[written], "other": name, "text": written}
                yield f"options.{name}", Explanation("course.options_alike", values)
                break


def _limits(*levels: _Limits) -> Limits:
    """Return the limits in force: an exercise's own one goes before the course's, and that before the default."""
    limits: dict[str, Any] = {}
    for level in levels:
        if level.submission_seconds is not None:
            limits.pop("check_seconds", None)
        limits |= level.model_dump(exclude_none=True)
    call = limits.get("call_seconds", Limits().call_seconds)
    # It limited all checks together, and let the call that exceeded it come to its end.
    former = limits.pop("submission_seconds", None)
    limits.setdefault("check_seconds", 2 * call if former is None else max(former, call))
    return Limits(**limits)


def _stub(root: Path, stub: Path, faults: list[Fault], *, questions: Collection[str]) -> Stub:
    """Return what a stub leaves to be written, without variables that answer a question: a person reads these."""
    is_python = _compiled(root, stub, faults) is not None
    tree = _compiled(root, stub, faults, ast.PyCF_ONLY_AST) if is_python else None
    if tree is None:
        return Stub((), ())
    found = read_stub(tree)
    asked = {name for name in found.variables if name in questions}
    found = Stub(
        *(tuple(name for name in names if name not in asked) for names in (found.to_write, found.variables))
    )
    if not found.to_write and not questions:
        faults.append(Fault(stub.relative_to(root).as_posix(), "", Explanation("course.stub_empty")))
    return found


def _text(root: Path, path: Path, faults: list[Fault]) -> str | None:
    """Return the text of a file that may be there; what cannot be read is a fault, said once."""
    try:
        return read_text(path, path.relative_to(root).as_posix()) if path.is_file() else None
    except CourseError as error:
        faults += [fault for fault in error.faults if fault not in faults]
        return None


def _compiled(root: Path, path: Path, faults: list[Fault], flags: int = 0) -> Any:
    """Return what Python compiles a file to that may be there; what it cannot is a fault, said once."""
    code = _text(root, path, faults)
    if code is None:
        return None
    file = path.relative_to(root).as_posix()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(code, file, "exec", flags, dont_inherit=True)
    except SyntaxError as error:
        explanation = Explanation("course.python", {"problem": error.msg})
        fault = Fault(file, f"line {error.lineno}" if error.lineno else "", explanation)
    except (ValueError, RecursionError, MemoryError) as error:
        fault = Fault(file, "", Explanation("course.python", {"problem": str(error) or type(error).__name__}))
    faults += [fault] if fault not in faults else []
    return None


def _mistake_faults(file: str, tree: ast.Module) -> Iterator[Fault]:
    """Yield where a misconception has no id, or replaces a function of the exercise for the second time."""
    lines: dict[tuple[str, str], int] = {}
    for node in tree.body:
        for marked in getattr(node, "decorator_list", ()):
            match node, marked:
                case _, ast.Name(id="misconception"):
                    yield Fault(file, f"line {marked.lineno}", Explanation("course.misconception_bare"))
                case (
                    ast.FunctionDef(name=function) | ast.ClassDef(name=function),
                    ast.Call(func=ast.Name(id="misconception"), args=[ast.Constant(value=str(id))]),
                ):
                    line = lines.setdefault((id, function), marked.lineno)
                    if line != marked.lineno:
                        values = {"id": id, "function": function, "line": line}
                        explanation = Explanation("course.misconception_twice", values)
                        yield Fault(file, f"line {marked.lineno}", explanation)


def _no_folder(root: Path, path: Path) -> Explanation:
    """Return what to say of a folder that is not there, with the one that may be meant: of the same slug, or alike."""
    names = [item.name for item in path.parent.iterdir() if item.is_dir()] if path.parent.is_dir() else []
    slug = path.name.partition("_")[2]
    same = [name for name in names if name.partition("_")[2] == slug]
    near = same or difflib.get_close_matches(path.name, names, 1, 0.8)
    values = {"folder": path.relative_to(root).as_posix(), "near": near[0] if near else ""}
    return Explanation("course.folder_renamed" if near else "course.folder_missing", values)
