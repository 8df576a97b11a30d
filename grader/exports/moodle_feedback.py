"""Names for Moodle's "Upload multiple feedback files in a zip", by which it knows whose each file is.

As its import reads them (https://github.com/moodle/moodle/blob/main/mod/assign/feedback/file/importziplib.php), the name of a
file or of a folder on its way is split at underscores: full name, the participant's number, `assignfeedback`, `file`,
and what the student will see. The name says nothing to Moodle; the number has to be of the assignment that it is
uploaded to, and files whose number is nobody's are passed over. So are names that begin with `.` or `~`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePath

from grader.exports.lms_class import LmsClass
from grader.messages.printable import printable

_FOLDER = re.compile(r"(.+?)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?", re.DOTALL | re.ASCII)

Participant = tuple[str, str]
"""Full name and number."""


def moodle_names(students: Mapping[str, Iterable[str]], lms_class: LmsClass | None) -> dict[str, str]:
    """Return what each student's feedback files begin with; without those whose number is not known.

    `students` are known with the paths of what they handed in. A number comes from the assignment's grading worksheet
    (`Identifier` is "Participant 123"), where there is none from the folders of Moodle's own download of submissions.
    Two students of one number have none: nobody reads another's feedback.
    """
    rows = lms_class.match(students) if lms_class is not None else {}
    known = {
        student: (row.get("Full name") or student, number)
        for student, row in rows.items()
        if (number := _number(row))
    }
    of_assignment = _numbers(lms_class)
    for student, (name, number) in _of_folders(students).items():
        # A number that the worksheet does not have is of another assignment, where it is somebody else's.
        if of_assignment is None or int(number) in of_assignment:
            known.setdefault(student, (name, number))
    claims = Counter(int(number) for _, number in known.values())
    return {
        student: f"{_part(name) or number}_{number}_assignfeedback_file_"
        for student, (name, number) in known.items()
        if claims[int(number)] == 1
    }


def _numbers(lms_class: LmsClass | None) -> set[int] | None:
    """Return the participants of a worksheet; None where it numbers nobody."""
    if lms_class is None:
        return None
    return {int(number) for row in lms_class.rows if (number := _number(row))} or None


def _number(row: Mapping[str, str]) -> str:
    found = re.search(r"\d+", row.get("Identifier", ""), re.ASCII)
    return found[0] if found is not None else ""


def _of_folders(students: Mapping[str, Iterable[str]]) -> dict[str, Participant]:
    """Return the students whose files lie in folders of Moodle's, or are called as one.

    A student could call a folder so. It is Moodle's when it has the student's own name, or when it lies beside those of
    others. Whose files are of several assignments has several numbers, and none here.
    """
    met = {
        student: {place for path in paths if (place := _outermost(path)) is not None}
        for student, paths in students.items()
    }
    together = Counter(parent for parent, _ in set().union(*met.values()))
    known = {}
    for student, places in met.items():
        own = {_key(student)}
        people = {
            (name, number)
            for parent, (name, number) in places
            if together[parent] > 1 or own & {_key(name), _key(f"{name}_{number}")}
        }
        if (matched := _FOLDER.fullmatch(student)) is not None:
            people = {(matched[1], matched[2])}
        if len(people) == 1:
            (known[student],) = people
    return known


def _outermost(path: str) -> tuple[PurePath, Participant] | None:
    """Return where a path enters a folder or file that Moodle named, and whose it is."""
    way = PurePath(path)
    for folder in (*reversed(way.parents), way):
        matched = _FOLDER.fullmatch(folder.name)
        if matched is not None:
            return folder.parent, (matched[1], matched[2])
    return None


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.replace("_", " ").casefold().split()))


def _part(name: str) -> str:
    """Return a name as the beginning of a file's; nothing in it is a path on any system, should somebody unpack the zip."""
    return re.sub(r'[_/\\:*?"<>|\x00-\x1f\x7f]+', " ", printable(name)).strip(" .~")
