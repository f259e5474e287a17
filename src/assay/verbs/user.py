"""`user`: the people who may log in to a served lab."""

from __future__ import annotations

from pathlib import Path

from assay.base.errors import AccessError
from assay.records.access import ADMIN
from assay.remote.address import LabPlace
from assay.store.access import Access, User
from assay.verbs.served import served
from assay.verbs.where import open_lab


def access_of(lab: LabPlace | None) -> Access:
    """The register of access of a lab.

    Raises:
        StoreError: when there is no lab.
    """
    with open_lab(lab) as store:
        return Access(store.folder)


@served(ADMIN)
def add(lab: LabPlace | None, name: str, password: str, role: str) -> User:
    """Add a user.

    Raises:
        AccessError: a name that is taken or odd, a password that is too short, an unknown role.
    """
    return access_of(lab).add_user(name, password, role)


@served(ADMIN)
def every(lab: LabPlace | None) -> tuple[User, ...]:
    """Every user, by name."""
    return access_of(lab).users()


@served(ADMIN)
def change(lab: LabPlace | None, name: str, password: str = "", role: str = "") -> User:
    """Give a user another password, role, or both, and end their sessions.

    Raises:
        MissingError: there is none of that name.
        AccessError: nothing to change, a password that is too short, an unknown role, or they are the last admin.
    """
    return access_of(lab).change_user(name, password, role)


@served(ADMIN)
def remove(lab: LabPlace | None, name: str) -> None:
    """Remove a user and end their sessions.

    Raises:
        MissingError: there is none of that name.
        AccessError: they are the last admin.
    """
    access_of(lab).remove_user(name)


def password_of(file: Path) -> str:
    """The first line of a file.

    Raises:
        AccessError: when it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError) as error:
        raise AccessError("cannot be read", rule="its first line is the password", where=str(file)) from error
