"""What can be wrong with a question to the recommender."""

from __future__ import annotations


class RecommenderError(ValueError):
    """Base of the errors of this package."""


class UnknownCandidate(RecommenderError):
    """A question about a body that the fitted world does not hold (hidden, removed, never known)."""

    def __init__(self, candidate_id: int) -> None:
        super().__init__(f"no candidate {candidate_id} in the fitted world")
        self.candidate_id = candidate_id
