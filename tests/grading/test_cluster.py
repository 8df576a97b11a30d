"""A class on a real scheduler and real workers; what a worker refuses, and what is in a bundle."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.grading import cluster, cluster_worker
from grader.grading.bundle import Bundle, make_bundle
from grader.model import Course
from tests.grading.test_kill import children, recorded
from tests.support.places import ROOT
from tests.support.sandbox import needs_sandbox
from tests.support.waiting import comes_true


def bundle_of(course: Course, **options: bool) -> Bundle:
    return make_bundle(course, {}, course.exercises, "full", **options)


def test_a_bundle_is_known_by_its_content(tiny_copy: Path) -> None:
    course = load_course(tiny_copy)
    first = bundle_of(course)
    for path in tiny_copy.rglob("*.py"):
        os.utime(path, (1, 1))
    assert bundle_of(course) == first
    solution = tiny_copy / "solutions/ex02_maxpool_1/solution.py"
    solution.write_text(solution.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert bundle_of(course).digest != first.digest
    assert bundle_of(course, accepts_any=True).digest != bundle_of(course).digest


def test_a_bundle_holds_the_course_and_nothing_else(tiny_copy: Path) -> None:
    (tiny_copy / "submissions").mkdir()
    (tiny_copy / "submissions" / "ex01.py").write_text("")
    (tiny_copy / "exercises" / "leads_out").symlink_to("/etc/hostname")
    with tarfile.open(fileobj=io.BytesIO(bundle_of(load_course(tiny_copy)).archive)) as archive:
        names = archive.getnames()
    assert "course.yml" in names
    assert "solutions/ex02_maxpool_1/solution.py" in names
    assert not [name for name in names if "submissions" in name or "leads_out" in name]


@pytest.mark.parametrize(("accepts_any", "refused"), [(False, True), (True, False)])
def test_a_worker_with_another_environment_refuses_unless_told_to(
    accepts_any: bool, refused: bool, tiny_copy: Path
) -> None:
    bundle = bundle_of(load_course(tiny_copy), accepts_any=accepts_any)
    there = replace(bundle, environment=bundle.environment | {"tensorflow": "1.0"})
    plugin = cluster_worker.BundlePlugin(there)
    plugin.setup(None)
    try:
        answer = cluster_worker.differences_here(there.digest)
        assert (answer is not None) is refused
        if answer is not None:
            assert answer["tensorflow"][0] == "1.0"
    finally:
        root = cluster_worker.UNPACKED[there.digest].root
        assert (root / "course.yml").is_file()
        plugin.teardown(None)
    assert not root.exists()
    assert cluster_worker.differences_here(there.digest) is not None


def test_a_worker_with_another_version_of_what_the_course_imports_refuses(tiny_copy: Path) -> None:
    course_file = tiny_copy / "course.yml"
    text = course_file.read_text(encoding="utf-8").replace("preload: [numpy]", "preload: [numpy, yaml]")
    course_file.write_text(text, encoding="utf-8")
    bundle = bundle_of(load_course(tiny_copy))
    there = replace(bundle, environment=bundle.environment | {"yaml": "1.0"})
    plugin = cluster_worker.BundlePlugin(there)
    plugin.setup(None)
    try:
        assert cluster_worker.differences_here(there.digest) == {"yaml": ("1.0", version("pyyaml"))}
    finally:
        plugin.teardown(None)


@contextmanager
def started(*command: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (folder / "dask.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            process_group=0,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@needs_sandbox
def test_two_workers_of_which_one_is_killed_give_what_one_machine_gives(
    tiny_copy: Path, tmp_path: Path
) -> None:
    for number in range(12):
        folder = tiny_copy / "submissions" / f"student-{number:02d}"
        folder.mkdir(parents=True)
        (folder / "ex01.py").write_text(
            f"def row_sums(x):\n    x = (x.T, x)[{number % 2}]\n    return x.dot([1] * x.shape[1])\n# {number}\n"
        )
        shutil.copy(tiny_copy / "solutions/ex02_maxpool_1/solution.py", folder / "ex02.py")
    grade = [sys.executable, "-m", "grader.cli", "grade", "submissions", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    here = subprocess.run([*grade, "--output", "here"], cwd=tiny_copy, env=environment, capture_output=True)
    assert here.returncode == 0
    file = str(tmp_path / "scheduler.json")
    scheduler = (
        "dask_scheduler",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        file,
        "--host",
        "127.0.0.1",
    )
    worker = ("dask_worker", "--scheduler-file", file, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    with (
        started(*scheduler, folder=tmp_path),
        started(*worker, "--local-directory", str(tmp_path / "a"), folder=tmp_path) as first,
        started(*worker, "--local-directory", str(tmp_path / "b"), folder=tmp_path),
    ):
        address = _address(Path(file))
        process = subprocess.Popen(
            [*grade, "--output", "there", "--cluster", address],
            cwd=tiny_copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        done = 0
        for line in process.stdout:
            done += json.loads(line)["event"] == "grade"
            if done == 6 and first.poll() is None:
                assert comes_true(lambda: children(first.pid)), "the worker that is killed has a slot"
                first.send_signal(signal.SIGKILL)
                first.wait()
        _, errors = process.communicate()
        assert (process.returncode, done) == (0, 24), errors
    assert recorded(tiny_copy, "there") == recorded(tiny_copy, "here")


def _address(file: Path) -> str:
    """Wait for the scheduler, and for both workers."""
    from distributed import Client

    with Client(scheduler_file=str(file), timeout=60, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2, timeout=60)
        return str(client.scheduler.address)


def test_no_scheduler_is_a_clear_error(
    tiny_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from click.testing import CliRunner

    from grader.cli import main

    folder = tiny_copy / "submissions" / "ann"
    folder.mkdir(parents=True)
    (folder / "ex01.py").write_text("")
    monkeypatch.chdir(tiny_copy)
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    result = CliRunner().invoke(
        main, ["grade", "submissions", "--cluster", "tcp://127.0.0.1:9", "--lang", "en"]
    )
    assert result.exit_code == 2
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in result.stderr
    assert not (tiny_copy / "graded").exists()


def test_the_digest_of_a_bundle_is_stable_within_a_version() -> None:
    bundle = Bundle(b"course", b"answers", ("ex01",), "full", {"python": "3.11"}, False)
    plain = hashlib.sha256(b"courseanswers" + repr((("ex01",), "full", {"python": "3.11"}, False)).encode())
    assert bundle.digest == plain.hexdigest()[:24]
