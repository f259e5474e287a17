"""Revisions of the schema. A released revision never changes; a change is a new revision."""
