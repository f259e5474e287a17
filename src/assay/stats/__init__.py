"""Floor 2: inference. Arrays and cells in, estimates out; no I/O, no plots, no global randomness.

- `choose`: the one place that chooses the method; `estimates`: procedures become records
- `procedures`: interval and p-value from one inversion; `options`: seed, draws, stream; `domain`: where methods hold
- `proportions`, `dirichlet`, `means`, `ranks`, `auc`, `quantiles`: one row per unit
- `groups`, `jackknife`, `bootstrap`: clusters; `seeds`: claims about a method; `gaps`: largest gap between groups
- `kappa`: large-sample errors of Cohen's kappa; `power`: how many units it takes
- `sequential`: several looks, bounds and where they stop; `brownian`: the recursion; `spending`: how the error is spent
- `multiplicity`: p-values of a family, adjusted together; `shares`, `orders`: counts beside their design
- `stagewise`: what can be said after stopping; `anytime`: intervals that hold at every moment
"""
