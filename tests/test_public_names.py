from __future__ import annotations

import importlib
import pkgutil

import pytest

import grader

EXPORTS = """
Description Reference RemoteLayer Rng Submission assert_equal assert_layer assert_tensor assert_unchanged check
convolution_window expect misconception pooling_window raises
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


@pytest.mark.parametrize(
    "name",
    [module.name for module in pkgutil.walk_packages(grader.__path__, "grader.") if not module.ispkg],
)
def test_every_rooms_exports_exist_once(name: str) -> None:
    exports = getattr(importlib.import_module(name), "__all__", [])
    assert len(exports) == len(set(exports))
    for export in exports:
        assert hasattr(importlib.import_module(name), export), export
