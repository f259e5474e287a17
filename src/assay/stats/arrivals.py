"""Whether units arrived in the shares that were planned: a mismatch says that some were lost, and not by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.base.errors import InputError
from assay.stats.special import chdtrc


def sample_ratio(observed: Sequence[int], planned: Sequence[float]) -> tuple[float, float]:
    """Pearson's chi-square of the units of each arm against the planned shares, and its p-value.

    Args:
        observed: Units of each arm.
        planned: The arms' shares, above 0; they need not sum to 1.

    Raises:
        InputError: arms without a planned share, or no units.

    Source: Pearson (1900), Phil. Mag. 50; Fabijan et al. (2019), KDD, Diagnosing Sample Ratio Mismatch.

    >>> [float(f"{v:.4g}") for v in sample_ratio([600, 400], [0.5, 0.5])]
    [40.0, 2.54e-10]
    """
    counts, shares = np.asarray(observed, dtype=float), np.asarray(planned, dtype=float)
    if counts.shape != shares.shape or counts.size < 2 or not (shares > 0).all():
        raise InputError(
            f"{counts.size} arms with {shares.size} planned shares, the least {shares.min(initial=np.inf):g}",
            rule="every arm, two or more, has a planned share above 0",
        )
    if not counts.sum() > 0 or counts.min() < 0:
        raise InputError(f"units of the arms: {counts.tolist()}", rule="arms have units, in all more than none")
    expected = counts.sum() * shares / shares.sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return statistic, float(chdtrc(counts.size - 1, statistic))
