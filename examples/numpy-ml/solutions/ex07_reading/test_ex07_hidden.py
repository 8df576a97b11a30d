"""No hidden checks: the right answers are in course.yml."""
