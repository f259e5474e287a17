"""The predictions that the documentation uses, from scikit-learn's breast cancer data (569 women, one row each).

    python -m tools.tutorial_data

Wolberg, Mangasarian, Street & Street (1993), Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository,
CC BY 4.0. Trained on 199 women, tested on the other 370. The pilot is the 199, each predicted by a model that did not
see her. Probabilities are rounded, so that the files do not depend on the machine.
"""

from __future__ import annotations

import csv
import itertools
import operator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict, train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "data"
SHAPE = ("mean texture", "mean smoothness", "mean compactness", "mean symmetry", "mean fractal dimension")
TRAINED = 0.35
GROUPS = (("radius", "perimeter", "area"), ("texture", "smoothness"), ("compactness", "concavity", "concave points"))


def predictions() -> dict[str, list[dict[str, Any]]]:
    """Rows of four files: a model that sees five means and one that sees all thirty, on pilot and on test women."""
    data = load_breast_cancer(as_frame=False)
    malignant = (data.target == 0).astype(int)
    women = np.arange(len(malignant))
    train, test = train_test_split(women, train_size=TRAINED, random_state=0, stratify=malignant)
    names = [str(n) for n in data.feature_names]
    area = data.data[:, names.index("mean area")]
    size = np.where(area < np.quantile(area, 0.5), "small", "large")
    made = {}
    for model, columns in (("few", [names.index(n) for n in SHAPE]), ("all", list(range(len(names))))):
        x, learner = data.data[:, columns], make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        pilot = cross_val_predict(learner, x[train], malignant[train], cv=5, method="predict_proba")
        final = learner.fit(x[train], malignant[train]).predict_proba(x[test])
        for name, chosen, p in ((f"pilot-{model}", train, pilot), (model, test, final)):
            columns_of = zip(chosen, np.clip(p[:, 1], 1e-6, 1 - 1e-6), strict=True)
            made[f"{name}.csv"] = sorted(
                (
                    {"patient": int(i), "malignant": int(malignant[i]), "size": str(size[i]), "p": round(float(q), 6)}
                    for i, q in columns_of
                ),
                key=operator.itemgetter("patient"),
            )
    return made


def learners() -> list[dict[str, Any]]:
    """Labels of six learners that see five means, for the test women."""
    data = load_breast_cancer(as_frame=False)
    malignant = (data.target == 0).astype(int)
    women = np.arange(len(malignant))
    train, test = train_test_split(women, train_size=TRAINED, random_state=0, stratify=malignant)
    names = [str(n) for n in data.feature_names]
    x = data.data[:, [names.index(n) for n in SHAPE]]
    made = {
        "logistic": LogisticRegression(max_iter=1000),
        "svm": SVC(),
        "forest": RandomForestClassifier(random_state=0),
        "neighbours": KNeighborsClassifier(),
        "tree": DecisionTreeClassifier(random_state=0),
        "bayes": GaussianNB(),
    }
    said = {
        name: make_pipeline(StandardScaler(), learner).fit(x[train], malignant[train]).predict(x[test])
        for name, learner in made.items()
    }
    rows = [
        {"patient": int(w), "malignant": int(malignant[w]), **{n: int(p[i]) for n, p in said.items()}}
        for i, w in enumerate(test)
    ]
    return sorted(rows, key=operator.itemgetter("patient"))


def ablation() -> list[dict[str, Any]]:
    """Labels of eight learners that see symmetry and, or not, three groups of means, for the test women."""
    data = load_breast_cancer(as_frame=False)
    malignant = (data.target == 0).astype(int)
    women = np.arange(len(malignant))
    train, test = train_test_split(women, train_size=TRAINED, random_state=0, stratify=malignant)
    names = [str(n).removeprefix("mean ") for n in data.feature_names[:10]]
    made = {}
    for on in itertools.product((0, 1), repeat=3):
        seen = ["symmetry", *(n for group, use in zip(GROUPS, on, strict=True) if use for n in group)]
        x = data.data[:, [names.index(n) for n in seen]]
        learner = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(x[train], malignant[train])
        made["run" + "".join(map(str, on))] = learner.predict(x[test])
    rows = [
        {"patient": int(w), "malignant": int(malignant[w]), **{n: int(p[i]) for n, p in made.items()}}
        for i, w in enumerate(test)
    ]
    return sorted(rows, key=operator.itemgetter("patient"))


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, rows in {**predictions(), "six.csv": learners(), "runs.csv": ablation()}.items():
        with (FOLDER / name).open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
