"""JAX, matplotlib and scikit-learn, each where it is installed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from grader.checks.assertions import as_jax, assert_layer, assert_plot
from grader.checks.remote import RemoteCode, RemoteLayer
from grader.model import RunnerSettings
from grader.runner.inside import libraries
from grader.runner.inside.values import own_name
from grader.runner.local import LocalCaller
from grader.runner.sandbox import plan_launch


def code_of(tensors: Any = "numpy", **functions: Any) -> RemoteCode:
    """Return functions as a check meets them."""
    return RemoteCode(LocalCaller(functions, tensors=tensors))


def test_no_library_is_imported_for_being_known() -> None:
    command = "import sys; import grader.runner.inside.libraries as l; l.settle(); l.to_plain({1}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {
        "torch",
        "jax",
        "pandas",
        "matplotlib",
        "sklearn",
        "tensorflow",
        "keras",
    }


def test_each_library_is_told_how_to_behave_in_the_sandbox_and_the_course_decides() -> None:
    settings = RunnerSettings(environment={"MPLBACKEND": "svg"})
    environment = plan_launch("none", settings, {}, control=3).environment
    assert environment["TORCHDYNAMO_DISABLE"] == "1"
    assert environment["JAX_PLATFORMS"] == "cpu"
    assert environment["JAX_ENABLE_COMPILATION_CACHE"] == "false"
    assert environment["MPLBACKEND"] == "svg"


def test_each_library_has_its_own_name() -> None:
    assert sorted(libraries.BY_NAME) == ["jax", "matplotlib", "pandas", "sklearn", "tensorflow", "torch"]


def test_jax_gives_arrays_and_gets_them() -> None:
    jax: Any = pytest.importorskip("jax")
    code = code_of(
        "jax",
        kind=lambda x: isinstance(x, jax.Array),
        values=lambda x: [x + 1, jax.random.key(3), x.astype(jax.numpy.bfloat16), jax.numpy.ones(2).dtype],
        gradient=jax.grad(lambda x: (x**2).sum()),
    )
    x = np.array([1, 2], np.float32)
    assert code.kind(x)
    total, key, small, dtype = code.values(x)
    assert (total.tolist(), key.tolist(), small.tolist(), dtype) == ([2, 3], [0, 3], [1, 2], "float32")
    assert own_name(small.dtype) == "bfloat16"
    assert code.gradient(x).tolist() == [2, 4]
    assert code_of(kind=lambda x: isinstance(x, jax.Array)).kind(as_jax(x))
    assert code_of(kind=lambda x: isinstance(x, jax.Array)).kind(jax.numpy.asarray(x))


def draw(plt: Any) -> Any:
    """Return axes with something of each kind drawn in them."""
    x = np.arange(4)
    figure, axes = plt.subplots()
    figure.suptitle("All")
    axes.plot(x, x**2, label="squares")
    axes.axhline(5)
    axes.scatter([1, 2], [3, 4])
    axes.bar(["a", "b"], [3, 1], label="bars")
    axes.imshow(np.eye(2))
    axes.set(title="Title", xlabel="x", ylabel="y", yscale="log")
    axes.legend()
    return axes


def test_a_plot_is_what_was_drawn() -> None:
    matplotlib: Any = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    plt: Any = pytest.importorskip("matplotlib.pyplot")
    code = code_of(
        plot=lambda: draw(plt), whole=lambda: draw(plt).figure, hist=lambda x: draw_histogram(plt, x)
    )
    axes, x = code.plot(), np.arange(4)
    for drawn in (axes, code.whole()):
        assert_plot(drawn, title="title", xlabel="x", ylabel=True, xscale="linear", yscale="log")
        assert_plot(drawn, lines=[(x, x**2)], points=([1, 2], [3, 4]), bars=[3, 1], images=[np.eye(2)])
        assert_plot(drawn, lines=2, legend=["squares", "bars"])
    assert axes.get_title() == "Title"
    assert_plot(code.hist([1, 2, 2, 3, 3, 3]), bars=[1, 2, 3])
    plt.close("all")


def test_who_draws_in_the_current_figure_finds_nothing_in_it_of_the_call_before() -> None:
    matplotlib: Any = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    plt: Any = pytest.importorskip("matplotlib.pyplot")

    class Plotter:
        def __init__(self) -> None:
            self.figure = plt.figure()

        def draw(self) -> Any:
            plt.plot([1, 2], [3, 4])
            return self.figure

    code = code_of(draw=lambda: (plt.plot([1, 2], [3, 4]), plt.gcf())[1], Plotter=Plotter)
    for _ in range(2):
        assert_plot(code.draw(), lines=1)
    plotter = code.Plotter()
    plotter.draw()
    assert_plot(plotter.draw(), lines=2)
    plt.close("all")


def draw_histogram(plt: Any, values: Any) -> Any:
    """Return axes with a histogram that lies on its side."""
    _, axes = plt.subplots()
    axes.hist(values, bins=3, orientation="horizontal")
    return axes


def test_an_estimator_of_a_students_own_is_described() -> None:
    base: Any = pytest.importorskip("sklearn.base")

    class Shift(base.BaseEstimator):  # type: ignore[misc]  # the package may be absent
        def __init__(self, by: float) -> None:
            self.amount = by

    description = code_of(make=lambda: Shift(2.0)).make().describe()
    assert (description.class_name, description.config) == ("Shift", {"amount": 2.0})


def test_an_estimator_stays_and_says_what_it_has_learned() -> None:
    linear: Any = pytest.importorskip("sklearn.linear_model")
    pipeline: Any = pytest.importorskip("sklearn.pipeline")
    preprocessing: Any = pytest.importorskip("sklearn.preprocessing")
    steps = preprocessing.StandardScaler(), linear.LinearRegression(positive=True)
    x = np.array([[0.0], [1.0], [2.0]])
    code = code_of(
        fit=lambda x, y: pipeline.make_pipeline(*steps).fit(x, y),
        sparse=lambda: preprocessing.OneHotEncoder().fit_transform([["a"], ["b"]]),
    )
    model = code.fit(x, 2 * x[:, 0] + 1)
    assert isinstance(model, RemoteLayer)
    assert model.predict(x).round(6).tolist() == [1, 3, 5]
    description = model.describe()
    scaler, regression = description.layers
    assert (description.class_name, scaler.name) == ("Pipeline", "standardscaler")
    learned = dict(zip(regression.weight_names, regression.weights, strict=True))
    assert learned["coef_"].shape == (1,)
    assert assert_layer(model[1], "LinearRegression", positive=True).name == ""
    assert "standardscaler.mean_" in description.weight_names
    assert description.parameters == scaler.parameters + regression.parameters > 0
    assert code.sparse().tolist() == [[1, 0], [0, 1]]
