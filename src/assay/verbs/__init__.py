"""Floor 5: one verb, one file: load, call a flow, store, append to the ledger."""
