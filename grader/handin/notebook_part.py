"""One answer that stands in a notebook for several exercises."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.answers.file import decode_notebook, read_file
from grader.answers.split import Split, split_notebook
from grader.errors import RequestError, SubmissionError
from grader.handin.names import parse_file_name
from grader.handin.notebooks import is_notebook
from grader.model import Course, Exercise, Explanation

__all__ = ["notebooks_with", "part_for"]


@contextmanager
def part_for(
    course: Course, exercise: Exercise, path: Path
) -> Iterator[tuple[Path, tuple[Explanation, ...]]]:
    """Give the file that holds an exercise's part of a notebook for several, and what is not certain of it.

    A file whose name is an exercise, and one that is for no other exercise, is given as it is.

    Raises:
        RequestError: its headings name other exercises, and none of them is this one.

    """
    split = _split(course, path)
    if split is None or not split.headed:
        # The one exercise that was asked for has the whole notebook, and its last definitions.
        yield path, ()
        return
    if exercise.id not in split.parts:
        values = {"file": str(path), "exercise": exercise.id, "found": ", ".join(split.parts) or "-"}
        raise RequestError("request.not_in_notebook", values)
    notes = [note for note in split.notes if "taken" in note.values and exercise.id not in split.headed]
    with tempfile.TemporaryDirectory(prefix="grader-part-") as folder:
        part = Path(folder) / path.name
        part.write_text(split.parts[exercise.id], encoding="utf-8")
        yield part, tuple(Explanation(note.key, {"file": path.name, **note.values}) for note in notes)


def notebooks_with(course: Course, exercise: Exercise, folder: Path) -> list[Path]:
    """Return the notebooks in a folder that answer an exercise, and whose names are no other one."""
    found = []
    for path in sorted(folder.iterdir()):
        if is_notebook(path.name) and path.is_file():
            split = _split(course, path)
            if split is not None and exercise.id in split.parts:
                found.append(path)
    return found


def _split(course: Course, path: Path) -> Split | None:
    """Return what a notebook answers; None for any other file, and for one that the judge has to refuse."""
    if not is_notebook(path.name) or parse_file_name(course, path.name)[0] is not None:
        return None
    try:
        return split_notebook(course, decode_notebook(read_file(path)))
    except (SubmissionError, OSError):
        return None
