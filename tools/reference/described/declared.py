"""What the page of a method says that the code cannot say of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Described:
    """A method, or another procedure without a domain of its own, in words.

    Attributes:
        purpose: What it is for.
        assumptions: What has to be true for its numbers to mean what they say.
        formula: Plain text; shown as it is.
        chosen: When it is chosen.
        cost: Time and memory, as the sample grows.
        limits: What a referee would ask, and the answer.
        code: Modules (or packages) of `assay` that hold it; their tests' `# source:` lines are shown.
        benchmark: The first words of the benchmarks that exercise it.
        what: Its line in the index, for procedures that have none in `tools.reference.methods.METHODS`.
        source: The same.
    """

    purpose: str
    assumptions: tuple[str, ...]
    formula: str
    chosen: str
    cost: str
    limits: tuple[str, ...]
    code: tuple[str, ...]
    benchmark: tuple[str, ...] = ()
    what: str = ""
    source: str = ""
