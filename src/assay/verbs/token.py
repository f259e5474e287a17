"""`token`: the rights of programs that ask a served lab."""

from __future__ import annotations

from assay.base.errors import MissingError
from assay.records.access import ADMIN
from assay.remote.address import LabPlace
from assay.store.access import Token
from assay.verbs.served import served
from assay.verbs.user import access_of


@served(ADMIN, secret=True)
def create(lab: LabPlace | None, name: str, scopes: tuple[str, ...], days: int) -> tuple[str, Token]:
    """Make a token; its secret is returned this once, and only its hash is kept.

    Raises:
        AccessError: an odd name, an unknown scope, or no end.
    """
    return access_of(lab).create_token(name, scopes, days)


@served(ADMIN)
def every(lab: LabPlace | None) -> tuple[Token, ...]:
    """Every token that has not expired, by name."""
    return access_of(lab).tokens()


@served(ADMIN)
def revoke(lab: LabPlace | None, name: str) -> None:
    """Revoke every token of that name.

    Raises:
        MissingError: there is none.
    """
    if not access_of(lab).revoke(name):
        raise MissingError(f"there is no token {name!r:.100}", fix="`assay token list` shows them")
