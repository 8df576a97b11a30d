"""Ex03 has no visible checks: they would say what is right."""
