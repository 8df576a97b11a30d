"""Give authors what they write checks with."""
