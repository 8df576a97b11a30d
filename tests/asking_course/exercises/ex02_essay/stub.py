"""An essay."""

essay = ""
