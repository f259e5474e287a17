"""One bundle for all tests of evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verbs.scenes import GUARD, data, plan, scene, told


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evidence with clusters, slices, counts, sums, ranks and rows."""
    folder = tmp_path_factory.mktemp("bundle")
    columns = data(120, user=[f"u{i // 2}" for i in range(120)])
    guards = [GUARD, {"name": "order", "metric": "auc", "kind": "not_worse", "margin": 0.2},
              {"name": "hits", "metric": "accuracy@0.5", "kind": "not_worse", "margin": 0.2}]  # fmt: skip
    found = told(scene(folder, columns, data=plan()["data"] | {"unit": "user"}, guardrails=guards))
    return Path(found["folder"])
