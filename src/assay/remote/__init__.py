"""A lab on a server, asked over HTTP with the standard library alone (floor 3, an adapter).

- `address`: which server, as people write it
- `credentials`: the token that goes with it
- `client`: requests and their errors
- `shipping`: a run's files sent while they grow
"""
