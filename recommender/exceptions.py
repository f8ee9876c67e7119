"""What can be wrong with a question to the recommender."""

from __future__ import annotations


class RecommenderError(ValueError):
    """Base of the errors of this package."""


class UnknownCandidate(RecommenderError):
    """A question about a body that the fitted world does not hold (hidden, removed, never known)."""

    def __init__(self, candidate_id: int) -> None:
        super().__init__(f"no candidate {candidate_id} in the fitted world")
        self.candidate_id = candidate_id


class OutOfTime(RecommenderError):
    """The time was over before a team was found, or proven not to exist: neither is known."""

    def __init__(self) -> None:
        super().__init__("no team was found in time, and none was proven not to exist")


class SolverFailed(RecommenderError):
    """The solver broke down: nothing is known of the question."""
