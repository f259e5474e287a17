"""Evidence to tamper with: copies of a bundle whose manifest is made to match again."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from assay.base.canonical import canonical_json, digest, digest_file
from assay.flows.bundle import FILES
from assay.verbs.documents import FORMS
from tests.helpers.runs import Run, assay


def copied(bundle: Path, folder: Path) -> Path:
    """A copy that may be changed."""
    target = folder / "evidence"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(bundle, target)
    return target


def sealed(bundle: Path) -> None:
    """Make the digests of the manifest those of the files, as someone would who knows how."""
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["files"] = {n: digest_file(bundle / n) for n in FILES}
    manifest["plan"] = digest((bundle / "plan.json").read_bytes())
    (bundle / "manifest.json").write_bytes(canonical_json(manifest))


def edit(bundle: Path, name: str, change: Callable[[Any], None]) -> None:
    """Change a JSON file, and seal."""
    content = json.loads((bundle / name).read_bytes())
    change(content)
    (bundle / name).write_bytes(canonical_json(content))
    sealed(bundle)


def edit_arrays(bundle: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the arrays of the cells, and seal."""
    with np.load(io.BytesIO((bundle / "cells.npz").read_bytes())) as held:
        arrays = dict(held)
    change(arrays)
    out = io.BytesIO()
    np.savez(out, **arrays)
    (bundle / "cells.npz").write_bytes(out.getvalue())
    sealed(bundle)


def edit_scores(bundle: Path, replace: str) -> None:
    """Replace columns of the scores, and seal."""
    path, new = bundle / "scores.parquet", bundle / "new.parquet"
    duckdb.sql(f"COPY (SELECT * REPLACE ({replace}) FROM '{path}' ORDER BY k0) TO '{new}' (FORMAT parquet)")
    new.replace(path)
    sealed(bundle)


def judge_anew(bundle: Path) -> None:
    """Put the judgement that follows from the cells beside them, and seal."""
    from assay.flows.bundle import judged_again, read_bundle
    from assay.readers.planfile import plan_from_content

    found = judged_again(read_bundle(bundle, plan_from_content))
    (bundle / "judgement.json").write_bytes(canonical_json(found.to_json()))
    sealed(bundle)


def memos_anew(bundle: Path) -> None:
    """Put the memos that follow from the evidence beside it, which name the digest of its manifest."""
    for form in FORMS:
        run = assay("memo", bundle, "--format", form, "--output", bundle / f"memo.{form}")
        assert run.code == 0, run.err


def rechecked(bundle: Path) -> Run:
    """`assay recheck`; whatever it finds, it is no bug and no traceback."""
    run = assay("recheck", bundle)
    assert run.code in (0, 2), (run.code, run.err)
    assert "Traceback" not in run.err
    assert all(line.startswith("assay: ") for line in run.err.splitlines()), run.err
    return run


def doubted(bundle: Path, *said: str) -> str:
    """What `recheck` says against a bundle."""
    run = rechecked(bundle)
    assert (run.code, run.out) == (2, ""), run
    for word in said:
        assert word in run.err, run.err
    return run.err
