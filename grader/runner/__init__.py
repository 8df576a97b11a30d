"""Where student code runs: a sandbox, a warm process in it, and a confined fork of that for each submission.

`sandbox.py` and `session.py` are the trusted end. `zygote.py`, `worker.py` and `confine.py` run inside of the sandbox,
where they and `grader/wire.py` are all that is there of this package.
"""
