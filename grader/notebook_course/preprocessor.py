"""The old name of `grader.nbgrader.preprocessor`, which nbgrader_config.py of earlier courses import; it goes with release 0.3."""

from grader.nbgrader.preprocessor import AUTOGRADE, SANITIZE, SubmittedNotebook

__all__ = ["AUTOGRADE", "SANITIZE", "SubmittedNotebook"]
