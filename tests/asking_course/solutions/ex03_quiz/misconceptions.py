"""Known wrong answers to ex03: none."""
