"""The gradebook: one SQLite file that holds every attempt, every grade and what was decided by hand."""
