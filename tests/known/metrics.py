"""Values of metrics: scikit-learn's documentation, R yardstick's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assay.metrics import parse
from tests.known.answer import Known

CUT = "the source cuts digits off instead of rounding"
Labels = Sequence[int]
Numbers = Sequence[float]
YARDSTICK = "R yardstick, two_class_example (conf_mat, and the examples of each metric)"
HPC = "R yardstick, hpc_cv; Kuhn & Silge (2022), Tidy Modeling with R, chapter 9"
TWO_CLASSES = ((192, 50), (31, 227))
"""Truth by prediction, the event last."""
FOUR_CLASSES = ((1620, 141, 6, 2), (371, 647, 24, 36), (64, 219, 79, 50), (9, 60, 28, 111))
"""Truth by prediction: VF, F, M, L."""
THREE = ((0, 1, 2, 0, 1, 2), (0, 2, 1, 0, 0, 1))
REGRESSION = ((3, -0.5, 2, 7), (2.5, 0.0, 2, 8))


def counted(target: Labels, said: Labels) -> np.ndarray:
    """The confusion, target by prediction."""
    size = max(*target, *said) + 1
    table = np.zeros((size, size), dtype=np.int64)
    np.add.at(table, (np.array(target), np.array(said)), 1)
    return table


def of_table(notation: str, table: Sequence[Sequence[int]] | np.ndarray) -> float:
    """A metric of confusion counts."""
    metric = parse(notation)
    if metric.value is None:
        raise TypeError(notation)
    return float(metric.value(np.asarray(table)))


def of_rows(notation: str, target: Numbers, prediction: Numbers) -> float:
    """A metric of the mean scores of rows."""
    metric, y = parse(notation), np.array(target, dtype=float)
    if metric.scorer is None or metric.value is None:
        raise TypeError(notation)
    parts = metric.scorer(y, np.array(prediction, dtype=float), float(y.mean()))
    return float(metric.value(np.array([np.mean(part) for part in parts])))


def _labels(notation: str, data: tuple[Labels, Labels], printed: str, function: str, cut: bool = False) -> Known:
    what = f"`{notation}`, targets {_said(data[0])}, predicted {_said(data[1])}"
    return _known(what, lambda: of_table(notation, counted(*data)), printed, function, cut)


def _numbers(notation: str, data: tuple[Numbers, Numbers], printed: str, function: str, cut: bool = False) -> Known:
    what = f"`{notation}`, targets {_said(data[0])}, predicted {_said(data[1])}"
    return _known(what, lambda: of_rows(notation, *data), printed, function, cut)


def _known(what: str, found: Callable[[], float], printed: str, function: str, cut: bool) -> Known:
    source = f"scikit-learn documentation, {function}"
    return Known("metrics", what, found, printed, source, 1.0 if cut else 0.5, CUT if cut else "")


def _said(values: Numbers) -> str:
    return " ".join(f"{v:g}" for v in values)


def _binary(notation: str, printed: str) -> Known:
    what = f"`{notation}`, 500 rows: tp 227, fn 31, fp 50, tn 192"
    return Known("metrics", what, lambda: of_table(notation, TWO_CLASSES), printed, YARDSTICK)


def _hpc(notation: str, printed: str) -> Known:
    return Known(
        "metrics", f"`{notation}`, 3,467 rows, 4 classes", lambda: of_table(notation, FOUR_CLASSES), printed, HPC
    )


ANSWERS: tuple[Known, ...] = (
    _labels("accuracy", ((0, 1, 2, 3), (0, 2, 1, 3)), "0.5", "accuracy_score"),
    _labels("balanced_accuracy", ((0, 1, 0, 0, 1, 0), (0, 1, 0, 0, 0, 1)), "0.625", "balanced_accuracy_score"),
    _labels("kappa", ((0, 1, 0, 2, 1), (0, 1, 0, 2, 0)), "0.6875", "cohen_kappa_score"),
    _labels("f1(average=macro)", THREE, "0.267", "f1_score"),
    _labels("f1(average=micro)", THREE, "0.33", "f1_score"),
    _labels("fbeta@0.5(average=macro)", THREE, "0.238", "fbeta_score"),
    _labels("fbeta@0.5(average=micro)", THREE, "0.33", "fbeta_score"),
    _labels("precision(average=macro)", THREE, "0.22", "precision_score"),
    _labels("precision(average=micro)", THREE, "0.33", "precision_score"),
    _labels("recall(average=macro)", THREE, "0.33", "recall_score"),
    _labels("recall(average=micro)", THREE, "0.33", "recall_score"),
    _labels("mcc", ((1, 1, 1, 0), (1, 0, 1, 1)), "-0.33", "matthews_corrcoef"),
    _numbers("log_loss", ((1, 0, 0, 1), (0.9, 0.1, 0.2, 0.65)), "0.21616", "log_loss"),
    _numbers("brier", ((0, 1, 1, 0), (0.1, 0.9, 0.8, 0.3)), "0.0375", "brier_score_loss"),
    _numbers("mse", REGRESSION, "0.375", "mean_squared_error"),
    _numbers("rmse", REGRESSION, "0.612", "root_mean_squared_error", cut=True),
    _numbers("mae", REGRESSION, "0.5", "mean_absolute_error"),
    _numbers("mape", REGRESSION, "0.3273", "mean_absolute_percentage_error", cut=True),
    _numbers("r2", REGRESSION, "0.948", "r2_score", cut=True),
    _numbers("r2", ((1, 2, 3), (2, 2, 2)), "0.0", "r2_score"),
    _numbers("r2", ((1, 2, 3), (3, 2, 1)), "-3.0", "r2_score"),
    _numbers("pinball@0.1", ((1, 2, 3), (0, 2, 3)), "0.03", "mean_pinball_loss", cut=True),
    _numbers("pinball@0.1", ((1, 2, 3), (1, 2, 4)), "0.3", "mean_pinball_loss"),
    _numbers("pinball@0.9", ((1, 2, 3), (0, 2, 3)), "0.3", "mean_pinball_loss"),
    _numbers("pinball@0.9", ((1, 2, 3), (1, 2, 4)), "0.03", "mean_pinball_loss", cut=True),
    _binary("accuracy", "0.838"),
    _binary("kappa", "0.675"),
    _binary("mcc", "0.677"),
    _binary("f1", "0.849"),
    _binary("precision", "0.819"),
    _binary("recall", "0.880"),
    _hpc("accuracy", "0.709"),
    _hpc("mcc", "0.515"),
    _hpc("recall(average=macro)", "0.560"),
    _hpc("recall(average=micro)", "0.709"),
)
