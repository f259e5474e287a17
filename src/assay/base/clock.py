"""The only place that reads the time, so that tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """The current time in UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
