"""The history of the lab's schema: one file a revision under `versions`, run by `assay.store.schema`."""
