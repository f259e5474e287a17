"""Distribution functions, loaded late."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from scipy import special

from assay.stats.special import ndtr, ndtri, stdtrit


@pytest.mark.parametrize("x", [-37.0, -8.3, -1.0, 0.0, 1e-12, 1.959963984540054, 6.0])
def test_the_normal_distribution_of_one_number_is_that_of_an_array(x: float) -> None:
    assert ndtr(x) == pytest.approx(float(special.ndtr(x)), rel=1e-13)
    assert ndtr(np.array([x]))[0] == special.ndtr(x)


@pytest.mark.parametrize("p", [1e-300, 1e-17, 0.025, 0.5, 0.975, 1 - 1e-16])
def test_the_normal_quantile_of_one_number_is_that_of_an_array(p: float) -> None:
    assert ndtri(p) == pytest.approx(float(special.ndtri(p)), rel=1e-13, abs=1e-15)
    assert ndtri(np.array([p]))[0] == special.ndtri(p)


def test_the_ends_are_infinite_and_nothing_else_is_defined() -> None:
    assert (ndtri(0.0), ndtri(1.0)) == (-math.inf, math.inf)
    assert math.isnan(ndtri(1.5))
    assert math.isnan(ndtr(math.nan))


def test_others_are_those_of_scipy() -> None:
    # source: scipy.special.stdtrit; t of 10 degrees of freedom at 0.975, in any table 2.228
    assert stdtrit(10, 0.975) == pytest.approx(2.2281388519649385)


def test_the_statistics_load_without_scipy() -> None:
    code = "import sys, assay.verbs.compare; sys.exit('scipy.special' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
