"""Stage 2 and 3: rows become scores, scores become cells.

- `request`: which metrics, models and slices, and how labels are read; `Cell`, what inference gets
- `labels`: classes, positive class and thresholds, asked for where ambiguous
- `counts`: outcome patterns; `scores`: per-row scores, their moments and sums; `ranked`: the rows themselves
- `gaps`: cells by group; `measure`: all of it
"""
