"""Floor 4: stages composed through records and protocols; progress comes as an argument.

- `estimates`: cells -> comparisons, at any level
- `compare`: align -> score -> aggregate -> infer, without a plan
- `reading`: the same for a plan, with digests of what was seen
- `judge`: cells + plan -> verdicts -> recommendation, a pure function
- `nearness`: how far numbers of another machine may be from stored ones
- `wording`: options of `compare` as keys of a plan, in errors
- `bundle`, `cellfile`: evidence as files; `recheck`: its check, offline
"""
