"""What the caller decides about an inference: seed, number of draws, name of the random stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.base.seeds import stream


@dataclass(frozen=True, slots=True)
class InferenceOptions:
    """Arguments of an inference that are not part of the data.

    Attributes:
        seed: The seed of the whole analysis.
        draws: Replicates of a resampling method.
        stream: What the inference is about (never the metric), so that every slice has numbers of its own and all
            metrics on one slice share theirs, e.g. `("region=north",)`.
        best_at: Units at which intervals that hold at every moment are to be tightest; None for those of one look.
        sensitivity: Whether to add the studentised bootstrap to the diagnostics of means and ratios over groups.
    """

    seed: int = 0
    draws: int = 9999
    stream: tuple[str | int, ...] = ()
    sensitivity: bool = False
    best_at: float | None = None

    def generator(self, purpose: str) -> np.random.Generator:
        """A generator that depends on the seed, the purpose and the stream alone."""
        return stream(self.seed, purpose, *self.stream)
