"""Errors that a user can act on: what is wrong, the rule, the next step."""

from __future__ import annotations

from typing import ClassVar


class AssayError(Exception):
    """Base of every error that Assay raises on purpose.

    Args:
        what: What is wrong, with the value received.
        rule: The rule that it breaks.
        fix: The next step, a command or an option where there is one.
        where: The file, line, column or option concerned.
    """

    code: ClassVar[str] = "assay"

    def __init__(self, what: str, *, rule: str = "", fix: str = "", where: str = "") -> None:
        self.what, self.rule, self.fix, self.where = what, rule, fix, where
        super().__init__(self.line())

    def line(self) -> str:
        """The whole error on one line."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return " ".join("; ".join(part for part in (head, self.rule, self.fix) if part).split())

    def to_json(self) -> dict[str, str]:
        """The one error shape that every face shows."""
        return {"code": self.code, "where": self.where, "what": self.what, "rule": self.rule, "fix": self.fix}


class InputError(AssayError):
    """A file or a table that cannot be read as what it is said to be."""

    code = "input"


class AlignmentError(AssayError):
    """Rows that cannot be paired: missing, duplicate or changed."""

    code = "alignment"


class MetricError(AssayError):
    """An unknown metric, a wrong parameter, or data that a metric cannot take."""

    code = "metric"


class PlanError(AssayError):
    """A plan that breaks a rule. `problems` lists every one of them."""

    code = "plan"

    def __init__(
        self, what: str, *, rule: str = "", fix: str = "", where: str = "", problems: tuple[AssayError, ...] = ()
    ) -> None:
        super().__init__(what, rule=rule, fix=fix, where=where)
        self.problems = problems


class FrozenError(AssayError):
    """A frozen plan, or the data that it names, has changed."""

    code = "frozen"


class LookError(AssayError):
    """The budget of looks on a dataset version is spent."""

    code = "look"


class EvidenceError(AssayError):
    """An evidence bundle that is incomplete or does not match its digests."""

    code = "evidence"


class StoreError(AssayError):
    """A lab that is missing, corrupted, locked or out of space."""

    code = "store"


class MissingError(StoreError):
    """Something that is asked for by name and is not in the lab."""

    code = "missing"


class ConflictError(StoreError):
    """Something that is kept already, and otherwise."""

    code = "conflict"


class EngineError(AssayError):
    """An operation that the engine cannot do."""

    code = "engine"


class AccessError(AssayError):
    """A user, a token or a right that is missing or wrong."""

    code = "access"


class RightsError(AccessError):
    """Something that belongs to somebody else."""

    code = "rights"
