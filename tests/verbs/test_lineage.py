"""From a run to what it came of and on; and a run in forms that other tools read, checked by these tools."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from prov.model import ProvDocument
from rocrate.rocrate import ROCrate

import assay
from assay.base.errors import InputError, StoreError
from assay.cli.main import outcome
from assay.records.lineage import Lineage, Link, Node, graph


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[assay.Lab, str, str]:
    """Data, a run that makes a file of it, and a run that reads this file."""
    monkeypatch.chdir(tmp_path)
    lab = assay.Lab.create(".")
    Path("flights.csv").write_text("a\n1\n")
    lab.data("flights.csv", "flights")
    with assay.run({"step": 1}, name="prepare", capture=False) as first:
        first.read("flights.csv")
        Path("clean.csv").write_text("a\n2\n")
        first.artifact("clean.csv")
    with assay.run({"step": 2}, name="train", capture=False) as second:
        second.read("clean.csv", name="cleaned")
        second.predictions({"id": [1, 2], "p": [0.1, 0.9]})
    with assay.run(name="apart", capture=False):
        pass
    return lab, first.id, second.id


def test_a_run_leads_back_to_data_and_on_to_what_it_made(chain: tuple[assay.Lab, str, str]) -> None:
    lab, first, second = chain
    found = lab.lineage("flights").results
    assert {n.name for n in found.nodes} == {"flights", "prepare", "clean.csv", "train", "predictions"}
    assert found == lab.lineage(found.focus[0]).results
    (made,) = [x.target for x in found.links if x.source == first]
    assert Link(made, second, "read by") in found.links
    depth = found.layers()
    assert [depth[n] for n in (found.focus[0], first, made, second)] == [0, 1, 2, 3]
    assert {n.id for n in lab.lineage(second).results.nodes} == {n.id for n in found.nodes}
    assert "apart" not in str(lab.lineage(second))


def test_as_text_json_and_page(chain: tuple[assay.Lab, str, str], capsys: pytest.CaptureFixture[str]) -> None:
    _, first, _ = chain
    assert outcome(["lineage", first, "--html", "page.html"]) == 0
    assert f"▸ run prepare ({first})  ← data flights" in capsys.readouterr().out
    assert "<svg" in Path("page.html").read_text()
    assert outcome(["lineage", first, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["focus"] == [first]


@pytest.mark.parametrize("name", ["nothing", "2026", ""])
def test_what_names_nothing(chain: tuple[assay.Lab, str, str], name: str) -> None:
    with pytest.raises(InputError, match="names"):
        chain[0].lineage(name)


def test_a_circle_has_layers() -> None:
    """A run that reads what it writes."""
    notes = [("data", {"digest": "sha256:aa", "name": "x"}), ("artifact", {"digest": "sha256:aa", "name": "x"})]
    found = graph({"r": ("", notes)}, {}, {})
    assert found.nodes == (Node("file", "sha256:aa", "x"), Node("run", "r", ""))
    assert set(found.layers()) == {"r", "sha256:aa"}
    assert Lineage((), ()).around([]).nodes == ()


def test_prov_is_read_by_its_own_package(chain: tuple[assay.Lab, str, str]) -> None:
    lab, first, _ = chain
    lab.export_run(first, "run.json", "prov")
    document = ProvDocument.deserialize("run.json", format="json")
    kinds = sorted(type(r).__name__ for r in document.get_records())
    assert kinds == ["ProvActivity", "ProvAgent", "ProvAssociation", "ProvEntity", "ProvEntity", "ProvGeneration",
                     "ProvUsage"]  # fmt: skip
    assert ProvDocument.deserialize(content=document.serialize(format="json"), format="json") == document


def test_a_crate_is_read_by_its_own_package(chain: tuple[assay.Lab, str, str]) -> None:
    lab, first, second = chain
    assert lab.export_run(first, "crate") == 1
    crate = ROCrate("crate")
    action = crate.dereference(f"#{first}")
    assert action.type == "CreateAction"
    assert action["result"].id == "artifact/clean.csv"
    assert Path("crate/artifact/clean.csv").read_text() == "a\n2\n"
    assert {e.id for e in crate.data_entities} == {"artifact/clean.csv"}
    assert lab.export_run(second, "other") == 1
    # Everything that is named has an entry, as the specification demands of a flattened document.
    held: dict[str, Any] = json.loads(Path("other/ro-crate-metadata.json").read_text())
    ids = {e["@id"] for e in held["@graph"]}
    named = {v["@id"] for e in held["@graph"] for v in _references(e)} - {"https://w3id.org/ro/crate/1.1"}
    assert {n for n in named if not n.startswith("http://schema.org/")} <= ids


def _references(entity: dict[str, Any]) -> list[dict[str, str]]:
    values = [v for value in entity.values() for v in (value if isinstance(value, list) else [value])]
    return [v for v in values if isinstance(v, dict)]


def test_names_that_lead_out_of_a_crate(chain: tuple[assay.Lab, str, str]) -> None:
    lab, *_ = chain
    with assay.run(name="odd", capture=False) as run:
        for i, name in enumerate(("../up", "/etc/passwd", "a/b", "a", "a/b/c", "x" * 300)):
            Path(f"f{i}").write_text(str(i))
            run.artifact(f"f{i}", name=name)
    assert lab.export_run(run.id, "out/crate" if Path("out").mkdir() is None else "") == 6
    assert os.listdir("out") == ["crate"]
    assert sorted(p.read_text() for p in Path("out/crate/artifact").rglob("*") if p.is_file()) == list("012345")


def test_an_export_overwrites_nothing(chain: tuple[assay.Lab, str, str]) -> None:
    lab, first, _ = chain
    Path("there").write_text("mine")
    with pytest.raises(StoreError, match="is there already"):
        lab.export_run(first, "there", "prov")
    with pytest.raises(InputError, match="form"):
        lab.export_run(first, "new", "pdf")
    assert Path("there").read_text() == "mine"
    assert not Path("new").exists()
