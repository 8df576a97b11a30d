"""A GitHub Actions workflow that grades each push of a student's repository, for GitHub Classroom.

Published: the actions `classroom-resources/autograding-grading-reporter`
(https://github.com/classroom-resources/autograding-grading-reporter), which reads a runner's result from the variable
`<RUNNER>_RESULTS`: JSON in base64 with `version`, `status`, `max_score` and `tests` (`name`, `status`, `score`,
`message`, `test_code`, `filename`, `line_no`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from grader.errors import RequestError
from grader.model import Exercise

_TEMPLATE = """\
# Grades each push with the checks that students have. The hidden checks are no part of a student's repository: whoever
# can push can change this file, the checks and the points too. Take the points as a student's own check, and grade with
# `grader grade` what counts.
name: Autograding
# Pushes to this repository alone: a pull request would let another repository's code report points here.
on: [push, workflow_dispatch, repository_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Install
        env:
          SOURCE: @SOURCE@
        run: |
          sudo apt-get update -q
          sudo apt-get install -y -q --no-install-recommends bubblewrap libseccomp2
          # Ubuntu 24.04 forbids the sandbox's user namespaces otherwise.
          sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 || true
          python -m pip install --quiet "$SOURCE"
@STEPS@      # Only when everything was graded: points out of less, or a zero for what nobody could grade, are never reported.
      - name: Report
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
@RESULTS@        with:
          runners: @RUNNERS@
"""

# `grader check` ends with 1 when a check failed: that is a result, and 2 is none. What was not handed in counts as its
# stub, so that the points are out of the same number; what may be the answer under another name is looked at first.
_STEP = """\
      - name: "@ID@"
        id: @ID@
        if: ${{ !cancelled() }}
        run: |
          result="$RUNNER_TEMP/@ID@.json"
          check() {
            code=0
            grader check @ID@ --json --summary "$GITHUB_STEP_SUMMARY" --lang @LANGUAGE@ --isolation @ISOLATION@ > "$result" || code=$?
          }
          check
          if [ ! -s "$result" ] && [ ! -e @ID@.py ] && [ ! -e @ID@.ipynb ]; then
            cp "exercises/@FOLDER@/stub.py" @ID@.py
            check
          fi
          [ "$code" -lt 2 ] || { echo "::error::@ID@ could not be graded, so no points are reported"; exit 1; }
          python - "$result" >> "$GITHUB_OUTPUT" <<'PYTHON'
          @SCRIPT@
          PYTHON
"""

_SCRIPT = """\
import base64, json, sys
grade = json.load(open(sys.argv[1], encoding="utf-8"))["grades"][0]
words = {"passed": "pass", "partial": "pass", "waiting": "pass"}
# A person grades the questions, and not here.
questions = sum(check["points"] for check in grade["checks"] if check["kind"] == "question")
tests = [
    {
        "name": check["title"]["@TITLES@"],
        "status": words.get(check["verdict"], "fail"),
        "score": check["earned"],
        "message": check["verdict"],
        "test_code": check["call"] if check["visible"] else "",
        "filename": grade["path"],
        "line_no": 0,
        "execution_time": f"{check['seconds']}s",
    }
    for check in grade["checks"]
    if check["kind"] != "question"
]
status = words.get(grade["verdict"], "fail")
result = {"version": 1, "status": status, "max_score": grade["possible"] - questions, "tests": tests}
print("result=" + base64.b64encode(json.dumps(result).encode()).decode())
"""


def classroom_workflow(
    exercises: Sequence[Exercise], *, language: str, isolation: str, source: str | None
) -> str:
    """Return the workflow: a step for each exercise, and the report to GitHub Classroom.

    `source` is what pip installs the program from. It has no default: a package of the same name elsewhere is somebody
    else's program.

    Raises:
        RequestError: no source is given.
    """
    if source is None:
        raise RequestError("export.no_source")
    steps, results = [], []
    for exercise in exercises:
        indented = _SCRIPT.rstrip().replace("\n", "\n          ")
        step = _STEP.replace("@SCRIPT@", indented).replace("@ID@", exercise.id)
        # A title is in the course's languages alone; who reads none of them gets the course's own, the first.
        titles = language if language in exercise.title else next(iter(exercise.title))
        step = step.replace("@FOLDER@", exercise.exercise_folder.name).replace("@TITLES@", titles)
        steps.append(step.replace("@ISOLATION@", isolation).replace("@LANGUAGE@", language))
        results.append(
            f"          {exercise.id.upper()}_RESULTS: ${{{{ steps.{exercise.id}.outputs.result }}}}\n"
        )
    return (
        _TEMPLATE.replace("@STEPS@", "".join(steps))
        .replace("@RESULTS@", "".join(results))
        .replace("@RUNNERS@", ",".join(exercise.id for exercise in exercises))
        .replace("@SOURCE@", json.dumps(source))
    )
