"""Who may use a served lab: users with passwords, tokens for programs, sessions of browsers."""

from __future__ import annotations

from pathlib import Path

from assay.store.access import Access, Session, Token, User
from assay.verbs.where import open_lab


def open_access(lab: Path | None) -> Access:
    """The register of access of a lab.

    Raises:
        StoreError: when there is no lab.
    """
    with open_lab(lab) as store:
        return Access(store.folder)


def add_user(lab: Path | None, name: str, password: str, role: str) -> User:
    """Add a user.

    Raises:
        AccessError: a name that is taken or odd, a password that is too short, an unknown role.
    """
    with open_access(lab) as access:
        return access.add_user(name, password, role)


def users(lab: Path | None) -> tuple[User, ...]:
    """Every user, by name."""
    with open_access(lab) as access:
        return access.users()


def create_token(lab: Path | None, name: str, scopes: tuple[str, ...], days: int) -> tuple[str, Token]:
    """Make a token; the secret is shown once and only its hash is kept."""
    with open_access(lab) as access:
        return access.create_token(name, scopes, days)


__all__ = ["Session", "Token", "User", "add_user", "create_token", "open_access", "users"]
