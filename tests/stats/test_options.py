from __future__ import annotations

from assay.stats.options import InferenceOptions


def test_a_stream_depends_on_seed_purpose_and_name_alone() -> None:
    def first(seed: int, purpose: str, *name: str) -> float:
        return InferenceOptions(seed=seed, stream=name).generator(purpose).random()

    assert first(1, "dirichlet", "a") == first(1, "dirichlet", "a")
    others = [first(2, "dirichlet", "a"), first(1, "other", "a"), first(1, "dirichlet", "b")]
    assert first(1, "dirichlet", "a") not in others
