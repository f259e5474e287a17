"""Stage 1: predictions are joined by key, never by order, and what does not fit is refused, excluded or bounded.

- `request`: what to align; `columns`: which column is what; `seeds`: copies of one run; `align`: the join
"""
