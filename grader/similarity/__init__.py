"""Whose answers are alike."""
