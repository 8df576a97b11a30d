"""Notebooks as students hand them in: a right answer among cells that a grader cannot, or need not, execute.

The other cells are of the kinds that public notebooks are full of. Each notebook is to get all points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.answers.notebook import write_notebook

__all__ = ["REAL_NOTEBOOKS", "write_class"]

_IMPORTS = "import numpy as np\nimport tensorflow as tf"
_ANSWER = '''def max_pool(x):
    """The largest of each window."""
    rows, columns = x.shape[1] // SIZE, x.shape[2] // SIZE
    out = np.zeros((1, rows, columns, 1), x.dtype)
    for i in range(rows):
        for j in range(columns):
            out[0, i, j, 0] = x[0, SIZE * i : SIZE * i + SIZE, SIZE * j : SIZE * j + SIZE, 0].max()
    return out


def pool_layer():
    return tf.keras.layers.MaxPool2D((2, 2))'''
_SIZE = f"SIZE = 2\n{_ANSWER}"

REAL_NOTEBOOKS: Mapping[str, Sequence[str]] = {
    "colab": (
        "from google.colab import drive, files\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive",
        f"!pip install -q tensorflow-addons\nimport tensorflow_addons as tfa, numpy as np\n{_IMPORTS}",
        "import os\nos.chdir('/content/drive/MyDrive/homework')",
        _SIZE,
        "files.download('ex03.ipynb')",
    ),
    "one_import_cell": (
        "import numpy as np, torch, tensorflow as tf\nfrom numpy import array, no_such_name, zeros\n"
        "from tensorflow.keras.layers.experimental import preprocessing\nimport wandb\n"
        "from utils_of_our_course import *\nSIZE = 2",
        _ANSWER.replace("np.zeros", "zeros"),
    ),
    "version_and_gpu": (
        "import sys\nassert sys.version_info < (3, 8), 'an old Python'\nimport tensorflow as tf\n"
        "assert tf.__version__.startswith('1.'), tf.__version__\n"
        "if not tf.test.is_gpu_available():\n    raise SystemError('no GPU')\nimport numpy as np\nSIZE = 2",
        _ANSWER,
    ),
    "downloads": (
        _IMPORTS,
        "(train, labels), (test, _) = tf.keras.datasets.fashion_mnist.load_data()\ntrain = train / 255.0",
        "import urllib.request\nurllib.request.urlretrieve('https://example.org/a.zip', 'a.zip')",
        "import zipfile\nzipfile.ZipFile('a.zip').extractall()",
        _SIZE,
        "images = open('data.csv').read()\nshow(images)",
        "print(max_pool(train[:1, :, :, None]).shape)",
    ),
    "training_loop": (
        f"{_IMPORTS}\nimport time",
        _SIZE,
        "history = []\nfor epoch in range(10 ** 6):\n    history.append(np.random.rand(500, 500) @ np.ones(500))",
        "print(history[-1])\nplot(history)",
        "while True:\n    time.sleep(1)",
        "for step in range(10 ** 9):\n    loss = step ** 0.5",
    ),
    "asks": (
        "name = input('Your name: ')\nsize = int(input())",
        f"{_IMPORTS}\nSIZE = 2",
        "while True:\n    try:\n        size = int(input('size? '))\n        break\n    except Exception:\n        print('again')",
        _ANSWER,
    ),
    "ends_the_kernel": (f"{_IMPORTS}\nimport os", _SIZE, "print('done')\nexit()", "quit()", "os._exit(1)"),
    "ends_before": ("import sys\nsys.exit('restart the runtime')", _IMPORTS, _SIZE),
    "kills": (
        f"{_IMPORTS}\nimport os, signal, ctypes",
        "!pip install numpy==1.19\nos.kill(os.getpid(), 9)",
        _SIZE,
        "get_ipython().kernel.do_shutdown(True)",
        "ctypes.string_at(0)",
        "os.abort()",
    ),
    "command_line": (
        f"{_IMPORTS}\nimport argparse",
        "parser = argparse.ArgumentParser()\nparser.add_argument('--epochs', type=int, required=True)\n"
        "args = parser.parse_args()\nprint(args.epochs)",
        _SIZE,
        "if __name__ == '__main__':\n    main(args)",
    ),
    "processes": (
        f"{_IMPORTS}\nfrom multiprocessing import Pool\nimport subprocess",
        "with Pool(4) as pool:\n    print(pool.map(abs, [-1, 2]))",
        "subprocess.run(['nvidia-smi'], check=True)",
        _SIZE,
    ),
    "plots": (
        f"{_IMPORTS}\nimport matplotlib.pyplot as plt\nimport seaborn as sns\n%matplotlib inline",
        "plt.style.use('seaborn-v0_8-whitegrid')\nfig, axes = plt.subplots(2, 3)",
        _SIZE,
        "for ax, image in zip(axes.flat, images):\n    ax.imshow(image)\nplt.show()",
        "from IPython.display import clear_output, Image\nclear_output()\nImage('pool.png')",
    ),
    "tensorboard": (
        f"%load_ext tensorboard\n{_IMPORTS}",
        "board = tf.keras.callbacks.TensorBoard('logs')\n%tensorboard --logdir logs",
        "%%writefile notes.txt\nnothing of importance",
        _SIZE,
        "%%bash\nls -la",
    ),
    "half_a_cell": (
        _IMPORTS,
        f"{_SIZE}\nx = np.arange(36).reshape(1, 6, 6, 1)\nassert (max_pool(x) == answer_of_the_lecture).all()\n"
        "model = build(x)\nmodel.fit(x)",
        "model.evaluate(x)",
    ),
    "below_an_error": (
        f"{_IMPORTS}\ndata = np.load('train.npz')\nSIZE = 2\n\n{_ANSWER}\n\nprint(max_pool(data['x']))",
    ),
    "no_python": (_IMPORTS, "def notes(\n    the window moves by its own size", _SIZE, "print 'done'"),
    "memory": (
        _IMPORTS,
        "everything = np.ones((200000, 200000))",
        _SIZE,
        "kept = []\nwhile True:\n    kept.append(np.ones(1 << 20))",
    ),
    "deep": (_IMPORTS, "def deeper(n):\n    return deeper(n + 1)\ndeeper(0)", _SIZE),
}
"""Each notebook's name -> its cells."""


def write_class(folder: Path) -> list[Path]:
    """Write these notebooks as a class of students hands them in, and return their paths."""
    paths = []
    for name, cells in REAL_NOTEBOOKS.items():
        path = folder / name / "ex03.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(write_notebook(cells), encoding="utf-8")
        paths.append(path)
    return paths
