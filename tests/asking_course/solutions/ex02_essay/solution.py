"""An essay has no reference."""
