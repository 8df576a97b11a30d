# expected: 0 points, submission.exit
"""Ends its process while the file is executed."""

import os

os._exit(0)
