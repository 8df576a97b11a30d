"""A grade for each verdict, its hidden checks full of the number 4242: wherever that is shown, something leaks."""

from __future__ import annotations

from dataclasses import replace

from grader.model import (
    CheckResult,
    Difference,
    Explanation,
    Grade,
    InputWindow,
    Misconception,
    Standing,
    TensorView,
    Text,
    Verdict,
    WrongPlace,
)
from grader.reports.signs import SIGNS
from tests.support.records import COMMENT, GRADE, OVERRIDE, PASSED

__all__ = ["GRADES", "SECRET"]

SECRET = "4242"
DIFFERENCE = Difference(
    "values",
    TensorView("tensor", (1, 2, 2, 1), "int64", ("5", "7", "13", "-4242")),
    TensorView("tensor", (1, 2, 2, 1), "int64", ("5", "7", "13", "42420")),
    wrong=(3,),
    wrong_count=1,
    total=4,
    first=(WrongPlace((0, 1, 1, 0), "-4242", "42420"),),
    largest_error="42424",
    largest_at=(0, 1, 1, 0),
    largest_relative="4242",
    relative_at=(0, 1, 1, 0),
    nan_count=4242,
    relation=Explanation("relation.scaled", {"factor": "4242"}),
    window=InputWindow((-1, 1), (2, 4), TensorView("tensor", (1, 2, 2, 1), "int64", ("·", "·", "4242", "1"))),
)
MISTAKE = Misconception(
    "hidden-id",
    Text({"en": "You took rows for columns.", "ko": "행과 열을 바꾸었습니다."}),
    ("double",),
    "id-4242",
    4242,
)

# What a check can come to, as the judge and the runner say it. Only a tensor that was compared has a difference.
REASONS: dict[Verdict, tuple[Explanation, ...]] = {
    Verdict.PASSED: (Explanation("check.assert", {"text": "4242"}),),
    Verdict.FAILED: (
        Explanation("tensor.values", {}, DIFFERENCE),
        Explanation(
            "check.equal",
            {"what": {"en": "element 4242", "ko": "원소 4242"}, "actual": "4242", "expected": "42420"},
        ),
        Explanation("check.assert", {"text": "got 4242"}),
        Explanation("check.unusable", {"type": "ValueError", "message": "shape (4242,)"}),
    ),
    Verdict.ERROR: (
        Explanation(
            "submission.raised",
            {"type": "Leak4242Error", "message": "x was 4242", "place": "ex01.py:4242", "denied": False},
        ),
        Explanation(
            "submission.raised",
            {"type": "PermissionError", "message": "/x/4242", "place": "ex01.py:4242", "denied": True},
        ),
        Explanation("submission.no_module", {"module": "leak4242", "place": "ex01.py:4242"}),
        Explanation("submission.no_function", {"function": "double"}),
    ),
    Verdict.TIMEOUT: (
        Explanation("submission.timeout", {"seconds": 5.0}),
        Explanation("submission.cpu", {"seconds": 20}),
        Explanation("submission.time_used_up", {"seconds": 15.0}),
    ),
    Verdict.MEMORY: (
        Explanation("submission.memory", {"mib": 2048}),
        Explanation("submission.memory_error"),
    ),
    Verdict.CRASHED: (
        Explanation("submission.signal", {"signal": "SIG4242"}),
        Explanation("submission.exit", {"code": 4242}),
        Explanation("submission.bad_answer", {"problem": "4242 bytes"}),
        Explanation("submission.flood", {"mib": 4}),
        Explanation("submission.vanished"),
    ),
    Verdict.FORBIDDEN: (
        Explanation(
            "submission.forbidden", {"function": "double", "name": "numpy.add", "place": "ex01.py:4"}
        ),
    ),
    Verdict.NOT_ATTEMPTED: (Explanation("submission.not_attempted"),),
    Verdict.SKIPPED: (Explanation("check.skipped", {"after": PASSED.name}),),
    Verdict.UNGRADED: (
        Explanation("check.broken", {"type": "IndexError", "message": "index 4242"}),
        Explanation(
            "submission.judge_raised", {"type": "IndexError", "message": "index 4242", "place": "run.py:4242"}
        ),
        Explanation("runner.died", {"error": "after 4242"}),
    ),
}
_EARLIER = replace(
    PASSED, verdict=Verdict.NOT_ATTEMPTED, earned=0, explanation=Explanation("submission.not_attempted")
)


def _check(verdict: Verdict, number: int, why: Explanation) -> CheckResult:
    return CheckResult(
        name=f"test_hidden_{SECRET}_{number}",
        title=Text({"en": f"keeps negatives ({number})", "ko": f"음수도 동작한다 ({number})"}),
        visible=False,
        points=1,
        earned=float(verdict is Verdict.PASSED),
        verdict=verdict,
        explanation=why,
        call="double(int64 [[4242]])",
        output="seen 4242",
        seconds=42.42,
        misconception=MISTAKE if verdict in (Verdict.FAILED, Verdict.ERROR) and number == 1 else None,
    )


def _grade(verdict: Verdict) -> Grade:
    earlier = _EARLIER if verdict is Verdict.SKIPPED else PASSED
    hidden = [_check(verdict, number, why) for number, why in enumerate(REASONS[verdict], start=1)]
    checks = (earlier, *hidden)
    return replace(
        GRADE,
        points=sum(check.earned for check in checks),
        possible=sum(check.points for check in checks),
        verdict=verdict,
        checks=checks,
        # What is said of a whole submission that we could not grade.
        notes=REASONS[Verdict.UNGRADED] if verdict is Verdict.UNGRADED else (),
    )


# A question is never hidden.
GRADES = {verdict.value: _grade(verdict) for verdict in SIGNS if verdict in REASONS}
_NOT_EXECUTED = Explanation(
    "submission.load_raised",
    {
        "type": "SyntaxError",
        "message": "'(' was never closed",
        "place": "ex01.ipynb [cell 2]:3",
        "denied": False,
        "code": "result = max(x, 0  # <3\n            ^",
    },
)
GRADES["not executed"] = replace(
    GRADES["error"],
    checks=tuple(
        replace(check, verdict=Verdict.ERROR, earned=0, explanation=_NOT_EXECUTED, misconception=None)
        for check in GRADES["error"].checks[:3]
    ),
    points=0,
    possible=3,
    notes=(_NOT_EXECUTED, Explanation("submission.more_raised", {"count": 2})),
)
# Some formats have nothing to show of what is ungraded until somebody decides.
GRADES["ungraded, decided by hand"] = replace(
    GRADES["ungraded"], points=2.5, standing=Standing(0, override=OVERRIDE, comments=(COMMENT,))
)
