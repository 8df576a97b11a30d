from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.runner.inside.standins import StandInFinder

MODULES = ("matplotlib_not_there", "tqdm_not_there", "json", "google_not_there.colab")
FILE = "ex03.py"
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run() -> Iterator[Run]:
    """Return a function that executes a student's file with stand-ins, and returns its names."""
    finder = StandInFinder(MODULES, lambda file: file == FILE)
    sys.meta_path.append(finder)

    def execute(code: str, file: str = FILE) -> dict[str, Any]:
        namespace: dict[str, Any] = {}
        exec(compile(code, file, "exec"), namespace)
        return namespace

    yield execute
    sys.meta_path.remove(finder)
    for name in [name for name in sys.modules if "_not_there" in name]:
        del sys.modules[name]


DRAWS = {
    "plot": "import matplotlib_not_there.pyplot as plt\nplt.figure(figsize=(3, 3)).add_subplot(1).plot([1])\nplt.show()",
    "from": "from matplotlib_not_there import pyplot as plt, cm\nplt.imshow([[1]], cmap=cm.gray)",
    "from-deep": "from matplotlib_not_there.pyplot import imshow, show\nimshow(1)\nshow()",
    "deep": "import matplotlib_not_there.a.b.c\nmatplotlib_not_there.a.b.c.d.e(1)[2].f()",
    "star": "from matplotlib_not_there.pylab import *",
    "two": "import matplotlib_not_there.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1])",
    "four": "import matplotlib_not_there as m\na, b, c, d = m.train_test_split(1, 2)\na.shape",
    "rest": "import matplotlib_not_there as m\na, *b = m.f()\na.shape\nassert b == []",
    "last": "import matplotlib_not_there as m\n*a, b, c = m.f()\nb.shape\nassert a == []",
    "nested": "import matplotlib_not_there as m\na, (b, c) = m.f()\nc.show()",
    "axes": "import matplotlib_not_there.pyplot as plt\nfor ax in plt.subplots(2)[1].flat:\n    ax.plot()",
    "settings": "import matplotlib_not_there as m\nm.rcParams['font'] = 3\nm.rcParams.x = 1\nassert m.rcParams['font'] is not None",
    "with": "import matplotlib_not_there as m\nwith m.style.context('x') as style:\n    style.use()",
    "class": "import matplotlib_not_there as m\nclass Mine(m.Base):\n    x = 1\nassert Mine().x == 1",
    "isinstance": "import matplotlib_not_there as m\nassert not isinstance(1, m.DataFrame)\nassert not isinstance(1, (str, m.A))\nassert not issubclass(int, m.A)",
    "annotation": "import matplotlib_not_there as m\ndef f(x: m.DataFrame | None, y: None | m.A = None) -> m.A: ...",
    "empty": "import matplotlib_not_there as m\nassert len(m.x) == 0 and not m.x and list(m.x) == []",
    "colab": "from google_not_there.colab import drive\ndrive.mount('/content/drive')",
    "colab-whole": "import google_not_there.colab\ngoogle_not_there.colab.files.upload()",
    "lazily": "import importlib\nimportlib.import_module('matplotlib_not_there').show()",
    "bar": "from tqdm_not_there import tqdm\nassert [n for n in tqdm([1, 2], desc='x')] == [1, 2]",
    "bar-of-notebooks": "from tqdm_not_there.auto import tqdm, trange\nbar = tqdm(range(3))\nassert len(bar) == 3\nassert [bar.set_postfix(loss=n) and 0 or n for n in bar] == [0, 1, 2]\nassert list(trange(2)) == [0, 1]",
    "bar-without-end": "from tqdm_not_there import tqdm\nwith tqdm(total=3) as bar:\n    bar.update(1)",
}


@pytest.mark.parametrize("code", DRAWS.values(), ids=DRAWS.keys())
def test_what_draws_does_nothing(code: str, run: Run) -> None:
    names = run(f"{code}\ndef f():\n    return 7")
    assert names["f"]() == 7


def test_a_module_that_is_installed_is_itself(run: Run) -> None:
    assert run("import json\ntext = json.dumps([1])")["text"] == "[1]"
    with pytest.raises(ModuleNotFoundError):
        run("import json.nothing_of_the_kind")


def test_a_module_that_is_not_listed_is_missing(run: Run) -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        run("import pandas_not_there.frame")
    assert caught.value.name == "pandas_not_there"


def test_a_library_is_told_the_truth(run: Run) -> None:
    with pytest.raises(ModuleNotFoundError):
        run("import matplotlib_not_there", "/usr/lib/python3/keras/utils.py")
