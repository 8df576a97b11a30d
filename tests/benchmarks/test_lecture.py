"""What `make lecture` says of the accuracies that several seeds give."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from rich.console import Console

from tests.support.places import ROOT

# Benchmarks are scripts, which find each other beside themselves.
sys.path.append(str(ROOT / "benchmarks"))

from lecture import Outcome, document, main, spread, spreads, table_of

sys.path.pop()

DENSE = Outcome("dense", 1, 1_149_010, 60.0, training_accuracy=0.86, test_accuracy=0.85, keras="keras 3")
CNN = Outcome("CNN", 1, 14_590, 60.0, training_accuracy=0.89, test_accuracy=0.88, keras="keras 3")

TRAIN_THREE_TIMES = """
import multiprocessing
import fashion_mnist, lecture
lecture.load = fashion_mnist._small
lecture.begin(multiprocessing.Value("i", 0))
print([lecture.experiment("CNN", seed, epochs=1).training_accuracy for seed in (1, 2, 1)])
print(lecture._epochs_done.value)
"""


def printed(outcomes: list[Outcome]) -> str:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(table_of(spreads(outcomes)))
    return capture.get()


def test_a_spread_has_mean_deviation_least_and_most() -> None:
    found = spread("dense", "test", [0.85, 0.87, 0.86])
    assert (found.least, found.most, found.lecture) == (0.85, 0.87, 0.8570)
    assert found.mean == pytest.approx(0.86)
    assert found.deviation == pytest.approx(0.01)  # Divided by n - 1; by n it is 0.0082.
    assert found.distance == pytest.approx(-0.3)
    assert found.holds_lecture


@pytest.mark.parametrize(
    ("accuracies", "holds"),
    [([0.8571, 0.87], False), ([0.84, 0.8569], False), ([0.85704, 0.87], True), ([0.84, 0.85696], True)],
)
def test_the_lecture_lies_within_as_far_as_its_digits_tell(accuracies: list[float], holds: bool) -> None:
    assert spread("dense", "test", accuracies).holds_lecture is holds


def test_a_single_seed_has_no_deviation() -> None:
    found = spread("CNN", "test", [0.88])
    assert found.deviation is None
    assert found.distance is None
    row = printed([DENSE, CNN]).splitlines()[3]
    assert row.split() == ["CNN", "test", "0.8800", "-", "0.8800", "0.8800", "0.8807", "-", "no"]


def test_seeds_that_agree_have_no_distance() -> None:
    assert spread("CNN", "test", [0.88, 0.88]).distance is None


def test_networks_and_images_are_told_apart() -> None:
    other = replace(DENSE, seed=2, training_accuracy=0.88, test_accuracy=0.86)
    means = {
        (item.network, item.images): item.mean for item in spreads([DENSE, CNN, other, replace(CNN, seed=2)])
    }
    assert means == pytest.approx(
        {
            ("dense", "test"): 0.855,
            ("dense", "training"): 0.87,
            ("CNN", "test"): 0.88,
            ("CNN", "training"): 0.89,
        }
    )


def test_programs_read_every_outcome_and_every_spread() -> None:
    found = json.loads(json.dumps(document([DENSE, CNN], {"epochs": 5})))
    assert found["epochs"] == 5
    assert Outcome(**found["outcomes"][1]) == CNN
    assert [(item["network"], item["images"]) for item in found["spreads"]] == [
        ("dense", "test"),
        ("dense", "training"),
        ("CNN", "test"),
        ("CNN", "training"),
    ]
    assert found["spreads"][0]["lecture"] == 0.8570
    assert found["spreads"][0]["holds_lecture"] is False


@pytest.mark.parametrize("option", ["--seeds", "--epochs", "--jobs"])
def test_nothing_is_trained_none_times(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["lecture.py", option, "0"])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert f"argument {option}: 0 is too few: give 1 or more" in capsys.readouterr().err


@pytest.mark.slow
def test_one_seed_gives_one_figure() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRAIN_THREE_TIMES],
        cwd=ROOT / "benchmarks",
        capture_output=True,
        text=True,
        check=True,
    )
    accuracies, epochs = map(json.loads, done.stdout.splitlines())
    assert accuracies[0] == accuracies[2] != accuracies[1]
    assert epochs == 3
