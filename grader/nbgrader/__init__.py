"""The course as notebooks of an nbgrader course: built from the exercises, graded by the judge, scores both ways."""
