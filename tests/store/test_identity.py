"""Writers: who they are follows from lab, user, machine and folder."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from assay.store.identity import Identity, writer_of
from tests.store.labs import ANN, BOB


def test_a_writer_is_the_same_each_time_and_differs_in_each_part(tmp_path: Path) -> None:
    ids = {
        writer_of(lab, identity, folder).id
        for lab in ("lab-1", "lab-2")
        for identity in (ANN, BOB, Identity("ann", "south"))
        for folder in (tmp_path / "a", tmp_path / "b")
        for _ in range(2)
    }
    assert len(ids) == 12


def test_a_user_without_a_name_is_named_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert Identity.current().user.startswith("uid-")
    assert Identity.current().host
