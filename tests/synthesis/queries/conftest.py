"""Reviews with known numbers."""

from __future__ import annotations

from tests.synthesis.queries.scenario import flowing, pooled

__all__ = ["flowing", "pooled"]
