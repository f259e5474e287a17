"""The catalogue: metrics by name."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from assay.metrics import METRICS, parse
from assay.server.access import Reader
from assay.server.guarding import Guarded
from assay.server.routes import shapes
from assay.server.routes.tags import tagged

router = APIRouter(prefix="/catalogue", tags=["catalogue"], route_class=Guarded)


@router.get("/metrics", response_model=shapes.Metrics)
def metrics(request: Request, response: Response, who: Reader) -> Any:
    """Every metric by a notation that works, with what it reads and which way is better."""
    return tagged(request, response, {"metrics": [_said(d.example or d.name) for _, d in METRICS]})


def _said(notation: str) -> dict[str, str]:
    metric = parse(notation)
    return {"name": notation, "reads": metric.reads, "direction": metric.direction, "summary": metric.summary}
