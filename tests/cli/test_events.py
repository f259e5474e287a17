"""Events of the ledger as lines."""

from __future__ import annotations

import json
from typing import Any

from assay.cli.events import line
from assay.report.events import plan_names, said
from assay.store import Entry

DIGEST = "sha256:" + "ab" * 32


def entry(kind: str, content: Any) -> Entry:
    text = None if content is None else json.dumps(content)
    return Entry(1, "w-1", 7, "", "", kind, "", text, "2026-11-21T06:54:28.391840+00:00")


def test_a_deviation_says_why() -> None:
    frozen = {"digest": DIGEST, "name": "late", "version": 2, "frozen_by": "ann", "reason": "new units arrived"}
    plans = plan_names([frozen])
    assert plans == {DIGEST: "late version 2"}
    shown = line(entry("plan.frozen", frozen), plans)
    assert shown == (
        "2026-11-21T06:54:28Z  w-1       7  plan.frozen     "
        "late version 2 frozen by ann, sha256:abababababab…; deviation: new units arrived"
    )


def test_what_is_erased_unknown_or_hostile_is_a_line_too() -> None:
    assert said("note", None, {}) == "(erased)"
    assert said("note", ["a"], {}) == "['a']"
    assert said("note", {"who": "x" * 80, "digest": DIGEST}, {}) == f"who {'x' * 59}…, digest sha256:abababababab…"
    assert said("evidence.kept", {"plan": DIGEST}, {}).startswith("plan sha256:abababababab… judged")
    assert "\x1b" not in said("note", {"\x1b[31m": "\x1b[31m\n"}, {})
