"""No visible checks."""
