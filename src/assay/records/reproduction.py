"""What came of running a claimed number again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["identical", "within tolerance", "within noise", "different", "missing"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A series or a file of predictions beside that of the run again.

    Attributes:
        what: `series` or `predictions`.
        first: The last value of the claim; None where there is none.
        again: That of the run again.
    """

    name: str
    what: str
    outcome: Outcome
    first: float | None
    again: float | None


@dataclass(frozen=True, slots=True)
class Reproduction:
    """The record that the ledger keeps.

    Attributes:
        run: The run whose numbers are claimed.
        reruns: The runs made to check it; a second one tells nondeterminism from other causes. None where it cannot be
            made again at all, and `why` says why.
        outcome: `reproduced`, `within noise`, `not reproduced` or `failed`.
        cause: The first cause of a difference: `code`, `environment`, `data`, `seed`, `nondeterminism` or `unknown`;
            empty where nothing differs.
        why: The cause in words.
        environment: `lock` or `present`.
        tolerance: Relative difference of last values that counted as none.
        notes: What could not be put back as it was.
    """

    run: str
    reruns: tuple[str, ...]
    outcome: str
    cause: str
    why: str
    environment: str
    tolerance: float
    compared: tuple[Compared, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownGood:
    """Whether a run is a baseline that has to come out again.

    Attributes:
        by: Who said so last; empty where its own tag does.
        at: When.
    """

    run: str
    good: bool
    by: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class ClaimNumbers:
    """A verdict in a few numbers: its status, the difference and its interval; None where it is undefined."""

    status: str
    value: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ReproducedClaim:
    """What came of making a claim again, from the runs behind it to its verdict; the ledger keeps it.

    Attributes:
        evidence: Digest of the bundle.
        outcome: `reproduced`, `within noise`, `not reproduced` or `failed`.
        cause: The first cause of a difference that a run shows; empty where none does.
        first: What was claimed.
        again: What follows now; None where a run failed.
        runs: Every run behind the claim, and what came of it.
    """

    evidence: str
    claim: str
    candidate: str
    outcome: str
    cause: str
    why: str
    first: ClaimNumbers
    again: ClaimNumbers | None
    runs: tuple[Reproduction, ...]
