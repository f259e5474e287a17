"""Which work is measured, beside which peer, and what has to be reached."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.measure import ASSAY
from benchmarks.work import TWENTY

_ONE_FILE = ["--on", "id", "--target", "y", "--baseline", "a", "--candidate", "b", "--json", "-"]
_RANKED = ["--on", "query", "--on", "document", "--query", "query", "--target", "relevance", *_ONE_FILE[4:]]
_RANKED += ["--metric", "ndcg@10", "--metric", "mrr", "--metric", "recall@100"]
_BY_USER = [*_ONE_FILE, "--unit", "user"]
_LABEL_SETS = ["--metric", "hamming", "--metric", "multilabel_f1", "--metric", "multilabel_f1(average=macro)"]
_SLICES = ["--slice", "region", "--slice", "lang", "--slice", "device", "--slice", "region*lang"]
_METRICS = [v for m in ("accuracy", "precision", "recall", "f1", "mcc") for v in ("--metric", m)]


@dataclass(frozen=True)
class Peer:
    """Another way to the same result.

    Attributes:
        scale: What its seconds are multiplied by, where it ran fewer replicates.
        least: The ratio peer / Assay to reach; 0 where none is asked.
        most: The ratio Assay / peer to stay under; 0 where none is asked.
        whole: Whether the whole process counts, not the work alone.
        program: The file that does it, where it has an environment of its own with what `needs` names.
    """

    name: str
    words: str
    file: str
    replicates: int = 0
    scale: float = 1.0
    least: float = 0.0
    most: float = 0.0
    runs: int = 3
    whole: bool = False
    program: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One piece of work of Assay.

    Attributes:
        command: Arguments after `assay` for a whole process; or the name of a function of `work`, timed inside.
        program: What runs the arguments.
        file: The generated file, by name; empty where none is needed.
        seconds: What has to be reached; 0 where only ratios are asked.
        megabytes: The same for the peak memory of the process.
    """

    words: str
    command: Sequence[str] | str
    file: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0
    runs: int = 3
    peers: tuple[Peer, ...] = field(default=())
    program: Sequence[str] = tuple(ASSAY)


MLFLOW = ("mlflow-skinny==3.17.2", "sqlalchemy", "alembic")


def _mlflow(name: str, words: str, replicates: int = 1, of: int = 1, file: str = "") -> Peer:
    """MLflow on the same work, fewer times where it would take long."""
    return Peer(name, words, file, replicates, of / replicates, runs=1, program="mlflow_peer.py", needs=MLFLOW)


def _mlflow_server(name: str, words: str, replicates: int, scale: float = 1.0) -> Peer:
    """MLflow's tracking server with as many runs x 20 metrics in SQLite."""
    said = f"MLflow's tracking server, as many runs x 20 metrics in SQLite: {words}"
    needs = ("mlflow==3.17.2",)
    return Peer(name, said, "lab_100k", replicates, scale, runs=1, program="mlflow_peer.py", needs=needs)


def _labels(rows: str, unit: bool = False) -> list[str]:
    return ["compare", f"{{{rows}}}", *_ONE_FILE, *_METRICS, *_SLICES, *(["--unit", "user"] if unit else [])]


def _limit(rows: str) -> tuple[Peer, ...]:
    return (
        Peer("bare", "bare DuckDB: one group-by of the same columns, whole process", rows, most=4, whole=True),
        Peer("bare_sets", "bare DuckDB: counts of the 236 slices, the query alone", rows),
    )


CASES = {
    "labels": Case(
        "10 million rows x 235 slices x 5 metrics, 9,999 draws (process)",
        _labels("rows_10m"),
        "rows_10m",
        3,
        500,
        peers=_limit("rows_10m"),
    ),
    "labels_large": Case(
        "100 million rows, the same (process)",
        _labels("rows_100m"),
        "rows_100m",
        12,
        500,
        runs=1,
        peers=_limit("rows_100m"),
    ),
    "clusters": Case(
        "10 million rows, the same, 1 million units (process)", _labels("rows_10m", unit=True), "rows_10m", 5
    ),
    "delong": Case(
        "DeLong difference of two AUCs, 1e6 rows",
        "delong",
        "scores_1m",
        0.5,
        peers=(
            Peer("numpy_delong", "plain fast DeLong in NumPy", "scores_1m"),
            Peer("auc_loop", "roc_auc_score bootstrap, 3 replicates scaled to 9,999", "scores_1m", 3, 3333, runs=1),
        ),
    ),
    "curves": Case(
        "AUC and average precision of two models and their differences, 1e6 rows, 1e5 units (process)",
        ["compare", "{scores_1m}", *_ONE_FILE, "--unit", "user", "--metric", "auc", "--metric", "average_precision"],
        "scores_1m",
        3,
        peers=(
            Peer("auc_ap", "roc_auc_score and average_precision_score of both, the values alone", "scores_1m"),
            Peer(
                "auc_ap_units",
                "the same on resampled units, 2 replicates scaled to 999",
                "scores_1m",
                2,
                999 / 2,
                runs=1,
            ),
        ),
    ),
    "means": Case(
        "log loss and 19 other means, 1e6 rows, 1e5 units (process)",
        ["compare", "{scores_1m}", *_ONE_FILE, "--unit", "user", *(v for m in TWENTY for v in ("--metric", m))],
        "scores_1m",
        2,
        peers=(Peer("poisson", "Poisson weights + BLAS, 20 replicates scaled to 1,000", "scores_1m", 20, 50, runs=1),),
    ),
    "mean": Case(
        "paired mean difference, 1e5 rows (public door)",
        "mean",
        "scores_100k",
        peers=(
            Peer("scipy_bootstrap", "scipy bootstrap, 9,999 replicates", "scores_100k", 9999, least=5, runs=1),
            Peer(
                "scipy_permutation",
                "scipy permutation test, 500 replicates scaled to 9,999",
                "scores_100k",
                500,
                9999 / 500,
                runs=1,
            ),
        ),
    ),
    "groups": Case(
        "F1 by 20 groups, 1e5 rows, 9,999 draws (public door)",
        "slices",
        "scores_100k",
        peers=(
            Peer(
                "fairlearn",
                "fairlearn MetricFrame, 5 replicates scaled to 9,999",
                "scores_100k",
                5,
                9999 / 5,
                least=100,
                runs=1,
            ),
        ),
    ),
    "texts": Case(
        "exact match and token F1 of two models, 1e6 texts, 1e5 units (process)",
        ["compare", "{texts_1m}", *_BY_USER, "--metric", "exact_match", "--metric", "token_f1"],
        "texts_1m",
        runs=1,
        peers=(
            Peer(
                "squad",
                "the rules of SQuAD's script one text after the other, 50,000 rows scaled, the values alone",
                "texts_1m",
                50_000,
                20,
                runs=1,
            ),
        ),
    ),
    "corpus": Case(
        "BLEU and chrF of two models, 10,000 documents left out in turn (process)",
        ["compare", "{texts_10k}", *_ONE_FILE, "--metric", "bleu", "--metric", "chrf"],
        "texts_10k",
        peers=(
            Peer("sacrebleu", "sacrebleu, the values alone", "texts_10k"),
            Peer("sacrebleu_paired", "sacrebleu's own paired bootstrap, 1,000 replicates", "texts_10k", 1000, runs=1),
        ),
    ),
    "label_sets": Case(
        "Hamming loss, micro and macro F1 of two models, 1e6 sets of 12 labels, 1e5 units (process)",
        ["compare", "{label_sets_1m}", *_BY_USER, "--labels", ",".join(f"l{i}" for i in range(12)), *_LABEL_SETS],
        "label_sets_1m",
        runs=1,
        peers=(Peer("multilabel", "scikit-learn, the values alone, sets as text read too", "label_sets_1m", runs=1),),
    ),
    "ensembles": Case(
        "CRPS of two models, 1e6 ensembles of 20 members, 1e5 units (process)",
        ["compare", "{ensembles_1m}", *_BY_USER, "--metric", "crps"],
        "ensembles_1m",
        runs=1,
        peers=(Peer("scoringrules", "scoringrules, the values alone, from arrays", "ensembles_1m", runs=1),),
    ),
    "agreement": Case(
        "ordinal alpha with its interval, 100,000 ratings, 25,000 items (public door)",
        "agreement",
        "ratings_100k",
        1,
        peers=(
            Peer("krippendorff", "krippendorff, the value alone", "ratings_100k"),
            Peer(
                "krippendorff",
                "krippendorff, the value 999 times, as a bootstrap would",
                "ratings_100k",
                scale=999,
                runs=1,
            ),
        ),
    ),
    "preferences": Case(
        "Bradley-Terry, 100 models, 1 million votes of 100,000 voters, all left out in turn (public door)",
        "preferences",
        "votes_1m",
        10,
        peers=(
            Peer("evalica", "evalica, the values alone", "votes_1m"),
            Peer("evalica", "evalica, the values 1,000 times, as a bootstrap would", "votes_1m", scale=1000, runs=1),
        ),
    ),
    "run_log": Case(
        "200,000 values logged one by one",
        "run_log",
        seconds=1,
        peers=(_mlflow("run_log", "MLflow, 300 values into SQLite, scaled", 300, 200_000),),
    ),
    "run_log_p99": Case("one value logged, 99th percentile", "run_log_p99", seconds=1e-5),
    "run_batches": Case("1 million values logged in batches of 1,000", "run_batches", seconds=1),
    "run_many": Case(
        "500 runs with 5 settings and 5 metrics",
        "run_many",
        seconds=1,
        peers=(_mlflow("run_many", "MLflow, 25 runs into SQLite, scaled", 25, 500),),
    ),
    "run_writers": Case(
        "8 processes log at once into one run: one value, 99th percentile in the slowest", "run_writers", seconds=0.05
    ),
    "run_capture": Case(
        "what assay run -- python -c pass takes more than python -c pass", "run_capture", "lab_10", seconds=0.3
    ),
    "runs_reindex": Case("100,000 runs x 20 metrics: the index made anew", "runs_reindex", "lab_100k", 60, 500, runs=1),
    "runs_list": Case(
        "100,000 runs: a page, filtered and ordered by a metric",
        "runs_list",
        "lab_100k",
        0.1,
        500,
        peers=(_mlflow("runs_list", "MLflow, as many runs in SQLite: search_runs", file="lab_100k"),),
    ),
    "served_page": Case(
        "served: 100,000 runs, the first page, 95th percentile",
        "served_page",
        "lab_100k",
        0.15,
        400,
        peers=(_mlflow_server("served_page", "the first page, 95th percentile", 20),),
    ),
    "served_sorted": Case(
        "the same, filtered by two settings and ordered by a metric", "served_sorted", "lab_100k", 0.15, 400
    ),
    "served_groups": Case(
        "the same, all of them grouped by two settings",
        "served_groups",
        "lab_100k",
        0.5,
        400,
        peers=(_mlflow_server("served_groups", "search_runs, then pandas; 10,000 runs scaled", 10_000, 10),),
    ),
    "served_logging": Case(
        "50 clients log over HTTP, 5,000 values/s or more, none lost: 99th percentile",
        "served_logging",
        "",
        0.2,
    ),
    "page_open": Case("the page of 100,000 runs in Chromium: the first rows stand there", "page_open", "lab_100k", 1.0),
    "page_scroll": Case(
        "the same, dragged from the first row to the last: the longest task", "page_scroll", "lab_100k", 0.1
    ),
    "page_groups": Case(
        "the same, filtered, grouped by two settings and dragged: the longest task", "page_groups", "lab_100k", 0.1
    ),
    "page_thousand": Case("the same, 1,000 runs side by side: the longest task", "page_thousand", "lab_100k", 0.1),
    "page_curve": Case(
        "a curve of 1,000,000 points opened and read in Chromium, no extreme missing: the longest task",
        "page_curve",
        seconds=0.1,
    ),
    "runs_grouped": Case(
        "100,000 runs: all of them grouped by two settings, two metrics", "runs_grouped", "lab_100k", 0.4, 500
    ),
    "hash_cold": Case(
        "the digest of 10,000 files of 100 kB on the disk",
        "hash_cold",
        "files_10k",
        peers=(Peer("read_cold", "the same files read from the disk", "files_10k", most=1.5),),
    ),
    "hash_files": Case(
        "the same, all of them in memory already",
        "hash_files",
        "files_10k",
        peers=(Peer("read_files", "the same files read", "files_10k", most=1.5),),
    ),
    "power": Case(
        "power by simulation: F1 from a pilot of 1,000 rows, units searched, every sample judged (public door)",
        "power",
        "scores_1k",
        5,
        peers=(
            Peer(
                "statsmodels",
                "statsmodels: accuracy in its stead, 1,000 tables drawn and tested by exact McNemar, no search",
                "scores_1k",
                1000,
            ),
        ),
    ),
    "ranked": Case(
        "NDCG@10, MRR and recall@100 of two models, 1 million queries x 100 documents (process)",
        ["compare", "{ranked_100m}", *_RANKED],
        "ranked_100m",
        30,
        2_000,
        runs=1,
        peers=(
            Peer("pytrec_eval", "pytrec_eval, 10,000 queries scaled, the values alone", "ranked_1m", scale=100, runs=1),
            Peer("ir_measures", "ir-measures, 10,000 queries scaled, the values alone", "ranked_1m", scale=100, runs=1),
        ),
    ),
    "candidates": Case(
        "50 models, 1e5 rows of 1e4 units: with the best, and all 1,225 pairs (public door)",
        "candidates",
        "many_100k",
        10,
        peers=(
            Peer("tukey", "scipy tukey_hsd: the rows of each model taken for a sample of its own", "many_100k", runs=1),
        ),
    ),
    "import": Case("import assay (process)", ["import assay"], seconds=0.2, program=(sys.executable, "-c")),
    "help": Case("assay --help (process)", ["--help"], seconds=0.3),
    "small": Case(
        "assay compare on 1,000 rows (process)",
        ["compare", "{scores_1k}", *_ONE_FILE, "--metric", "auc", "--metric", "log_loss"],
        "scores_1k",
        1.5,
    ),
}

FILES = {
    "rows_10m": ("binary", 10_000_000),
    "rows_100m": ("binary", 100_000_000),
    "scores_1m": ("scores", 1_000_000, 100_000),
    "scores_100k": ("scores", 100_000, 10_000),
    "scores_1k": ("scores", 1_000, 1_000),
    "votes_1m": ("votes", 1_000_000),
    "ratings_100k": ("ratings", 100_000),
    "lab_100k": ("lab", 100_000),
    "lab_10": ("lab", 10),
    "files_10k": ("files", 10_000),
    "ranked_100m": ("ranked", 100_000_000),
    "ranked_1m": ("ranked", 1_000_000),
    "many_100k": ("many", 100_000),
    "texts_1m": ("texts", 1_000_000),
    "texts_10k": ("texts", 10_000),
    "label_sets_1m": ("label_sets", 1_000_000),
    "ensembles_1m": ("ensembles", 1_000_000),
}
