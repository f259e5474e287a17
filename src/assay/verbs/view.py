"""`view`: keep what a list of runs shows under a name, for everybody who reads the lab."""

from __future__ import annotations

import getpass
import re
from dataclasses import replace

from assay.base.errors import InputError, MissingError, RightsError
from assay.records.access import READ, WRITE, Principal
from assay.records.views import View
from assay.remote.address import LabPlace
from assay.runs.filters import parse_filter, parse_sort
from assay.store.views import Views
from assay.verbs.served import served
from assay.verbs.where import existing_lab

MOST = 1000
_NAME = re.compile(r"[\w][\w .:+-]{0,99}")


@served(WRITE)
def save(view: View, lab: LabPlace | None = None, by: Principal | None = None) -> View:
    """Keep a view; one of that name is replaced by its owner.

    Args:
        view: What it shows; its owner is whoever saves it.
        lab: The folder of the lab.
        by: Who asks; the user of this machine where nobody is named.

    Raises:
        InputError: a name, condition or order that cannot be read.
        RightsError: the name is another's.
    """
    if not _NAME.fullmatch(view.name):
        raise InputError(
            f"the name is {view.name!r:.120}",
            rule="letters, digits, spaces and . : + - _, at most 100",
            fix="best runs",
        )
    for condition in view.where:
        parse_filter(condition)
    parse_sort(view.sort)
    owner = by.name if by else _user()
    made = replace(view, owner=owner)

    def put(views: dict[str, View]) -> View:
        _check_owner(views.get(view.name), owner, by)
        if len(views) >= MOST and view.name not in views:
            raise InputError(f"there are {MOST:,} views", rule=f"at most {MOST:,}", fix="assay view remove NAME")
        views[view.name] = made
        return made

    return Views(existing_lab(lab)).change(put)


@served(READ)
def every(lab: LabPlace | None = None) -> tuple[View, ...]:
    """Every view, by name."""
    found = Views(existing_lab(lab)).all()
    return tuple(found[name] for name in sorted(found))


@served(READ)
def one(name: str, lab: LabPlace | None = None) -> View:
    """One view.

    Raises:
        MissingError: there is none of that name.
    """
    found = Views(existing_lab(lab)).all()
    if name not in found:
        raise _missing(name)
    return found[name]


@served(WRITE)
def remove(name: str, lab: LabPlace | None = None, by: Principal | None = None) -> None:
    """Forget a view.

    Raises:
        MissingError: there is none of that name.
        RightsError: it is another's.
    """

    def drop(views: dict[str, View]) -> None:
        if name not in views:
            raise _missing(name)
        _check_owner(views[name], by.name if by else _user(), by)
        del views[name]

    Views(existing_lab(lab)).change(drop)


def _check_owner(known: View | None, owner: str, by: Principal | None) -> None:
    """On this machine whoever can write the lab may; in a served lab its owner, or an admin."""
    if known is not None and by is not None and known.owner != owner and "admin" not in by.may:
        raise RightsError(
            f"the view {known.name!r} is {known.owner}'s",
            rule="a view is changed by its owner",
            fix="take another name",
        )


def _missing(name: str) -> MissingError:
    return MissingError(f"there is no view {name!r:.120}", rule="views are named", fix="assay view list")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
