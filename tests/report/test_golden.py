"""The pages, byte for byte. Renew with `.venv/bin/python tests/report/golden.py`, then read the diff."""

from __future__ import annotations

import pytest

from tests.report import golden


@pytest.mark.parametrize("name", sorted(golden.pages()))
def test_the_page_is_the_one_that_was_approved(name: str) -> None:
    assert golden.pages()[name] == (golden.FOLDER / name).read_text(encoding="utf-8")


def test_every_golden_file_has_its_page() -> None:
    assert {p.name for p in golden.FOLDER.iterdir()} == set(golden.pages())
