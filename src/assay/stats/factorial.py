"""Designs with factors: which effects a set of runs can tell, which of them are one, and how each weighs the runs.

An effect is a contrast of the means of all combinations of levels (the grid), every combination with the same weight:
of a factor, one level less the first; of an interaction, half the difference of two such differences, as Box, Hunter &
Hunter have it. Combinations without a run are filled by the model: the terms that the runs can tell apart.

Source: Box, Hunter & Hunter (2005), Statistics for Experimenters, 2nd edition, chapters 5 and 6; Montgomery (2017),
Design and Analysis of Experiments, 9th edition, chapters 6 and 8.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.base.errors import InputError
from assay.base.wording import counted
from assay.records.metric import Floats, Ints

MOST_GRID = 4_096
KINDS = ("full factorial", "fraction of a factorial", "one factor at a time", "cells missing")


@dataclass(frozen=True, slots=True)
class Term:
    """One effect.

    Attributes:
        factors: Positions of the factors, in order.
        levels: Of each of them the level that is compared with the first.
        name: In words, e.g. `cache x depth` or `size: large - small`.
    """

    factors: tuple[int, ...]
    levels: tuple[int, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Factorial:
    """A design, and how its effects follow from the runs.

    Attributes:
        kind: One of `KINDS`.
        terms: The effects that can be told, lowest order first.
        aliases: For each of them, names of effects that the runs cannot tell from it (with `-` where of other sign).
        weights: [E, R], each effect's weights on the runs.
        cells: [R], which combination of levels each run has.
        missing: Combinations of the grid without a run, in words; a few.
        absent: How many those are.
        two_level: Whether every factor has two levels.
    """

    kind: str
    terms: tuple[Term, ...]
    aliases: tuple[tuple[str, ...], ...]
    weights: Floats
    cells: Ints
    missing: tuple[str, ...]
    absent: int
    two_level: bool


def factorial(names: Sequence[str], levels: Sequence[Sequence[Any]], runs: Ints, order: int) -> Factorial:
    """Read a design.

    Args:
        names: Of the factors.
        levels: Of each factor, the first one is what others are compared with.
        runs: [R, F], the level of every factor in every run.
        order: The largest number of factors in an interaction.

    Raises:
        InputError: a factor with one level, two factors that always change together, or too many combinations.
    """
    sizes = [len(v) for v in levels]
    _check(names, sizes, runs)
    grid = np.array(list(itertools.product(*(range(s) for s in sizes))))
    cells, place = np.unique(runs, axis=0, return_inverse=True)
    terms = _terms(names, levels, order)
    columns = _columns(terms, sizes, grid)
    at = np.ravel_multi_index(tuple(cells.T), tuple(sizes))
    kept, same = _told_apart(columns[at])
    model = np.column_stack([np.ones(len(grid)), columns[:, kept]])
    fitted = model @ np.linalg.pinv(model[at])
    contrasts = _contrasts([terms[t] for t in kept], sizes, grid)
    place = place.ravel()
    weights = (contrasts @ fitted)[:, place] / np.bincount(place)[place]
    # Weights are simple fractions: what a pseudo-inverse leaves beyond them is rounding.
    weights = np.round(weights, 13)
    absent = sorted(set(range(len(grid))) - set(at.tolist()))
    kind = _kind(cells, sizes, len(absent), [bool(same[t]) for t in kept])
    told = [_aliases(same[t], terms) if kind != KINDS[2] else () for t in kept]
    shown = tuple(
        ", ".join(f"{n}={levels[f][v]}" for f, (n, v) in enumerate(zip(names, grid[i], strict=True)))
        for i in absent[:5]
    )
    return Factorial(
        kind, tuple(terms[t] for t in kept), tuple(told), weights, place, shown, len(absent), max(sizes) == 2
    )


def _check(names: Sequence[str], sizes: Sequence[int], runs: Ints) -> None:
    for f, size in enumerate(sizes):
        if size < 2:
            raise InputError(
                f"the factor {names[f]!r} has one level",
                rule="an effect compares levels: two at least",
                fix="leave the factor out, or add runs without it",
            )
    for a, b in itertools.combinations(range(len(sizes)), 2):
        pairs = len(np.unique(runs[:, [a, b]], axis=0))
        if pairs == sizes[a] == sizes[b]:
            raise InputError(
                f"the factors {names[a]!r} and {names[b]!r} always change together",
                rule="effects of factors are told apart by runs that change one without the other",
                fix="leave one of them out, or add such runs",
            )
    if math.prod(sizes) > MOST_GRID:
        raise InputError(
            f"{counted(len(sizes), 'factor')} have {math.prod(sizes):,} combinations of levels",
            rule=f"at most {MOST_GRID:,}",
            fix="leave out factors, or join levels",
        )


def _terms(names: Sequence[str], levels: Sequence[Sequence[Any]], order: int) -> list[Term]:
    out = []
    for size in range(1, min(order, len(names)) + 1):
        for factors in itertools.combinations(range(len(names)), size):
            for chosen in itertools.product(*(range(1, len(levels[f])) for f in factors)):
                said = " x ".join(_said(names[f], levels[f], v) for f, v in zip(factors, chosen, strict=True))
                out.append(Term(factors, chosen, said))
    return out


def _said(name: str, levels: Sequence[Any], level: int) -> str:
    return name if len(levels) == 2 else f"{name}: {levels[level]} - {levels[0]}"


def _columns(terms: Sequence[Term], sizes: Sequence[int], grid: Ints) -> Floats:
    """Effect-coded columns [grid, T]: each level against the mean of all."""
    out = np.ones((len(grid), len(terms)))
    for t, term in enumerate(terms):
        for f, v in zip(term.factors, term.levels, strict=True):
            # With two levels -1 and 1, as designs are written down.
            low = -1.0 if sizes[f] == 2 else -1.0 * (grid[:, f] == 0)
            out[:, t] *= np.where(grid[:, f] == v, 1.0, low)
    return out


def _contrasts(terms: Sequence[Term], sizes: Sequence[int], grid: Ints) -> Floats:
    """Weights [T, grid]: the mean at one level less that at the first; interactions are halved for each factor more."""
    out = np.empty((len(terms), len(grid)))
    for t, term in enumerate(terms):
        weight = np.full(len(grid), 0.5 ** (len(term.factors) - 1))
        for f, size in enumerate(sizes):
            if f in term.factors:
                v = term.levels[term.factors.index(f)]
                weight = weight * np.where(grid[:, f] == v, 1.0, np.where(grid[:, f] == 0, -1.0, 0.0))
            else:
                weight = weight / size
        out[t] = weight
    return out


def _told_apart(columns: Floats) -> tuple[list[int], dict[int, list[tuple[int, float]]]]:
    """Terms that earlier ones do not determine on the cells, and for each those that it helps to, with the sign."""
    kept: list[int] = []
    same: dict[int, list[tuple[int, float]]] = {}
    basis = np.ones((len(columns), 1))
    for t in range(columns.shape[1]):
        wider = np.column_stack([basis, columns[:, t]])
        if np.linalg.matrix_rank(wider) > basis.shape[1]:
            basis = wider
            kept.append(t)
            same[t] = []
            continue
        share = np.linalg.lstsq(basis, columns[:, t], rcond=None)[0]
        for place in np.flatnonzero(np.abs(share[1:]) > 1e-9):
            same[kept[int(place)]].append((t, float(np.sign(share[1 + place]))))
    return kept, same


def _aliases(same: Sequence[tuple[int, float]], terms: Sequence[Term]) -> tuple[str, ...]:
    return tuple(("" if sign > 0 else "-") + terms[t].name for t, sign in same)


def _kind(cells: Ints, sizes: Sequence[int], absent: int, aliased: Sequence[bool]) -> str:
    if not absent:
        return KINDS[0]
    if len(cells) == 1 + sum(s - 1 for s in sizes):
        for base in cells:
            if ((cells != base).sum(axis=1) <= 1).all():
                return KINDS[2]
    share = math.prod(sizes) / len(cells)
    balanced = all(len(set(np.bincount(cells[:, f]).tolist())) == 1 for f in range(len(sizes)))
    return KINDS[1] if balanced and share == int(share) else KINDS[3]
