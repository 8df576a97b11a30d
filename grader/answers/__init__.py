"""One file that was handed in, as the source that it holds."""
