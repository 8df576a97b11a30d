"""What known wrong answers are written down with, under the name by which authors import it.

It runs on both sides of the sandbox's wall, and so it is defined in `grader/runner/inside/`.
"""

from __future__ import annotations

from grader.runner.inside.misconceptions import axes_of, family, knob, misconception, pairs

__all__ = ["axes_of", "family", "knob", "misconception", "pairs"]
