"""Templates: how Jinja is set up, for pages and for the release's own texts."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def templates_of(package: str, *, autoescape: bool) -> Environment:
    """Return the templates that lie in a package's folder `templates`; a value that is missing is an error."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
