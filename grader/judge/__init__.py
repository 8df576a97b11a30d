"""One submission becomes a grade: its checks run, its mistakes are named."""
