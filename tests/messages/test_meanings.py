"""What exceptions mean, each row of the table by the real exception."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from grader.checks.assertions import assert_layer, assert_tensor
from grader.errors import CheckFailed, SubmissionError
from grader.messages.meanings import _MEANINGS, meaning_of
from grader.messages.sentences import explain, languages, text
from grader.model import Limits, RunnerSettings
from grader.runner.call import Call
from grader.runner.frames import with_code
from grader.runner.process import SandboxedRunner
from tests.support.fakes import FakeRunner, source_of
from tests.support.sandbox import needs_sandbox

NUMPY = [
    ("np.ones((2, 3)) + np.ones((2, 4))", "broadcast"),
    ("np.ones((2, 3)) * np.ones(2)", "broadcast"),
    ("np.broadcast_arrays(np.ones(2), np.ones(3))", "broadcast"),
    ("np.ones((4, 2, 3)) @ np.ones((5, 3, 2))", "broadcast"),
    ("a = np.zeros((2, 2)); a[0] = np.ones(3)", "broadcast_into"),
    ("a = np.zeros(3); a += np.ones((2, 3))", "broadcast_into"),
    ("np.ones((2, 3)) @ np.ones((2, 3))", "matmul"),
    ("np.dot(np.ones((2, 3)), np.ones((2, 3)))", "matmul"),
    ("np.arange(36).reshape(1, 4, 4, 2)", "reshape"),
    ("np.arange(36).reshape(5, -1)", "reshape"),
    ("np.concatenate([np.ones((2, 3)), np.ones((2, 4))])", "concatenate"),
    ("np.stack([np.ones(3), np.ones(4)])", "stack"),
    ("np.array([[1, 2], [3]])", "ragged"),
    ("np.ones((2, 3)).max(axis=2)", "axis"),
    ("np.sum(np.ones((2, 3)), axis=(1, -3))", "axis"),
    ("np.ones(3)[6 / 2]", "index_number"),
    ("np.ones(3)[6 / 2:]", "index_number"),
    ("for i in range(6 / 2): pass", "index_number"),
    ("np.zeros((3.0, 2))", "index_number"),
    ("rows = [1, 2, 3]; rows[6 / 2]", "index_number"),
    ("[1, 2, 3][:6 / 2]", "index_number"),
    ("rows = [[1, 2], [3, 4]]; rows[0, 1]", "list_index"),
    ("np.ones((2, 3))[0, 0, 0]", "too_many_indices"),
    ("np.ones((2, 3)).shape[2]", "tuple_index"),
    ("[1, 2][2]", "index"),
    ("np.ones((2, 3))[0, 3]", "index"),
    ("s = np.ones((2, 3)).shape; s[0] = 1", "tuple_assignment"),
    ("np.broadcast_to(np.ones(2), (3, 2))[0] = 1", "read_only"),
    ("x = np.broadcast_to(np.ones(2), (3, 2)); x += 1", "read_only"),
    ("[1, 2].shape", "list_array"),
    ("[1, 2].reshape(2, 1)", "list_array"),
    ("[1, 2] * 0.5", "sequence_times"),
    ("[1].append(2).shape", "none"),
    ("x = None; x[0]", "none"),
    ("None + 1", "none"),
    ("1 * None", "none"),
    ("np.ones(2) + None", "none"),
    ("len(None)", "none"),
    ("None < 1", "none"),
    ("for i in None: pass", "none"),
    ("np.ones(3)(0)", "not_callable"),
    ("x = 2; x(3)", "not_callable"),
    ("np.zeros[3]", "not_subscriptable"),
    ("f[0]", "not_subscriptable"),
    ("if np.ones(2) > 0: pass", "truth"),
    ("max(np.ones(2), np.zeros(2))", "truth"),
    ("np.zeros(2, dtype=np.uint8) + 300", "integer_range"),
    ("np.uint8(-1)", "integer_range"),
    ("class A:\n    def m(self): pass\nA.m()", "object_wanted"),
    ("x = 1\ndef g():\n    x += 1\ng()", "unbound_local"),
    ("def g(a): pass\ng(1, 2)", "arguments"),
    ("def g(a): pass\ng()", "arguments"),
    ("def g(self): pass\ng()", "arguments"),
    ("def g(a): pass\ng(b=1)", "arguments"),
    ("plt.show()", "library"),
    ("nmupy = 1; print(numpi)", "name"),
    ("kernel = 1; print(kernal)", "near"),
    ("np.maximun(1, 2)", "near"),
    ("prnt(1)", "near"),
]
FILES = [
    ("def f():\n    if True:\n\treturn 1", "tabs"),
    ("def f():\nreturn 1", "block_empty"),
    ("x = 1\n    y = 2", "indent_more"),
    ("def f():\n        x = 1\n    return x", "indent_none"),
    ("x = (1 + 2\ny = 3", "bracket_open"),
    ("x = 'abc\ny = 3", "quote_open"),
    ("x = '''abc\ny = 3", "quote_open"),
    ("x = 1\nreturn x", "return_outside"),
]
TENSORFLOW = [
    ("tf.ones((2, 3)) + tf.ones((2, 4))", "broadcast"),
    ("tf.maximum(tf.ones((2, 3)), tf.ones((2, 4)))", "broadcast"),
    ("tf.ones((2, 3)) @ tf.ones((2, 3))", "matmul"),
    ("tf.matmul(tf.ones((2, 3)), tf.ones((2, 3)))", "matmul"),
    ("tf.reshape(tf.ones(36), (1, 4, 4, 2))", "reshape"),
    ("tf.reduce_max(tf.ones((2, 3)), axis=2)", "axis"),
    ("tf.ones(3)[6 / 2]", "index_number"),
    ("x = tf.zeros(3); x[0] = 1", "tensor_assignment"),
    ("tf.zeros(3).reshape(3, 1)", "tensor_method"),
    ("tf.zeros(3).astype('int32')", "tensor_method"),
    ("if tf.ones(2) > 0: pass", "truth"),
    ("tf.ones(2) + tf.ones(2, tf.int32)", "mixed_dtypes"),
    ("tf.keras.layers.Conv2D(1, 2)(tf.ones((4, 4, 1)))", "image_axes"),
    ("tf.keras.layers.MaxPool2D()(np.ones((4, 4)))", "image_axes"),
    ("tf.keras.layers.Conv2D(3)", "arguments"),
    ("tf.concat([tf.ones((2, 3)), tf.ones((2, 4))], 0)", "concatenate"),
    ("tf.stack([tf.ones(3), tf.ones(4)])", "stack"),
    ("tf.constant([[1, 2], [3]])", "ragged"),
    ("tf.ones(3)[4]", "index"),
    ("tf.ones((2, 3))[0, 0, 0]", "too_many_indices"),
    ("tf.keras.layers.Conv2D(1, 2)(tf.ones((1, 4, 4, 1), tf.int32))", "mixed_dtypes"),
    ("tf.keras.layers.Conv2D(1, 2)(np.arange(16).reshape(1, 4, 4, 1))", "mixed_dtypes"),
    ("tf.sqrt(tf.ones(2, tf.int32))", "float_wanted"),
    ("tf.matmul(tf.ones((2, 3)), tf.ones((3, 2), tf.int32))", "mixed_dtypes"),
    ("tf.keras.Sequential([tf.keras.layers.Conv2D(1, 2)])(tf.ones((4, 4, 1)))", "image_axes"),
]
TORCH = [
    ("torch.ones(2, 3) + torch.ones(2, 4)", "RuntimeError", "broadcast"),
    ("torch.ones(2, 3) @ torch.ones(2, 3)", "RuntimeError", "matmul"),
    ("torch.bmm(torch.ones(1, 2, 3), torch.ones(1, 2, 3))", "RuntimeError", "matmul"),
    ("torch.nn.Linear(2, 2)(torch.ones(3, 3))", "RuntimeError", "matmul"),
    ("torch.ones(2, 3).reshape(4)", "RuntimeError", "reshape"),
    ("torch.ones(2).view(3)", "RuntimeError", "reshape"),
    ("torch.cat([torch.ones(2, 3), torch.ones(3, 4)])", "RuntimeError", "concatenate"),
    ("torch.stack([torch.ones(2), torch.ones(3)])", "RuntimeError", "stack"),
    ("torch.tensor([[1, 2], [3]])", "ValueError", "ragged"),
    ("torch.ones(2).sum(dim=1)", "IndexError", "axis"),
    ("torch.ones(2)[3]", "IndexError", "index"),
    ("torch.ones(2)[0, 1]", "IndexError", "too_many_indices"),
    ("bool(torch.ones(2) > 0)", "RuntimeError", "truth_tensor"),
    ("torch.ones(2) @ torch.ones(2, dtype=torch.float64)", "RuntimeError", "torch_dtypes"),
    ("torch.ones(2, 2) @ torch.ones(2, 2, dtype=torch.int64)", "RuntimeError", "torch_dtypes"),
    ("torch.nn.Linear(2, 2)(torch.ones(1, 2).double())", "RuntimeError", "torch_dtypes"),
    ("torch.tensor([1, 2]).mean()", "RuntimeError", "torch_float"),
    ("torch.ones(2, dtype=torch.int64, requires_grad=True)", "RuntimeError", "torch_float"),
    ("torch.exp(2)", "TypeError", "torch_number"),
    ("torch.ones(2).sum().backward()", "RuntimeError", "torch_no_grad"),
    (
        "w = torch.ones(2, requires_grad=True); y = w.exp().sum(); y.backward(); y.backward()",
        "RuntimeError",
        "torch_twice",
    ),
    ("w = torch.ones(2, requires_grad=True); w += 1", "RuntimeError", "torch_leaf"),
    ("w = torch.ones(2, requires_grad=True); w[0] = 1", "RuntimeError", "torch_leaf"),
    (
        "y = torch.ones(2, requires_grad=True).exp(); y += 1; y.sum().backward()",
        "RuntimeError",
        "torch_in_place",
    ),
    ("torch.ones(2, requires_grad=True).backward()", "RuntimeError", "gradient_of_one"),
    ("torch.nn.Module()(1)", "NotImplementedError", "torch_forward"),
    (
        "class Net(torch.nn.Module):\n    def __init__(self): self.a = torch.nn.Linear(1, 1)\nNet()",
        "AttributeError",
        "torch_init",
    ),
    ("torch.nn.Conv2d(3, 4, 3)(torch.ones(1, 1, 8, 8))", "RuntimeError", "torch_channels"),
    ("torch.nn.functional.cross_entropy(torch.ones(2, 2), torch.ones(2))", "RuntimeError", "torch_targets"),
    (
        "torch.nn.functional.cross_entropy(torch.ones(2, 2), torch.tensor([0, 5]))",
        "IndexError",
        "torch_target_range",
    ),
    ("torch.optim.SGD([], lr=1)", "ValueError", "torch_no_parameters"),
]
JAX = [
    ("jnp.ones((2, 3)) + jnp.ones((2, 4))", "TypeError", "broadcast"),
    ("jnp.broadcast_arrays(jnp.ones(2), jnp.ones(3))", "ValueError", "broadcast"),
    ("jnp.ones((2, 3)) @ jnp.ones((2, 3))", "TypeError", "matmul"),
    ("jnp.ones((2, 3)).reshape(4)", "TypeError", "reshape"),
    ("jnp.concatenate([jnp.ones((2, 3)), jnp.ones((3, 4))])", "TypeError", "concatenate"),
    ("jnp.stack([jnp.ones(2), jnp.ones(3)])", "ValueError", "stack"),
    ("jnp.ones(2).sum(axis=1)", "ValueError", "axis"),
    ("jnp.ones(2)[0, 1]", "IndexError", "too_many_indices"),
    ("bool(jnp.ones(2) > 0)", "ValueError", "truth"),
    ("jax.grad(lambda x: x)(jnp.ones(2))", "TypeError", "gradient_of_one"),
    ("jax.jit(lambda x: 1 if x > 0 else 2)(1.0)", "TracerBoolConversionError", "jax_traced"),
    ("jax.jit(lambda x: np.sin(x))(1.0)", "TracerArrayConversionError", "jax_traced"),
    ("jax.jit(lambda x: x[x > 0])(jnp.ones(2))", "NonConcreteBooleanIndexError", "jax_traced"),
    ("jax.grad(lambda x: float(x))(1.0)", "ConcretizationTypeError", "jax_traced"),
    (
        "kept = []; jax.jit(lambda x: (kept.append(x), x)[1])(1.0); kept[0] + 1",
        "UnexpectedTracerError",
        "jax_leaked",
    ),
]
"""What raises, of which type, and what is said of it."""


def meant(error: SubmissionError) -> str | None:
    """Return which sentence is said of an exception."""
    why = error.explanation
    found = meaning_of(why.key, why.values)
    return None if found is None else found[0].removeprefix("meaning.")


def file_with(code: str) -> str:
    body = "\n".join(f"    {line}" for line in code.splitlines())
    return f"import numpy as np\ndef f():\n{body}\n"


def met(code: str) -> str | None:
    session = FakeRunner().open(source_of(file_with(code)), Limits())
    try:
        with pytest.raises(SubmissionError) as caught:
            session.call(Call("f"))
    finally:
        session.close()
    error = caught.value
    lines = file_with(code).splitlines()
    error.explanation = with_code(error.explanation, error.frames, lambda _, line: lines[line - 1])
    return meant(error)


@pytest.mark.parametrize(("code", "key"), NUMPY)
def test_what_is_said_of_an_exception_of_pythons_and_numpys(code: str, key: str) -> None:
    assert met(code) == key


@pytest.mark.parametrize(("code", "key"), FILES)
def test_what_is_said_of_a_file_that_is_no_python(code: str, key: str) -> None:
    session = FakeRunner().open(source_of(code), Limits())
    (failure,) = session.loaded.failures
    session.close()
    found = meaning_of(failure.explanation.key, failure.explanation.values)
    assert found == (f"meaning.{key}", {})


@needs_sandbox
def test_what_is_said_of_an_exception_of_tensorflows_and_keras() -> None:
    body = "\n".join(
        file_with(code).split("\n", 1)[1].replace("def f()", f"def f{number}()")
        for number, (code, _) in enumerate(TENSORFLOW)
    )
    source = source_of(f"import numpy as np\nimport tensorflow as tf\n{body}")
    said, messages = [], []
    with SandboxedRunner(RunnerSettings(), slot=904) as runner:
        session = runner.open(source, Limits(load_seconds=60, cpu_seconds=120))
        for number in range(len(TENSORFLOW)):
            with pytest.raises(SubmissionError) as caught:
                session.call(Call(f"f{number}"))
            said.append((TENSORFLOW[number][0], meant(caught.value)))
            messages.append(str(caught.value.explanation.values.get("message")))
        session.close()
    assert said == TENSORFLOW
    # Nothing of what the library writes for its own people.
    unwanted = (
        "Exception encountered",
        "Arguments received",
        "[Op:",
        "function_node",
        "\ufffd",
        "NodeDef",
        "/",
    )
    assert [message for message in messages if any(sign in message for sign in unwanted)] == [
        "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors are valid "
        "indices, got 3.0"
    ]


@pytest.mark.parametrize(("library", "cases"), [("torch", TORCH), ("jax", JAX)])
def test_what_is_said_of_an_exception_of_another_librarys(
    library: str, cases: list[tuple[str, str, str]]
) -> None:
    names = {library: pytest.importorskip(library), "np": np}
    if library == "jax":
        names["jnp"] = names["jax"].numpy
    said = []
    for code, _, _ in cases:
        with pytest.raises(Exception) as caught:  # noqa: PT011  # which one is compared below
            exec(code, dict(names))
        kind = type(caught.value).__name__
        found = meaning_of("submission.raised", {"type": kind, "message": str(caught.value)})
        said.append((code, kind, "" if found is None else found[0].removeprefix("meaning.")))
    assert said == cases


TOLD = [
    (
        "RuntimeError",
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
        "broadcast",
    ),
    ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (1x3 and 2x2)", "matmul"),
    ("RuntimeError", "mat1 and mat2 must have the same dtype, but got Double and Float", "torch_dtypes"),
    (
        "RuntimeError",
        "element 0 of tensors does not require grad and does not have a grad_fn",
        "torch_no_grad",
    ),
    ("NotImplementedError", 'Module [Net] is missing the required "forward" function', "torch_forward"),
    ("AttributeError", "cannot assign module before Module.__init__() call", "torch_init"),
    ("IndexError", "Target 5 is out of bounds.", "torch_target_range"),
    ("TypeError", "add got incompatible shapes for broadcasting: (2, 3), (2, 4).", "broadcast"),
    (
        "TracerBoolConversionError",
        "Attempted boolean conversion of traced array with shape bool[].",
        "jax_traced",
    ),
]


@pytest.mark.parametrize(("kind", "message", "key"), TOLD)
def test_what_is_said_where_the_library_is_not_installed(kind: str, message: str, key: str) -> None:
    assert meaning_of("submission.raised", {"type": kind, "message": message}) == (f"meaning.{key}", {})


SILENT = [
    "raise ValueError('operands could not be broadcast together with shapes')",
    "raise IndexError('tuple index out of range')",
    "if True: raise IndexError('tuple index out of range')",
    "def g(x):\n    raise ValueError('operands could not be broadcast together')\ng(1)",
    "assert None",
    "'a'.append('b')",
    "1 / 0",
    "{}['a']",
    "int('a')",
    "np.int64(1).absent",
    "class A:\n    pass\nA().m",
]
"""What has no sentence of this kind: what it means is the student's own, or plain."""


@pytest.mark.parametrize("code", SILENT)
def test_where_no_sentence_is_true_for_certain_there_is_none(code: str) -> None:
    assert met(code) is None


@pytest.mark.parametrize("language", languages())
def test_every_row_has_its_sentence_and_its_test(language: str) -> None:
    keys = {key for key, _, _ in _MEANINGS}
    tested = {case[-1] for cases in (NUMPY, FILES, TENSORFLOW, TORCH, JAX) for case in cases}
    assert keys - tested == set()
    for key in keys:
        assert text(f"meaning.{key}", language)


@pytest.mark.parametrize("name", ["np", "tf", "keras", "plt", "pd"])
def test_a_name_that_stands_for_a_library_is_told_with_its_import(name: str) -> None:
    values = {"type": "NameError", "message": f"name '{name}' is not defined"}
    found = meaning_of("submission.raised", values)
    assert found is not None
    line = ast.parse(found[1]["line"]).body[0]
    assert isinstance(line, ast.Import)
    assert name in (line.names[0].asname, line.names[0].name)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "A function gives `None` where it ends without `return`."),
        ([[1, 2], [3]], "A list is no tensor."),
    ],
)
def test_what_is_said_of_a_value_that_is_no_tensor(value: object, said: str) -> None:
    with pytest.raises(CheckFailed) as caught:
        assert_tensor(value, np.ones((2, 2)))
    assert f".\n{said}" in explain(caught.value.explanation, "en")
    with pytest.raises(CheckFailed) as caught:
        assert_layer(value, "Conv2D")
    # Where no tensor is wanted, it is no help to know how one is made of a list.
    assert (said in explain(caught.value.explanation, "en")) is (value is None)


def test_a_class_and_a_function_in_place_of_what_they_give_are_told() -> None:
    code = "class Layer: pass\ndef f(): return Layer\ndef g(): return g\n"
    session = FakeRunner().open(source_of(code), Limits())
    values = [session.call(Call(name)).value for name in "fg"]
    session.close()
    for value, said in zip(values, ("That is a class,", "That is a function,"), strict=True):
        with pytest.raises(CheckFailed) as caught:
            assert_layer(value, "Conv2D")
        assert said in explain(caught.value.explanation, "en")
