"""The decorator for known wrong answers, under the name by which authors import it.

It runs on both sides of the sandbox's wall, and so it is defined in `grader/runner/inside/`.
"""

from __future__ import annotations

from grader.runner.inside.misconceptions import misconception

__all__ = ["misconception"]
