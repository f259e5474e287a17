"""What makes no sense although each key is well formed: one change to a sound plan, one finding on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readers.plan_files import SOUND, changed, checked

GUARD = "{name: ranking, metric: auc, kind: not_worse, margin: 0.01}"
EFFECT = "    minimal_effect: 0.01\n"


def guard(text: str) -> str:
    return changed(GUARD, f"{{name: ranking, {text}}}")


PROBLEMS = [
    (guard("metric: auc, kind: not_worse"), 23, "has no margin"),
    (guard("metric: auc, kind: equivalent"), 23, "has no margin"),
    (guard("metric: auc, kind: not_worse, margin: -0.01"), 23, "points in the wrong direction"),
    (guard("metric: auc, kind: better, margin: -0.01"), 23, "points in the wrong direction"),
    (guard("metric: auc, kind: equivalent, margin: 0"), 23, "equivalent within 0"),
    (guard("metric: auc, kind: not_worse, margin: 1"), 23, "as large as the whole range of auc"),
    (guard("metric: mcc, kind: not_worse, margin: 2"), 23, "as large as the whole range of mcc"),
    (guard("metric: auc, kind: not_worse, margin: 0.1, threshold: 0.7"), 23, "has a threshold"),
    (guard("metric: auc, kind: at_least"), 23, "has no threshold"),
    (guard("metric: auc, kind: at_least, margin: 0.7"), 23, "(at_least) has a margin"),
    (guard("metric: auc, kind: at_least, margin: 0.1, threshold: 0.7"), 23, "(at_least) has a margin"),
    (guard("metric: auc, kind: at_least, threshold: 1.1"), 23, "no value that auc can have"),
    (guard("metric: log_loss, kind: at_most, threshold: -0.1"), 23, "no value that log_loss can have"),
    (guard("metric: ece, kind: at_most, threshold: 0.1"), 23, "which is descriptive"),
    (guard("metric: rocauc, kind: at_least, threshold: 0.1"), 23, "unknown metric 'rocauc'"),
    (guard("metric: 'fbeta@x', kind: at_least, threshold: 0.1"), 23, "fbeta"),
    (guard("metric: auc, kind: at_least, threshold: 0.7, minimal_effect: 0"), 23, "is 0"),
    (guard("metric: auc, kind: not_worse, margin: 0.01, minimal_effect: -0.1"), 23, "is negative"),
    (guard("metric: auc, kind: equivalent, margin: 0.01, minimal_effect: 0.01"), 23, "is not below the margin"),
    (guard("metric: auc, kind: better, margin: 0.01, minimal_effect: 0.01"), 23, "is not above the margin"),
    (guard("metric: auc, kind: not_worse, margin: 0.01, candidate: bosting"), 23, "unknown candidate 'bosting'"),
    (guard("metric: auc, kind: not_worse, margin: 0.01, about: method"), 23, "is about a method, with seeds 1"),
    (changed("name: ranking", "name: loss"), 23, "the name 'loss' is taken by claims[1]"),
    (changed("name: forest,", "name: boosting,"), 16, "the name 'boosting' is taken by candidates[1]"),
    (changed("name: forest,", "name: logistic,"), 16, "the name 'logistic' is taken by baseline"),
    (changed("origin*carrier", "origin * origin"), 12, "repeats a column"),
    (changed("origin*carrier", "origin*"), 12, "lacks a column"),
    (changed("[origin, carrier,", "[carrier*origin,"), 12, "is there twice"),
    (changed("target: late", "target: flight"), 9, "is both target and id"),
    (changed("unit: day", "unit: late"), 10, "is both unit and target"),
    (changed("seed: seed", "seed: flight"), 11, "is both seed and id"),
    (changed("id: [day, flight]", "id: [day, day]"), 8, "is in id twice"),
    (SOUND + "looks: {planned: 2}\n", 26, "2 looks are planned, without `units`"),
    (changed("candidates: 2", "candidates: 1"), 24, "reuse.candidates is 1, and the plan has 2 candidates"),
    (changed("reuse: {candidates: 2}\n", ""), 14, "reuse.candidates is 1, and the plan has 2 candidates"),
    (SOUND + "seeds_paired: true\n", 26, "seeds_paired is true, but seeds is 1"),
    (
        changed("why: it is", "deterministic: true, why: it is") + "seeds: 3\nseeds_paired: true\n",
        27,
        "the baseline is deterministic",
    ),
    (changed(EFFECT, EFFECT + "    primary: false\n"), 17, "no claim is primary"),
    (changed(EFFECT, EFFECT + "    candidate: forest\n"), 15, "no primary claim is about the candidate 'boosting'"),
    (changed(EFFECT, EFFECT + "    alpha: 0.01\n") + "decide: any-of\n", 22, "has the alpha 0.01"),
]


@pytest.mark.parametrize(("text", "line", "said"), PROBLEMS, ids=[p[2] for p in PROBLEMS])
def test_one_change_one_problem(tmp_path: Path, text: str, line: int, said: str) -> None:
    problems, _ = checked(tmp_path, text)
    assert [(p.where, said in p.what) for p in problems] == [(f"plan.yaml:{line}", True)], problems
    assert problems[0].rule
    assert problems[0].fix


SCHEMA = [
    ("level: 1\n", "level is 1", "less than 1"),
    ("level: 0.05\n", "level is 0.05", "greater than 0.5"),
    ("power: 0\n", "power is 0", "greater than 0"),
    ("seeds: 2.5\n", "seeds is 2.5", "whole number"),
    ("seeds: true\n", "seeds is True", "whole number"),
    ("seeds_paired: yes\n", "seeds_paired is 'yes'", "true or false"),
    ("decide: some\n", "decide is 'some'", "'all-of' or 'any-of'"),
    ("missing: ignore\n", "missing is 'ignore'", "'refuse'"),
    ("risk_tier: huge\n", "risk_tier is 'huge'", "'low'"),
    ("stop_rules: now\n", "stop_rules is 'now'", "a list"),
    ("looks: 2\n", "looks is 2", "a mapping"),
    ("looks: {planned: 0}\n", "looks.planned is 0", "greater than or equal to 1"),
    ("seed: -1\n", "seed is -1", "greater than or equal to 0"),
    ("policy: ''\n", "policy is ''", "must not be empty"),
    ("milestones: [{date: 31.3.2026, what: x}]\n", "milestones[1].date is '31.3.2026'", "2026-03-31"),
    ("milestones: [{date: 2026-02-30, what: x}]\n", "milestones[1].date is '2026-02-30'", "a date"),
    ("ablations: [{name: a}]\n", "`removes` is missing in ablations[1]", "required"),
]


@pytest.mark.parametrize(("added", "what", "rule"), SCHEMA, ids=[s[0].strip() for s in SCHEMA])
def test_limits_of_the_schema(tmp_path: Path, added: str, what: str, rule: str) -> None:
    problems, _ = checked(tmp_path, SOUND + added)
    assert [(p.where, p.what) for p in problems] == [("plan.yaml:26", what)]
    assert rule in problems[0].rule
    assert problems[0].fix


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (changed("assay: 1", "assay: 2"), "assay is 2"),
        (changed("kind: better", "kind: beter"), "claims[1].kind is 'beter'"),
        (changed("target: late", "target: 3"), "data.target is 3"),
        (changed("target: late", "target: 'a\n\n    b'"), "data.target is 'a\\nb'"),
        (changed(GUARD, "ranking"), "guardrails[1] is 'ranking'"),
        (changed("name: ranking,", "name: ranking, primary: true,"), "unknown key 'primary' in guardrails[1]"),
        (changed("name: ranking,", "name: ranking, slice: {origin: [a]},"), "guardrails[1].slice.origin is a list"),
        (changed("file: base.parquet,", "file: base.parquet, digest: abc,"), "baseline.digest is 'abc'"),
    ],
)
def test_types_of_nested_keys(tmp_path: Path, text: str, what: str) -> None:
    problems, _ = checked(tmp_path, text)
    assert [p.what for p in problems] == [what]


def test_a_broken_part_does_not_hide_the_rest(tmp_path: Path) -> None:
    text = changed("  - {name: boosting, file: cand.parquet}\n", "  - {name: boosting, file: 3}\n")
    text = text.replace(GUARD, "{name: ranking, metric: auc, kind: not_worse, candidate: nobody}")
    problems, _ = checked(tmp_path, text)
    # the list of candidates is not sound, so nothing is said of the unknown name
    assert [p.what for p in problems] == [
        "candidates[1].file is 3",
        "the claim 'ranking' (not_worse) has no margin",
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (changed("  unit: day\n", ""), 6, "each row counts as an independent unit"),
        (changed(", why: it is in production", ""), 13, "the baseline has no `why`"),
        (changed("change_my_mind: a gain only in one airport\n", ""), 1, "change_my_mind is empty"),
        (changed(EFFECT, ""), 18, "has no minimal_effect"),
        (changed("margin: 0.01", "margin: 0"), 23, "asks for proof that it is better"),
        (guard("metric: auc, kind: at_least, threshold: 0"), 23, "always holds"),
        (guard("metric: auc, kind: at_most, threshold: 0.7"), 23, "at_least would ask for a good value"),
        (guard("metric: log_loss, kind: at_least, threshold: 0.7"), 23, "at_most would ask for a good value"),
        (SOUND + "decide: any-of\n", 26, "any-of with one primary claim"),
        (changed(f"guardrails:\n  - {GUARD}\n", "") + "risk_tier: high\n", 24, "there is no guardrail"),
        (changed(EFFECT, EFFECT + "    about: method\n") + "seeds: 2\n", 22, "3 or more"),
        (changed(EFFECT, EFFECT + "    about: method\n") + "seeds: 3\nseeds_paired: true\n", 22, "4 or more"),
    ],
)
def test_what_is_only_a_warning(tmp_path: Path, text: str, line: int, said: str) -> None:
    problems, warnings = checked(tmp_path, text)
    assert problems == []
    assert [(w.startswith(f"plan.yaml:{line}: "), said in w) for w in warnings] == [(True, True)], warnings


def test_three_seeds_of_a_method_are_fine(tmp_path: Path) -> None:
    text = changed(EFFECT, EFFECT + "    about: method\n") + "seeds: 3\n"
    assert checked(tmp_path, text) == ([], [])


def test_a_deterministic_baseline_does_not_save_the_candidate_its_seeds(tmp_path: Path) -> None:
    text = changed("why: it is", "deterministic: true, why: it is").replace(EFFECT, EFFECT + "    about: method\n")
    problems, _ = checked(tmp_path, text)
    assert "a deterministic baseline does not change that" in problems[0].rule


def test_a_method_needs_the_column_of_the_seed(tmp_path: Path) -> None:
    text = changed("  seed: seed\n", "").replace(EFFECT, EFFECT + "    about: method\n") + "seeds: 3\n"
    problems, _ = checked(tmp_path, text)
    assert [(p.where, "names no column" in p.what) for p in problems] == [("plan.yaml:21", True)]


def test_under_any_of_only_primary_claims_share_their_error(tmp_path: Path) -> None:
    extra = "  - {name: side, metric: brier, kind: better, primary: false, alpha: 0.01}\n"
    text = changed("guardrails:\n", f"{extra}guardrails:\n").replace("margin: 0.01}", "margin: 0.01, alpha: 0.01}")
    problems, _ = checked(tmp_path, text + "decide: any-of\n")
    assert problems == []


def test_warnings_come_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = SOUND.replace(EFFECT, "").replace("  unit: day\n", "").replace("owner: Ada", "owner: TBD")
    _, warnings = checked(tmp_path, text + "decide: any-of\n")
    lines = [int(w.split(":")[1]) for w in warnings]
    assert lines == sorted(lines) == [5, 6, 17, 24]
