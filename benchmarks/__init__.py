"""Assay beside its peers on the same work, in one run: `python -m benchmarks.run`.

- `data`: generated files; `work`: what Assay does; `peers`: what the others do, at their best settings
- `cases`: which is compared with which, and what has to be reached
- `measure`: one case, one process: seconds and peak memory; `table`: Markdown; `install`: a core install
"""
