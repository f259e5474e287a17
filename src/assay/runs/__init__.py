"""Runs: captured executions that can be trusted (floor 3, a stage).

- `live`: a run while it is logged into; start here. `bodies`: functions whose calls are runs
- `frames`: framed binary records with checksums; `segment`: the file of one process; `values`: what is no scalar
- `folder`: start and end records; `reading`: a whole run read back, faults named
- `gpu`, `nvml`, `prices`: graphics time, and what computing cost
- `pulse`: heartbeats, and what happens at a fork; `state`: is it still running?
- `config`: configurations made plain; `seeds`: set; `filters`, `summary`, `groups`, `differ`: finding, comparing
- `capture`: code and environment (`code`, `environment`), without `secrets`
- `foreign`: runs that another tracker holds; `joined`: run folders of another lab
- `restore`, `reproduced`: a run put back and run again; `hashing`: data by content
- `launch`: executing a command; its `output`; `usage`: what a run uses; `files`: what it may keep
"""
