"""All that is mounted in the sandbox."""
