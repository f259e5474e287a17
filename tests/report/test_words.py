"""Claims and metrics in words."""

from __future__ import annotations

from dataclasses import replace

from assay.report.words import claim_words, metric_words
from tests.report import samples


def test_words() -> None:
    assert metric_words("log_loss") == "log loss"
    assert claim_words(samples.NO_HARM) == "AUC not worse than the baseline by 0.01 or more"
    assert claim_words(samples.CALM) == "ECE of the candidate at most 0.02, for origin = JFK"
    assert claim_words(replace(samples.NO_HARM, kind="equivalent")) == "AUC within 0.01 of the baseline, either way"
    assert claim_words(replace(samples.BETTER, about="method")).endswith("over training seeds")
