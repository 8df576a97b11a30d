"""Repositories: what `gh classroom clone student-repos` makes, and any folder of clones.

    <assignment>-submissions/<assignment>-<login>/...       where teams hand in: <assignment>-<team>
    classroom_roster.csv                                    identifier, github_username, github_id, name

A folder is one of GitHub Classroom's where it lies in `<assignment>-submissions` and begins with `<assignment>-`; where
`classroom_roster.csv` lies beside; or where most are clones, and the roster knows them by what is left without what all begin with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from grader.handin.clones import is_clone
from grader.handin.names import text_of
from grader.handin.prefixes import known_names, without_prefix
from grader.handin.records import Intake, Item, Origin
from grader.handin.student_files import take_folder

CLASSROOM_ROSTER = "classroom_roster.csv"


def is_classroom(intake: Intake, items: Sequence[Item]) -> bool:
    """Return whether GitHub Classroom named more than half of the folders among these items."""
    folders = [item for item in items if item.is_folder]
    if not folders:
        return False
    around = folders[0].path.parent
    if 2 * len(_named_by_folder(folders)) > len(folders):
        return True
    # An only folder may be the one around the repositories.
    if len(folders) > 1 and any((place / CLASSROOM_ROSTER).is_file() for place in (around, around.parent)):
        return True
    if 2 * sum(is_clone(item.path) for item in folders) <= len(folders):
        return False
    logins = without_prefix([text_of(item.path.name) for item in folders], "-", intake.roster_names)
    renamed = [login for name, login in logins.items() if name != login]
    return 2 * len(known_names(renamed, intake.roster_names)) > len(folders)


def _named_by_folder(folders: Sequence[Item]) -> dict[str, str]:
    """Return name -> login of the folders that begin with the assignment that their folder is named for."""
    assignment, _, rest = text_of(folders[0].path.parent.name).rpartition("submissions")
    names = [text_of(item.path.name) for item in folders]
    if rest or not assignment.endswith("-"):
        return {}
    return {
        name: name.removeprefix(assignment)
        for name in names
        if name.startswith(assignment) and name != assignment
    }


def read_classroom(intake: Intake, items: Sequence[Item]) -> Iterator[Item]:
    """Take the repositories under their logins; yield the other items."""
    folders = [item for item in items if item.is_folder]
    logins: Mapping[str, str] = _named_by_folder(folders) if folders else {}
    if not logins:
        logins = without_prefix([text_of(item.path.name) for item in folders], "-", intake.roster_names)
    for item in items:
        login = logins.get(text_of(item.path.name)) if item.is_folder else None
        if login is None:
            yield item
            continue
        # Without its `.git` the files still have the dates of the download.
        is_known = is_clone(item.path)
        take_folder(intake, item, Origin(intake.add_account(login), is_trusted=is_known, is_timed=is_known))


def read_clones(intake: Intake, items: Sequence[Item]) -> Iterator[Item]:
    """Take the clones under their folders' names; yield the other items."""
    for item in items:
        if item.is_folder and is_clone(item.path):
            take_folder(intake, item, Origin(intake.add_person(item.path.name)))
        else:
            yield item
