from __future__ import annotations

import pytest

from assay.stats.spending import Rule, classical, spent


def test_obrien_fleming_three_looks() -> None:
    # source: rpact, the same file, getDesignInverseNormal() by default: criticalValues and alphaSpent
    assert classical((1 / 3, 2 / 3, 1.0), 0.025) == pytest.approx((3.4710914, 2.4544323, 2.0040356), abs=1e-6)
    rule = Rule("classical-obrien-fleming", planned=(1 / 3, 2 / 3, 1.0))
    assert spent(1 / 3, 0.025, rule) == pytest.approx(0.00025917372, abs=1e-9)
    assert spent(2 / 3, 0.025, rule) == pytest.approx(0.0071600594, abs=1e-8)
    assert spent(1.0, 0.025, rule) == 0.025


@pytest.mark.parametrize(
    "rule",
    [
        Rule(),
        Rule("pocock"),
        Rule("power", 0.5),
        Rule("hwang-shih-decani", 4.0),
        Rule("classical-pocock", planned=(0.4, 1.0)),
    ],
)
def test_spending_grows_from_nothing_to_everything(rule: Rule) -> None:
    found = [spent(t, 0.025, rule) for t in (0.01, 0.2, 0.4, 0.7, 0.99, 1.0, 1.4)]
    assert found == sorted(found)
    assert found[0] < 0.01
    assert found[-2:] == pytest.approx([0.025, 0.025])
