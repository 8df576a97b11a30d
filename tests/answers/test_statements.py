from __future__ import annotations

from grader.answers.statements import needed_for, statements_of
from grader.model import Source, Unit

CELLS = (
    "import numpy as np, os\nfrom math import *",
    "SIZE = 2\nother = 3",
    "def helper(x):\n    return np.max(x) * SIZE\ndef unused(x):\n    return os.name",
    "history = train()",
    "def f(x):\n    return helper(x)",
    "f = helper",
    "class Tools:\n    def g(self):\n        pass",
    "def broken(\n",
)
SOURCE = Source(
    (
        *(Unit(f"cell {number}", code) for number, code in enumerate(CELLS, start=1)),
        Unit("misconceptions.py", "def f(x): pass", "misconceptions"),
    )
)


def test_what_a_function_needs_is_all_that_its_names_lead_to() -> None:
    needed = needed_for(["f"], statements_of(SOURCE))
    assert needed == {
        ("cell 1", 1),
        ("cell 1", 2),  # a star may bring any name
        ("cell 2", 1),
        ("cell 3", 1),
        ("cell 5", 1),
        ("cell 6", 1),
    }


def test_statements_say_what_they_are() -> None:
    statements = statements_of(SOURCE)
    assert [item.unit for item in statements if item.is_import] == ["cell 1", "cell 1"]
    assert [item.names.bound for item in statements if item.is_function] == [{"helper"}, {"unused"}, {"f"}]
    assert [item.methods for item in statements if item.is_class] == [(("Tools", "g"),)]
    # A unit that is not Python is one statement.
    assert [(item.unit, item.line, item.names.bound) for item in statements][-1] == (
        "cell 8",
        0,
        frozenset({"broken"}),
    )
