"""HTML pages that load nothing."""
