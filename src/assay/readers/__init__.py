"""Readers: evidence and plans written by people and by other tools.

- `files`: prediction files: form, plausibility, digest
- `planfile`: plans in YAML
- `mlflow`: runs that MLflow keeps
"""
