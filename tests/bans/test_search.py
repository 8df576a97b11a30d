from __future__ import annotations

import pytest

from grader.bans.search import find_forbidden
from grader.errors import SubmissionError
from grader.model import Explanation, Source, Unit, Verdict
from tests.support.fakes import source_of

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
    "not-called": "import numpy as np\ndef f(x):\n    return list(map(np.convolve, x))",
    "through-keras": "import tensorflow as tf\ndef f(x):\n    return tf.keras.layers.MaxPool2D()(x)",
    "old-keras": "from tensorflow.python.keras import layers\ndef f(x):\n    return layers.MaxPool2D()(x)",
    "second-version": "import tensorflow.compat.v2 as tf\ndef f(x):\n    return tf.nn.max_pool(x)",
    "builtin": "def f(x):\n    return eval('x')",
    "helper": "import numpy as np\ndef g(x):\n    return np.convolve(x)\ndef f(x):\n    return g(x)",
    "helper-below": "import numpy as np\ndef f(x):\n    return g(x)\ndef g(x):\n    return np.convolve(x)",
    "helpers-helper": "import numpy as np\ndef h():\n    np.convolve\ndef g():\n    h()\ndef f(x):\n    g()",
    "lambda": "import numpy as np\nf = lambda x: np.convolve(x)",
    "same-function": "import numpy as np\nf = np.convolve",
    "default": "import numpy as np\ndef f(x, g=np.convolve):\n    return g(x)",
    "nested": "import numpy as np\ndef f(x):\n    def g():\n        return np.convolve(x)\n    return g()",
    "conditional": "import numpy as np\nif True:\n    def f(x):\n        return np.convolve(x)",
    "private-keras": "import keras\ndef f(x):\n    return keras._tf_keras.keras.layers.MaxPooling2D()(x)",
    "private-layer": "from keras.src.layers.pooling.max_pooling2d import MaxPooling2D\ndef f(x):\n    return MaxPooling2D()(x)",
    "first-version": "import tensorflow as tf\ndef f(x):\n    return tf.compat.v1.keras.layers.MaxPool2D()(x)",
    "private-module": "import scipy\ndef f(x):\n    return scipy.signal._signaltools.convolve(x)",
    "reassigned-after": "import tensorflow as tf\ndef f(x):\n    n = tf.nn\n    y = n.max_pool2d(x)\n    n = tf.math\n    return y",
    "in-two-steps": "import tensorflow as tf\ndef f(x):\n    n = tf\n    n = n.nn\n    return n.max_pool2d(x)",
    "other-scope": "import numpy as np\ndef f(x):\n    def g(np):\n        return np\n    return np.convolve(x)",
    "builtins": "import builtins\ndef f(x):\n    return builtins.eval('x')",
    "endless-names": "import numpy as np\ndef f(x):\n    n = np\n    for _ in x:\n        n = n.lib\n        n = n.np\n    return n.convolve(x)",
    "many-names": "import tensorflow as tf\ndef f(x):\n    n = tf.nn\n"
    + "".join(f"    n = tf.a{n}\n" for n in range(99))
    + "    return n.max_pool2d(x)",
    "method-of-it": "import numpy as np\ndef f(x):\n    return np.convolve.__call__(x)",
    "long-chain": f"import numpy as np\ndef f(x):\n    np{'.a' * 900}\n    return np.convolve(x)",
    "warning": "import numpy as np\ndef f(x):\n    '\\d'\n    return np.convolve(x)",
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
    "nested-function": "from numpy import convolve\ndef f(x):\n    def convolve(y):\n        return y\n    return convolve(x)",
    "nested-class": "from numpy import convolve\ndef f(x):\n    class convolve:\n        pass\n    return convolve()",
    "exception": "def f(x):\n    try:\n        return x\n    except ValueError as eval:\n        return eval",
    "pattern": "from numpy import convolve\ndef f(x):\n    match x:\n        case [convolve]:\n            return convolve",
    "imported-with-what-is-banned": "from tensorflow.nn import relu, max_pool2d\ndef f(x):\n    return relu(x)",
    "allowed-neighbour": "import tensorflow as tf\ndef f(x):\n    return tf.nn.relu(x) + tf.reduce_max(x)",
    "own-function-shadows-an-import": "from numpy import convolve\ndef convolve(x):\n    return x\ndef f(x):\n    return convolve(x)",
    "local-called-pool": "import numpy as np\ndef f(x):\n    pool = [np.max(row) for row in x]\n    max_pool = np.array(pool)\n    return max_pool",
    "method-called-max-pool": "class Net:\n    def max_pool(self, x):\n        return x.max()\n    def run(self, x):\n        return self.max_pool(x)\ndef f(x):\n    return Net().run(x)",
    "compared-outside": "import numpy as np, tensorflow as tf\ndef f(x):\n    return np.max(x)\nx = np.ones(4)\nnp.testing.assert_allclose(f(x), tf.nn.max_pool2d(x))",
    "compared-in-a-list": "import tensorflow as tf\ndef f(x):\n    return x\nresults = []\nresults.append((f(1), tf.nn.max_pool2d(1)))",
    "computed-elsewhere": "import numpy as np\ndef f(x, how):\n    return getattr(x, how)()",
    "constant-elsewhere": "import tensorflow as tf\nkind = 'max_pool2d'\ndef f(x):\n    return tf.constant(x, name=kind)",
    "sliding-windows": "import numpy as np\ndef f(x):\n    return np.lib.stride_tricks.sliding_window_view(x, 2).max()",
    "private-type": "from tensorflow.python.framework.ops import EagerTensor, convert_to_tensor\ndef f(x: EagerTensor):\n    return convert_to_tensor(x)",
    "endless-names": "import numpy as np\ndef f(x):\n    y = np.pi\n    while x:\n        y = y.real\n        y = y.imag\n        x = x.T\n        x = x.next\n    return x",
    "decorated": "import tensorflow as tf\n@tf.function\ndef f(x):\n    return tf.maximum(x, 0)",
    "no-such-function": "import numpy as np\nnp.convolve",
    "layer-never-called": "import tensorflow as tf\ndef layer():\n    return tf.keras.layers.MaxPool2D()\ndef f(x):\n    layer()\n    return x",
    "kind-of-a-layer": "import tensorflow as tf\ndef f(x):\n    return isinstance(x, tf.keras.layers.MaxPool2D)",
    "inner-function-never-called": "import numpy as np\ndef f(x):\n    def g():\n        return np.convolve(x)\n    return x",
}


@pytest.mark.parametrize("code", FINE.values(), ids=FINE.keys())
def test_what_is_not_banned_is_left_alone(code: str) -> None:
    assert names_found(code) == ""


METHODS = {
    "tensor": "def f(x):\n    return x.softmax(dim=1)",
    "of-a-call": "def f(x):\n    return g(x).softmax(1)\ndef g(x):\n    return x",
    "of-an-item": "def f(x):\n    return x[0].softmax(1)",
    "of-a-number": "def f(x):\n    return (x + 1).log_softmax(1)",
    "in-a-helper": "def f(x):\n    return g(x)\ndef g(x):\n    return x.softmax(1)",
    "in-a-lambda": "f = lambda x: x.softmax(1)",
    "local": "import torch\ndef f(x):\n    y = torch.exp(x)\n    return y.softmax(1)",
    "module": "import torch\ndef f(x):\n    return torch.softmax(x, 1)",
    "functional": "import torch.nn.functional as F\ndef f(x):\n    return F.softmax(x, 1)",
    "class": "class f:\n    def run(self, x):\n        return x.softmax(1)",
    "docstring": 'def f(x):\n    "softmax"\n    return x.softmax(1)',
    "printed": "def f(x):\n    print('softmax', x)\n    return x.softmax(1)",
    "title": "def f(x, axes):\n    axes.set_title('the softmax')\n    return x.softmax(1)",
    "result": "def f(x):\n    return {'softmax': x.softmax(1)}",
}
FINE_METHODS = {
    "own-method": "class A:\n    def softmax(self, x):\n        return x\ndef f(x):\n    return A().softmax(x)",
    "own-attribute": "class A:\n    def __init__(self):\n        self.softmax = g\ndef g(x):\n    return x\ndef f(x):\n    return A().softmax(x)",
    "class-attribute": "class A:\n    softmax = staticmethod(lambda x: x)\ndef f(x):\n    return A.softmax(x)",
    "namespace": "from types import SimpleNamespace as N\nn = N(softmax=max)\ndef f(x):\n    return n.softmax(x)",
    "tuple": "from collections import namedtuple\nT = namedtuple('T', 'a, softmax')\ndef f(x):\n    return T(1, max).softmax(x)",
    "set": "class A: pass\na = A()\nsetattr(a, 'softmax', max)\ndef f(x):\n    return a.softmax(x)",
    "own-getattr": "class A:\n    def __getattr__(self, name):\n        return max\ndef f(x):\n    return A().softmax(x)",
    "made-class": "A = type('A', (), {'softmax': lambda self, x: x})\ndef f(x):\n    return A().softmax(x)",
    "module-tuple": "import collections as c\nT = c.namedtuple('T', 'a softmax')\ndef f(x):\n    return T(1, max).softmax(x)",
    "own-function": "def softmax(x):\n    return x\ndef f(x):\n    return softmax(x)",
    "not-called": "def f(x):\n    return x.softmax",
    "elsewhere": "def g(x):\n    return x.softmax(1)\ndef f(x):\n    return x",
    "other-name": "def f(x):\n    return x.soft_max(1)",
    "other-class": "class A:\n    def run(self, x):\n        return x.softmax(1)\ndef f(x):\n    return x",
}


@pytest.mark.parametrize("code", METHODS.values(), ids=METHODS.keys())
def test_a_banned_method_is_found_whatever_has_it(code: str) -> None:
    found = find_forbidden(source_of(code), {"f": ("*.softmax", "*.log_*")})
    assert "softmax" in found["f"].values["name"]


@pytest.mark.parametrize("code", FINE_METHODS.values(), ids=FINE_METHODS.keys())
def test_a_method_of_the_students_own_is_left_alone(code: str) -> None:
    assert find_forbidden(source_of(code), {"f": ("*.softmax", "*.log_*")}) == {}


def test_a_method_is_named_as_it_is_written() -> None:
    code = "def f(x):\n    return x.T.softmax(1)\ndef g(x):\n    return (x + 1).softmax(1)"
    found = find_forbidden(source_of(code), {"f": ("*.softmax",), "g": ("*.softmax",)})
    assert [found[name].values["name"] for name in "fg"] == ["x.T.softmax", "(...).softmax"]
    assert [found[name].values["place"] for name in "fg"] == ["answer.py:2", "answer.py:4"]


def test_a_function_of_the_students_own_module_is_left_alone() -> None:
    helper = Unit("tools.py", "def softmax(x):\n    return x", "tools")
    code = "import tools\ndef f(x):\n    return tools.softmax(x)"
    assert find_forbidden(Source(source_of(code).units, helpers=(helper,)), {"f": ("*.softmax",)}) == {}


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


def test_a_helper_that_calls_a_function_means_its_last_definition() -> None:
    first = "import tensorflow as tf\ndef max_pool(x):\n    return tf.nn.max_pool2d(x)"
    uses = "print(max_pool(1), list(map(max_pool, [1])))\ndef helper(x):\n    g = max_pool\n    return g(x)"
    again = "def max_pool(x):\n    return x\ndef f(x):\n    return helper(x) + max_pool(x)"
    assert names_found(first, uses, again, function="max_pool") == ""
    assert names_found(first, uses, again) == ""
    assert names_found(first, uses, again.replace("return x", "return tf.nn.avg_pool(x)")) != ""


def test_the_names_of_an_assignment_are_those_of_the_last() -> None:
    assert names_found("import numpy as np\ng = np.convolve\ng = np.max\ndef f(x):\n    return g(x)") == ""
    assert names_found("import numpy as np\ng = np.max\ng = np.convolve\ndef f(x):\n    return g(x)") != ""


REPLACED_IN_VAIN = {
    "condition": "if x:\n    def f(x):\n        return x",
    "loop": "for f in []:\n    pass",
    "annotation": "f: int",
    "comprehension": "[f for f in []]",
}


@pytest.mark.parametrize("code", REPLACED_IN_VAIN.values(), ids=REPLACED_IN_VAIN.keys())
def test_what_may_not_be_executed_replaces_nothing(code: str) -> None:
    assert names_found("import numpy as np\ndef f(x):\n    return np.convolve(x)", code) != ""


def test_a_definition_that_was_not_executed_replaces_nothing() -> None:
    code = "import numpy as np\ndef f(x):\n    return np.convolve(x)\n1 / 0\ndef f(x):\n    return x"
    source = source_of(code, "ex08.py")
    assert find_forbidden(source, {"f": BANNED}) == {}
    assert set(find_forbidden(source, {"f": BANNED}, {"ex08.py": [5]})) == {"f"}
    assert set(find_forbidden(source, {"f": BANNED}, {"ex08.py": [0]})) == {"f"}
    assert find_forbidden(source, {"f": BANNED}, {"ex08.py": [4]}) == {}


@pytest.mark.parametrize(
    "code",
    ["x" + ".a" * 50_000, "x = " + "-" * 50_000 + "1", "x = " + "9" * 5000, "f" + "()" * 50_000],
    ids=["attributes", "signs", "digits", "calls"],
)
def test_code_that_is_too_deep_to_be_read_is_the_students_error(code: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        find_forbidden(source_of(code), {"f": BANNED})
    assert caught.value.verdict is Verdict.ERROR
    assert caught.value.explanation == Explanation("submission.too_complex", {"unit": "answer.py"})


@pytest.mark.parametrize("broken", ["def f(:", "\x00", "(" * 1000], ids=["syntax", "nul", "deep"])
def test_a_cell_that_cannot_be_parsed_is_passed_over(broken: str) -> None:
    assert names_found(broken, USES["plain"]) == "tf.nn.max_pool2d cell 2:3"


def test_without_bans_nothing_is_found() -> None:
    assert find_forbidden(source_of(USES["plain"]), {}) == {}


TF = "import tensorflow as tf\n"
HELPERS = {
    "helper.py": TF
    + "def pool(x):\n    return tf.nn.max_pool2d(x)\n"
    + "def half(x):\n    return x.shape\n"
    + "best = tf.nn.max_pool2d\n"
    + "class Pool:\n    def run(self, x):\n        return pool(x)\n",
    "utils/__init__.py": "from .pool import g as half\nfrom . import deep\n",
    "utils/pool.py": TF + "def f(x):\n    return tf.nn.max_pool2d(x)\ndef g(x):\n    return x\n",
    "utils/deep.py": "from helper import pool as p\nfrom .pool import *\n",
    "endless.py": "from other import x\nimport endless\nx = endless.x.T\n",
    "other.py": "from endless import x\n",
}
DEFINES = "def f(x):\n    return "


def found_beside(code: str) -> str:
    """Return the name that is found in an answer with these modules, with its place."""
    units = tuple(
        Unit(file, text, file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for file, text in HELPERS.items()
    )
    source = Source((Unit("ex08.py", code),), helpers=units)
    found = find_forbidden(source, {"f": ["tf.nn.max_pool*"]}).get("f")
    return "" if found is None else f"{found.values['name']} {found.values['place']}"


USED_BESIDE = {
    "name": "from helper import pool\n" + DEFINES + "pool(x)",
    "module": "import helper\n" + DEFINES + "helper.pool(x)",
    "renamed-module": "import helper as h\n" + DEFINES + "h.pool(x)",
    "star": "from helper import *\n" + DEFINES + "pool(x)",
    "imported-as-the-answer": "from helper import pool as f",
    "renamed-as-the-answer": "from helper import best as f",
    "modules-module": "import helper\n" + DEFINES + "helper.tf.nn.max_pool2d(x)",
    "assigned": "import helper\nq = helper.best\n" + DEFINES + "q(x)",
    "imported-when-called": "def f(x):\n    from helper import pool\n    return pool(x)",
    "own-package": "from .helper import pool\n" + DEFINES + "pool(x)",
    "own-package-by-name": "import helper, submission.helper\n" + DEFINES + "submission.helper.pool(x)",
    "package": "from utils.pool import f as p\n" + DEFINES + "p(x)",
    "package-by-star": "import utils.deep\n" + DEFINES + "utils.deep.f(x)",
    "package-and-module": "from utils import deep\n" + DEFINES + "deep.p(x)",
}


@pytest.mark.parametrize("code", USED_BESIDE.values(), ids=USED_BESIDE.keys())
def test_a_banned_name_is_found_in_the_students_own_modules(code: str) -> None:
    assert found_beside(code)


def test_the_place_is_the_modules_own() -> None:
    assert found_beside(USED_BESIDE["name"]) == "tf.nn.max_pool2d helper.py:3"
    assert found_beside(USED_BESIDE["package"]) == "tf.nn.max_pool2d utils/pool.py:3"


@pytest.mark.parametrize(
    "code",
    [
        "from helper import half\n" + DEFINES + "half(x)",
        "import helper\n" + DEFINES + "helper.half(x)",
        "from helper import *\n" + DEFINES + "half(x)",
        "from utils import half\n" + DEFINES + "half(x)",
        "from utils.deep import g\n" + DEFINES + "g(x)",
        "import helper\n" + DEFINES + "x\ndef layer():\n    return helper.pool(1)",
        "from absent import pool\n" + DEFINES + "pool(x)",
    ],
)
def test_what_is_banned_elsewhere_in_a_module_is_left_alone(code: str) -> None:
    assert found_beside(code) == ""


def test_modules_whose_names_have_no_end_are_searched_as_far_as_they_go() -> None:
    assert found_beside("import endless\n" + DEFINES + "endless.x") == ""


@pytest.mark.parametrize(
    "code", ["from tensorflow.nn import max_pool2d as f", "from tensorflow.nn import *"], ids=["name", "star"]
)
def test_an_answer_that_is_imported_is_what_it_is(code: str) -> None:
    banned = {"f": ["tf.nn.max_pool2d", "tf.nn.f"]}
    assert find_forbidden(source_of(code), banned)["f"].values["place"] == "answer.py:1"
