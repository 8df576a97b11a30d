from __future__ import annotations

import pytest

from grader.forbidden import find_forbidden
from grader.model import Explanation, Source, Unit
from tests.fakes import source_of

BANNED = ("tf.nn.*pool*", "keras.layers.*Pool*", "np.convolve", "scipy.signal.*", "eval")


def names_found(*cells: str, function: str = "f") -> str:
    """Return the name that is found in a function, with its line; empty where there is none."""
    units = tuple(Unit(f"cell {number}", code) for number, code in enumerate(cells, start=1))
    found = find_forbidden(Source(units), {function: BANNED})
    return f"{found[function].values['name']} {found[function].values['place']}" if found else ""


USES = {
    "plain": "import tensorflow as tf\ndef f(x):\n    return tf.nn.max_pool2d(x)",
    "whole-name": "import tensorflow\ndef f(x):\n    return tensorflow.nn.max_pool2d(x)",
    "from-import": "from tensorflow import nn\ndef f(x):\n    return nn.max_pool2d(x)",
    "submodule-import": "import tensorflow.nn as n\ndef f(x):\n    return n.max_pool2d(x)",
    "function-import": "from tensorflow.nn import max_pool2d as g\ndef f(x):\n    return g(x)",
    "import-inside": "def f(x):\n    from numpy import convolve\n    return convolve(x)",
    "star-import": "from tensorflow.nn import *\ndef f(x):\n    return max_pool2d(x)",
    "alias": "import tensorflow as tf\nnn = tf.nn\ndef f(x):\n    return nn.max_pool2d(x)",
    "alias-inside": "import tensorflow as tf\ndef f(x):\n    n = tf.nn\n    return n.max_pool2d(x)",
    "getattr": "import tensorflow as tf\ndef f(x):\n    return getattr(tf.nn, 'max_pool2d')(x)",
    "not-called": "import numpy as np\ndef f(x):\n    return list(map(np.convolve, x))",
    "through-keras": "import tensorflow as tf\ndef f(x):\n    return tf.keras.layers.MaxPool2D()(x)",
    "old-keras": "from tensorflow.python.keras import layers\ndef f(x):\n    return layers.MaxPool2D()(x)",
    "second-version": "import tensorflow.compat.v2 as tf\ndef f(x):\n    return tf.nn.max_pool(x)",
    "builtin": "def f(x):\n    return eval('x')",
    "helper": "import numpy as np\ndef g(x):\n    return np.convolve(x)\ndef f(x):\n    return g(x)",
    "helper-below": "import numpy as np\ndef f(x):\n    return g(x)\ndef g(x):\n    return np.convolve(x)",
    "helpers-helper": "import numpy as np\ndef h():\n    np.convolve\ndef g():\n    h()\ndef f(x):\n    g()",
    "class": "import numpy as np\nclass G:\n    def __call__(self, x):\n        return np.convolve(x)\ndef f(x):\n    return G()(x)",
    "module-level-name": "import tensorflow as tf\npool = tf.keras.layers.MaxPool2D(2)\ndef f(x):\n    return pool(x)",
    "lambda": "import numpy as np\nf = lambda x: np.convolve(x)",
    "same-function": "import numpy as np\nf = np.convolve",
    "default": "import numpy as np\ndef f(x, g=np.convolve):\n    return g(x)",
    "decorator": "import numpy as np\n@np.convolve\ndef f(x):\n    return x",
    "nested": "import numpy as np\ndef f(x):\n    def g():\n        return np.convolve(x)\n    return g()",
    "conditional": "import numpy as np\nif True:\n    def f(x):\n        return np.convolve(x)",
    "async": "import numpy as np\nasync def f(x):\n    return np.convolve(x)",
}


@pytest.mark.parametrize("code", USES.values(), ids=USES.keys())
def test_a_banned_name_is_found(code: str) -> None:
    assert names_found(code)


FINE = {
    "by-hand": "import numpy as np\ndef f(x):\n    return np.max(x)",
    "in-another-function": "import tensorflow as tf\ndef layer():\n    return tf.keras.layers.MaxPool2D()\ndef f(x):\n    return x",
    "similar-name": "import numpy as np\ndef f(x):\n    return np.convolved(x)",
    "own-function-of-that-name": "def max_pool(x):\n    return x\ndef f(x):\n    return max_pool(x)",
    "in-a-text": "def f(x):\n    'tf.nn.max_pool is not allowed'\n    return x  # tf.nn.max_pool",
    "unused-import": "import tensorflow as tf\nfrom numpy import convolve\ndef f(x):\n    return x",
    "parameter": "import numpy as np\ndef f(np):\n    return np.convolve",
    "local-variable": "from numpy import convolve\ndef f(x):\n    convolve = x + 1\n    return convolve",
    "own-object": "def f(x):\n    return x.max_pool",
    "no-such-function": "import numpy as np\nnp.convolve",
}


@pytest.mark.parametrize("code", FINE.values(), ids=FINE.keys())
def test_what_is_not_banned_is_left_alone(code: str) -> None:
    assert names_found(code) == ""


def test_the_finding_names_function_name_and_place() -> None:
    found = find_forbidden(source_of(USES["helper"], "ex08.py"), {"f": BANNED, "g": BANNED, "absent": BANNED})
    explanation = Explanation(
        "submission.forbidden", {"function": "f", "name": "np.convolve", "place": "ex08.py:3"}
    )
    assert found["f"] == explanation
    assert found["g"].values["function"] == "g"
    assert set(found) == {"f", "g"}


def test_names_reach_from_one_cell_to_the_next() -> None:
    found = names_found("import tensorflow as tf", "n = tf.nn", "def f(x):\n    return n.avg_pool(x)")
    assert found == "n.avg_pool cell 3:2"


def test_a_function_that_is_written_again_replaces_the_first() -> None:
    first, second = "import numpy as np\ndef f(x):\n    return np.convolve(x)", "def f(x):\n    return x"
    assert names_found(first, second) == ""
    assert names_found(second, first) == "np.convolve cell 2:3"


def test_a_function_that_was_handed_on_still_counts() -> None:
    first = "import numpy as np\ndef f(x):\n    return np.convolve(x)"
    assert names_found(first, "kept = f", "def f(x):\n    return kept(x)") == "np.convolve cell 1:3"


@pytest.mark.parametrize("broken", ["def f(:", "\x00", "(" * 1000], ids=["syntax", "nul", "deep"])
def test_a_cell_that_cannot_be_parsed_is_passed_over(broken: str) -> None:
    assert names_found(broken, USES["plain"]) == "tf.nn.max_pool2d cell 2:3"


def test_without_bans_nothing_is_found() -> None:
    assert find_forbidden(source_of(USES["plain"]), {}) == {}
