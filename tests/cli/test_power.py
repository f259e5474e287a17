"""`assay power` and `assay plan power`: what they print, what they write, and what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assay
from assay.base.errors import AssayError
from tests.helpers.runs import assay as command

SHARES = ("--metric", "accuracy", "--effect", 0.03, "--discordant", 0.1)


def said(*arguments: Any) -> str:
    run = command(*arguments)
    assert run.code == 0, run.err
    return run.out


def refused(*arguments: Any) -> str:
    run = command(*arguments)
    assert run.code == 2, run.out
    assert len(run.err.splitlines()) == 1
    assert "Traceback" not in run.err
    return run.err


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models on 400 rows of 100 users, of one region or the other."""
    rng = np.random.default_rng(1)
    n = 400
    user, y = np.arange(n) // 4, rng.integers(0, 2, n)
    shared = rng.normal(0, 0.8, (2, 100))[:, user]
    lines = ["id,user,region,y,a,b"]
    for i in range(n):
        a, b = (1 / (1 + np.exp(-(1.5 * (2 * y[i] - 1) + shared[k, i] + rng.normal()))) for k in range(2))
        lines.append(f"{i},u{user[i]},{'north' if user[i] % 5 == 0 else 'south'},{y[i]},{a:.5f},{b:.5f}")
    path = tmp_path_factory.mktemp("pilot") / "pilot.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def on(pilot: Path, *more: Any) -> tuple[Any, ...]:
    return (pilot, "--on", "id", "--target", "y", "--baseline", "a", "--candidate", "b", *more)


def test_figures_alone_give_units_power_and_effect(tmp_path: Path) -> None:
    text = said("power", *SHARES, "--units", 500, "--html", tmp_path / "p.html", "--json", tmp_path / "p.json")
    row = text.splitlines()[2].split()
    assert (row[0], row[2], row[3], row[4]) == ("accuracy", "better", "0.03", "851")
    assert "exact (Tango)" in text
    assert "power wanted 80%; power and detectable effect at 500 units" in text
    found = json.loads((tmp_path / "p.json").read_text())
    assert found["claims"][0]["needed"] == 851
    assert 0.5 < found["claims"][0]["power"] < 0.6
    page = (tmp_path / "p.html").read_text()
    assert page.count("<svg") == 4
    assert "polyline" in page
    assert "planned" in page


def test_without_planned_units_it_asks_for_them() -> None:
    assert "say how many units are planned: --units" in said("power", *SHARES)


def test_clusters_slices_and_looks_cost_units() -> None:
    def needed(*more: Any) -> int:
        found = json.loads(said("power", "--metric", "mae", "--sd", 2, "--effect", 0.1, *more, "--json", "-"))
        return int(found["claims"][0]["needed"])

    plain = needed()
    assert needed("--icc", 0.05, "--rows-per-unit", 10) * 10 > plain
    assert needed("--icc", 0.05, "--rows-per-unit", 10, "--size-cv", 1) > needed("--icc", 0.05, "--rows-per-unit", 10)
    assert needed("--slices", 10) > plain
    assert needed("--share", 0.1) == pytest.approx(10 * plain, rel=0.01)
    assert needed("--looks", 3) > plain
    assert needed("--looks", 3, "--spending", "pocock") > needed("--looks", 3)


def test_looks_say_where_they_stop() -> None:
    text = said("power", "--metric", "mae", "--sd", 2, "--effect", 0.1, "--looks", 2, "--units", 3000)
    assert re.search(r"stops at 1,500 units: supported 0\.\d\d, refuted 0\.00; 3,000 units", text)
    assert "units expected" in text


def test_a_budget_is_divided_between_seeds_and_units(tmp_path: Path) -> None:
    costs = ("--seed-sd", 0.01, "--budget", 2000, "--cost-seed", 100, "--cost-unit", 0.5)
    text = said("power", *SHARES, *costs, "--html", tmp_path / "p.html")
    assert re.search(r"budget 2000: best is \d+ seeds and [\d,]+ units, power 0\.\d\d", text)
    assert "the power wanted costs" in text
    assert "seeds of each model" in (tmp_path / "p.html").read_text()


@pytest.mark.parametrize("metric", ["auc", "accuracy@0.5", "log_loss", "f1@0.5"])
def test_a_pilot_tells_the_variance(pilot: Path, metric: str) -> None:
    plain = ("power", *on(pilot), "--metric", metric, "--effect", 0.05, "--samples", 100, "--json", "-")
    found = json.loads(said(*plain))
    claim = found["claims"][0]
    assert found["pilot"] == 400
    assert 20 < claim["needed"] < 20_000
    assert claim["method"].startswith({"f": "simulation", "a": ("exact", "normal"), "l": "noncentral"}[metric[0]])
    again = json.loads(said(*plain))
    assert again == found


def test_a_pilot_with_clusters_tells_their_design_effect(pilot: Path) -> None:
    text = said("power", *on(pilot), "--unit", "user", "--metric", "log_loss", "--effect", 0.05)
    assert re.search(r"design effect \d\.\d+ \[.*\], intraclass correlation 0\.\d+ \[.*\], 4 rows a unit", text), text


def test_a_slice_counts_all_units(pilot: Path) -> None:
    more = ("--metric", "log_loss", "--effect", 0.1, "--slice", "region=north", "--json", "-")
    claim = json.loads(said("power", *on(pilot), *more))["claims"][0]
    assert claim["share"] == pytest.approx(0.2)
    assert claim["needed"] > 100


def test_simulation_agrees_with_the_formula(pilot: Path) -> None:
    asked = ("power", *on(pilot), "--metric", "log_loss", "--effect", 0.05, "--units", 300, "--json", "-")
    formula = json.loads(said(*asked))["claims"][0]
    simulated = json.loads(said(*asked, "--simulate", "--samples", 400))["claims"][0]
    assert simulated["method"] == "simulation"
    assert simulated["error"] > 0
    assert abs(simulated["power"] - formula["power"]) < 4 * simulated["error"] + 0.03


REFUSALS: dict[str, tuple[tuple[Any, ...], str]] = {
    "no metric": (("--effect", 0.1), "no metric is named"),
    "no effect": (("--metric", "mae", "--sd", 1), "no effect is declared"),
    "observed effect": (("--metric", "mae", "--sd", 1, "--effect", "observed"), "Hoenig"),
    "effect that is no number": (("--metric", "mae", "--sd", 1, "--effect", "big"), "the effect is 'big'"),
    "infinite effect": (("--metric", "mae", "--sd", 1, "--effect", "inf"), "the effect is 'inf'"),
    "effect beyond the range": (
        ("--metric", "accuracy", "--discordant", 1, "--effect", 1.5),
        "no difference is as large",
    ),
    "effect beyond the discordance": (("--metric", "accuracy", "--discordant", 0.1, "--effect", 0.2), "discordant"),
    "auc beyond 1": (("--metric", "auc", "--value", 0.95, "--positives", 0.3, "--effect", 0.1), "lies between 0 and 1"),
    "nothing known": (("--metric", "f1", "--effect", 0.1), "nothing is known of the variance"),
    "auc without positives": (("--metric", "auc", "--effect", 0.1, "--value", 0.8), "--positives"),
    "zero deviation": (("--metric", "mae", "--sd", 0, "--effect", 0.1), "standard deviation is 0"),
    "negative correlation of rows": (
        ("--metric", "mae", "--sd", 1, "--effect", 0.1, "--icc", -0.1, "--rows-per-unit", 5),
        "the intraclass correlation is -0.1",
    ),
    "clusters without correlation": (("--metric", "mae", "--sd", 1, "--effect", 0.1, "--rows-per-unit", 5), "--icc"),
    "half a row": (
        ("--metric", "mae", "--sd", 1, "--effect", 0.1, "--icc", 0, "--rows-per-unit", 0.5),
        "a row or more",
    ),
    "no margin": (("--metric", "mae", "--sd", 1, "--effect", 0, "--kind", "not_worse"), "--margin"),
    "margin of nothing": (
        ("--metric", "mae", "--sd", 1, "--effect", 0, "--kind", "equivalent", "--margin", 0),
        "nothing is exactly the same",
    ),
    "negative margin": (("--metric", "mae", "--sd", 1, "--effect", 1, "--margin", -1), "a margin of 0 or more"),
    "two kinds": ((*SHARES, "--kind", "better", "--at-least", 0.9), "a claim is of one kind"),
    "threshold of 1": (("--metric", "accuracy", "--at-least", 1, "--effect", 0.1), "lies between 0 and 1"),
    "budget without costs": ((*SHARES, "--seed-sd", 0.01, "--budget", 100), "a budget and no costs"),
    "negative budget": (
        (*SHARES, "--seed-sd", 0.01, "--budget", -5, "--cost-seed", 1, "--cost-unit", 1),
        "a budget is above 0",
    ),
    "budget for nothing": (
        (*SHARES, "--seed-sd", 0.01, "--budget", 100, "--cost-seed", 100, "--cost-unit", 1),
        "3 seeds and 2 units cost 302",
    ),
    "free seeds": ((*SHARES, "--seed-sd", 0.01, "--budget", 5, "--cost-seed", 0, "--cost-unit", 1), "both are above 0"),
    "power of 1": ((*SHARES, "--power", 1), "the power is 1"),
    "level of 2": ((*SHARES, "--level", 2), "the level is 2"),
    "no looks": ((*SHARES, "--looks", 0), "0 looks"),
    "no slices": ((*SHARES, "--slices", 0), "0 slices"),
    "share of 0": ((*SHARES, "--share", 0), "share"),
    "one seed": ((*SHARES, "--seed-sd", 0.1, "--seeds", 1), "seeds is 1"),
    "seeds that do not differ": ((*SHARES, "--seed-sd", 0), "the deviation over seeds is 0"),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_bad_input_is_one_clear_line(kind: str) -> None:
    arguments, words = REFUSALS[kind]
    assert words in refused("power", *arguments)


def test_a_bad_slice_and_too_few_samples(pilot: Path) -> None:
    asked = ("power", *on(pilot), "--metric", "f1@0.5", "--effect", 0.05)
    assert "a column and its value" in refused(*asked, "--slice", "north")
    assert "fewer say nothing" in refused(*asked, "--samples", 5)


UNREACHABLE: dict[str, tuple[tuple[Any, ...], str]] = {
    "effect of 0": (("--metric", "mae", "--sd", 1, "--effect", 0), "does not exceed 0"),
    "effect within the margin": (("--metric", "mae", "--sd", 1, "--effect", 0.1, "--margin", 0.2), "the margin 0.2"),
    "equivalence with the margin below the effect": (
        ("--metric", "mae", "--sd", 1, "--effect", 0.3, "--kind", "equivalent", "--margin", 0.2),
        "is not within the margin 0.2",
    ),
    "too few seeds": ((*SHARES, "--seed-sd", 0.1, "--seeds", 3), "train more seeds"),
}


@pytest.mark.parametrize("kind", UNREACHABLE)
def test_what_no_number_reaches_has_no_number(kind: str) -> None:
    arguments, words = UNREACHABLE[kind]
    found = json.loads(said("power", *arguments, "--json", "-"))["claims"][0]
    assert found["needed"] is None
    assert words in found["why"]


def test_a_pilot_that_tells_nothing_says_why(tmp_path: Path) -> None:
    def why(rows: int, same: bool, *more: Any) -> str:
        rng = np.random.default_rng(2)
        lines = ["id,user,y,a,b"]
        for i in range(rows):
            a = rng.random()
            lines.append(f"{i},u{i % 3},{i % 2},{a:.4f},{a if same else rng.random():.4f}")
        path = tmp_path / "small.csv"
        path.write_text("\n".join(lines) + "\n")
        claim = json.loads(said("power", *on(path), "--effect", 0.05, *more, "--json", "-"))["claims"][0]
        assert claim["needed"] is None
        return str(claim["why"])

    assert "the pilot has 6 units" in why(6, False, "--metric", "log_loss")
    assert "never differ" in why(100, True, "--metric", "accuracy@0.5")
    assert "no variance" in why(100, True, "--metric", "log_loss")
    assert "the pilot has 3 units" in why(99, False, "--metric", "log_loss", "--unit", "user")


def test_a_declared_effect_that_is_the_pilots_is_doubted(pilot: Path) -> None:
    compared = json.loads(
        command(
            "compare", pilot, "--on", "id", "--target", "y", "--baseline", "a", "--candidate", "b", "--metric", "auc",
            "--json", "-",
        ).out
    )  # fmt: skip
    shown = compared["comparisons"][0]["difference"]["value"]
    text = said("power", *on(pilot), "--metric", "auc", "--effect", shown)
    assert "is the one that the pilot shows" in text


BEYOND = {
    "huge": (("--metric", "mae", "--sd", 1, "--effect", 1e-9), "takes more than 1,000,000,000,000"),
    "few": (("--metric", "mae", "--sd", 1, "--effect", 3, "--units", 5), "the method asks for 30 units"),
}


@pytest.mark.parametrize("kind", BEYOND)
def test_what_lies_beyond_a_method_has_no_detectable_effect(kind: str) -> None:
    arguments, why = BEYOND[kind]
    found = json.loads(said("power", *arguments, "--json", "-"))["claims"][0]
    assert found["detectable"] is None
    assert found["power"] in (None, 0.0)
    assert why in said("power", *arguments)


UNREAD = {
    "budget": (("--sd", 1, "--budget", 900, "--cost-seed", 9, "--cost-unit", 1), "no deviation over seeds"),
    "seeds": (("--sd", 1, "--seeds", 5), "no deviation over seeds"),
    "few seeds": (("--sd", 1, "--seed-sd", 0.1, "--seeds", 2), "with fewer than 3 seeds"),
    "sizes": (("--sd", 1, "--size-cv", 1), "a unit has one row"),
    "column": (("--sd", 1, "--unit", "user"), "unit without a pilot"),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_nothing_given_is_left_unread(kind: str) -> None:
    arguments, why = UNREAD[kind]
    assert why in refused("power", "--metric", "mae", "--effect", 0.1, *arguments)


def test_figures_beside_a_pilot_are_refused(pilot: Path) -> None:
    line = refused("power", *on(pilot, "--metric", "brier", "--effect", 0.01, "--sd", 1))
    assert "sd beside a pilot" in line


def test_against_a_threshold_the_candidates_seeds_alone_vary() -> None:
    figures = ("--metric", "mae", "--sd", 1, "--effect", 0.1, "--seed-sd", 0.04)
    both = json.loads(said("power", *figures, "--seeds", 8, "--json", "-"))["claims"][0]
    alone = json.loads(said("power", "--at-most", 3, *figures, "--seeds", 8, "--json", "-"))["claims"][0]
    assert both["needed"] > alone["needed"]
    assert "with fewer than 4 seeds" in refused("power", "--at-most", 3, *figures, "--seeds", 3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"looks": [0.5, 1]}, r"looks is \[0.5, 1\]; looks is a whole number"),
        ({"units": "many"}, "units is 'many'; units is a whole number"),
        ({"sd": "wide"}, "sd is 'wide'; sd is a number"),
        ({"slices": 2.5}, "slices is 2.5; slices is a whole number"),
        ({"at_least": "most"}, "at_least is 'most'; at_least is a number"),
    ],
)
def test_what_is_no_number_is_refused_from_python_too(given: dict[str, Any], said: str) -> None:
    with pytest.raises(AssayError, match=said):
        assay.power(**{"metric": "mae", "sd": 1, "effect": 0.1, **given})
