"""Progress and cancellation: passed down as arguments, never looked up."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears of steps as they begin and advance."""

    def step(self, name: str, total: int | None = None) -> None:
        """A step begins; `total` is its amount of work, where it is known."""

    def advance(self, amount: int = 1) -> None:
        """Some of the current step is done."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: str, total: int | None = None) -> None:
        """Ignore the step."""

    def advance(self, amount: int = 1) -> None:
        """Ignore the advance."""
