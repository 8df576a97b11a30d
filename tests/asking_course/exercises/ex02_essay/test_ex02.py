"""Ex02 is graded by a person alone."""
