"""The estimator: fitted on a world, asked with queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from recommender.candidates import Drops, find_drops
from recommender.case import Case, Fitted
from recommender.diversity import POOL, Place, Pool, rerank, similarity
from recommender.exceptions import UnknownCandidate
from recommender.explanation import reasons_for, suggestion_of
from recommender.features import Features, Values, contributions, features_of, raw_total
from recommender.index import Coder, Index
from recommender.ties import Ties
from recommender.types import Candidate, Reason, Suggestion
from recommender.weights import CALL_FEATURES, FIT_FEATURES, TIE_FEATURES, Weights
from recommender.world import PastProject, PoolScores, Query, World

LONGEST_LIST = 500
"""No list is longer: re-ranking looks at every pair of a list's candidates."""


class Ranked:
    """Every candidate of one query scored: features, points, totals and who was left out."""

    def __init__(self, fitted: Fitted, query: Query) -> None:
        self.case = Case.of(fitted, query)
        self.drops: Drops = find_drops(self.case)
        self.features: Features = features_of(self.case)
        self.points: Mapping[str, Values] = contributions(self.case, self.features)
        self.total = self.sum_of(self.points)

    def sum_of(self, features: Collection[str]) -> Values:
        """Return the points of some features together, by row."""
        total = np.zeros(len(self.case.index))
        for name in features:
            if name in self.points:
                total += self.points[name]
        return total

    def order(self) -> NDArray[np.int64]:
        """Return the eligible rows, best first; equal points by the unrounded score, then by id."""
        rows = np.flatnonzero(self.drops.eligible)
        ids, exact = self.case.index.columns.ids, raw_total(self.case, self.features)
        return rows[np.lexsort((ids[rows], -exact[rows], -self.total[rows]))]

    def places(self, strength: float) -> list[Place]:
        """Return the list's rows with what their place costs them (see :func:`rerank`)."""
        rows, index = self._pool(), self.case.index
        pool = Pool(
            rows=rows,
            total=self.total[rows],
            alike=similarity(index, rows),
            gaps=self.case.effects.gaps(len(index))[rows],
            gap_points=self.sum_of(["meets"])[rows],
        )
        return rerank(pool, strength, min(self.case.query.top, LONGEST_LIST))

    def _pool(self) -> NDArray[np.int64]:
        """Return the rows that could come into the list, best first.

        Those best without the points for mending rules are among them: once others fill a gap,
        they come next.
        """
        order, size = self.order(), max(POOL, min(self.case.query.top, LONGEST_LIST))
        beside = (self.total - self.sum_of(["meets"]))[order]
        wanted = np.zeros(len(order), dtype=bool)
        wanted[:size] = True
        wanted[np.argsort(-beside, kind="stable")[:size]] = True
        return order[wanted]

    def suggestion(self, place: Place, rank: int) -> Suggestion:
        """Return one row with its reasons, the cost of its place included."""
        reasons = [*reasons_for(self.case, self.features, self.points, place.row)]
        if place.filled:
            reasons.append(Reason("gap_filled_above", {"count": place.others}, -place.filled))
        if place.likeness:
            alike = [] if place.alike is None else [int(self.case.index.columns.ids[place.alike])]
            reasons.append(Reason("similar_above", {"candidates": alike}, -place.likeness))
        return suggestion_of(self.case, place.row, rank, tuple(reasons))


class PartnerRecommender(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Ranks who could join a project, with reasons.

    Follows the scikit-learn contract: ``__init__`` stores, ``fit`` learns attributes that end in
    an underscore and returns self, asking before that raises NotFittedError. A fitted one is never
    changed: :meth:`refreshed` returns another that shares what stayed, so many threads may ask.

    Args:
        weights: what each feature is worth; None means the documented priors.
        diversity: points taken from a body for being wholly alike to one above it; 0 leaves lists
            in the order of the scores.

    Attributes:
        fitted_: the world as arrays, with all that was learnt.
        past_: the past projects it was fitted on.
        busy_: drafts and projects by candidate id.
    """

    def __init__(self, *, weights: Weights | None = None, diversity: float = 12.0) -> None:
        self.weights = weights
        self.diversity = diversity

    def fit(self, world: World, y: None = None) -> PartnerRecommender:
        """Learn a world: words and their rarity, inverted lists, the graph of past work."""
        weights = self.weights or Weights()
        coder = Coder(world.thesaurus, weights.read_share)
        index = coder.fit(world)
        self.past_ = tuple(world.past)
        self.busy_ = dict(world.busy)
        self.fitted_ = _fitted(index, coder, self.past_, self.busy_, weights)
        return self

    def refreshed(
        self,
        changed: Sequence[Candidate],
        removed: Collection[int],
        past: Sequence[PastProject] | None = None,
        busy: Mapping[int, int] | None = None,
    ) -> PartnerRecommender:
        """Return a recommender in which some candidates are new, changed or gone.

        The text vocabulary is not refitted: words that the world had never met count from the
        next fit on; the thesaurus' words always count.

        Args:
            changed: candidates as they are now.
            removed: ids of those that are gone or hidden.
            past: every past project as it is now; None when none has changed.
            busy: drafts and projects by candidate id; None when unchanged.
        """
        check_is_fitted(self, "fitted_")
        old = self.fitted_
        out = {*removed, *(candidate.id for candidate in changed)}
        keep = ~np.isin(old.index.columns.ids, list(out))
        index = old.index.joined(keep, old.coder.encode(changed))
        other = PartnerRecommender(weights=self.weights, diversity=self.diversity)
        other.past_ = self.past_ if past is None else tuple(past)
        other.busy_ = self.busy_ if busy is None else dict(busy)
        other.fitted_ = _fitted(index, old.coder, other.past_, other.busy_, old.weights)
        return other

    def recommend(self, query: Query) -> list[Suggestion]:
        """Return the best candidates for a query, ranked, each with reasons that add up to its score."""
        ranked = self._ranked(query)
        return [
            ranked.suggestion(place, rank)
            for rank, place in enumerate(ranked.places(self.diversity), start=1)
        ]

    def explain(self, query: Query, candidate_id: int) -> Suggestion:
        """Return one candidate as :meth:`recommend` lists it, or as it would stand below the list.

        Raises:
            UnknownCandidate: the fitted world does not hold it.
        """
        ranked = self._ranked(query)
        row = _row(ranked.case.index, candidate_id)
        for rank, place in enumerate(ranked.places(self.diversity), start=1):
            if place.row == row:
                return ranked.suggestion(place, rank)
        better = ranked.drops.eligible & (ranked.total > ranked.total[row])
        return ranked.suggestion(Place(row), int(better.sum()) + 1)

    def why_not(self, query: Query, candidate_id: int) -> tuple[Reason, ...]:
        """Return the hard filters that leave a candidate out; nothing for one that may be suggested.

        Raises:
            UnknownCandidate: the fitted world does not hold it.
        """
        ranked = self._ranked(query)
        return ranked.drops.why_not(_row(ranked.case.index, candidate_id))

    def pool_scores(self, query: Query) -> PoolScores:
        """Return the scores of every eligible candidate, in the order of their ids."""
        ranked = self._ranked(query)
        columns = ranked.case.index.columns
        rows = np.flatnonzero(ranked.drops.eligible)
        rows = rows[np.argsort(columns.ids[rows])]
        return PoolScores(
            ids=columns.ids[rows],
            total=ranked.total[rows],
            match=(ranked.total - ranked.sum_of(CALL_FEATURES))[rows],
            tie=ranked.sum_of(TIE_FEATURES)[rows],
            fit=ranked.sum_of(FIT_FEATURES)[rows],
            distance_km=ranked.case.wish.distance_km[rows],
            newcomer=self.fitted_.ties.newcomers(columns.ids[rows]),
            on_platform=columns.on_platform[rows],
        )

    def relaxations(self, query: Query) -> dict[str, int]:
        """Return, for each of the reader's filters in force, how many candidates lifting it would leave."""
        return self._ranked(query).drops.relaxations()

    def _ranked(self, query: Query) -> Ranked:
        check_is_fitted(self, "fitted_")
        return Ranked(self.fitted_, query)


def _fitted(
    index: Index, coder: Coder, past: Sequence[PastProject], busy: Mapping[int, int], weights: Weights
) -> Fitted:
    ties = Ties(past, index.position, coder, len(index))
    return Fitted(index, coder, ties, weights, tuple(busy.get(c.id, 0) for c in index.candidates))


def _row(index: Index, candidate_id: int) -> int:
    if candidate_id not in index.position:
        raise UnknownCandidate(candidate_id)
    return index.position[candidate_id]
