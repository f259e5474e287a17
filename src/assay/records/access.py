"""Roles and what each may do in a served lab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

READ, WRITE, REVIEW, ADMIN = "read", "write", "review", "admin"
SCOPES = (READ, WRITE, REVIEW, ADMIN)

ROLES: Mapping[str, frozenset[str]] = {
    "viewer": frozenset({READ}),
    "scientist": frozenset({READ, WRITE}),
    "reviewer": frozenset({READ, REVIEW}),
    "admin": frozenset(SCOPES),
}
"""Role -> what it may do."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        name: The user's, or the token's.
        may: What they may do: scopes.
    """

    name: str
    may: frozenset[str]
