"""Requests counted by route and status, for OpenMetrics."""

from __future__ import annotations

import threading
from collections import Counter


class Counted:
    """Requests and their seconds since the server started."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._seconds[method, route] = self._seconds.get((method, route), 0.0) + seconds

    def text(self, jobs: int) -> str:
        """The exposition."""
        with self._lock:
            requests, seconds = dict(self._requests), dict(self._seconds)
        lines = ["# TYPE assay_requests counter", "# HELP assay_requests Requests answered."]
        for (m, r, s), n in sorted(requests.items()):
            lines.append(f'assay_requests_total{{method="{m}",route="{r}",status="{s}"}} {n}')
        lines += ["# TYPE assay_request_seconds counter", "# UNIT assay_request_seconds seconds"]
        lines += ["# HELP assay_request_seconds Seconds that answers took."]
        lines += [
            f'assay_request_seconds_total{{method="{m}",route="{r}"}} {n:.6f}' for (m, r), n in sorted(seconds.items())
        ]
        lines += ["# TYPE assay_jobs gauge", "# HELP assay_jobs Jobs that run or wait.", f"assay_jobs {jobs}", "# EOF"]
        return "\n".join(lines) + "\n"
