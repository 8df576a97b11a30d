"""Where student code runs: a sandbox, a warm process in it, and a confined fork of that for each submission.

The folder `inside` is all of this package that is in the sandbox; the files beside it are the trusted end.
"""
