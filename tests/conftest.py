"""What all tests share: how many examples a property is tried on is its own, how long one takes is nobody's."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("assay", deadline=None)
settings.load_profile("assay")
