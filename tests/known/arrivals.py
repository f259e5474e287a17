"""Units of the arms against the shares planned."""

from __future__ import annotations

from collections.abc import Sequence

from assay.stats.arrivals import sample_ratio
from tests.known.answer import Known


def _halves(observed: Sequence[int], printed: str, place: int, source: str) -> Known:
    name = ("χ²", "p")[place]
    what = f"{' and '.join(f'{n:,}' for n in observed)} of two equal arms: {name}"
    return Known("sample-ratio", what, lambda: sample_ratio(observed, [0.5, 0.5])[place], printed, source)


ANSWERS: tuple[Known, ...] = (
    _halves((44_000, 45_000), "0.0008", 1, "srm.osc.garden"),
    _halves((600, 400), "40.0", 0, "Wikipedia, Sample ratio mismatch"),
    _halves((600, 400), "2.54e-10", 1, "Wikipedia, Sample ratio mismatch"),
    _halves(
        (821_588, 815_482), "1.8e-6", 1, "Kohavi, Tang & Xu (2020), Trustworthy Online Controlled Experiments, ch. 3"
    ),
)
