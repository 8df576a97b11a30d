"""Nothing of ex05 is hidden."""
