"""A result as people meet it: the record behind it, as JSON, as text, and as a page in a notebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from assay.report.blocks import Document
from assay.report.html import fragment


class Kept(Protocol):
    """A record that has a form as JSON."""

    def to_json(self) -> dict[str, Any]:
        """The form."""


R = TypeVar("R", bound=Kept)


class Shown(Generic[R]):
    """A record that prints itself and shows itself in a notebook.

    A class of results names both faces: `class Found(Shown[Record], text=render, page=document)`.

    Attributes:
        results: The record behind it.
    """

    _text: ClassVar[Callable[[Any], str]]
    _page: ClassVar[Callable[[Any], Document]]

    def __init_subclass__(cls, *, text: Callable[[Any], str], page: Callable[[Any], Document]) -> None:
        cls._text, cls._page = staticmethod(text), staticmethod(page)

    def __init__(self, results: R) -> None:
        self.results = results

    def to_json(self) -> dict[str, Any]:
        """What the command of this verb prints with `--json -`."""
        return self.results.to_json()

    def __str__(self) -> str:
        return type(self)._text(self.results)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return fragment(type(self)._page(self.results))
