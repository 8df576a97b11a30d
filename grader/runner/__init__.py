"""Run student code in a sandbox, in which a warm process is forked and the fork confined for each submission.

The folder `inside` is all of this package that is in the sandbox; the files beside it are the trusted end.
"""
