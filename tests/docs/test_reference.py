"""The generated pages say what the code says now."""

from __future__ import annotations

import pytest
from tools.reference import methods, sdk
from tools.reference.__main__ import DOCS, PAGES
from tools.reference.markdown import docstring, table
from tools.reference.metrics import notation

from assay.metrics import METRICS
from assay.stats.domain import DOMAINS

MENDED = "run `make docs`, and read the difference"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_fresh(name: str) -> None:
    shown = (DOCS / name).read_text("utf-8")
    made = PAGES[name]()
    # The outputs of snippets are held by test_snippets.
    assert made == shown, MENDED


def test_every_method_with_a_domain_is_described_and_has_a_source() -> None:
    assert set(methods.METHODS) == set(DOMAINS)
    assert all(what and source for what, source in methods.METHODS.values())


def test_the_choice_is_the_choosers_own_table() -> None:
    assert "| proportion | Wilson; Tango for the difference |" in methods.chosen()


def test_public_names_are_classes_and_functions_with_docstrings() -> None:
    import assay

    assert "compare" in sdk.public()
    assert all(getattr(assay, name).__doc__ for name in sdk.public())


def test_notation_shows_the_parameter_of_the_at_sign_first() -> None:
    assert notation(METRICS.get("fbeta")) == "fbeta@beta(threshold=…, class=…, average=binary)"
    assert notation(METRICS.get("auc")) == "auc"


def test_docstring_sections_become_lists() -> None:
    made = docstring("""Do it.

    Args:
        first: What comes
            first.
        second: The rest.
    """)
    assert made == "Do it.\n\nArgs:\n\n- `first`: What comes first.\n- `second`: The rest.\n"


def test_bars_in_cells_are_escaped() -> None:
    assert table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |\n"
