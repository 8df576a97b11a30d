"""What a function may not use, and whether it does."""
