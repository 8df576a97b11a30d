"""`grader feedback`: what each student is handed back, from the gradebook."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.options import Context, exercises_option, output_option, say, shared_options
from grader.messages.sentences import text

__all__ = ["feedback"]


@click.command(
    help=say(
        """Write each student's feedback, as a page and as Markdown, from the gradebook.

        \b
        grader feedback                       graded/feedback/<student>.html and .md
        grader feedback --zip feedback.zip    named as Moodle's upload of feedback files wants
        grader feedback --exercise ex3        of one exercise alone, where each is an assignment of its own

        Of a hidden check a student reads the property, the verdict and what was probably done; never the input.
        Moodle's names need each participant's number: from the folders of Moodle's own download, or from the
        assignment's grading worksheet, named with --roster.
        """,
        """성적부에서 학생별 피드백을 웹 페이지와 Markdown으로 만듭니다.

        \b
        grader feedback                       graded/feedback/<학생>.html, .md
        grader feedback --zip feedback.zip    Moodle의 피드백 파일 업로드 형식에 맞는 이름
        grader feedback --exercise ex3        과제마다 LMS 과제가 따로 있을 때 그 과제만

        비공개 검사는 성질과 판정, 짐작되는 실수만 보여 주고 입력은 보여 주지 않습니다.
        Moodle 파일 이름에는 참가자 번호가 필요합니다. Moodle에서 받은 제출물 폴더 이름이나
        --roster로 지정한 채점 워크시트에서 읽습니다.
        """,
    )
)
@output_option
@click.option(
    "--zip",
    "archive",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("Also write a zip for Moodle.", "Moodle용 zip 파일도 저장."),
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help=say("The grading worksheet that Moodle exported (CSV).", "Moodle에서 내려받은 채점 워크시트(CSV)."),
)
@exercises_option
@shared_options
@click.pass_context
def feedback(
    ctx: click.Context, output: Path, archive: Path | None, roster: Path | None, exercises: tuple[str, ...]
) -> None:
    """Write the feedback."""
    from grader.course.names import find_exercises
    from grader.exports.lms_class import read_roster_file
    from grader.exports.moodle_feedback import moodle_names
    from grader.files.write import write_file
    from grader.files.zipped import zip_of
    from grader.gradebook.folder import read_graded
    from grader.reports.files import file_stem
    from grader.reports.markdown import feedback_files

    context: Context = ctx.obj
    course = context.course()
    chosen = find_exercises(course, exercises) if exercises else ()
    graded = read_graded(course, output)
    if chosen:
        graded = graded.only(chosen)
    prefixes = moodle_names(graded.places(), read_roster_file(roster))
    name = "-".join([course.id, *(exercise.id for exercise in chosen)])
    taken: set[str] = set()
    packed: dict[str, str] = {}
    missing = []
    count = 0
    for student, page, markdown in feedback_files(course, graded.grades, context.language):
        stem = file_stem(student, taken)
        files = {"html": page, "md": markdown}
        for suffix, content in files.items():
            write_file(output / "feedback" / f"{stem}.{suffix}", content)
        if student in prefixes:
            prefix = f"{prefixes[student]}{name}"
            packed.update({f"{prefix}.{suffix}": content for suffix, content in files.items()})
        else:
            missing.append(student)
        count += 1
    click.echo(text("feedback.written", context.language, count=count, folder=str(output / "feedback")))
    if archive is None:
        return
    if packed:
        write_file(archive, zip_of(packed))
        click.echo(text("cli.written", context.language, files=str(archive)))
    if missing:
        click.echo(text("feedback.no_number", context.language, students=", ".join(missing)), err=True)
        ctx.exit(2)
