"""Adjusted p-values: peers, laws, the share of false findings in a small world, and hostile input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

import assay
from assay.base.errors import AssayError
from assay.stats.multiplicity import PROCEDURES, adjust

PEERS = {
    "holm": "holm",
    "holm-sidak": "holm-sidak",
    "hochberg": "simes-hochberg",
    "benjamini-hochberg": "fdr_bh",
    "benjamini-yekutieli": "fdr_by",
}
PS = st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.5, 1.0])), min_size=1, max_size=30)


@settings(max_examples=30, deadline=None)
@given(PS, st.sampled_from(PROCEDURES))
def test_peers_say_the_same(p: list[float], how: str) -> None:
    with np.errstate(divide="ignore"):
        theirs = multipletests(p, method=PEERS[how])[1]
    assert adjust(p, how) == pytest.approx(theirs, rel=1e-9, abs=1e-15)
    if how.startswith("benjamini"):
        short = "bh" if how.endswith("hochberg") else "by"
        assert adjust(p, how) == pytest.approx(false_discovery_control(p, method=short), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(PS, st.sampled_from(PROCEDURES), st.integers(0, 29), st.integers(0, 1000))
def test_laws(p: list[float], how: str, place: int, seed: int) -> None:
    found = adjust(p, how)
    assert ((found >= p) & (found <= 1)).all()
    assert (np.diff(found[np.argsort(p, kind="stable")]) >= 0).all()
    order = np.random.default_rng(seed).permutation(len(p))
    assert adjust(np.array(p)[order], how).tolist() == found[order].tolist()
    # A p-value that grows makes no other smaller.
    larger = [1.0 if i == place % len(p) else each for i, each in enumerate(p)]
    assert (adjust(larger, how) >= found - 1e-12).all()
    # Undefined ones stay so and are not counted; those of a larger family count as 1.
    gaps = adjust([None, *p, float("nan")], how)
    assert np.isnan(gaps[[0, -1]]).all()
    assert gaps[1:-1].tolist() == found.tolist()
    assert adjust(p, how, len(p) + 2) == pytest.approx(adjust([*p, 1.0, 1.0], how)[: len(p)], rel=1e-12)


def test_the_procedures_stand_in_their_known_order() -> None:
    p = np.random.default_rng(0).beta(0.3, 2, 40)
    each = {how: adjust(p, how) for how in PROCEDURES}
    assert (each["holm-sidak"] <= each["holm"] + 1e-12).all()
    assert (each["hochberg"] <= each["holm"] + 1e-12).all()
    assert (each["benjamini-hochberg"] <= each["hochberg"] + 1e-12).all()
    assert (each["benjamini-hochberg"] <= each["benjamini-yekutieli"] + 1e-12).all()
    # Holm is at most Bonferroni's.
    assert (each["holm"] <= np.minimum(1, 40 * p) + 1e-12).all()


@pytest.mark.parametrize("how", PROCEDURES)
def test_the_smallest_families(how: str) -> None:
    assert adjust([], how).tolist() == []
    assert adjust([0.03], how).tolist() == pytest.approx([0.03])
    assert np.isnan(adjust([None], how)).all()
    assert adjust([0, 1, 1], how).tolist()[0] == 0
    assert len(set(adjust([0.02, 0.02, 0.02], how).round(12))) == 1


def test_masked_values_are_undefined() -> None:
    found = adjust(np.ma.masked_array([0.01, 0.02], mask=[True, False]))
    assert np.isnan(found[0])
    assert found[1] == 0.02


def test_errors_hold_in_a_world_of_mixed_nulls() -> None:
    """30 of 40 nulls are true: shares of false findings at 0.1 are m0/m of it, and one false finding is as rare."""
    rng = np.random.default_rng(3)
    samples, many, true = 400, 40, 30
    z = rng.normal(size=(samples, many)) + np.where(np.arange(many) < true, 0.0, 3.0)
    p = 2 * ndtr(-np.abs(z))
    shares: dict[str, float] = {}
    for how in PROCEDURES:
        found = np.array([adjust(each, how) for each in p]) <= 0.1
        false = found[:, :true].sum(axis=1)
        one = how in ("holm", "holm-sidak", "hochberg")
        shares[how] = float((false > 0).mean() if one else (false / np.maximum(found.sum(axis=1), 1)).mean())
    room = 4 * np.sqrt(0.09 / samples)
    assert max(shares.values()) <= 0.1 + room
    # source: Benjamini & Hochberg (1995), theorem 1: with independent tests the share is level x m0/m
    assert shares["benjamini-hochberg"] == pytest.approx(0.1 * true / many, abs=0.018)


BAD = [
    ([0.2, 1.2], {}, "the p-value at place 1 is 1.2"),
    ([-0.1], {}, "the p-value at place 0 is -0.1"),
    ([float("inf")], {}, "the p-value at place 0 is inf"),
    (["0.1"], {}, "no p-values"),
    ([[0.1]], {}, "no p-values"),
    ([True], {}, "no p-values"),
    ([0.1 + 2j], {}, "no p-values"),
    (0.1, {}, "no p-values"),
    ("abc", {}, "no p-values"),
    ([0.1], {"how": "bonferoni"}, "there is no adjustment 'bonferoni'"),
    ([0.1], {"how": "holm-sidack"}, "did you mean 'holm-sidak'"),
    ([0.1], {"how": None}, "there is no adjustment None"),
    ([0.1, 0.2], {"family": 1}, "the family is 1 of 2 p-values"),
    ([0.1, 0.2], {"family": 2.5}, "the family is 2.5"),
]


@pytest.mark.parametrize(("p", "more", "said"), BAD, ids=[said for *_, said in BAD])
def test_bad_input_is_refused(p: object, more: dict[str, object], said: str) -> None:
    with pytest.raises(AssayError, match=said):
        assay.adjust(p, **more)  # type: ignore[arg-type]
