"""The old name of `grader.nbgrader.late`, which nbgrader_config.py of earlier courses import; it goes with release 0.3."""

from grader.nbgrader.late import CourseLatePolicy

__all__ = ["CourseLatePolicy"]
