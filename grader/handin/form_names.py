"""What the forms are called."""

from __future__ import annotations

FORM_NAMES = (
    "auto",
    "folders",
    "flat",
    "zip",
    "gradescope",
    "sakai",
    "brightspace",
    "blackboard",
    "github-classroom",
    "moodle",
    "canvas",
    "nbgrader",
    "git",
)
"""What help lists without importing what reads them; `forms` has a row for each."""
