"""The `looks` of a plan file: what does not fit together, and the record that follows from what does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from assay.base.wording import figure
from assay.readers.plan_schema import LooksKeys
from assay.readers.plan_yaml import Key
from assay.records.plan import SPENDING_LIMITS, Looks

Problem = tuple[Key, str, str, str]
"""Path, what is wrong, rule, fix."""
_GROWING = "each planned look has more units than the one before"


def looks_of(keys: LooksKeys) -> Looks:
    """The record; fractions become units, and any number of looks is 0."""
    if keys.kind == "always-valid":
        return Looks(0, keys.units, kind=keys.kind)
    if not keys.at:
        return Looks(keys.planned, keys.units, keys.spending, (), keys.kind, keys.parameter)
    at = tuple(_units(keys))
    return Looks(len(at), at[-1], keys.spending, at, keys.kind, keys.parameter)


def looks_problems(keys: LooksKeys) -> Iterator[Problem]:
    """Every problem of `looks`."""
    if keys.kind == "always-valid":
        yield from _always_valid(keys)
        return
    yield from _family(keys)
    if keys.at:
        yield from _spaced(keys)
    elif keys.planned > 1 and keys.units is None:
        rule = "several looks share the error by the share of units read, so the units at the last look are needed"
        yield ("looks",), f"{keys.planned} looks are planned, without `units`", rule, "add `units: <number>`"
    elif keys.units is not None and keys.planned > keys.units:
        said = f"{keys.planned} looks are planned at {keys.units} units"
        yield ("looks",), said, _GROWING, "plan fewer looks, or more units"


def _always_valid(keys: LooksKeys) -> Iterator[Problem]:
    counted = [name for name in ("planned", "at", "spending", "parameter") if name in keys.model_fields_set]
    for name in counted:
        rule = "always-valid looks are any number at any time, so none is planned and no error is spent by looks"
        yield ("looks", name), f"looks are always-valid, with `{name}`", rule, f"remove `{name}`"
    if keys.units is None:
        rule = "an interval that holds at every moment is tightest at some number of units"
        fix = "add `units: <number>`, about as many as there will be"
        yield ("looks",), "looks are always-valid, without `units`", rule, fix


def _family(keys: LooksKeys) -> Iterator[Problem]:
    family, value = SPENDING_LIMITS.get(keys.spending), keys.parameter
    if family is None:
        if value is not None:
            known = " and ".join(SPENDING_LIMITS)
            yield ("looks", "parameter"), f"{keys.spending} takes no parameter", f"{known} take one", "remove it"
        return
    low, high = family
    if value is None or not low <= value <= high or (value <= 0 and keys.spending == "power"):
        above = ", above 0" if keys.spending == "power" else ""
        fix = "add `parameter: 3`" if keys.spending == "power" else "add `parameter: -4`"
        said = f"{keys.spending} " + ("lacks a parameter" if value is None else f"has the parameter {value}")
        rule = f"its parameter lies between {figure(low)} and {figure(high)}{above}"
        yield ("looks", "parameter") if value is not None else ("looks",), said, rule, fix


def _spaced(keys: LooksKeys) -> Iterator[Problem]:
    at = keys.at
    bad = next((i for i, n in enumerate(at) if n <= 0), None)
    if bad is not None:
        rule = "a look has units; information is above 0"
        yield ("looks", "at", bad), f"looks.at[{bad + 1}] is {figure(at[bad])}", rule, "give units, or shares of them"
        return
    back = next((i for i, (a, b) in enumerate(itertools.pairwise(at), 1) if b <= a), None)
    if back is not None:
        said = f"looks.at goes from {figure(at[back - 1])} to {figure(at[back])}"
        yield ("looks", "at", back), said, f"spacing is positive: {_GROWING}", "put them in ascending order"
        return
    if "planned" in keys.model_fields_set and keys.planned != len(at):
        said = f"looks.planned is {keys.planned}, and looks.at has {len(at)} looks"
        yield ("looks", "planned"), said, "looks.at names every planned look", "remove `planned`"
    yield from _shares(keys) if at[-1] <= 1 else _whole(keys)


def _shares(keys: LooksKeys) -> Iterator[Problem]:
    at = keys.at
    if keys.units is None:
        rule = "shares are of the units at the last look"
        yield ("looks",), "looks.at gives shares, without `units`", rule, "add `units: <number>`"
        return
    if at[-1] != 1:
        said, rule = f"looks.at ends with {figure(at[-1])}", "the last look has all the units planned: 1"
        yield ("looks", "at", len(at) - 1), said, rule, "end with 1, or lower `units`"
        return
    units = _units(keys)
    if min(units) < 1 or any(b <= a for a, b in itertools.pairwise(units)):
        said = f"looks.at comes to {', '.join(map(str, units))} units"
        yield ("looks", "at"), said, _GROWING, "plan fewer looks, or more units"


def _whole(keys: LooksKeys) -> Iterator[Problem]:
    at = keys.at
    odd = next((i for i, n in enumerate(at) if n != int(n)), None)
    if odd is not None:
        said = f"looks.at[{odd + 1}] is {figure(at[odd])}, and looks.at[{len(at)}] is {figure(at[-1])}"
        rule = "looks are all whole numbers of units, or all shares of them up to 1"
        yield ("looks", "at", odd), said, rule, "give all of them in units"
    elif keys.units is not None and keys.units != at[-1]:
        said = f"looks.units is {keys.units}, and looks.at ends with {figure(at[-1])}"
        yield ("looks", "units"), said, "the last look has all the units planned", "remove `units`"


def _units(keys: LooksKeys) -> list[int]:
    whole = keys.units if keys.units is not None and keys.at[-1] <= 1 else 1
    return [round(n * whole) for n in keys.at]
