"""The registry of metrics: a definition builds a metric from its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.records.metric import Metric


@dataclass(frozen=True, slots=True)
class Definition:
    """How users name a metric, and what builds it.

    Attributes:
        build: Keyword parameters -> Metric; its signature gives the parameters' names, types and defaults.
        at: The parameter that `@` sets, e.g. `beta` in `fbeta@2`; empty where there is none.
        example: A notation that works, for the reference.
        cut: The definition that `@` with a whole number from 1 leads to: `recall@100` is cut after 100 documents.
    """

    name: str
    build: Callable[..., Metric]
    at: str = ""
    example: str = ""
    cut: str = ""


METRICS: Registry[Definition] = Registry("metric", "assay.metrics", MetricError)
