"""`grader doctor`: what this machine has, and how to get what is missing."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.commands.options import Context, json_option, print_line, say, shared_options
from grader.errors import RequestError
from grader.messages.sentences import explain, text
from grader.model import Course, Language
from grader.platforms import processors, require_sandbox

if TYPE_CHECKING:
    from grader.doctor import Finding

_SIGNS = {"good": ("✓", "green"), "weak": ("!", "yellow"), "missing": ("✗", "bold red")}


@click.command(help=say("help.doctor"))
@json_option
@shared_options
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Examine this machine."""
    require_sandbox()
    from grader.doctor import examine

    context: Context = ctx.obj
    course = _course(context)
    language = context.language
    findings: list[Finding] = []
    for finding in examine(course, processors()):
        if not as_json:
            if not findings or findings[-1].area != finding.area:
                print_line(text(f"doctor.{finding.area}", language), style="bold")
            _print(finding, language)
        findings.append(finding)
    is_ready = all(finding.state != "missing" for finding in findings)
    if as_json:
        found = [_record(finding, language) for finding in findings]
        click.echo(json.dumps({"ready": is_ready, "findings": found}, ensure_ascii=False, indent=1))
    else:
        print_line(text("doctor.ready" if is_ready else "doctor.not_ready", language), style="bold")
    ctx.exit(0 if is_ready else 1)


def _course(context: Context) -> Course | None:
    """Return the course, whose modules and limits are looked at; where there is none the rest is."""
    from grader.course.load import find_course

    if context.folder is None:
        try:
            find_course(Path.cwd())
        except RequestError:
            return None
    return context.course()


def _print(finding: Finding, language: Language) -> None:
    sign, style = _SIGNS[finding.state]
    print_line(f"  {sign} {_said(finding, language)}", style="" if finding.state == "good" else style)
    if finding.remedy is not None:
        print_line(f"    {explain(finding.remedy, language)}")


def _said(finding: Finding, language: Language) -> str:
    from grader.reports.class_summary import protections_text

    values = finding.said.values
    if "protections" in values:
        line = protections_text(values["protections"], language)
        return explain(replace(finding.said, values={**values, "protections": line}), language)
    return explain(finding.said, language)


def _record(finding: Finding, language: Language) -> dict[str, Any]:
    """Return a finding for other programs: its values, and the sentences that people read."""
    protections = finding.said.values.get("protections")
    values = {**finding.said.values} | ({"protections": asdict(protections)} if protections else {})
    remedy = None if finding.remedy is None else explain(finding.remedy, language)
    return {
        "area": finding.area,
        "name": finding.name,
        "state": finding.state,
        "values": values,
        "text": _said(finding, language),
        "remedy": remedy,
    }
