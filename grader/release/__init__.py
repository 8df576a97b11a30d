"""The students' version of the course, and the proof that nothing hidden is in it."""
