"""PyTorch, where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from grader.checks.assertions import assert_layer, assert_unchanged
from grader.checks.remote import RemoteCode, RemoteLayer
from grader.checks.tensors import as_torch, compare, dtype_name
from grader.errors import CheckFailed
from grader.model import Limits, RunnerSettings, Source
from grader.runner.inside import torch as answers
from grader.runner.local import LocalCaller
from grader.runner.process import SandboxedRunner
from tests.support.fakes import source_of
from tests.support.sandbox import needs_sandbox

torch: Any = pytest.importorskip("torch")


def code_of(tensors: Any = "numpy", **functions: Any) -> RemoteCode:
    """Return functions as a check meets them."""
    return RemoteCode(LocalCaller(functions, tensors=tensors))


def test_a_tensor_arrives_whatever_hangs_on_it() -> None:
    weights = torch.ones(3, requires_grad=True)
    (weights * weights).sum().backward()
    made = [
        (weights, [1, 1, 1], "float32"),
        (weights.grad, [2, 2, 2], "float32"),
        (torch.eye(2).to_sparse(), [[1, 0], [0, 1]], "float32"),
        (torch.tensor([1 + 2j]).conj(), [1 - 2j], "complex64"),
        (torch.tensor([0.5]).to(torch.bfloat16), [0.5], "bfloat16"),
        (torch.tensor([2.0]).to(torch.float8_e5m2), [2], "float8_e5m2"),
        (torch.arange(4).reshape(2, 2).T, [[0, 2], [1, 3]], "int64"),
        (torch.tensor(True), True, "bool"),
    ]
    arrived = code_of(f=lambda: [tensor for tensor, _, _ in made]).f()
    assert [(array.tolist(), dtype_name(array.dtype)) for array in arrived] == [
        (values, name) for _, values, name in made
    ]


def test_a_dtype_is_asked_for_by_its_librarys_name() -> None:
    code = code_of(f=lambda: torch.ones(2, dtype=torch.bfloat16))
    assert compare(code.f(), np.ones(2), dtype="bfloat16") is None
    difference = compare(code.f(), np.ones(2, np.float32), dtype="same")
    assert difference is not None
    assert (difference.actual.dtype, difference.expected.dtype) == ("bfloat16", "float32")


def test_what_says_what_a_tensor_is_like_is_plain() -> None:
    tensor = torch.ones(1, 2)
    assert code_of(f=lambda: (tensor.shape, tensor.dtype, tensor.device)).f() == (
        (1, 2),
        "torch.float32",
        "cpu",
    )


def test_an_exercise_says_that_arrays_are_tensors() -> None:
    def kinds(*values: Any, **named: Any) -> list[str]:
        return [type(value).__name__ for value in [*values, *named.values(), values[0][0]]]

    assert code_of("torch", f=kinds).f([np.zeros(2)], np.zeros(2), "a", x=np.ones(1)) == [
        "list",
        "Tensor",
        "str",
        "Tensor",
        "Tensor",
    ]
    assert code_of(f=kinds).f([as_torch([1])], np.zeros(2)) == ["list", "ndarray", "Tensor"]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "int8", "bool", "complex64"])
def test_a_check_says_of_which_dtype_a_tensor_is(dtype: str) -> None:
    code = code_of(f=lambda x: (x.dtype, x.tolist()))
    assert code.f(as_torch([[1, 0]], dtype)) == (f"torch.{dtype}", [[1, 0]])


def test_a_tensor_of_the_authors_own_is_one_for_the_student() -> None:
    assert code_of(f=lambda x: (type(x).__name__, x + 1)).f(torch.ones(2))[0] == "Tensor"


@pytest.mark.parametrize(
    "given", [np.zeros(3, np.float32), as_torch(np.zeros(3)), as_torch(np.zeros(3), "bfloat16")]
)
def test_a_tensor_that_is_changed_in_place_is_found(given: Any) -> None:
    code = code_of("torch", good=lambda x: x + 1, bad=lambda x: x.add_(1))
    code.good(given)
    assert_unchanged(code)
    code.bad(given)
    with pytest.raises(CheckFailed):
        assert_unchanged(code)


class Net(torch.nn.Module):  # type: ignore[misc]  # the package may be absent
    """A small network."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Linear(3, 4)
        self.rest = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.Linear(4, 2, bias=False))

    def forward(self, x: Any) -> Any:
        return self.rest(self.first(x))


def test_a_module_stays_is_called_and_is_described() -> None:
    code = code_of("torch", make=Net, outputs=lambda net, x: net(x))
    net = code.make()
    assert isinstance(net, RemoteLayer)
    net.eval()
    x = np.ones((5, 3), np.float32)
    assert np.array_equal(net(x), code.outputs(net, x))
    description = net.describe((None, 3))
    assert (description.class_name, description.parameters, description.output_shape) == (
        "Net",
        24,
        (None, 2),
    )
    assert [weight.shape for weight in description.weights] == [(4, 3), (4,), (2, 4)]
    assert description.weight_names == ("first.weight", "first.bias", "rest.1.weight")
    assert [layer.name for layer in description.layers] == ["first", "rest"]
    assert assert_layer(net.first, "Linear", in_features=3, out_features=4).parameters == 16


def test_a_description_changes_nothing() -> None:
    net = torch.nn.Sequential(torch.nn.BatchNorm1d(3), torch.nn.Dropout())
    state = torch.get_rng_state()
    assert answers.describe(net, (None, 3))["output_shape"] == (None, 3)
    assert answers.describe(net, (None, 7))["output_shape"] is None
    assert torch.equal(torch.get_rng_state(), state)
    assert (net.training, net[0].training, net[0].num_batches_tracked.item()) == (True, True, 0)


def test_a_lazy_module_is_built_by_its_input() -> None:
    net = torch.nn.LazyLinear(2)
    assert (answers.describe(net, None)["built"], answers.describe(net, None)["parameters"]) == (False, 0)
    assert answers.describe(net, (None, 5))["parameters"] == 12


def test_a_loader_reads_in_its_own_process() -> None:
    answers.settle()
    answers.settle()
    data = torch.utils.data.TensorDataset(torch.arange(6))
    loader = torch.utils.data.DataLoader(data, 4, num_workers=2, persistent_workers=True, prefetch_factor=3)
    assert loader.num_workers == 0
    assert [batch.tolist() for (batch,) in loader] == [[0, 1, 2, 3], [4, 5]]
    assert torch.utils.data.DataLoader(data, 4, False, None, None, 2).num_workers == 0


ALONE = """
import torch
from grader.runner.inside import torch as answers
state = torch.get_rng_state()
for step in answers.first_steps():
    step()
assert torch.equal(torch.get_rng_state(), state)
print("trained", "torch.optim" in __import__("sys").modules)
"""


def test_a_first_step_of_training_leaves_the_random_numbers_as_they_were() -> None:
    # In a process of its own: an optimizer imports Triton, which ends a process that has imported TensorFlow.
    command = [sys.executable, "-c", ALONE]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **answers.ENVIRONMENT}
    )
    assert done.stdout == "trained True\n", done.stderr


def test_a_seed_makes_the_same_numbers() -> None:
    code = RemoteCode(LocalCaller({"f": lambda: torch.rand(3)}, seed=7))
    assert np.array_equal(code.f(), code.f())


IN_THE_SANDBOX = """
import torch
from torch.utils.data import DataLoader, TensorDataset

def rand():
    return torch.rand(2)

def train(x):
    net = torch.nn.Linear(3, 1)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    for (batch,) in DataLoader(TensorDataset(x), batch_size=5, num_workers=2):
        optimizer.zero_grad()
        torch.compile(net)(batch).pow(2).sum().backward()
        optimizer.step()
    return net

def parallel():
    return torch.get_num_threads()
"""


@needs_sandbox
def test_it_trains_in_the_sandbox_with_the_same_random_numbers_in_each_process() -> None:
    source = Source(source_of(IN_THE_SANDBOX).units, tensors="torch")
    numbers = []
    with SandboxedRunner(RunnerSettings(("torch",)), isolation="full", slot=35) as runner:
        for _ in range(2):
            session = runner.open(source, Limits(load_seconds=30, call_seconds=60))
            code = RemoteCode(session)
            numbers.append(code.rand().tolist())
            net = code.train(np.ones((20, 3), np.float32))
            assert net.describe().parameters == 4
            session.close()
    assert numbers[0] == numbers[1]
