"""Hidden checks of ex05: random tables against the reference."""

import pandas as pd

from grader import Reference, Rng, Submission, assert_frame, assert_unchanged, check

CITIES = ["Daegu", "Busan", "Seoul", "Incheon"]


def table(rng: Rng, rows: int) -> pd.DataFrame:
    """Return a shop's sales, with a column that does not matter."""
    prices = rng.uniform(1, 99, size=rows).round(2)
    return pd.DataFrame({"note": ["x"] * rows, "price": prices, "city": rng.choice(CITIES, size=rows)})


@check(points=2, en="works on any number of rows and cities, and leaves its input as it was")
def test_random(submission: Submission, reference: Reference, rng: Rng) -> None:
    for rows in (1, 8, 40):
        sales = table(rng, rows)
        assert_frame(submission.means(sales), reference.means(sales))
        assert_unchanged(submission)


@check(points=2, en="a price that is missing counts neither in the mean nor as a sale")
def test_missing(submission: Submission, reference: Reference, rng: Rng) -> None:
    sales = table(rng, 12)
    sales.loc[[1, 4, 7], "price"] = float("nan")
    assert_frame(submission.means(sales), reference.means(sales))


@check(points=2, en="a city without any price has a row")
def test_without_price(submission: Submission, reference: Reference, rng: Rng) -> None:
    sales = table(rng, 10)
    sales.loc[sales["city"] == sales["city"][0], "price"] = float("nan")
    assert_frame(submission.means(sales), reference.means(sales))
