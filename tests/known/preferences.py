"""Strengths from pairwise preferences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.records.metric import Floats
from assay.stats.preferences import Votes, count_votes, covariance, fit
from tests.known.answer import Known

Table = Sequence[Sequence[int]]
STIGLER = ((714, 730, 498, 221), (33, 425, 68, 17), (320, 813, 1072, 142), (284, 276, 325, 188))
"""Citations between Biometrika, Comm Statist, JASA and JRSS-B; Stigler (1994), Statistical Science 9:94-108."""
TURNER = "Turner & Firth (2012), Bradley-Terry Models in R, J. Stat. Softw. 48(9), section 2"


def votes_of(wins: Table, first: bool = True) -> Votes:
    """Votes from wins of rows over columns; the diagonal says nothing."""
    table = np.array(wins)
    np.fill_diagonal(table, 0)
    won, lost = np.nonzero(table)
    many = table[won, lost]
    one, other = np.repeat(won, many), np.repeat(lost, many)
    return count_votes(one, other, np.zeros(one.size, dtype=int), np.zeros(one.size, dtype=int), len(table))


def strengths(wins: Table, against: int) -> Floats:
    """Log-odds of the other models against one."""
    votes = votes_of(wins)
    theta = fit(votes, votes.counts, order=False).theta
    return np.delete(theta - theta[against], against)


def errors(wins: Table, against: int) -> Floats:
    """Standard errors of the same."""
    votes = votes_of(wins)
    spread = covariance(votes, fit(votes, votes.counts, order=False), order=False)[: len(wins), : len(wins)]
    own = np.diag(spread)
    return np.sqrt(np.delete(own + own[against] - 2 * spread[against], against))


ANSWERS: tuple[Known, ...] = (
    Known(
        "bradley-terry",
        "citations of four statistics journals (Stigler 1994), log-odds against Biometrika",
        lambda: strengths(STIGLER, 0),
        "-2.9491 -0.4796 0.2690",
        TURNER,
    ),
    Known(
        "bradley-terry",
        "their standard errors",
        lambda: errors(STIGLER, 0),
        "0.10255 0.06059 0.07083",
        TURNER,
    ),
)
