"""The engine adapter: tables are shaped and aggregated by DuckDB, in the process.

- `duck`: the connection, opening of files and frames, errors
- `shape`: profile, duplicates, join by key, groups of units, derived columns
- `aggregate`: the five aggregations (count, patterns, sums, moments, ordered rows)
- `levels`: a fine group-by as integer codes, and its roll-up
- `examples`: rows worth looking at, fingerprints of content
- `sql`: quoting
"""

from assay.engine.duck import DuckEngine

__all__ = ["DuckEngine"]
