"""Who has judged and who has reviewed evidence, as the ledger says it: events are read, nothing is kept twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assay.records.review import OPINIONS, Review
from assay.store import Entry, Session
from assay.store.ledger import LOOK_READ

REVIEWED, JUDGED = "evidence.reviewed", "evidence.judged"
MOST_EVENTS = 1 << 30


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of evidence, by its digest.

    Attributes:
        judges: Names, in the order of the ledger.
        reviews: The last of each person, oldest first.
    """

    judges: dict[str, tuple[str, ...]]
    reviews: dict[str, tuple[Review, ...]]


def read(session: Session) -> Said:
    """Everything that the ledger says of who judged and who reviewed."""
    judges: dict[str, dict[str, None]] = {}
    for kind, who in ((LOOK_READ, "read_by"), (JUDGED, "by")):
        for _, said in _events(session, kind):
            if isinstance(said.get(who), str):
                judges.setdefault(str(said.get("evidence")), {})[said[who]] = None
    named = {evidence: tuple(names) for evidence, names in judges.items()}
    return Said(named, _reviews(session, named))


def _reviews(session: Session, judges: dict[str, tuple[str, ...]]) -> dict[str, tuple[Review, ...]]:
    """The last of each person: within a writer's chain by its order, among several writers by the time."""
    last: dict[tuple[str, str, str], tuple[Entry, dict[str, Any]]] = {}
    for entry, said in _events(session, REVIEWED):
        texts = [said.get(name) for name in ("evidence", "by", "opinion", "why")]
        if all(isinstance(text, str) for text in texts) and said["opinion"] in OPINIONS:
            last[said["evidence"], said["by"], entry.writer] = entry, said
    found: dict[str, dict[str, Review]] = {}
    for entry, said in sorted(last.values(), key=lambda one: (one[0].time, one[0].writer)):
        evidence, by = said["evidence"], said["by"]
        of = found.setdefault(evidence, {})
        of.pop(by, None)
        of[by] = Review(by, said["opinion"], said["why"], entry.time, by in judges.get(evidence, ()))
    return {evidence: tuple(of.values()) for evidence, of in found.items()}


def _events(session: Session, kind: str) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """Events of a kind that were not erased."""
    for entry in session.ledger.entries(MOST_EVENTS, kind=kind):
        said = entry.content()
        if isinstance(said, dict):
            yield entry, said
