"""Shaping of tables: profile, duplicates, join by key, groups of units, derived columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from math import isfinite
from pathlib import Path
from typing import Any

import duckdb

from assay.base.errors import InputError
from assay.engine.sql import CHUNK, clean, key, literal, measured, name, names, shown
from assay.records.metric import Array
from assay.records.protocols import By, ColumnProfile, Member, PairCount, Sides, Survey, Table

WORD = 2**32 - 1
MULTIPLIERS = (2_146_121_005, 668_265_261)
"""Below 2^31, so that the product with a word fits 64 bits with a sign, which is all that some engines have."""


def _mixed(number: str, most: int, small: bool = False) -> str:
    """The bucket of a whole number; `small` ones, from 0 to 2^32 - 1, need no folding of their higher bits."""
    mixed = f"({number})::BIGINT" if small else f"xor(({number}) & {WORD}, (({number}) >> 32) & {WORD})::BIGINT"
    for shift, multiplier in zip((16, 15), MULTIPLIERS, strict=True):
        mixed = f"((xor({mixed}, {mixed} >> {shift}) * {multiplier}) & {WORD})"
    return f"(xor({mixed}, {mixed} >> 16) % {most})::INTEGER"


class Shaping:
    """Operations that turn tables into tables, or look at them."""

    connection: duckdb.DuckDBPyConnection
    profiles: dict[str, dict[str, ColumnProfile]]
    origins: dict[str, tuple[Path, Mapping[str, str]]]
    fresh: Callable[[str], str]
    describe: Callable[[str, str], Table]
    reading: Callable[[str, str], AbstractContextManager[None]]

    def profile(self, table: Table, columns: Sequence[str]) -> dict[str, ColumnProfile]:
        """Rows, missing, NaN, infinite, least and most of some columns, in one pass over the table; kept for later."""
        known = self.profiles.setdefault(table.name, {})
        new = [c for c in columns if c not in known]
        known.update(self._profile(table, new) if new else {})
        return {c: known[c] for c in columns}

    def _profile(self, table: Table, columns: Sequence[str]) -> dict[str, ColumnProfile]:
        # count(c) and min(c) of a plain column are read off Parquet's metadata; count_if(c IS NULL) is a scan.
        plain = {c: f"count(*) - count({name(c)}), 0, 0, min({name(c)}), max({name(c)})" for c in columns}
        found = self._profiled(table, plain)
        # NaN is above all numbers, so the least and the most tell of NaN and infinity: only then they are counted.
        odd = [c for c, p in found.items() if any(isinstance(v, float) and not isfinite(v) for v in (p.least, p.most))]
        return found | self._profiled(table, {c: _special(name(c)) for c in odd})

    def _profiled(self, table: Table, figures: Mapping[str, str]) -> dict[str, ColumnProfile]:
        if not figures:
            return {}
        with self.reading(table.source, "table"):
            query = f"SELECT count(*), {', '.join(figures.values())} FROM {table.name}"
            row = self.connection.execute(query).fetchone() or ()
        return {c: ColumnProfile(row[0], *row[1 + 5 * i : 6 + 5 * i]) for i, c in enumerate(figures)}

    def stacked(self, tables: Sequence[tuple[Table, int]], column: str, source: str) -> Table:
        """Tables below each other, by the names of their columns, with a column that tells them apart.

        Args:
            tables: Each with the number that its rows get.
            column: Where; one that is there already has to say the same. None is added where the name is empty.
            source: What the user calls the result.

        Raises:
            InputError: a table that says other numbers, or tables whose columns differ.
        """
        parts = []
        for table, number in tables:
            odd = (table.columns.keys() ^ tables[0][0].columns.keys()) - {column}
            if odd:
                raise InputError(
                    f"the columns of {source} differ: {', '.join(sorted(odd))}",
                    rule="runs of one model keep the same columns",
                    fix="run them with the same code",
                )
            if column in table.columns and self.distinct(table, column, 1) != [number]:
                raise InputError(
                    f"the column {column!r} in {source} does not say the seed {number} of the run",
                    rule="rows belong to the seed of their run",
                    fix=f"leave {column!r} out of the predictions: the run says it",
                )
            extra = f", {number} AS {name(column)}" if column and column not in table.columns else ""
            parts.append(f"SELECT *{extra} FROM {table.name}")
        relation = self.fresh("stack")
        with self.reading(source, "table"):
            self.connection.execute(f"CREATE VIEW {relation} AS {' UNION ALL BY NAME '.join(parts)}")
        return self.describe(relation, source)

    def distinct(self, table: Table, column: str, most: int) -> list[Any]:
        """The distinct values that are not missing, sorted; at most `most` + 1 of them."""
        if table.columns[column] in ("integer", "boolean"):
            # Two whole numbers in a row are told by the least and the most, which metadata may hold.
            found = self.profile(table, [column])[column]
            if found.least is None or found.most - found.least <= 1:
                return [] if found.least is None else list(dict.fromkeys((found.least, found.most)))[: most + 1]
        told = shown(column, table.columns[column])
        query = f"SELECT DISTINCT {told} FROM {table.name} WHERE {name(column)} IS NOT NULL ORDER BY 1 LIMIT {most + 1}"
        with self.reading(table.source, "table"):
            return [row[0] for row in self.connection.execute(query).fetchall()]

    def outside(self, table: Table, column: str, values: Sequence[Any]) -> tuple[int, Any]:
        """How many values that are not missing lie outside a list, and the least of them."""
        c = name(column)
        if self._within(table, column, values):
            return 0, None
        condition = f"{c} IS NOT NULL AND {c} NOT IN ({', '.join(literal(v) for v in values)})" if values else "TRUE"
        query = f"SELECT count_if({condition}), min(CASE WHEN {condition} THEN {c} END) FROM {table.name}"
        with self.reading(table.source, "table"):
            count, example = self.connection.execute(query).fetchone() or (0, None)
        return int(count), example

    def _within(self, table: Table, column: str, values: Sequence[Any]) -> bool:
        """Whether whole numbers lie in a range of which every number is listed, by least and most alone."""
        listed = {v for v in values if isinstance(v, int)}
        if table.columns[column] != "integer" or not listed or len(listed) <= max(listed) - min(listed):
            return False
        found = self.profile(table, [column])[column]
        return found.least is None or (found.least in listed and found.most in listed)

    def duplicates(self, table: Table, keys: Sequence[str]) -> tuple[int, tuple[Any, ...]]:
        """Rows beyond the first of their key, and the least such key; (0, ()) where there are none."""
        if len(keys) == 1 and table.columns[keys[0]] == "integer" and self._dense(table, keys[0]):
            return 0, ()
        k = names(keys)
        query = f"SELECT {k}, count(*) AS many FROM {table.name} GROUP BY {k} HAVING count(*) > 1"
        with self.reading(table.source, "table"):
            total = self.connection.execute(f"SELECT sum(many - 1)::BIGINT FROM ({query})").fetchone()
            if not total or not total[0]:
                return 0, ()
            example = self.connection.execute(f"{query} ORDER BY {k} LIMIT 1").fetchone() or ()
        return int(total[0]), tuple(example[:-1])

    def _dense(self, table: Table, column: str) -> bool:
        """Whether whole numbers in a narrow range never repeat: a bitmap instead of a hash table."""
        c = name(column)
        found = self.profile(table, [column])[column]
        rows, least, most = found.rows, found.least, found.most
        if found.missing or least is None or most - least >= 4 * rows or max(abs(least), abs(most)) > 2**62:
            return False
        query = f"SELECT bit_count(bitstring_agg({c}::BIGINT, {least}, {most})) FROM {table.name}"
        with self.reading(table.source, "table"):
            return bool((self.connection.execute(query).fetchone() or (0,))[0] == rows)

    def join(self, members: Sequence[Member]) -> Table:
        """Full outer join by key into columns k0.., the shared names, the arms, here0.. and changed_<name>."""
        relation = self.fresh("aligned")
        selects = [self._member(m, i) for i, m in enumerate(members)]
        keys = [f"k{i}" for i in range(len(members[0].keys))]
        if len(members) == 1:
            query, what = selects[0], "VIEW" if not members[0].seed else "TEMP TABLE"
        else:
            what = "TEMP TABLE"
            source = f"({selects[0]}) m0"
            for i, select in enumerate(selects[1:], 1):
                source += f" FULL OUTER JOIN ({select}) m{i} USING ({names(keys)})"
            query = f"SELECT {', '.join([*keys, *self._shared(members), *self._arms(members)])} FROM {source}"
        with self.reading(members[0].table.source, "table"):
            self.connection.execute(f"CREATE {what} {relation} AS {query}")
        origin = self.origins.get(members[0].table.name)
        if what == "VIEW" and origin is not None:
            path, columns = origin
            keys_of = {f"k{i}": columns[c] for i, c in enumerate(members[0].keys)}
            self.origins[relation] = (path, keys_of)
        return self.describe(relation, " and ".join(dict.fromkeys(m.table.source for m in members)))

    def _member(self, member: Member, place: int) -> str:
        kinds = member.table.columns
        types = {r[0]: str(r[1]) for r in self.connection.execute(f"DESCRIBE {member.table.name}").fetchall()}
        said = {c: measured(c, types[c]) or clean(c, kinds[c]) for _, c, _ in member.arms}
        keys = [f"{key(c, kinds[c])} AS k{i}" for i, c in enumerate(member.keys)]
        shared = {o: clean(c, kinds[c]) if o == "y" else key(c, kinds[c]) for o, c in member.shared.items()}
        if not member.seed:
            arms = [f"{said[c]} AS {name(o)}" for o, c, _ in member.arms]
            columns = [*keys, *(f"{e} AS {name(o)}" for o, e in shared.items()), *arms, f"TRUE AS here{place}"]
            return f"SELECT {', '.join(columns)} FROM {member.table.name}"
        arms = [
            f"any_value({said[c]}) FILTER (WHERE {name(member.seed)} = {literal(s)}) AS {name(o)}"
            for o, c, s in member.arms
        ]
        same = [
            f"CASE WHEN min({e}) IS DISTINCT FROM max({e}) THEN TRUE ELSE FALSE END AS mixed_{o}"
            for o, e in shared.items()
        ]
        columns = [*keys, *(f"min({e}) AS {name(o)}" for o, e in shared.items()), *arms, *same, f"TRUE AS here{place}"]
        by = ", ".join(str(i + 1) for i in range(len(keys)))
        return f"SELECT {', '.join(columns)} FROM {member.table.name} GROUP BY {by}"

    @staticmethod
    def _shared(members: Sequence[Member]) -> list[str]:
        parts = []
        for output in dict.fromkeys(o for m in members for o in m.shared):
            holders = [i for i, m in enumerate(members) if output in m.shared]
            o = name(output)
            parts.append(f"coalesce({', '.join(f'm{i}.{o}' for i in holders)}) AS {o}")
            for i in holders[1:]:
                first = holders[0]
                both = f"m{first}.here{first} AND m{i}.here{i}"
                parts.append(f"({both} AND m{first}.{o} IS DISTINCT FROM m{i}.{o}) AS changed_{output}_{i}")
        return parts

    @staticmethod
    def _arms(members: Sequence[Member]) -> list[str]:
        parts = []
        for i, member in enumerate(members):
            parts += [f"m{i}.{name(o)}" for o, _, _ in member.arms]
            parts.append(f"coalesce(m{i}.here{i}, FALSE) AS here{i}")
            if member.seed:
                parts += [f"m{i}.mixed_{o} AS mixed_{o}_{i}" for o in member.shared]
        return parts

    def groups(self, table: Table, unit: By, most: int) -> tuple[Table, int, float, int]:
        """Add `g`, the unit's group: a number of its own up to `most` units, beyond a bucket of several units.

        The bucket mixes the 32 lowest bits of the unit, xor the 32 above, by two rounds of shift, xor and product
        (`_mixed`), modulo `most`. A unit that is no whole number is the last 8 bytes of the MD5 of its text,
        little-endian. Any engine can compute it.

        Returns:
            The table, units, effective units (sum n)^2 / sum n^2, and rows of the largest unit.
        """
        u = name(unit[0]) if len(unit) == 1 else f"concat_ws(chr(31), {names(unit)})"
        sizes = f"SELECT {u} AS u, count(*) AS n FROM {table.name} GROUP BY 1"
        with self.reading(table.source, "table"):
            query = f"SELECT count(*), sum(n)::DOUBLE ** 2 / sum(n::HUGEINT * n)::DOUBLE, max(n) FROM ({sizes})"
            units, effective, largest = self.connection.execute(query).fetchone() or (0, 0.0, 0)
            relation = self.fresh("grouped")
            if units <= most:
                codes = self.fresh("units")
                numbered = f"SELECT u AS unit_value, (row_number() OVER (ORDER BY u) - 1)::INTEGER AS g FROM ({sizes})"
                self.connection.execute(f"CREATE TEMP TABLE {codes} AS {numbered}")
                query = f"SELECT t.*, c.g FROM {table.name} t JOIN {codes} c ON {u} = c.unit_value"
            else:
                query = self._bucketed(table, u, unit, most)
            self.connection.execute(f"CREATE VIEW {relation} AS {query}")
        return self.describe(relation, table.source), int(units), float(effective), int(largest)

    def _bucketed(self, table: Table, u: str, unit: By, most: int) -> str:
        if len(unit) == 1 and table.columns[unit[0]] == "integer":
            found = self.profile(table, unit)[unit[0]]
            small = bool(found.least >= 0 and found.most <= WORD)
            return f"SELECT *, {_mixed(u, most, small)} AS g FROM {table.name}"
        buckets = self.fresh("buckets")
        number = "md5_number_lower(u::VARCHAR)"
        self.connection.execute(
            f"CREATE TEMP TABLE {buckets} AS SELECT u AS unit_value, {_mixed(number, most)} AS g"
            f" FROM (SELECT DISTINCT {u} AS u FROM {table.name})"
        )
        return f"SELECT t.*, b.g FROM {table.name} t JOIN {buckets} b ON {u} = b.unit_value"

    def derive(
        self, table: Table, values: Callable[[dict[str, Array]], dict[str, Array]], reads: By, keep: By
    ) -> Table:
        """A table of the columns `keep` and those that a function of chunks of the columns `reads` returns."""
        relation = self.fresh("scored")
        # What is kept of a list is JSON, of which a file says that it holds lists.
        taken = {c: shown(c, table.columns[c]) for c in keep}
        apart = {c: self.fresh("list") if table.columns[c] == "list" and c in taken else c for c in reads}
        columns = [*taken.values(), *(f"{name(c)} AS {name(a)}" for c, a in apart.items() if a not in taken)]
        with self.reading(table.source, "table"), ThreadPoolExecutor(1) as pool:
            frozen = self.fresh("fixed")
            self.connection.execute(f"CREATE TEMP TABLE {frozen} AS SELECT {', '.join(columns)} FROM {table.name}")
            total = (self.connection.execute(f"SELECT count(*) FROM {frozen}").fetchone() or (0,))[0]
            waiting: list[tuple[dict[str, Array], Future[dict[str, Array]]]] = []
            for start in range(0, max(total, 1) + CHUNK, CHUNK):
                # The next piece is scored while the database takes this one.
                ready = waiting.pop() if waiting else None
                if start < max(total, 1):
                    where = f"WHERE rowid >= {start} AND rowid < {start + CHUNK}"
                    piece = dict(self.connection.execute(f"SELECT * FROM {frozen} {where}").fetchnumpy())
                    waiting.append((piece, pool.submit(values, {c: piece[a] for c, a in apart.items()})))
                if ready:
                    self._append(relation, {**{c: ready[0][c] for c in keep}, **ready[1].result()}, start == CHUNK)
            self.connection.execute(f"DROP TABLE {frozen}")
            for column in (c for c in keep if table.columns[c] == "list"):
                # Arrays bring text, of which a file would no longer say that it holds lists.
                self.connection.execute(f"ALTER TABLE {relation} ALTER {name(column)} TYPE JSON")
        return self.describe(relation, table.source)

    def _append(self, relation: str, rows: dict[str, Array], first: bool) -> None:
        self.connection.register("chunk_py", rows)
        verb = f"CREATE TEMP TABLE {relation} AS" if first else f"INSERT INTO {relation}"
        self.connection.execute(f"{verb} SELECT * FROM chunk_py")
        self.connection.unregister("chunk_py")

    def write(self, table: Table, path: Path, order: Iterable[str]) -> None:
        """Write the table as Parquet in a given order; the same rows give the same bytes."""
        query = f"SELECT * FROM {table.name} ORDER BY {names(order)}"
        with self.reading(table.source, "table"):
            self.connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")

    def survey(self, table: Table, pairs: Sequence[Sides]) -> Survey:
        """Count, in one pass over a joined table, everything that pairing has to know."""
        flags = [c for c in table.columns if c.startswith(("changed_", "mixed_"))]
        parts = ["count(*)"] + [f"count_if(coalesce({name(c)}, FALSE))" for c in flags]
        parts += [f"count_if({c} IS NULL)" if c in table.columns else "0" for c in ("y", "u")]
        for side in pairs:
            a, b = name(side.here_baseline), name(side.here_candidate)
            needed = [*side.arms, *(c for c in ("y",) if c in table.columns)]
            full = " AND ".join(f"{name(c)} IS NOT NULL" for c in needed) or "TRUE"
            parts += [f"count_if({a} AND {b} AND {full})", f"count_if(NOT {a} AND {b})", f"count_if({a} AND NOT {b})"]
            parts.append(f"count_if({a} AND {b} AND NOT ({full}))")
        with self.reading(table.source, "table"):
            row = self.connection.execute(f"SELECT {', '.join(parts)} FROM {table.name}").fetchone() or ()
        start = 1 + len(flags)
        found = tuple(PairCount(*row[start + 2 + 4 * i : start + 6 + 4 * i]) for i in range(len(pairs)))
        return Survey(row[0], row[start], row[start + 1], dict(zip(flags, row[1:start], strict=True)), found)

    def example(self, table: Table, column: str, is_true: bool) -> dict[str, Any]:
        """The first row, by key, where a column is true, or where it is missing."""
        condition = name(column) if is_true else f"{name(column)} IS NULL"
        keys = [c for c in table.columns if c[0] == "k" and c[1:].isdigit()]
        order = f"ORDER BY {names(keys)} " if keys else ""
        with self.reading(table.source, "table"):
            cursor = self.connection.execute(f"SELECT * FROM {table.name} WHERE {condition} {order}LIMIT 1")
            row = cursor.fetchone() or ()
        return dict(zip(table.columns, row, strict=False))


def _special(c: str) -> str:
    """Missing, NaN and infinite numbers of a column, and the least and most of the others."""
    sane = f"CASE WHEN isfinite({c}) THEN {c} END"
    return f"count(*) - count({c}), count_if(isnan({c})), count_if(isinf({c})), min({sane}), max({sane})"
