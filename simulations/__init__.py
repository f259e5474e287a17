"""The coverage harness: how often do the intervals that users get hold the truth? Not shipped with the package.

- `scenario`: a way to draw samples whose truth is known; `shapes`: sizes of units, moments, designs
- `counts`, `scores`, `ranked`, `methods`, `gaps`: the scenarios of each family
- `harness`: draws, infers through `assay.stats.choose`, counts hits; `table`: tolerance, JSON and Markdown
- `run`: `python -m simulations.run --full` writes docs/coverage.json and docs/coverage.md
"""
