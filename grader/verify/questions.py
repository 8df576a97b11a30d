"""Whether students can answer a choice or a number, and what the reference answers to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.answers.questions import answers_of
from grader.course.files import files_of, name_in_course
from grader.course.stub import read_stub
from grader.errors import Fault
from grader.model import Exercise, Explanation
from grader.short_answers import is_right, read_short


def question_faults(exercise: Exercise) -> Iterator[Fault]:
    """Yield where a stub or a statement has no place for a short answer, and where the reference's is not right."""
    files = files_of(exercise)
    names = [question.id for question in exercise.questions if question.is_short]
    variables = read_stub(ast.parse(files.stub.read_bytes())).variables
    for name in names:
        if name not in variables:
            yield Fault(name_in_course(files.stub), "", Explanation("verify.question_unset", {"name": name}))
        for path in files.statements.values():
            if f"`{name}`" not in path.read_text(encoding="utf-8-sig"):
                yield Fault(name_in_course(path), "", Explanation("verify.question_unnamed", {"name": name}))
    for name, answer in wrong_answers(exercise, files.solution.read_bytes()):
        values = {"name": name, "answer": answer}
        yield Fault(name_in_course(files.solution), "", Explanation("verify.question_wrong", values))


def wrong_answers(exercise: Exercise, code: bytes) -> Iterator[tuple[str, str]]:
    """Yield the short answers of a Python file that are not right, each with the name of its question."""
    answers = answers_of(exercise, code, "solution.py")
    for question in exercise.questions:
        answer = answers[question.id]
        if question.is_short and answer:
            read = read_short(question, answer)
            if read is None or not is_right(question, read):
                yield question.id, answer
