"""`ablation` of a plan: contributions come off the judgement, by the method that decides claims."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay import Lab
from tests.helpers.runs import Run, assay
from tests.verbs.scenes import CLAIM, data, events, plan, scene
from tests.verbs.test_judge import seeds

WITHOUT = {"name": "bare", "removes": "history", "file": "base.csv", "score": "p"}


def long_scene(folder: Path, many: int, **changed: Any) -> Path:
    """A plan about a method whose only ablation has the predictions of the baseline."""
    spec = plan()["data"] | {"seed": "seed"}
    claims = [CLAIM | {"about": "method" if many > 1 else "model"}]
    given = {"data": spec, "seeds": many, "claims": claims, "guardrails": [], "ablations": [WITHOUT], **changed}
    return scene(folder, seeds(many), **given)


def shown(path: Path, *more: object) -> Run:
    """The verb on a plan, in the lab beside it."""
    return assay("ablation", path, "--lab", path.parent, *more)


def test_an_ablation_that_is_the_baseline_contributes_what_the_claim_says(tmp_path: Path) -> None:
    path = long_scene(tmp_path, 3)
    said = shown(path, "--json", "-")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    (part,), (whole,) = found["components"], found["beside_the_baseline"]
    assert part["removes"] == "history"
    assert part["difference"] == whole["difference"]
    assert part["difference"]["method"] == "seeds-satterthwaite"
    assert {"unit_variance", "seed_variance"} <= part["difference"]["diagnostics"].keys()
    assert found["seeds"] == {"base": 3, "cand": 3, "bare": 3}


def test_it_is_one_look_and_shown_by_every_face(tmp_path: Path) -> None:
    path = long_scene(tmp_path, 3)
    text = shown(path)
    assert text.code == 0, text.err
    assert "history (bare)" in text.out
    assert "3 seeds a model" in text.out
    looks = len(events(tmp_path))
    page = tmp_path / "page.html"
    assert shown(path, "--html", page).code == 0
    assert "What each component of cand contributes" in page.read_text()
    found = Lab(tmp_path).ablation(path)
    assert found["history"] is found["bare"]
    assert str(found).startswith("cand with all components")
    assert len(events(tmp_path)) == looks
    evidence = next((tmp_path / ".assay" / "evidence").iterdir())
    for form in ("html", "md", "json"):
        assert "What each component contributes" in (evidence / f"memo.{form}").read_text(), form
    assert assay("recheck", evidence).code == 0


def test_components_share_the_error(tmp_path: Path) -> None:
    two = [WITHOUT, WITHOUT | {"name": "bald", "removes": "age"}]
    path = long_scene(tmp_path, 3, ablations=two)
    found = json.loads(shown(path, "--json", "-").out)
    levels = [c["difference"]["decision_level"] for c in found["components"]]
    assert levels == pytest.approx([0.975, 0.975])


def test_one_seed_is_an_anecdote(tmp_path: Path) -> None:
    path = scene(tmp_path, data(120), claims=[CLAIM], guardrails=[], ablations=[WITHOUT])
    text = shown(path).out
    assert "one seed: anecdotal" in text
    assert "how training varies is not" in " ".join(text.split())


def test_what_is_refused(tmp_path: Path) -> None:
    bare = shown(scene(tmp_path / "bare"))
    assert (bare.code, "no ablation with predictions" in bare.err) == (2, True)
    quiet = long_scene(tmp_path / "kept", 2, reuse={"candidates": 1, "release": "verdict"})
    before = events(quiet.parent)
    for more, said in (((), "verdicts alone"), (("--metric", "brier"), "'metrics' is given beside a plan")):
        found = shown(quiet, *more)
        assert (found.code, said in found.err, len(found.err.splitlines())) == (2, True, 1), found.err
    assert events(quiet.parent) == before
