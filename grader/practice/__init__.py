"""A student's own folder: what was reached in it, how it begins, and what of it is handed in."""
