"""A run while it is logged into: values in order, nothing raised, an end that says how it went."""

from __future__ import annotations

import importlib
import math
import pickle
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assay
from assay.base.errors import InputError
from assay.runs import seeds
from assay.runs.recorder import BATCH_MOST
from tests.helpers.runs import assay as command
from tests.runs.scenes import begun, lab, logged, segment


def test_what_was_logged_is_read_back_in_order(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with begun(tmp_path, {"lr": 0.1}, seed=1) as run:
        for step in range(300):
            run.log(step=step, loss=1 / (1 + step), accuracy=step / 300)
        run.log_many("batch", np.arange(2000.0), np.arange(2000))
    kept = held.run(run.id)
    loss = kept.series("loss")
    assert len(loss) == 300
    assert loss.steps.tolist() == list(range(300))
    assert loss.values.tolist() == [1 / (1 + s) for s in range(300)]
    assert list(kept.series("batch"))[-1] == (1999, 1999.0)
    assert (kept.state, kept.config, kept.start.seed, kept.faults) == ("finished", {"lr": 0.1}, 1, ())
    assert run.id in kept._repr_html_()


@pytest.mark.parametrize(
    "values",
    [[1.0], [float("nan"), 1.0, float("inf"), float("-inf")], [5e-324, 1.7976931348623157e308, -0.0], [0.1] * 100],
)
def test_every_float_is_kept_to_the_bit(tmp_path: Path, values: list[float]) -> None:
    found = lab(tmp_path).run(logged(tmp_path, values)).series("loss").values
    assert found.tobytes() == np.asarray(values).tobytes()


@pytest.mark.fault
@pytest.mark.parametrize(
    "name",
    [
        "val/acc@1",
        "",
        " ",
        "loss\nmore",
        "κόστος",
        "a" * 5000,
        "step",
        "'; DROP TABLE runs; --",
        "\ud800",
        "x\x00y",
        "🙂",
    ],
)
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    kept = lab(tmp_path).run(logged(tmp_path, [1.0, 2.0], name=name))
    (key,) = kept.keys
    assert key.name == name.encode("utf-8", "replace").decode()
    assert kept.series(key.name).values.tolist() == [1.0, 2.0]
    assert assay.Lab(tmp_path).runs()[0].metrics[key.name].count == 2


def test_steps_count_on_where_they_are_not_given(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        run.log(a=1.0)
        run.log(a=2.0)
        run.log(step=10, a=3.0)
        run.log(a=4.0)
        run.log_many("a", [5.0, 6.0])
        run.log(a=7.0)
    assert held.run(run.id).series("a").steps.tolist() == [0, 1, 10, 11, 12, 13, 14]


def test_numbers_of_other_types_are_numbers(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        for value in (1, True, np.float32(0.5), np.int64(3), np.array(2.0)):
            run.log(a=value, step=np.int64(0))
    assert held.run(run.id).series("a").values.tolist() == [1.0, 1.0, 0.5, 3.0, 2.0]
    assert run.healthy


@pytest.mark.parametrize(
    "log",
    [
        lambda run: run.log(a=object()),
        lambda run: run.log(a=None),
        lambda run: run.log(a=[1.0, 2.0]),
        lambda run: run.log(a=1.0, step="late"),
        lambda run: run.log(a=1.0, step=float("nan")),
        lambda run: run.log(a=1.0, step=2**70),
        lambda run: run.log([1, 2]),
        lambda run: run.log_many("a", [1.0, 2.0], [1]),
        lambda run: run.log_many("a", ["x"]),
        lambda run: run.histogram("a", "x"),
        lambda run: run.table("a", 3),
        lambda run: run.image("a", "missing.png"),
        lambda run: run.image("a", np.zeros((2, 2, 7))),
        lambda run: run.configure(3),
        lambda run: run.text("a", "x", step="late"),
    ],
)
def test_what_cannot_be_logged_is_told_once_and_never_raised(
    tmp_path: Path, log: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        log(run)
        log(run)
        run.log(fine=1.0, step=3)
    told = capsys.readouterr().err
    kept = held.run(run.id)
    assert kept.series("fine").values.tolist() == [1.0]
    if not run.healthy:
        assert told.count("warning") == 1
        assert kept.end is not None
        assert kept.end.dropped == run.dropped > 0
    else:
        assert kept.config == {"config": 3}


def test_other_values_come_back(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        run.histogram("weights", [0.0, 1.0, 1.0, math.nan, math.inf], step=4, bins=2)
        run.table("samples", {"q": ["a", "b"], "score": [0.5, math.nan]})
        run.text("said", "hello")
        run.log(step=7, note="also text")
        run.image("picture", np.zeros((3, 5, 3)))
    kept = held.run(run.id)
    (histogram,) = kept.logged("weights")
    assert (histogram.step, histogram.content["counts"]) == (4, [1, 2])
    assert (histogram.content["nan"], histogram.content["infinite"]) == (1, 1)
    assert kept.logged("samples")[0].content["rows"] == [["a", 0.5], ["b", "nan"]]
    assert [kept.logged(n)[0].content for n in ("said", "note")] == ["hello", "also text"]
    assert kept.logged("picture")[0].content["form"] == "png"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ValueError("bad"), "failed"),
        (KeyboardInterrupt(), "interrupted"),
        (SystemExit(3), "failed"),
        (SystemExit(0), "finished"),
    ],
)
def test_the_end_says_what_ended_it(tmp_path: Path, error: BaseException, state: str) -> None:
    held = lab(tmp_path)
    run = begun(tmp_path)
    with pytest.raises(type(error)), run:
        raise error
    kept = held.run(run.id)
    assert kept.state == state
    assert kept.end is not None
    assert kept.end.error == {"failed": f"{type(error).__name__}: {error}", "interrupted": "KeyboardInterrupt"}.get(
        state, ""
    )


def test_after_the_end_nothing_is_kept_and_nothing_raised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        run.log(a=1.0)
    run.log(a=2.0)
    run.close()
    run.flush()
    assert len(held.run(run.id).series("a")) == 1
    assert "after its end" in capsys.readouterr().err


def test_secrets_in_the_configuration_are_not_kept(tmp_path: Path) -> None:
    lab(tmp_path)
    token = "ghp_" + "a1B2" * 9
    run = logged(tmp_path, [1.0], {"password": "hunter2!", "nested": {"x": token}, "pad_token": "<pad>"})
    held = b"".join(p.read_bytes() for p in (tmp_path / ".assay/runs" / run).iterdir())
    assert b"hunter2!" not in held
    assert token.encode() not in held
    assert assay.Lab(tmp_path).run(run).config["pad_token"] == "<pad>"


def test_secrets_that_are_logged_are_not_kept(tmp_path: Path) -> None:
    held = lab(tmp_path)
    key = "hf_" + "aBcDeFgHiJ" * 4
    with begun(tmp_path, {key: 1}, name=f"with {key}", experiment=key, tags=("a", f"of {key}")) as run:
        run.log({"said": f"the key is {key}", f"loss {key}": 1.0}, step=0)
        run.log({f"loss {key}": 2.0}, step=1)
        run.text(f"sample {key}", "fine")
        run.table("answers", {"who": ["ann", key], "password": ["letmein!", "hunter2"], "n": [1, 2]})
        run.table("plain", {"who": ["ann"]})
        run.configure({"note": f"uses {key}"})
        (tmp_path / "a.csv").write_text("1")
        run.read(tmp_path / "a.csv", f"from {key}")
    for path in run.folder.iterdir():
        assert key not in path.read_text(errors="replace"), path
        assert "letmein!" not in path.read_text(errors="replace")
    mark = "[redacted: Hugging Face token]"
    kept = held.run(run.id)
    assert kept.series(f"loss {mark}").values.tolist() == [1.0, 2.0]
    (table,) = kept.logged("answers")
    assert table.content["rows"][1] == [mark, "[redacted: named like a secret]", 2]
    assert (run.start.name, run.start.experiment, run.start.tags) == (f"with {mark}", mark, ("a", f"of {mark}"))
    assert "3 secrets of the names and tags redacted" in run.start.notes
    (row,) = held.runs()
    assert row.metrics[f"loss {mark}"].last == 2.0


@pytest.mark.fault
def test_a_parameter_of_a_megabyte_is_kept_whole_and_listed_short(tmp_path: Path) -> None:
    held = lab(tmp_path)
    run = logged(tmp_path, [1.0], {"prompt": "ab" * 500_000, "lr": 0.1})
    assert held.run(run).config["prompt"] == "ab" * 500_000
    (row,) = held.runs()
    assert len(row.params["prompt"]) < 200
    assert "1,000,000 characters" in row.params["prompt"]


@pytest.mark.parametrize("seed", [1.5, "1", True])
def test_a_seed_is_a_whole_number(tmp_path: Path, seed: Any) -> None:
    lab(tmp_path)
    with pytest.raises(InputError, match="seed"):
        begun(tmp_path, seed=seed)
    assert not (tmp_path / ".assay/runs").exists()


def test_seeds_are_set_where_that_is_asked_for(tmp_path: Path) -> None:
    import random

    lab(tmp_path)
    drawn = []
    for _ in range(2):
        with begun(tmp_path, seed=3, set_seeds=True):
            drawn.append((random.random(), float(np.random.random())))  # noqa: NPY002 - the global generator is meant
    assert drawn[0] == drawn[1]
    with pytest.raises(InputError, match="seed"):
        begun(tmp_path, set_seeds=True)


def test_what_is_imported_later_is_seeded_at_its_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab(tmp_path)
    (tmp_path / "torch.py").write_text("seeds = []\nmanual_seed = seeds.append\n")
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    # What is imported here is gone again afterwards: other libraries look whether there is a torch.
    monkeypatch.setitem(sys.modules, "torch", types.ModuleType("torch"))
    del sys.modules["torch"]
    monkeypatch.setitem(sys.modules, "jax", types.ModuleType("jax"))
    for seed in (3, 5):
        with begun(tmp_path, seed=seed, set_seeds=True) as run:
            assert run.start.notes == ("seeds were set: python, numpy; at their import: torch", seeds.JAX)
    torch = importlib.import_module("torch")
    assert torch.seeds == [5]
    assert torch.__spec__.loader is torch.__loader__
    assert torch.__loader__.get_filename("torch") == str(tmp_path / "torch.py")
    with begun(tmp_path, seed=7, set_seeds=True) as run:
        assert run.start.notes[0] == "seeds were set: python, numpy, torch"
    assert torch.seeds == [5, 7]
    assert not [f for f in sys.meta_path if isinstance(f, seeds._Finder)]


def test_numpy_that_is_imported_later_draws_by_the_seed(tmp_path: Path) -> None:
    lab(tmp_path)
    code = f"import sys, assay\nrun = assay.run(seed=5, set_seeds=True, capture=False, lab={str(tmp_path)!r})\n"
    code += "assert 'numpy' not in sys.modules\nimport numpy\ndrawn = numpy.random.random()\nnumpy.random.seed(5)\n"
    code += "assert drawn == numpy.random.random()"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_run_that_is_joined_says_which_seeds_were_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab(tmp_path)
    outer = begun(tmp_path)
    monkeypatch.setenv("ASSAY_RUN", str(outer.folder))
    with begun(tmp_path, seed=3, set_seeds=True) as run:
        assert run.id == outer.id
    outer.close()
    assert "note: seeds were set: python, numpy" in command("runs", "show", outer.id, "--lab", tmp_path).out


@pytest.mark.fault
def test_artifacts_stay_within_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = lab(tmp_path)
    (tmp_path / "work/sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "outside").write_text("secret")
    Path("model.bin").write_bytes(b"weights")
    Path("sub/more.bin").write_bytes(b"more")
    Path("link").symlink_to(tmp_path / "outside")
    Path("folder").symlink_to(tmp_path)
    with begun(tmp_path) as run:
        assert run.artifact("model.bin").startswith("blake3:")
        assert run.artifact(Path.cwd() / "sub" / "more.bin", name="second")
        for bad in ("../outside", "sub/../model.bin", "/etc/hostname", "link", "folder/outside", "gone", "sub", ""):
            with pytest.raises(InputError):
                run.artifact(bad)
    kept = held.run(run.id).artifacts()
    assert sorted(kept) == ["model.bin", "second"]
    blob = kept["second"].removeprefix("blake3:")
    assert (tmp_path / ".assay/blobs/blake3" / blob[:2] / blob[2:]).read_bytes() == b"more"


def test_predictions_are_kept_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = lab(tmp_path)
    monkeypatch.chdir(tmp_path)
    table: dict[str, Any] = {"id": [1, 2], "y": [0, 1], "p": [0.2, 0.8]}
    Path("p.csv").write_text("id,p\n1,0.5\n")
    with begun(tmp_path) as run:
        digest = run.predictions(table)
        assert run.predictions({k: list(v) for k, v in table.items()}, name="again") == digest
        run.predictions("p.csv", name="file")
        with pytest.raises(InputError):
            run.predictions({"id": [1], "p": [1, 2]})
        with pytest.raises(InputError):
            run.predictions(3)
    assert list(held.run(run.id).predictions()) == ["predictions", "again", "file"]


def test_a_run_can_be_sent_to_another_process(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        run.log(a=1.0)
        other = pickle.loads(pickle.dumps(run))
        other.log(a=2.0)
        other.close()
    assert held.run(run.id).series("a").values.tolist() == [1.0, 2.0]
    assert len(list((tmp_path / ".assay/runs" / run.id).glob("*.seg"))) == 2


def test_rank_and_worker_are_part_of_a_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = lab(tmp_path)
    monkeypatch.setenv("RANK", "1")
    with begun(tmp_path) as run:
        run.log(a=1.0)
    assert [k.words() for k in held.run(run.id).keys] == ["a [rank 1]"]
    assert held.run(run.id).series("a", rank=1).values.tolist() == [1.0]
    with pytest.raises(InputError, match="rank 1"):
        held.run(run.id).series("a", rank=0)
    assert segment(tmp_path, run.id).exists()


def test_damage_costs_a_piece_of_many_values_and_not_the_whole(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        run.log_many("x", np.arange(200_000))
    whole = held.run(run.id).series("x")
    assert (len(whole), whole.steps[-1], whole.values[-1]) == (200_000, 199_999, 199_999.0)
    path = segment(tmp_path, run.id)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    left = held.run(run.id)
    assert len(left.series("x")) == 200_000 - BATCH_MOST
    assert left.faults
