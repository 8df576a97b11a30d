"""The old name of `grader.answers.split`, which was documented; it goes with release 0.3."""

from grader.answers.split import split_notebook

__all__ = ["split_notebook"]
