"""A saved view of the runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """What a list of runs shows, under a name.

    Attributes:
        owner: Who saved it, and may change it.
        columns: Settings and metrics, in order.
        by: Settings to group by.
        metric: What the groups are means of.
    """

    name: str
    owner: str
    where: tuple[str, ...] = ()
    sort: str = "-started"
    columns: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()
