"""Visible checks of ex05: the statement's own example."""

import pandas as pd

from grader import Submission, assert_frame, check


@check(points=4, en="the example has the means 2.0 and 2.5")
def test_example(submission: Submission) -> None:
    sales = pd.DataFrame({"city": ["Seoul", "Busan", "Seoul"], "price": [1.0, 2.0, 4.0]})
    expected = pd.DataFrame({"city": ["Busan", "Seoul"], "price": [2.0, 2.5], "sales": [1, 2]})
    assert_frame(submission.means(sales), expected)
