"""`grader similar`: whose answers are alike, for a person to look at. Grades are neither read nor changed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from grader.commands.options import Context, exercises_option, say, shared_options, terminal
from grader.messages.sentences import text

__all__ = ["similar"]


@click.command(
    help=say(
        """Rank the pairs of students whose answers are alike. It never changes a grade.

        \b
        grader similar submissions/
        grader similar submissions/ --exercise ex3 --html similar.html --json similar.json

        Names, numbers, texts and comments do not count; neither does what the stub and the visible checks hold,
        nor what much of the class writes. First come the pairs that share most of what hardly anybody else has.
        A high share is a reason to look, and no proof.
        """,
        """답안이 비슷한 학생 쌍을 비슷한 순서로 보여 줍니다. 성적은 바꾸지 않습니다.

        \b
        grader similar submissions/
        grader similar submissions/ --exercise ex3 --html similar.html --json similar.json

        이름, 숫자, 문자열, 주석은 비교하지 않고, 처음 받은 코드와 공개 검사, 학급 여럿이 쓴 부분도 제외합니다.
        다른 학생에게는 거의 없는 부분을 많이 공유한 쌍부터 보여 줍니다.
        비율이 높다면 살펴볼 이유일 뿐 증거는 아닙니다.
        """,
    )
)
@click.argument("directory", type=click.Path(path_type=Path))
@exercises_option
@click.option(
    "--least",
    metavar=say("PERCENT", "퍼센트"),
    type=click.IntRange(1, 100),
    default=60,
    show_default=True,
    help=say("Percent from which a pair is listed.", "목록에 넣을 최소 비율(%)."),
)
@click.option(
    "--most",
    metavar=say("COUNT", "개수"),
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help=say("Pairs in the table and on the page.", "표와 페이지에 보여 줄 쌍의 수."),
)
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("Write a page with both answers side by side.", "두 답안을 나란히 보여 주는 페이지를 저장."),
)
@click.option(
    "--json",
    "data",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("Write all pairs as JSON.", "모든 쌍을 JSON으로 저장."),
)
@shared_options
@click.pass_context
def similar(
    ctx: click.Context,
    directory: Path,
    exercises: tuple[str, ...],
    least: int,
    most: int,
    page: Path | None,
    data: Path | None,
) -> None:
    """Rank similar answers."""
    from grader.course.names import find_exercises
    from grader.files.write import write_file
    from grader.handin.attempts import latest_attempts
    from grader.handin.find import find_submissions
    from grader.similarity.answers import compare_answers
    from grader.similarity.report import similar_json, similar_page, similar_table

    context: Context = ctx.obj
    course = context.course()
    chosen = find_exercises(course, exercises)
    asked = [exercise.id for exercise in chosen] if exercises else []
    with TemporaryDirectory(prefix="grader-") as folder:
        handed_in = find_submissions(course, directory, unpack_into=Path(folder), exercises=asked)
        submissions = latest_attempts(handed_in.submissions)
        compared = compare_answers(chosen, submissions, least / 100)
    found, language = compared.pairs, context.language
    console = terminal()
    if found:
        console.print(similar_table(found, language, most))
    console.print(text("similar.note" if found else "similar.none", language))
    if compared.too_short:
        counts = ", ".join(f"{exercise} {count}" for exercise, count in compared.too_short.items())
        click.echo(text("similar.too_short", language, counts=counts))
    if compared.left_out:
        click.echo(text("similar.left_out", language, files=", ".join(compared.left_out)), err=True)
    if page is not None:
        write_file(page, similar_page(course, found, language, most))
    if data is not None:
        write_file(data, similar_json(course, found))
    written = [str(file) for file in (page, data) if file is not None]
    if written:
        click.echo(text("cli.written", language, files=", ".join(written)))
