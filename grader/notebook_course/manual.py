"""The old name of `grader.nbgrader.scores_from`, which was documented; it goes with release 0.3."""

from grader.nbgrader.scores_from import read_manual_scores

__all__ = ["read_manual_scores"]
