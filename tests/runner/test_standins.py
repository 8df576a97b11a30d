from __future__ import annotations

import asyncio
import copy
import linecache
import pickle
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.runner.inside.standins import IPYTHON, StandInFinder

MODULES = ("matplotlib_not_there", "tqdm_not_there", "json", "google_not_there.colab")
FILE = "ex03.py"
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run() -> Iterator[Run]:
    """Return a function that executes a student's file with stand-ins, and returns its names."""
    finder = StandInFinder(MODULES, lambda file: file == FILE)
    sys.meta_path.append(finder)

    def execute(code: str, file: str = FILE) -> dict[str, Any]:
        namespace: dict[str, Any] = dict(IPYTHON)
        linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
        exec(compile(code, file, "exec"), namespace)
        return namespace

    yield execute
    sys.meta_path.remove(finder)
    linecache.cache.pop(FILE, None)
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


CALCULATES = {
    "numbers": "y = m.score([1]) * 2 + 1 - m.x / 3 ** m.z // -m.y % 4 @ m.q\nabs(y), round(y, 2), divmod(y, 2), ~y, 7 - y",
    "formats": "assert f'{m.x:.2f} {m.x:5d}' == '0.00     0'\nassert '%d %.3f' % (m.x, m.x) == '0 0.000'\nf'{m.x:%Y-%m-%d}{m.x!r:>40}'",
    "converts": "assert (int(m.x), float(m.x), complex(m.x), bytes(m.x), range(m.x)) == (0, 0, 0, b'', range(0))",
    "compares": "assert not list(m.x) and 3 not in m.x\nif m.x > 3 or m.x == 3 or 1 < m.x < 2 or not m.x != 2:\n    pass\n(m.x == 3) & (m.y['a'] > 2)\n[0] * m.x, 'text' + m.x",
    "asserts": "assert m.accuracy > 0.9\nassert not m.frame.isnull().any()\nassert (m.x == 1).all(), 'why'",
    "loops-that-end": "while m.video.isOpened():\n    pass\nwhile m.x < 3:\n    pass\nwhile True:\n    ok, frame = m.video.read()\n    if not ok:\n        break",
    "items": "m.x['a', 1:2][::-1].loc[3] = m.y\ndel m.x[3]\ndel m.x.y\nm.bar.n += 1",
    "first-item": "images, labels = next(iter(m.loader))\nbest = max(m.history['acc'])\nbest + 1",
    "keys": "assert {m.FLAG: 1}[m.FLAG] == 1\nassert m.FLAG is m.FLAG",
    "decorators": "@m.jit\ndef g():\n    return 1\n@m.jit(nopython=True)\ndef h():\n    return 2\nassert (g(), h()) == (1, 2)\nm.frame['a'].apply(lambda v: v).mean()",
    "base": "class Net(m.nn.Module, m.Other):\n    def __init__(self):\n        super().__init__(3, a=4)\n        self.layer = m.nn.Linear(3)\n    def forward(self, x):\n        return self.layer(x)\nNet().to(m.device)(3)\nassert Net.__name__ == 'Net'",
    "raised": "try:\n    raise KeyError\nexcept (m.error, m.errors.EmptyDataError):\n    raise\nexcept KeyError:\n    pass\nclass Mine(m.error):\n    pass\ntry:\n    raise Mine('x')\nexcept m.error:\n    pass",
    "metric": "assert m.mean_squared_error([1], [2]) + 1",
    "version": "assert m.__version__.split('.')[0].isdigit()",
    "paths": "import os\nos.path.join('a', m.folder)\nimport math\nmath.sqrt(m.x) + math.floor(m.x)",
    "ipython": "files = get_ipython().getoutput('ls')\nlen(files), files[0], _, _3.x, In[1], Out\ndisplay(1)\nassert 'x' not in get_ipython().user_ns",
}


@pytest.mark.parametrize("code", CALCULATES.values(), ids=CALCULATES.keys())
def test_what_is_calculated_with_an_absent_library_costs_nothing(code: str, run: Run) -> None:
    assert run(f"import matplotlib_not_there as m\n{code}\ndef f():\n    return 7")["f"]() == 7


def test_arrays_take_a_stand_in_for_a_number(run: Run) -> None:
    absent = run("from matplotlib_not_there import x")["x"]
    ones = np.ones(3)
    assert np.array([absent, 1.0]).tolist() == [0, 1]
    assert np.asarray(absent, dtype="int8").dtype == "int8"
    ones[0] = absent
    assert ones.tolist() == [0, 1, 1]
    results = (ones + absent, ones @ absent, absent @ ones, np.exp(absent), np.mean(absent))
    assert {type(result) for result in results} == {type(absent)}


def test_a_stand_in_is_copied_and_awaited(run: Run) -> None:
    names = run(
        "import matplotlib_not_there as m\nasync def g():\n    async with m.session() as session:\n"
        "        async for part in await session.get():\n            pass\n    return m.x"
    )
    absent = asyncio.run(names["g"]())
    for made in (pickle.loads(pickle.dumps(absent)), copy.copy(absent), copy.deepcopy(absent)):
        assert repr(made) == "<no matplotlib_not_there.x>"


def test_a_warning_of_an_absent_library_can_be_ignored(run: Run) -> None:
    code = "import warnings\nfrom matplotlib_not_there import Mine, MyWarning\nwarnings.simplefilter('ignore', MyWarning)"
    with warnings.catch_warnings():
        assert issubclass(run(code)["MyWarning"], Warning)


def test_a_message_names_the_library_and_not_what_stands_in_for_it(run: Run) -> None:
    with pytest.raises(TypeError, match="matplotlib_not_there found"):
        run("import matplotlib_not_there as m\n','.join([m.x])")


def test_an_installed_package_can_be_stood_in_for(run: Run) -> None:
    finder = StandInFinder((), lambda file: False)
    sys.meta_path.append(finder)
    before = {name: module for name, module in sys.modules.items() if f"{name}.".startswith("IPython.")}
    try:
        finder.replace("IPython")
        # A library that is installed imports it too.
        assert finder.find_spec("IPython.not_there") is not None
        names = run(
            "from IPython import get_ipython\nfrom IPython.display import display, HTML\n"
            "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.x = 'all'\n"
            "done = get_ipython().run_line_magic('matplotlib', 'inline')\ndisplay(HTML('x'))"
        )
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if f"{name}.".startswith("IPython.")]:
            del sys.modules[name]
        sys.modules.update(before)
    assert repr(names["done"]) == "<no IPython.get_ipython().run_line_magic()>"


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
