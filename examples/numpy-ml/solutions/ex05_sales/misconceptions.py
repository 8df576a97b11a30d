"""Known wrong answers to ex05: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from grader.misconceptions import misconception


@misconception("rows-counted", en="Your sales are the rows of each city, those without a price among them.")
def means(sales):
    return sales.groupby("city")["price"].agg(price="mean", sales="size").reset_index()


@misconception("missing-is-zero", en="A price that is missing counts as 0 in your means.")
def means(sales):
    filled = sales.fillna({"price": 0.0})
    return filled.groupby("city")["price"].agg(price="mean", sales="count").reset_index()


@misconception("city-dropped", en="A city without any price has no row in your table.")
def means(sales):
    kept = sales.dropna(subset=["price"])
    return kept.groupby("city")["price"].agg(price="mean", sales="count").reset_index()


@misconception(
    "order-of-the-input",
    en="Your cities stand in the order in which they first come, and not in that of the alphabet.",
)
def means(sales):
    return sales.groupby("city", sort=False)["price"].agg(price="mean", sales="count").reset_index()


@misconception("sums", en="Your prices are the sums of each city.")
def means(sales):
    return sales.groupby("city")["price"].agg(price="sum", sales="count").reset_index()
