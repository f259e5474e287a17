"""What the peers do, at their best settings: `python -m benchmarks.peers NAME FILE [REPLICATES]` prints JSON.

Where a peer would take minutes it runs fewer replicates; the table says so and scales, as its time is their number.
"""

from __future__ import annotations

import re
import string
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from benchmarks.runs import read_cold, read_files
from benchmarks.work import arrays, timed

_PUNCTUATION = set(string.punctuation)
Work = tuple[Callable[[], Any], str]


def bare(file: str, _: int) -> Work:
    """The same columns grouped by DuckDB alone: the limit."""
    import duckdb

    connection = duckdb.connect(config={"preserve_insertion_order": False})
    query = f"SELECT region, lang, device, y, a, b, count(*) FROM '{file}' GROUP BY ALL"
    return lambda: connection.execute(query).fetchall(), "duckdb"


def bare_sets(file: str, _: int) -> Work:
    """The pattern counts of the 236 slices by DuckDB alone."""
    import duckdb

    connection = duckdb.connect(config={"preserve_insertion_order": False})
    slices = ["", "region,", "lang,", "device,", "region, lang,"]
    sets = ", ".join(f"({s} y, a, b)" for s in slices)
    query = f"SELECT region, lang, device, y, a, b, count(*) FROM '{file}' GROUP BY GROUPING SETS ({sets})"
    return lambda: connection.execute(query).fetchall(), "duckdb"


def numpy_delong(file: str, _: int) -> Work:
    """DeLong by midranks in plain NumPy (Sun and Xu 2014), as published, with float ranks."""
    y, scores = arrays(file)
    return lambda: _delong(y, scores), "numpy"


def _delong(y: Any, scores: Any) -> Any:
    import numpy as np

    ones, zeros = y == 1, y == 0
    m, n = int(ones.sum()), int(zeros.sum())
    tens, ones_of = [], []
    for s in scores:
        first, second, every = _midranks(s[ones]), _midranks(s[zeros]), _midranks(s)
        tens.append((every[ones] - first) / n)
        ones_of.append(1 - (every[zeros] - second) / m)
    auc = np.mean(tens, axis=1)
    return auc[1] - auc[0], np.cov(tens) / m + np.cov(ones_of) / n


def _midranks(values: Any) -> Any:
    import numpy as np

    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[inverse]


def auc_loop(file: str, replicates: int) -> Work:
    """roc_auc_score of both models on resampled rows."""
    import numpy as np
    from sklearn.metrics import roc_auc_score

    y, scores = arrays(file)
    generator = np.random.default_rng(0)

    def work() -> None:
        for _ in range(replicates):
            rows = generator.integers(0, y.size, y.size)
            roc_auc_score(y[rows], scores[1][rows]) - roc_auc_score(y[rows], scores[0][rows])

    return work, "scikit-learn"


def auc_ap(file: str, _: int) -> Work:
    """AUC and average precision of both models without intervals."""
    y, scores = arrays(file)
    return lambda: [_auc_ap(y, s) for s in scores], "scikit-learn"


def auc_ap_units(file: str, replicates: int) -> Work:
    """The same on all rows of units drawn again."""
    import duckdb
    import numpy as np

    y, scores = arrays(file)
    unit = duckdb.sql(f"SELECT \"user\" AS u FROM '{file}' ORDER BY id").fetchnumpy()["u"]
    order = np.argsort(unit, kind="stable")
    edges = np.searchsorted(unit[order], np.arange(unit.max() + 2))
    generator = np.random.default_rng(0)

    def work() -> None:
        for _ in range(replicates):
            times = np.bincount(generator.integers(0, len(edges) - 1, len(edges) - 1), minlength=len(edges) - 1)
            rows = np.repeat(order, np.repeat(times, np.diff(edges)))
            for s in scores:
                _auc_ap(y[rows], s[rows])

    return work, "scikit-learn"


def _auc_ap(y: Any, scores: Any) -> tuple[float, float]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    return roc_auc_score(y, scores), average_precision_score(y, scores)


def poisson(file: str, replicates: int) -> Work:
    """Bootstrap of 20 metric means: Poisson weights by row and one matrix product."""
    import numpy as np

    y, scores = arrays(file)
    columns = np.stack([np.abs(y - s) ** (1 + i / 10) for i in range(10) for s in scores], axis=1)
    generator = np.random.default_rng(0)

    def work() -> None:
        for _ in range(0, replicates, 10):
            weights = generator.poisson(1.0, (10, y.size)).astype(float)
            (weights @ columns) / weights.sum(axis=1, keepdims=True)

    return work, "numpy"


def scipy_bootstrap(file: str, replicates: int) -> Work:
    """The percentile interval of a paired mean difference on differences computed before."""
    import numpy as np
    from scipy import stats

    d = _differences(file)
    settings = {"n_resamples": replicates, "batch": 100, "method": "percentile", "vectorized": True}
    return lambda: stats.bootstrap((d,), np.mean, rng=np.random.default_rng(0), **settings), "scipy"


def scipy_permutation(file: str, replicates: int) -> Work:
    """The sign-flip test of the same differences."""
    import numpy as np
    from scipy import stats

    d = _differences(file)
    settings = {"permutation_type": "samples", "n_resamples": replicates, "batch": 100, "vectorized": True}
    work = lambda: stats.permutation_test((d,), np.mean, rng=np.random.default_rng(0), **settings)  # noqa: E731
    return work, "scipy"


def _differences(file: str) -> Any:
    import numpy as np

    y, scores = arrays(file)
    return np.abs(y - scores[1]) - np.abs(y - scores[0])


def krippendorff(file: str, _: int) -> Work:
    """Ordinal alpha without an interval, from a matrix of raters by items."""
    import duckdb
    import krippendorff as peer
    import numpy as np

    found = duckdb.sql(f"SELECT score FROM '{file}' ORDER BY rater, item").fetchnumpy()["score"]
    raters = duckdb.sql(f"SELECT count(DISTINCT rater) FROM '{file}'").fetchall()[0][0]
    matrix = np.asarray(found, dtype=float).reshape(raters, -1)
    return lambda: peer.alpha(matrix, level_of_measurement="ordinal"), "krippendorff"


def evalica(file: str, _: int) -> Work:
    """Bradley-Terry scores without intervals, from arrays."""
    import duckdb
    import evalica as peer

    found = duckdb.sql(f"SELECT a, b, winner FROM '{file}'").fetchnumpy()
    won = {"a": peer.Winner.X, "b": peer.Winner.Y, "tie": peer.Winner.Draw}
    first, second, winner = found["a"].tolist(), found["b"].tolist(), [won[w] for w in found["winner"].tolist()]
    return lambda: peer.bradley_terry(first, second, winner), "evalica"


def tukey(file: str, _: int) -> Work:
    """All pairs of fifty models by Tukey's test, as if neither rows nor units were shared, from arrays."""
    import duckdb
    import numpy as np
    from scipy.stats import tukey_hsd

    found = duckdb.sql(f"SELECT * FROM '{file}'").fetchnumpy()
    right = [np.asarray(found[f"m{i}"] == found["y"], dtype=float) for i in range(50)]
    return lambda: tukey_hsd(*right).confidence_interval(), "scipy"


def fairlearn(file: str, replicates: int) -> Work:
    """F1 of both models by 20 groups with fairlearn's own bootstrap."""
    import duckdb
    from fairlearn.metrics import MetricFrame
    from sklearn.metrics import f1_score

    found = duckdb.sql(f"SELECT y, a >= 0.5 AS a, b >= 0.5 AS b, \"group\" FROM '{file}' ORDER BY id").fetchnumpy()
    settings = {"n_boot": replicates, "ci_quantiles": [0.025, 0.975], "random_state": 0}

    def work() -> None:
        for model in ("a", "b"):
            MetricFrame(
                metrics={"f1": f1_score},
                y_true=found["y"],
                y_pred=found[model],
                sensitive_features=found["group"],
                **settings,
            )

    return work, "fairlearn"


def statsmodels(file: str, samples: int) -> Work:
    """The power of exact McNemar at 2,000 units by simulation: as near as it comes, since it has no F1."""
    import numpy as np
    from statsmodels.stats.contingency_tables import mcnemar

    y, scores = arrays(file)
    right = (scores >= 0.5) == (y == 1)
    cells = np.bincount(2 * right[0] + right[1], minlength=4) / y.size
    rng = np.random.default_rng(0)

    def work() -> float:
        drawn = rng.multinomial(2000, cells, size=samples)
        return float(np.mean([mcnemar(table.reshape(2, 2)).pvalue < 0.05 for table in drawn]))

    return work, "statsmodels"


def _runs(file: str) -> tuple[dict[str, dict[str, int]], list[dict[str, dict[str, float]]]]:
    """Judgements and the lists of both models as dictionaries."""
    import duckdb

    qrels: dict[str, dict[str, int]] = {}
    runs: list[dict[str, dict[str, float]]] = [{}, {}]
    rows = duckdb.sql(f"SELECT query::VARCHAR, document::VARCHAR, relevance, a, b FROM '{file}'").fetchall()
    for query, document, relevance, *scores in rows:
        qrels.setdefault(query, {})[document] = relevance
        for run, score in zip(runs, scores, strict=True):
            if score is not None:
                run.setdefault(query, {})[document] = score
    return qrels, runs


def pytrec_eval(file: str, _: int) -> Work:
    """The three metrics of both models, from dictionaries; no interval."""
    import pytrec_eval as peer

    qrels, runs = _runs(file)
    evaluator = peer.RelevanceEvaluator(qrels, {"ndcg_cut.10", "recip_rank", "recall.100"})
    return lambda: [evaluator.evaluate(run) for run in runs], "pytrec-eval-terrier"


def ir_measures(file: str, _: int) -> Work:
    """The same through ir-measures."""
    import ir_measures as peer

    qrels, runs = _runs(file)
    measures = [peer.nDCG @ 10, peer.RR, peer.R @ 100]
    return lambda: [peer.calc_aggregate(measures, qrels, run) for run in runs], "ir-measures"


def _columns(file: str, rows: int = 0) -> tuple[Any, Any, Any]:
    """Target and both models of a file as arrays of objects."""
    import duckdb

    limit = f" LIMIT {rows}" if rows else ""
    found = duckdb.sql(f"SELECT y, a, b FROM '{file}' ORDER BY id{limit}").fetchnumpy()
    return found["y"], found["a"], found["b"]


def squad(file: str, rows: int) -> Work:
    """Exact match and token F1 of both models by the rules of SQuAD's evaluation script, text by text."""
    y, *models = (column.tolist() for column in _columns(file, rows))
    return lambda: [[_squad_row(t, s) for t, s in zip(y, said, strict=True)] for said in models], "numpy"


def _squad_row(truth: str, said: str) -> tuple[bool, float]:
    first, second = _squad_words(truth), _squad_words(said)
    shared = (Counter(first) & Counter(second)).total()
    return first == second, 2 * shared / (len(first) + len(second)) if shared else 0.0


def _squad_words(text: str) -> list[str]:
    kept = "".join(c for c in text.lower() if c not in _PUNCTUATION)
    return re.sub(r"\b(a|an|the)\b", " ", kept).split()


def sacrebleu(file: str, _: int) -> Work:
    """BLEU and chrF of both models over all documents; no interval."""
    import sacrebleu as peer

    y, *models = (column.tolist() for column in _columns(file))
    metrics = peer.BLEU(), peer.CHRF()
    return lambda: [m.corpus_score(said, [y]).score for said in models for m in metrics], "sacrebleu"


def sacrebleu_paired(file: str, replicates: int) -> Work:
    """The same with sacrebleu's own paired bootstrap over documents."""
    import sacrebleu as peer
    from sacrebleu.significance import PairedTest

    y, first, second = (column.tolist() for column in _columns(file))
    systems, metrics = [("Baseline: a", first), ("b", second)], {"BLEU": peer.BLEU(), "chrF": peer.CHRF()}
    return lambda: PairedTest(systems, metrics, [y], test_type="bs", n_samples=replicates)(), "sacrebleu"


def multilabel(file: str, _: int) -> Work:
    """Hamming loss, micro and macro F1 of both models, from sets of labels as text."""
    from sklearn import metrics
    from sklearn.preprocessing import MultiLabelBinarizer

    y, *models = (column.tolist() for column in _columns(file))

    def work() -> list[list[float]]:
        matrix = MultiLabelBinarizer(classes=[f"l{i}" for i in range(12)])
        truth, *said = (matrix.fit_transform([_set(t) for t in side]) for side in (y, *models))
        f1 = [[metrics.f1_score(truth, s, average=average) for average in ("micro", "macro")] for s in said]
        return [[metrics.hamming_loss(truth, s), *scores] for s, scores in zip(said, f1, strict=True)]

    return work, "scikit-learn"


def _set(text: str) -> list[str]:
    return [] if text == "[]" else text.split("|")


def scoringrules(file: str, _: int) -> Work:
    """CRPS of the ensembles of both models, from arrays; no interval."""
    import numpy as np
    import scoringrules as peer

    y, *models = _columns(file)
    members = [np.concatenate(m.tolist()).reshape(len(y), -1) for m in models]
    return lambda: [float(peer.crps_ensemble(y, m).mean()) for m in members], "scoringrules"


PEERS = {
    "squad": squad,
    "sacrebleu": sacrebleu,
    "sacrebleu_paired": sacrebleu_paired,
    "multilabel": multilabel,
    "scoringrules": scoringrules,
    "tukey": tukey,
    "bare": bare,
    "bare_sets": bare_sets,
    "numpy_delong": numpy_delong,
    "auc_loop": auc_loop,
    "auc_ap": auc_ap,
    "auc_ap_units": auc_ap_units,
    "poisson": poisson,
    "scipy_bootstrap": scipy_bootstrap,
    "scipy_permutation": scipy_permutation,
    "fairlearn": fairlearn,
    "krippendorff": krippendorff,
    "evalica": evalica,
    "read_files": read_files,
    "read_cold": read_cold,
    "statsmodels": statsmodels,
    "pytrec_eval": pytrec_eval,
    "ir_measures": ir_measures,
}


def main() -> None:
    """`python -m benchmarks.peers NAME FILE [REPLICATES]`."""
    name, file, *more = sys.argv[1:]
    warnings.simplefilter("ignore")
    work, package = PEERS[name](file, int(more[0]) if more else 0)
    timed(work, version=f"{package} {version(package)}")


if __name__ == "__main__":
    main()
