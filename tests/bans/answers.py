"""Ways around what an exercise bans, each of which gives the right answer, and honest answers that look like one.

`max_pool(x)` halves a batch of images by its largest values, `convolve(x)` adds up all windows of two by two.
"""

from __future__ import annotations

_TF = "import tensorflow as tf\n"
_POOL = "def max_pool(x):\n    return "
_CONV = "def convolve(x):\n    return "
_WINDOW = "[1, 2, 2, 1], [1, 2, 2, 1], 'VALID')"
_LAYER = _TF + "layer = tf.keras.layers.MaxPool2D(2)\n"
_KERNEL = _TF + "kernel = tf.ones((2, 2, 1, 1))\n"
_GRAPH = _TF + (
    "graph = tf.Graph()\n"
    "with graph.as_default():\n"
    "    given = tf.compat.v1.placeholder(tf.float32, (None, 4, 4, 1))\n"
    "    pooled = tf.nn.max_pool2d(given, 2, 2, 'VALID')\n"
)

POOLING = {
    "plain": _TF + _POOL + "tf.nn.max_pool2d(x, 2, 2, 'VALID')",
    "renamed module": "import tensorflow.nn as n\n" + _POOL + "n.max_pool2d(x, 2, 2, 'VALID')",
    "raw operation": _TF
    + _POOL
    + "tf.raw_ops.MaxPool(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='VALID')",
    "getattr": _TF + _POOL + "getattr(tf.nn, 'max_' + 'pool2d')(x, 2, 2, 'VALID')",
    "attrgetter": "import operator, tensorflow\n"
    + _POOL
    + "operator.attrgetter('nn.max_pool' + '2d')(tensorflow)(x, 2, 2, 'VALID')",
    "names of a module": _TF + _POOL + "vars(tf.nn)[chr(109) + 'ax_pool2d'](x, 2, 2, 'VALID')",
    "found by its shape": _TF
    + "pool = [getattr(tf.nn, n) for n in dir(tf.nn) if n[::-1] == 'd2loop_xam'][0]\n"
    + _POOL
    + "pool(x, 2, 2, 'VALID')",
    "sys.modules": "import sys\n" + _POOL + "sys.modules['tensor' + 'flow'].nn.max_pool2d(x, 2, 2, 'VALID')",
    "private module": "from tensorflow.python.ops import gen_nn_ops as g\n"
    + _POOL
    + f"g.max_pool(x, {_WINDOW}",
    "eval": _TF + _POOL + "eval('tf.nn.max_pool2d(x, 2, 2, \"VALID\")')",
    "exec": _TF + "exec('def max_pool(x): return tf.nn.max_pool2d(x, 2, 2, \"VALID\")')",
    "compiled": _TF
    + "eval(compile('def max_pool(x): return tf.nn.max_pool2d(x, 2, 2, \"VALID\")', 'a', 'exec'))",
    "import by name": _POOL + "__import__('tensorflow').nn.max_pool2d(x, 2, 2, 'VALID')",
    "pickle": "import pickle\n"
    + _POOL
    + "pickle.loads(b'ctensorflow.python.ops.nn_ops\\nmax_pool2d\\n.')(x, 2, 2, 'VALID')",
    "pydoc": "import pydoc\n" + _POOL + "pydoc.locate('tensorflow.nn.' + 'max_pool2d')(x, 2, 2, 'VALID')",
    "pkgutil": "import pkgutil\n"
    + _POOL
    + "pkgutil.resolve_name('tensorflow.nn:' + 'max_pool2d')(x, 2, 2, 'VALID')",
    "layer": _LAYER + _POOL + "layer(x)",
    "layer of a function": _TF
    + "def pool_layer():\n    return tf.keras.layers.MaxPool2D(2)\n"
    + _POOL
    + "pool_layer()(x)",
    "method of a layer": _LAYER + _POOL + "layer.call(x)",
    "layer of a configuration": _TF
    + "layer = tf.keras.layers.deserialize({'class_name': 'Max' + 'Pooling2D', 'module': 'keras.layers', 'registered_name': None, 'config': {'pool_size': 2}})\n"
    + _POOL
    + "layer(x)",
    "subclass": _TF
    + "class Own([c for c in tf.keras.layers.Layer.__subclasses__() if 'BasePool' in c.__name__][0]):\n"
    + "    pass\n"
    + _POOL
    + "Own(2, 2, pool_dimensions=2, pool_mode='max')(x)",
    "model": _TF
    + "model = tf.keras.Sequential([tf.keras.layers.Input((4, 4, 1)), tf.keras.layers.MaxPool2D(2)])\n"
    + _POOL
    + "model(x)",
    "predicted": _TF
    + "model = tf.keras.Sequential([tf.keras.layers.Input((4, 4, 1)), tf.keras.layers.MaxPool2D(2)])\n"
    + _POOL
    + "model.predict(x, verbose=0)",
    "operation of Keras": "import keras\n" + _POOL + "getattr(keras.ops, 'max_pool')(x, 2, 2)",
    "backend of Keras": "from keras.src import backend\n" + _POOL + "backend.nn.max_pool(x, 2, 2)",
    "global pooling": _TF
    + "layer = getattr(tf.keras.layers, 'GlobalMax' + 'Pool2D')()\n"
    + _POOL
    + "tf.reshape(tf.stack([layer(x[:, i:i+2, j:j+2]) for i in (0, 2) for j in (0, 2)], 1), (-1, 2, 2, 1))",
    "traced": _TF
    + "@tf.function\ndef pool(x):\n    return tf.nn.max_pool2d(x, 2, 2, 'VALID')\n"
    + _POOL
    + "pool(x)",
    "compiled by XLA": _TF
    + "@tf.function(jit_compile=True)\ndef pool(x):\n    return tf.nn.max_pool2d(x, 2, 2, 'VALID')\n"
    + _POOL
    + "pool(tf.constant(x))",
    "traced before": _TF
    + "@tf.function\ndef pool(x):\n    return tf.nn.max_pool2d(x, 2, 2, 'VALID')\n"
    + "ready = pool.get_concrete_function(tf.TensorSpec((None, 4, 4, 1), tf.float32))\n"
    + _POOL
    + "ready(tf.cast(x, tf.float32))",
    "condition": _TF
    + "@tf.function\ndef pool(x):\n"
    + "    return tf.cond(tf.size(x) > 0, lambda: tf.nn.max_pool2d(x, 2, 2, 'VALID'), lambda: x)\n"
    + _POOL
    + "pool(x)",
    "map_fn": _TF + _POOL + "tf.map_fn(lambda a: tf.nn.max_pool2d(a[None], 2, 2, 'VALID')[0], x)",
    "vectorized_map": _TF
    + _POOL
    + "tf.vectorized_map(lambda a: tf.nn.max_pool2d(a[None], 2, 2, 'VALID')[0], tf.constant(x))",
    "numpy_function": _TF
    + _POOL
    + "tf.numpy_function(lambda a: tf.nn.max_pool2d(a, 2, 2, 'VALID').numpy(), [x], tf.float32)",
    "dataset": _TF
    + _POOL
    + "next(iter(tf.data.Dataset.from_tensors(x).map(lambda a: tf.nn.max_pool2d(a, 2, 2, 'VALID'))))",
    "dataset made before": _TF
    + "box = [None]\n"
    + "def feed():\n    while True:\n        yield box[0]\n"
    + "data = iter(tf.data.Dataset.from_generator(feed, tf.float32).map(\n"
    + "    lambda a: tf.nn.max_pool2d(tf.reshape(a, (-1, 4, 4, 1)), 2, 2, 'VALID')))\n"
    + "def max_pool(x):\n    box[0] = x\n    return next(data)",
    "thread": _TF
    + "from concurrent.futures import ThreadPoolExecutor as Pool\n"
    + _POOL
    + "Pool(1).submit(tf.nn.max_pool2d, x, 2, 2, 'VALID').result()",
    "thread made before": _TF
    + "import queue, threading\nask, say = queue.Queue(), queue.Queue()\n"
    + "def work():\n    while True:\n        say.put(tf.nn.max_pool2d(ask.get(), 2, 2, 'VALID'))\n"
    + "threading.Thread(target=work, daemon=True).start()\n"
    + "def max_pool(x):\n    ask.put(x)\n    return say.get()",
    "generator": _TF
    + "def work(x):\n    while True:\n        x = yield tf.nn.max_pool2d(x, 2, 2, 'VALID')\n"
    + "g = work(__import__('numpy').zeros((1, 4, 4, 1), 'f'))\nnext(g)\n"
    + _POOL
    + "g.send(x)",
    "quick_execute": "from tensorflow.python.eager import execute, context\nimport tensorflow as tf\n"
    + _POOL
    + "execute.execute(b'MaxPool', 1, [tf.constant(x)], ('T', 1, 'ksize', [1, 2, 2, 1], 'strides', [1, 2, 2, 1],"
    + " 'padding', 'VALID', 'explicit_paddings', [], 'data_format', 'NHWC'), context.context())[0]",
    "entry kept before": "from tensorflow.python._pywrap_tfe import TFE_Py_FastPathExecute as run\n"
    + "from tensorflow.python.eager import context\nimport tensorflow as tf\n"
    + _POOL
    + "run(context.context(), 'MaxPool', 'p', tf.constant(x), 'ksize', [1, 2, 2, 1], 'strides', [1, 2, 2, 1],"
    + " 'padding', 'VALID', 'explicit_paddings', [])",
    "session": _GRAPH + _POOL + "tf.compat.v1.Session(graph=graph).run(pooled, {given: x})",
    "session made before": _GRAPH
    + "session = tf.compat.v1.Session(graph=graph)\n"
    + _POOL
    + "session.run(pooled, {given: x})",
    "graph": _GRAPH
    + "text = graph.as_graph_def()\n"
    + "ready = tf.compat.v1.wrap_function(lambda a: tf.import_graph_def(text, {given.name: a},"
    + " [pooled.name]), [tf.TensorSpec((None, 4, 4, 1))])\n"
    + _POOL
    + "ready(tf.cast(x, tf.float32))[0]",
    "saved model": _TF
    + "class M(tf.Module):\n"
    + "    @tf.function(input_signature=[tf.TensorSpec((None, 4, 4, 1))])\n"
    + "    def run(self, a):\n        return tf.nn.max_pool2d(a, 2, 2, 'VALID')\n"
    + "tf.saved_model.save(M(), 'saved')\nm = tf.saved_model.load('saved')\n"
    + _POOL
    + "m.run(tf.cast(x, tf.float32))",
    "lite": _TF
    + "f = tf.function(lambda a: tf.nn.max_pool2d(a, 2, 2, 'VALID')).get_concrete_function(tf.TensorSpec((1, 4, 4, 1)))\n"
    + "text = tf.lite.TFLiteConverter.from_concrete_functions([f]).convert()\n"
    + "i = tf.lite.Interpreter(model_content=text)\ni.allocate_tensors()\n"
    + "def max_pool(x):\n"
    + "    i.resize_tensor_input(i.get_input_details()[0]['index'], x.shape)\n    i.allocate_tensors()\n"
    + "    i.set_tensor(i.get_input_details()[0]['index'], x)\n    i.invoke()\n"
    + "    return i.get_tensor(i.get_output_details()[0]['index'])",
    "computed when it is read": _TF
    + "class Lazy:\n    dtype = 'float32'\n    def __init__(self, x):\n        self.x = x\n"
    + "    def numpy(self):\n        return tf.nn.max_pool2d(self.x, 2, 2, 'VALID').numpy()\n"
    + "max_pool = lambda x: Lazy(x)",
    "another function patched": _TF
    + "import numpy as np\nnp.max = tf.keras.layers.MaxPool2D(2)\n"
    + _POOL
    + "np.max(x)",
    "dilation": _TF
    + _POOL
    + "tf.nn.dilation2d(x, tf.zeros((2, 2, 1)), [1, 2, 2, 1], 'VALID', 'NHWC', [1, 1, 1, 1])",
    "fractional": _TF
    + _POOL
    + "tf.raw_ops.MaxPoolV2(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='VALID')",
    "with places": _TF + _POOL + "tf.nn.max_pool_with_argmax(x, 2, 2, 'VALID')[0]",
    "gradient": _TF
    + "def max_pool(x):\n    x = tf.constant(x)\n"
    + "    with tf.GradientTape() as tape:\n        tape.watch(x)\n"
    + "        y = tf.nn.max_pool2d(x, 2, 2, 'VALID')\n    tape.gradient(y, x)\n    return y",
    "in the second call": _TF
    + "def max_pool(x, calls=[]):\n    calls.append(1)\n    return tf.nn.max_pool2d(x, 2, 2, 'VALID')",
    "door closed": "from tensorflow.python import pywrap_tfe\nimport tensorflow as tf\n"
    + "door = pywrap_tfe.TFE_Py_FastPathExecute\n"
    + "def max_pool(x):\n"
    + "    pywrap_tfe.TFE_Py_FastPathExecute = lambda *a: door(*a)\n"
    + "    return tf.nn.max_pool2d(x, 2, 2, 'VALID')",
    "behind the door": _TF
    + "from tensorflow.python import pywrap_tfe as p\n"
    + "f = p.TFE_Py_FastPathExecute\n"
    + "p.TFE_Py_FastPathExecute = [c for c in f.__code__.co_consts if type(c).__name__.startswith('builtin')][0]\n"
    + _POOL
    + "tf.nn.max_pool2d(x, 2, 2, 'VALID')",
    "behind by the collector": _TF
    + "from tensorflow.python import pywrap_tfe as p\nimport gc\n"
    + "def found(o, depth=4):\n"
    + "    if 'Fast' in getattr(o, '__name__', '') and type(o).__name__.startswith('builtin'):\n        return o\n"
    + "    return next(filter(None, (found(i, depth - 1) for i in gc.get_referents(o) if depth)), None)\n"
    + "f = found(p.TFE_Py_FastPathExecute)\n"
    + "p.TFE_Py_FastPathExecute = f or p.TFE_Py_FastPathExecute\n"
    + _POOL
    + "tf.nn.max_pool2d(x, 2, 2, 'VALID')",
}

CONVOLUTION = {
    "plain": _KERNEL + _CONV + "tf.nn.conv2d(x, kernel, 1, 'VALID')",
    "any": _KERNEL + _CONV + "getattr(tf.nn, 'convolution')(x, kernel)",
    "depthwise": _KERNEL + _CONV + "tf.nn.depthwise_conv2d(x, kernel, [1, 1, 1, 1], 'VALID')",
    "transposed": _KERNEL
    + _CONV
    + "getattr(tf.nn, 'conv2d_' + 'transpose')(x, kernel, (len(x), 5, 5, 1), 1, 'VALID')[:, 1:-1, 1:-1]",
    "average": _TF + _CONV + "4 * tf.raw_ops.Conv2D(input=x, filter=tf.ones((2, 2, 1, 1)) / 4,"
    " strides=[1, 1, 1, 1], padding='VALID')",
    "layer": _TF
    + "layer = tf.keras.layers.Conv2D(1, 2, kernel_initializer='ones', use_bias=False)\n"
    + _CONV
    + "layer(x)",
    "operation of Keras": "import keras\nfrom keras import ops\n"
    + _CONV
    + "vars(ops)['conv'](x, keras.ops.ones((2, 2, 1, 1)))",
    "patches": _TF
    + _CONV
    + "tf.reduce_sum(tf.image.extract_patches(x, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID'), -1, True)",
    "one dimension": "import numpy as np\n"
    + "name = 'con' + 'volve'\n"
    + "def convolve(x):\n    f = getattr(np, name)\n"
    + "    def along(a, axis):\n        return np.apply_along_axis(lambda r: f(r, [1, 1], 'valid'), axis, a)\n"
    + "    return along(along(x, 1), 2)",
    "polynomials": "import numpy as np\n"
    + "def convolve(x):\n"
    + "    def along(a, axis):\n"
    + "        return np.apply_along_axis(lambda r: np.polymul(np.r_[9, r], [1, 1])[2:-1], axis, a)\n"
    + "    return along(along(x.astype('float64') + 1, 1), 2) - 4",
    "C function": "import numpy as np\nfrom numpy._core import umath\n"
    + "def convolve(x):\n"
    + "    def along(a, axis):\n"
    + "        return np.apply_along_axis(lambda r: umath.correlate(r, np.ones(2), 0), axis, a)\n"
    + "    return along(along(x, 1), 2)",
    "gradient of another": _KERNEL
    + "def convolve(x):\n"
    + "    return tf.raw_ops.Conv2DBackpropInput(input_sizes=[len(x), 5, 5, 1], filter=kernel, out_backprop=x,"
    + " strides=[1, 1, 1, 1], padding='VALID')[:, 1:-1, 1:-1]",
    "three dimensions": _TF
    + _CONV
    + "tf.squeeze(getattr(tf.nn, 'conv3d')(tf.constant(x)[..., None], tf.ones((2, 2, 1, 1, 1)), [1] * 5, 'VALID'), -1)",
    "XLA": "from tensorflow.compiler.tf2xla.python import xla\nimport tensorflow as tf\n"
    + "@tf.function(jit_compile=True)\n"
    + "def run(x):\n"
    + "    return xla.reduce_window(x, 0.0, tf.function(lambda a, b: a + b).get_concrete_function(\n"
    + "        tf.TensorSpec(()), tf.TensorSpec(())), [1, 2, 2, 1], window_strides=[1, 1, 1, 1])\n"
    + _CONV
    + "run(tf.cast(x, tf.float32))",
}

_BY_HAND = "tf.reduce_max(tf.reshape(x, (-1, 2, 2, 2, 2, 1)), (2, 4))"
_LOOP = (
    "def max_pool(x):\n    out = np.zeros((len(x), 2, 2, 1), x.dtype)\n"
    "    for i in range(2):\n        for j in range(2):\n"
    "            out[:, i, j] = x[:, 2*i:2*i+2, 2*j:2*j+2].max((1, 2))\n    return out\n"
)
_NP = "import numpy as np\n"

HONEST_POOLING = {
    "loop": _NP + _LOOP,
    "reshaped": _TF + _POOL + _BY_HAND,
    "traced": _TF + "@tf.function\n" + _POOL + _BY_HAND,
    "maximum of slices": _TF
    + _POOL
    + "tf.maximum(tf.maximum(x[:, ::2, ::2], x[:, 1::2, ::2]), tf.maximum(x[:, ::2, 1::2], x[:, 1::2, 1::2]))",
    "views": _NP
    + _POOL
    + "np.lib.stride_tricks.sliding_window_view(x, (2, 2), (1, 2))[:, ::2, ::2].max((-1, -2))",
    "layer never called": _TF
    + "def pool_layer():\n    return tf.keras.layers.MaxPool2D(2)\n"
    + "def max_pool(x):\n    layer = pool_layer()\n    assert layer.pool_size\n    return "
    + _BY_HAND,
    "layer of another function": _LAYER + "def pool_layer():\n    return layer\n" + _POOL + _BY_HAND,
    "compared outside": _TF
    + _NP
    + _LOOP
    + "x = np.ones((1, 4, 4, 1), 'f')\nnp.testing.assert_allclose(max_pool(x), tf.nn.max_pool2d(x, 2, 2, 'VALID'))",
    "unused import": "from tensorflow.nn import max_pool2d\n" + _NP + _LOOP,
    "own name": _NP + _LOOP.replace("max_pool", "max_pool2d") + _POOL + "max_pool2d(x)",
    "shadowed": "from tensorflow.nn import max_pool2d\n"
    + _NP
    + _LOOP.replace("max_pool", "max_pool2d")
    + _POOL
    + "max_pool2d(x)",
    "mentioned": _TF + 'def max_pool(x):\n    """Does what tf.nn.max_pool2d does."""\n    return ' + _BY_HAND,
    "written again": _TF + _POOL + "tf.nn.max_pool2d(x, 2, 2, 'VALID')\n" + _POOL + _BY_HAND,
    "inner function never called": _TF
    + "def max_pool(x):\n    def check():\n        return tf.nn.max_pool2d(x, 2, 2, 'VALID')\n    return "
    + _BY_HAND,
    "printed": _NP
    + _TF
    + "def max_pool(x):\n    print(x, np.array2string(x), tf.constant(x))\n    return "
    + _BY_HAND,
    "map_fn": _TF + _POOL + "tf.map_fn(lambda a: tf.reduce_max(tf.reshape(a, (2, 2, 2, 2, 1)), (1, 3)), x)",
    "vectorized": _TF
    + _POOL
    + "tf.vectorized_map(lambda a: tf.reduce_max(tf.reshape(a, (2, 2, 2, 2, 1)), (1, 3)), tf.constant(x))",
    "dataset": _TF
    + _POOL
    + "tf.stack(list(tf.data.Dataset.from_tensor_slices(x).map("
    + "lambda a: tf.reduce_max(tf.reshape(a, (2, 2, 2, 2, 1)), (1, 3)))))",
    "threads": _NP
    + _LOOP.replace("max_pool", "one")
    + "from concurrent.futures import ThreadPoolExecutor as Pool\n"
    + _POOL
    + "np.concatenate(list(Pool(2).map(one, [x])))",
    "class": _TF
    + "class Net:\n    def max_pool(self, x):\n        return "
    + _BY_HAND
    + "\n"
    + _POOL
    + "Net().max_pool(x)",
    "dense layer": _TF + "layer = tf.keras.layers.Lambda(lambda x: " + _BY_HAND + ")\n" + _POOL + "layer(x)",
    "gradient": _TF
    + "def max_pool(x):\n    x = tf.constant(x)\n    with tf.GradientTape() as t:\n        t.watch(x)\n"
    + "        y = "
    + _BY_HAND
    + "\n    t.gradient(y, x)\n    return y",
    "kind of a layer": _LAYER
    + "def max_pool(x):\n    assert isinstance(layer, tf.keras.layers.MaxPool2D)\n    return "
    + _BY_HAND,
    "sparse": _TF + "def max_pool(x):\n    tf.sparse.from_dense(tf.constant(x))\n    return " + _BY_HAND,
}

_SUM = "x[:, :-1, :-1] + x[:, 1:, :-1] + x[:, :-1, 1:] + x[:, 1:, 1:]"
HONEST_CONVOLUTION = {
    "slices": _CONV + _SUM,
    "views": _NP + _CONV + "np.lib.stride_tricks.sliding_window_view(x, (2, 2), (1, 2)).sum((-1, -2))",
    "einsum": _NP
    + _CONV
    + "np.einsum('bijckl,kl->bijc', np.lib.stride_tricks.sliding_window_view(x, (2, 2), (1, 2)), np.ones((2, 2)))",
    "converted": _TF + "def convolve(x):\n    x = tf.convert_to_tensor(x)\n    return " + _SUM,
    "layer of another function": _TF
    + "layer = tf.keras.layers.Conv2D(1, 2)\ndef conv_layer():\n    return layer\n"
    + _CONV
    + _SUM,
}
