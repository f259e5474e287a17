"""Generated files: the same rows for the same size on any machine."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.runs import make_files, make_lab

# Multipliers name independent columns of hashes; a hash of the row number makes rows independent of order and threads.
_HASHED = "hash(range * 31 + {})"


def binary_predictions(path: Path, rows: int) -> None:
    """Paired labels of two models: id, user (a million of them), y, a, b, region (20), lang (10), device (5)."""
    h = [_HASHED.format(i) for i in range(7)]
    columns = f"""range AS id, ({h[0]} % {min(rows // 10, 1_000_000)})::BIGINT AS "user", y,
        CASE WHEN {h[2]} % 100 < 18 THEN 1 - y ELSE y END AS a, CASE WHEN {h[3]} % 100 < 16 THEN 1 - y ELSE y END AS b,
        'region_' || ({h[4]} % 20) AS region, 'lang_' || ({h[5]} % 10) AS lang, 'device_' || ({h[6]} % 5) AS device"""
    source = f"(SELECT range, ({h[1]} % 100 < 30)::TINYINT AS y FROM range({rows}))"
    _write(path, f"SELECT {columns} FROM {source}")


def scores(path: Path, rows: int, units: int) -> None:
    """Paired probabilities of two models: id, user, y, a, b, group (20)."""
    h = [_HASHED.format(i) for i in range(20, 26)]
    uniform = "({} % 1000003)::DOUBLE / 1000003"
    columns = f"""range AS id, ({h[0]} % {units})::BIGINT AS "user", y, 'group_' || ({h[1]} % 20) AS "group",
        0.02 + 0.96 * (0.3 * y + 0.7 * {uniform.format(h[2])}) AS a,
        0.02 + 0.96 * (0.33 * y + 0.67 * {uniform.format(h[3])}) AS b"""
    source = f"(SELECT range, ({h[4]} % 100 < 30)::TINYINT AS y FROM range({rows}))"
    _write(path, f"SELECT {columns} FROM {source}")


def ratings(path: Path, rows: int) -> None:
    """Ratings of items by four raters: item, rater, score (five values)."""
    h = [_HASHED.format(i) for i in range(40, 42)]
    item = "(range // 4)"
    true = f"(hash({item} * 37 + 5) % 5)"
    columns = f"""{item} AS item, 'rater_' || (range % 4) AS rater,
        CASE WHEN {h[0]} % 100 < 75 THEN {true} ELSE {h[1]} % 5 END AS score"""
    _write(path, f"SELECT {columns} FROM range({rows})")


def votes(path: Path, rows: int) -> None:
    """Votes between a hundred models: voter (a tenth as many), a, b, winner; a third of the votes follow strength."""
    h = [_HASHED.format(i) for i in range(50, 55)]
    first, second = f"({h[0]} % 100)", f"(({h[0]} % 100 + 1 + {h[1]} % 99) % 100)"
    outcome = f"""CASE WHEN {h[2]} % 100 < 10 THEN 'tie' WHEN {h[2]} % 100 < 40 THEN
        CASE WHEN {first} > {second} THEN 'a' ELSE 'b' END WHEN {h[3]} % 2 = 0 THEN 'a' ELSE 'b' END"""
    columns = f"""({h[4]} % {max(10, rows // 10)})::BIGINT AS voter, 'model_' || {first} AS a,
        'model_' || {second} AS b, {outcome} AS winner"""
    _write(path, f"SELECT {columns} FROM range({rows})")


def ranked(path: Path, rows: int) -> None:
    """Documents of queries, a hundred each: query, document, relevance (0 to 2), two models that lack a tenth each."""
    h = [_HASHED.format(i) for i in range(60, 66)]
    score = "CASE WHEN {} % 10 > 0 THEN ({} % 1000003)::DOUBLE / 1000003 + {} * relevance END"
    columns = (
        f"""query, document, relevance, {score.format(h[2], h[3], 0.1)} AS a, {score.format(h[4], h[5], 0.3)} AS b"""
    )
    source = f"""(SELECT range, (range // 100)::INTEGER AS query,
        (({h[0]} % 80000) * 100 + range % 100)::INTEGER AS document,
        (CASE WHEN {h[1]} % 100 < 4 THEN 1 WHEN {h[1]} % 100 < 5 THEN 2 ELSE 0 END)::TINYINT AS relevance
        FROM range({rows}))"""
    _write(path, f"SELECT {columns} FROM {source}")


def many(path: Path, rows: int) -> None:
    """Labels of fifty models: id, user (a tenth as many), y, m0 to m49, right in 70 to 90 of a hundred rows."""
    h = [_HASHED.format(i) for i in range(60, 112)]
    models = ", ".join(f"CASE WHEN {h[i]} % 100 < {10 + i % 20} THEN 1 - y ELSE y END AS m{i}" for i in range(50))
    source = f"(SELECT range, ({h[51]} % 100 < 40)::TINYINT AS y FROM range({rows}))"
    _write(path, f'SELECT range AS id, ({h[50]} % {max(10, rows // 10)})::BIGINT AS "user", y, {models} FROM {source}')


def ensembles(path: Path, rows: int) -> None:
    """Forecasts of two models, twenty members each as a list: id, user (a tenth as many), y, a, b."""
    h = [_HASHED.format(i) for i in range(120, 123)]
    uniform = "({} % 1000003)::DOUBLE / 1000003"
    member = "[y + {} * (" + uniform.format("hash(range * 1009 + i * 31 + {})") + " - 0.45) FOR i IN range(20)]"
    columns = f"""range AS id, ({h[0]} % {max(10, rows // 10)})::BIGINT AS "user", y + {uniform.format(h[1])} AS y,
        {member.format(3, 7)} AS a, {member.format(2.5, 8)} AS b"""
    source = f"(SELECT range, 10 * {uniform.format(h[2])} AS y FROM range({rows}))"
    _write(path, f"SELECT {columns} FROM {source}")


def texts(path: Path, rows: int) -> None:
    """Answers of 3 to 14 words of 20,000, the frequent ones more often, with case, articles and full stops.

    Columns id, user (a tenth as many), y, a, b; a model changes a fifth of the words of the reference.
    """
    h = [_HASHED.format(i) for i in range(130, 132)]
    number = "((({0} % 1000003)::DOUBLE / 1000003) ** 3 * 20000)::INTEGER"
    word = f"('w' || {number} || repeat('e', {number} % 7))"
    true = word.format("hash(range * 1009 + i * 31)")
    shown = f"CASE i % 7 WHEN 0 THEN 'The ' || {true} WHEN 3 THEN upper({true}) ELSE {true} END"
    length = f"3 + {h[0]} % 12"
    said = "CASE WHEN hash(range * 1013 + i * 37 + {0}) % 100 < {1} THEN " + word.format("hash(range + i * 41 + {0})")
    said += f" ELSE {shown} END"
    text = f"array_to_string([{{}} FOR i IN range(({length})::BIGINT)], ' ') || '.'"
    columns = f"""range AS id, ({h[1]} % {max(10, rows // 10)})::BIGINT AS "user", {text.format(shown)} AS y,
        {text.format(said.format(5, 22))} AS a, {text.format(said.format(6, 18))} AS b"""
    _write(path, f"SELECT {columns} FROM range({rows})")


def label_sets(path: Path, rows: int) -> None:
    """Sets of twelve labels as text such as l0|l7: id, user (a tenth as many), y, a, b; a model errs in a tenth."""
    user = _HASHED.format(140)
    true = "hash(range * 1009 + i * 31) % 100 < 8 + 2 * i"
    wrong = "hash(range * 1013 + i * 37 + {}) % 100 < {}"
    each = "coalesce(nullif(array_to_string([CASE WHEN {} THEN 'l' || i END FOR i IN range(12)], '|'), ''), '[]')"
    columns = f"""range AS id, ({user} % {max(10, rows // 10)})::BIGINT AS "user", {each.format(true)} AS y,
        {each.format(f"({true}) != ({wrong.format(5, 10)})")} AS a,
        {each.format(f"({true}) != ({wrong.format(6, 8)})")} AS b"""
    _write(path, f"SELECT {columns} FROM range({rows})")


def _write(path: Path, query: str) -> None:
    import duckdb

    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def main() -> None:
    """`python -m benchmarks.data KIND PATH ROWS [UNITS]`, a process of its own so that its memory is nobody else's."""
    kind, path, *sizes = sys.argv[1:]
    made = {"binary": binary_predictions, "scores": scores, "ratings": ratings, "votes": votes, "ranked": ranked}
    made |= {"many": many, "ensembles": ensembles, "texts": texts, "label_sets": label_sets}
    {**made, "lab": make_lab, "files": make_files}[kind](Path(path), *map(int, sizes))


if __name__ == "__main__":
    main()
