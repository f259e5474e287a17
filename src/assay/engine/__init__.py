"""The engine adapter: tables are shaped and aggregated by DuckDB, in the process.

- `duck`: the connection, opening of files and frames, errors
- `shape`: profile, duplicates, join by key, groups of units, derived columns
- `aggregate`: the five aggregations (count, patterns, sums, moments, ordered rows)
- `sql`: quoting
"""

from assay.engine.duck import DuckEngine

__all__ = ["DuckEngine"]
