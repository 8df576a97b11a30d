# expected: 0 points, submission.not_text
"""Saved in an encoding that nobody uses: Å ç."""
