# expected: 0 points, submission.not_text
"""Saved in a Korean encoding that is not declared: °­."""
