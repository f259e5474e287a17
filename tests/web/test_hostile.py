"""Stored text that wants to be a script, through every string of a lab that the page shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tools.browser import served

import assay
from tests.helpers.runs import assay as command
from tests.verbs.scenes import data, scene, told
from tests.web.conftest import Open

CORPUS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "'-window.hit=1-'",
    "javascript:window.hit=1",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    "{{constructor.constructor('window.hit=1')()}}",
    '</title><style>*{display:none}</style><math><mi//xlink:href="data:x,<script>window.hit=1</script>">',
    "<a href=javascript:window.hit=1 autofocus onfocus=window.hit=1>",
    "\u202e<details open ontoggle=window.hit=1>\u0000".replace("\u0000", ""),
)
STRANGE = "main :is(script, img, iframe, object, embed, style, math, [onerror], [onload], [onfocus], [ontoggle])"
ALL = " ".join(CORPUS)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served lab whose every string is hostile."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    regions = [CORPUS[i % len(CORPUS)] for i in range(300)]
    spec = {"score": "p", "why": ALL}
    path = scene(
        tmp_path,
        columns=data(region=regions),
        question=ALL,
        hypothesis=ALL,
        owner=ALL,
        user_impact=ALL,
        product_kpi=ALL,
        change_my_mind=ALL,
        stop_rules=[f"stop {text} here" for text in CORPUS],
        milestones=[{"date": "2026-01-01", "what": ALL}],
        baseline={"name": f"{CORPUS[1]} base", "file": "base.csv", **spec},
        candidates=[{"name": f"{CORPUS[0]} cand", "file": "cand.csv", **spec}],
        claims=[{"name": f"{CORPUS[5]} wins", "metric": "log_loss", "kind": "better", "minimal_effect": 0.02}],
        guardrails=[{"name": f"=1+1{CORPUS[2]} holds", "metric": "brier", "kind": "not_worse", "margin": 0.05}],
    )
    told(path)
    bundle = next((tmp_path / ".assay" / "evidence").glob("late-*"))
    assert command("review", bundle, "--object", "--why", ALL, "--lab", tmp_path).code == 0
    for text in CORPUS:
        with assay.run({text[:60]: text, "safe": ALL}, seed=1, name=text, lab=tmp_path, capture=False) as run:
            run.log({text.replace("=", ":")[:60]: 1.0, "loss": 0.5}, step=0)
            run.log({text.replace("=", ":")[:60]: 2.0, "loss": 0.4}, step=1)
            run.text(text[:60], ALL)
            run.table("table", {text: [text, ALL], "x": [1, 2]})
            run.histogram(f"h {text[:50]}", [1.0, 2.0])
    assert command("data", "add", tmp_path / "base.csv", "--name", "img onerror", "--lab", tmp_path).code == 0
    with served(tmp_path) as address:
        yield address


def test_stored_scripts_stay_text(hostile: str, page_of: Open) -> None:
    page = page_of(hostile)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    asked = "path => fetch(path).then(answer => answer.json())"
    evidence = page.evaluate(asked, "/api/v1/plans/late")["evidence"]
    runs = [r["id"] for r in page.evaluate(asked, "/api/v1/runs")["runs"]]
    compared = "&".join(f"run={r}" for r in runs)
    paths = ["/", "/plans", "/plans/late", f"/evidence/{evidence[7:23]}", "/runs?by=safe", "/data", "/ledger"]
    paths += [f"/runs/{r}" for r in runs[:4]] + [f"/runs?{compared}", f"/runs?run={runs[0]}&run={runs[1]}"]
    for path in paths:
        page.goto(hostile + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".waiting")).to_have_count(0)
        for more in page.get_by_role("button", name="Show what came of what").all():
            more.click()
            expect(
                page.get_by_role("heading", name="What came of what").or_(page.locator(".drawn")).first
            ).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert page.evaluate("window.hit") is None, path
        assert page.locator(STRANGE).count() == 0, path
    page.goto(f"{hostile}/evidence/{evidence[7:23]}")
    expect(page.locator(".banner .word")).to_contain_text(CORPUS[0])
    expect(page.get_by_role("region", name="Reviews")).to_contain_text(CORPUS[1])


def test_saved_cells_are_no_formulas(hostile: str, page_of: Open) -> None:
    page = page_of(hostile, "/plans/late")
    page.get_by_role("link", name="Read the verdict").click()
    with page.expect_download() as kept:
        page.get_by_role("button", name="Save Guardrails as CSV").click()
    rows = list(csv.reader(io.StringIO(Path(kept.value.path()).read_text())))
    assert rows[1][0].startswith("'=1+1")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "\t"))]


def test_the_policy_forbids_what_is_written_into_the_page(full: str, page_of: Open) -> None:
    page = page_of(full)
    answer = page.request.get(full + "/")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.request.get(full + "/assets/gone-0000.js").status == 404
