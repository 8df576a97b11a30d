"""The old name of `grader.nbgrader`, for files that were made before; it goes with release 0.3."""
