"""Partner suggestions and whole partnerships: pure functions over frozen nouns."""

from __future__ import annotations

from typing import Any

__all__ = ["PartnerRecommender"]


def __getattr__(name: str) -> Any:
    """Import the estimator when it is first asked for: scikit-learn takes a second to load."""
    if name == "PartnerRecommender":
        from recommender.ranking import PartnerRecommender

        return PartnerRecommender
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
