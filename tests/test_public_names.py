from __future__ import annotations

import importlib
import pkgutil

import pytest

import grader

EXPORTS = """
Description LastCall Reference RemoteLayer RemoteObject Rng Submission as_jax as_tensorflow as_torch assert_choice
assert_equal assert_faster assert_frame assert_layer assert_number assert_plot assert_tensor assert_unchanged check
convolution_window expect last_call misconception pooling_window raises
""".split()


def test_the_public_face_is_exactly_this() -> None:
    assert grader.__all__ == EXPORTS
    assert grader.__all__ == sorted(grader.__all__)


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_is_there(name: str) -> None:
    assert getattr(grader, name) is not None


def test_nothing_else_lies_about_in_the_public_face() -> None:
    modules = {module.name for module in pkgutil.iter_modules(grader.__path__)}
    assert all(getattr(grader, name) for name in EXPORTS)  # imported when they are asked for
    public = {name for name in vars(grader) if name[0] not in "_@"}  # pytest adds @names
    assert public - modules == set(EXPORTS) - modules


def test_what_a_module_hands_on_exists_once() -> None:
    found = pkgutil.walk_packages(grader.__path__, "grader.")
    for module in [importlib.import_module(item.name) for item in found if not item.ispkg]:
        exports = getattr(module, "__all__", [])
        assert len(exports) == len(set(exports)), module
        assert all(hasattr(module, export) for export in exports), module
