"""Floor 3: estimates and a frozen plan become verdicts, and verdicts a recommendation. Pure functions.

- `claims`: the status of one claim, read off the deciding interval
- `levels`: the error that each claim may spend, after looks, reuse and several claims
- `looks`: where a reading stands among those allowed on its data
- `units`: how many units an inconclusive claim would need
- `policy`: statuses -> adopt, iterate, stop or hold; policies are registered here
- `numbers`: numbers as a verdict's reason shows them
"""
