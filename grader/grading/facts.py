"""What a report says of the run itself."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from grader.model import DISTRIBUTION
from grader.runner.sandbox import Protections


def run_facts(protections: Protections | None, seconds: float) -> dict[str, Any]:
    """Return what a report says of the run itself."""
    return {
        "grader": version(DISTRIBUTION),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "isolation": protections.isolation if protections else "none",
        "landlock": protections.landlock if protections else 0,
        "seccomp": bool(protections and protections.seccomp),
        "namespaces": bool(protections and protections.namespaces),
    }
