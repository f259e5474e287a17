"""What was read on which data: the looks that a lab has counted, by dataset version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.base.canonical import plain


@dataclass(frozen=True, slots=True)
class LookTaken:
    """One plan reading one dataset version: what it spent there, and what came of it.

    Attributes:
        plan: Name and version of the plan; `digest` is that of the version.
        owner: Who answers for the plan; `by` who read.
        candidates: Names of those judged.
        look: Which look of its plan it was, from 1.
        planned: Looks planned; 0 where any number is allowed.
        allowed: The reuse budget m of the plan: each candidate spends 1/m of the error on this version.
        release: `full` numbers or the `verdict` only.
        recommendation: What came of it.
        evidence: Digest of the bundle.
        scores: Digests of what was compared, one for each candidate.
    """

    plan: str
    version: int
    digest: str
    owner: str
    by: str
    at: str
    candidates: tuple[str, ...]
    look: int
    planned: int
    allowed: int
    release: str
    recommendation: str
    evidence: str
    scores: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows that a version has in common with another one, by key.

    Attributes:
        dataset: Digest of the other version; `names` are those that plans give its data.
        rows: In both.
        changed: Of these, with another target; None where rows have no target.
        counted: Whether what was read there counts here: plans give both the same name.
    """

    dataset: str
    names: tuple[str, ...]
    rows: int
    changed: int | None
    counted: bool


@dataclass(frozen=True, slots=True)
class VersionRead:
    """One version of a dataset with all that was read on it.

    Attributes:
        dataset: Digest of keys and targets, whatever file they came in.
        lineage: Digest of the first version of the plan that read it first.
        units: Units it has.
        spent: Share of the error spent on it by all plans, at most 1; the same test made again spends nothing. What was
            read on versions of the same name that share rows counts too, as it does in a judgement.
        adopted: A candidate that was adopted on it, or on a version that counts; empty where none was.
        shared: Other versions that have rows of it.
        unseen: Other versions whose rows are not at hand, so that nothing is known of what they share.
    """

    dataset: str
    lineage: str
    units: int
    looks: tuple[LookTaken, ...]
    spent: float
    adopted: str
    shared: tuple[Shared, ...] = ()
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class LookAhead:
    """A planned look that was not taken.

    Attributes:
        units: Units planned for it; None where the plan does not say.
    """

    plan: str
    owner: str
    look: int
    units: int | None


@dataclass(frozen=True, slots=True)
class LooksAt:
    """All looks at a dataset.

    Attributes:
        asked: As it was asked for.
        names: Names that plans give the data.
        versions: In the order of their first look.
        ahead: Planned looks that remain, of plans that were not decided.
        unread: Plans frozen for the data that have read nothing.
    """

    asked: str
    names: tuple[str, ...]
    versions: tuple[VersionRead, ...]
    ahead: tuple[LookAhead, ...]
    unread: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The object that `assay looks --json -` prints."""
        found: dict[str, Any] = plain(self)
        versions = [{**v, "left": left(made)} for v, made in zip(found["versions"], self.versions, strict=True)]
        return {"schema": 1, "type": "looks", **found, "versions": versions}


def left(version: VersionRead) -> float:
    """Share of the error that is left on a version: nothing after an adoption."""
    return 0.0 if version.adopted else max(0.0, 1.0 - version.spent)
