from __future__ import annotations

from dataclasses import replace

import pytest

from grader.model import CheckResult, Text, Verdict
from grader.scoring import score

PASSED = CheckResult("test_a", Text("a", "가"), True, 2, 2, Verdict.PASSED)


def test_what_passed_is_added_up() -> None:
    assert score((PASSED, replace(PASSED, points=0.5, earned=0.5))) == (2.5, Verdict.PASSED)


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASSED])
def test_without_a_pass_there_are_no_points_whatever_a_result_says_it_earned(verdict: Verdict) -> None:
    assert score((PASSED, replace(PASSED, verdict=verdict, earned=2))) == (2, verdict)


def test_of_no_check_at_all_nothing_is_known() -> None:
    assert score(()) == (0, Verdict.UNGRADED)
