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


WIKIPEDIA = ((0, 2, 0, 1), (3, 0, 5, 0), (0, 3, 0, 1), (4, 0, 3, 0))
BASEBALL = (
    (0, 4, 4, 4, 6, 4, 6), (3, 0, 4, 4, 6, 6, 4), (2, 4, 0, 2, 4, 4, 6), (3, 5, 2, 0, 4, 4, 6),
    (5, 2, 3, 4, 0, 5, 6), (2, 3, 3, 4, 4, 0, 2), (2, 1, 1, 2, 1, 3, 0),
), (
    (0, 3, 2, 3, 1, 2, 0), (3, 0, 2, 3, 0, 1, 3), (5, 3, 0, 4, 3, 2, 0), (3, 1, 5, 0, 3, 2, 1),
    (1, 5, 3, 2, 0, 2, 0), (5, 3, 4, 3, 2, 0, 4), (5, 5, 6, 4, 6, 4, 0),
)  # fmt: skip
"""American League East, 1987: games that the home team (row) won and lost; Agresti (2002), table 10.10. Milwaukee,
Detroit, Toronto, New York, Boston, Cleveland, Baltimore."""
AGRESTI = "Agresti (2002), Categorical Data Analysis, table 10.11"
FIRTH = "R BradleyTerry2, tests/baseball.Rout.save; Firth (2005), J. Stat. Softw. 12(1)"
LAST = 6


def games() -> Votes:
    """The baseball games: the home team is the one shown first."""
    won, lost = (np.array(each) for each in BASEBALL)
    home, away = np.indices(won.shape)
    first = np.concatenate([np.repeat(home.ravel(), won.ravel()), np.repeat(home.ravel(), lost.ravel())])
    second = np.concatenate([np.repeat(away.ravel(), won.ravel()), np.repeat(away.ravel(), lost.ravel())])
    outcome = np.repeat([0, 1], [won.sum(), lost.sum()])
    return count_votes(first, second, outcome, np.zeros(first.size, dtype=int), len(won))


def teams(order: bool) -> Floats:
    """Strengths against Baltimore, with the home advantage last where it is fitted."""
    votes = games()
    made = fit(votes, votes.counts, order)
    against = made.theta[:LAST] - made.theta[LAST]
    return np.append(against, made.order) if order else against


def team_errors(order: bool) -> Floats:
    """Their standard errors."""
    votes = games()
    spread = covariance(votes, fit(votes, votes.counts, order), order)
    own = np.diag(spread)
    return np.sqrt(own[:LAST] + own[LAST] - 2 * spread[LAST, :LAST])


def shares(order: bool) -> Floats:
    """Strengths as shares of their sum."""
    votes = games()
    worth = np.exp(fit(votes, votes.counts, order).theta)
    return worth / worth.sum()


def _teams(what: str, order: bool, printed: str, source: str) -> Known:
    give = {"log-odds against Baltimore": teams, "their standard errors": team_errors, "shares": shares}[what]
    words = "plain" if not order else "with home advantage, last" if give is teams else "with home advantage"
    return Known("bradley-terry", f"baseball 1987, {words}: {what}", lambda: give(order), printed, source)


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
    Known(
        "bradley-terry",
        "four teams, 22 games: strengths with geometric mean 1",
        lambda: np.exp(fit(votes_of(WIKIPEDIA), votes_of(WIKIPEDIA).counts, order=False).theta),
        "0.640 1.043 0.660 2.270",
        "Wikipedia, Bradley-Terry model, worked example",
    ),
    _teams("log-odds against Baltimore", False, "1.58 1.44 1.29 1.25 1.11 0.68", AGRESTI),
    _teams("shares", True, "0.220 0.190 0.164 0.157 0.137 0.088 0.044", AGRESTI),
    _teams("log-odds against Baltimore", False, "1.5814 1.4364 1.2945 1.2476 1.1077 0.6839", FIRTH),
    _teams("their standard errors", False, "0.3433 0.3396 0.3367 0.3359 0.3339 0.3319", FIRTH),
    _teams("log-odds against Baltimore", True, "1.6196 1.4754 1.3271 1.2813 1.1438 0.7047 0.3023", FIRTH),
    _teams("their standard errors", True, "0.3474 0.3446 0.3403 0.3404 0.3378 0.3350", FIRTH),
)
