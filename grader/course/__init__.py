"""The course on disk: course.yml, and the folders beside it."""
