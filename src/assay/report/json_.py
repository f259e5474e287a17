"""A document as JSON: for programs, and to show again what was said."""

from __future__ import annotations

import json
from typing import Any

from assay.report.blocks import Document


def to_json(document: Document) -> dict[str, Any]:
    """The document as plain data, with its type tag and schema version."""
    return document.to_json()


def render(document: Document) -> str:
    """Indented JSON with sorted keys; the same document gives the same bytes."""
    text = json.dumps(to_json(document), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    # A lone surrogate cannot be written as UTF-8.
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"
