"""Floor 0: what everything may use.

- `errors`: one tree of user-facing errors, each with a stable code
- `canonical`: canonical JSON and digests
- `clock`: the only place that reads the time
- `cells`: CSV that no spreadsheet runs
- `seeds`: named, reproducible random streams
- `registry`: typed registries with lazily loaded plug-ins
- `optional`: imports of optional packages
- `progress`: progress and cancellation, passed as arguments
"""
