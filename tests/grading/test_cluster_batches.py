"""Batches on their way to a cluster and back: nothing is lost, and one bad submission is found among many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from grader.course.load import load_course
from grader.grading import cluster, cluster_worker
from grader.grading.bundle import Bundle, make_bundle
from grader.grading.cluster import Cluster
from grader.grading.cluster_worker import BundlePlugin, RefusedError, grade_there
from grader.grading.executor import Graded, Lost, Ready
from grader.grading.queue import MOST_TRIES, grade_all
from grader.model import Course, Grade, Submission, Verdict


class Slots:
    """Slots that answer at once, die of a submission that says so, and count how many were started."""

    def __init__(self) -> None:
        self.started = 0
        self.stopped = 0

    def __call__(self, *_: object) -> Slots:
        self.started += 1
        self.job: Submission | None = None
        return self

    def give(self, recordings: object) -> None:
        pass

    def hand(self, submission: Submission) -> None:
        self.job = submission

    def receive(self) -> Ready | Graded:
        job, self.job = self.job, None
        if job is None:
            return Ready({})
        assert job.path is not None
        if job.path.read_bytes() == b"deadly":
            raise ConnectionError("exit code -9")
        return Graded(Grade(job.student, job.exercise, 6, 6, Verdict.PASSED, ()), (), None)

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> Slots:
    found = Slots()
    monkeypatch.setattr(cluster_worker, "Slot", found)
    return found


@pytest.fixture
def digest(tiny_copy: Path) -> Iterator[str]:
    course = load_course(tiny_copy)
    plugin = BundlePlugin(make_bundle(course, {}, course.exercises, "full"))
    plugin.setup(None)
    yield plugin.bundle.digest
    plugin.teardown(None)


def sent(*contents: bytes) -> list[cluster_worker.Sent]:
    return [
        (Submission(f"student-{number}", "ex01", None), "ex01.py", content)
        for number, content in enumerate(contents)
    ]


def test_a_judge_that_dies_takes_one_submission_of_its_batch_along(slots: Slots, digest: str) -> None:
    answers = grade_there(digest, sent(b"1", b"deadly", b"2"))
    assert [type(answer) for answer in answers] == [Graded, Lost, Graded]
    assert answers[1] == Lost("exit code -9", is_suspect=True)
    assert (slots.started, slots.stopped) == (2, 1)


def test_what_a_batch_has_no_time_for_goes_back(
    slots: Slots, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_worker, "BATCH_SECONDS", -1.0)
    assert len(grade_there(digest, sent(b"1", b"2", b"3"))) == 1


class Job:
    """A job of a scheduler that does at once what it is asked, or ends as it is told to."""

    def __init__(self, results: Any = None, error: Exception | None = None) -> None:
        self.results, self.error = results, error
        self.status = "finished" if error is None else "error"

    def exception(self) -> Exception | None:
        return self.error


class Scheduler:
    """A client of Dask whose workers answer at once; a batch with a deadly submission ends the worker."""

    status = "running"

    def __init__(self, *, most: int = 100, refusals: int = 0) -> None:
        self.most, self.refusals = most, refusals
        self.batches: list[list[str]] = []

    def submit(self, _function: object, _digest: str, batch: list[cluster_worker.Sent], **_: object) -> Job:
        self.batches.append([submission.student for submission, _, _ in batch])
        if self.refusals:
            self.refusals -= 1
            return Job(error=RefusedError("other"))
        if any(content == b"deadly" for _, _, content in batch):
            return Job(error=RuntimeError("killed worker"))
        grades = [Grade(item.student, item.exercise, 6, 6, Verdict.PASSED, ()) for item, _, _ in batch]
        return Job([Graded(grade, (), None) for grade in grades[: self.most]])

    def gather(self, jobs: list[Job]) -> list[Any]:
        return [job.results for job in jobs]

    def nthreads(self) -> dict[str, int]:
        return {"worker": 1}

    def run(self, *_: object, **__: object) -> dict[str, None]:
        return {"worker": None}


class Started(Cluster):
    """A cluster of such a scheduler, which has the course already."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__("tcp://nowhere")
        self.scheduler = scheduler

    @contextmanager
    def start(self, course: Course, submissions: Sequence[Submission], _: object) -> Iterator[Any]:
        self._exercises = {exercise.id: exercise for exercise in course.exercises}
        self._all = self._left = len(submissions)
        vars(self)["_client"] = self.scheduler
        self._bundle = Bundle(b"", b"", ("ex01",), "full", {}, False)
        self._make_room()
        yield lambda grade, evidence: grade


@pytest.fixture
def hand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Submission]]:
    monkeypatch.setattr(cluster, "wait", lambda *_, **__: None)

    def write(count: int, *deadly: int) -> list[Submission]:
        paths = [tmp_path / f"{number:03d}.py" for number in range(count)]
        for number, path in enumerate(paths):
            path.write_bytes(b"deadly" if number in deadly else b"fine")
        return [Submission(path.stem, "ex01", path) for path in paths]

    return write


HandIn = Callable[..., list[Submission]]


def verdicts(course: Course, submissions: list[Submission], scheduler: Scheduler) -> dict[str, Verdict]:
    grades = grade_all(course, submissions, Started(scheduler)).grades
    assert len(grades) == len(submissions)
    return {grade.student: grade.verdict for grade in grades}


def test_many_travel_together_and_fewer_at_the_end(tiny: Course, hand_in: HandIn) -> None:
    scheduler = Scheduler()
    assert set(verdicts(tiny, hand_in(200), scheduler).values()) == {Verdict.PASSED}
    sizes = [len(batch) for batch in scheduler.batches]
    assert sizes[0] == cluster.MOST_IN_BATCH
    assert sizes[-1] < sizes[0]
    assert sorted(student for batch in scheduler.batches for student in batch) == [
        f"{number:03d}" for number in range(200)
    ]


def test_files_that_are_large_travel_in_smaller_batches(
    tiny: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "MOST_BATCH_BYTES", 10)
    scheduler = Scheduler()
    assert set(verdicts(tiny, hand_in(60), scheduler).values()) == {Verdict.PASSED}
    assert max(map(len, scheduler.batches)) == 3


def test_what_a_worker_had_no_time_for_is_sent_again(tiny: Course, hand_in: HandIn) -> None:
    assert set(verdicts(tiny, hand_in(40), Scheduler(most=3)).values()) == {Verdict.PASSED}


def test_a_batch_that_is_refused_goes_to_another_worker(tiny: Course, hand_in: HandIn) -> None:
    assert set(verdicts(tiny, hand_in(40), Scheduler(refusals=2)).values()) == {Verdict.PASSED}


def test_what_workers_die_of_is_found_among_its_batch(tiny: Course, hand_in: HandIn) -> None:
    scheduler = Scheduler()
    found = verdicts(tiny, hand_in(100, 7, 9), scheduler)
    assert {student for student, verdict in found.items() if verdict is not Verdict.PASSED} == {"007", "009"}
    assert found["007"] is Verdict.UNGRADED
    # Once with others, then alone for as long as it may be what the worker died of.
    assert [len(batch) for batch in scheduler.batches if "007" in batch][1:] == [1] * (MOST_TRIES - 1)


def test_a_file_that_is_gone_is_ungraded_and_its_batch_goes_on(tiny: Course, hand_in: HandIn) -> None:
    submissions = hand_in(40)
    path = submissions[5].path
    assert path is not None
    path.unlink()
    found = verdicts(tiny, submissions, Scheduler())
    assert [student for student, verdict in found.items() if verdict is Verdict.UNGRADED] == ["005"]
