"""What an author writes checks with."""
