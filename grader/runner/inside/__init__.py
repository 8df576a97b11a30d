"""Hold all of this package that is mounted in the sandbox."""
