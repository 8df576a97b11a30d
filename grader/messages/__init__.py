"""Sentences that people read, in their language."""
