"""Floor 1: the nouns, as frozen dataclasses, and the protocols; no behaviour beyond validation and merge.

- `metric`: what a metric declares
- `sample`: what inference sees of one slice (cells, moments, sums or rows) and the design that it came from
- `estimate`: a value with its interval, or undefined with a reason; the `Procedure` protocol
- `comparison`: one metric on one slice for one pair of models; what alignment found
- `plan`: the research plan; `verdict`: statuses, recommendation, looks
- `protocols`: engine, progress
"""
