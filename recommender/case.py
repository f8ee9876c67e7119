"""One query against one fitted world: everything that filters, features and reasons look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from recommender.index import Coder, Index
from recommender.postings import Codebook
from recommender.rules import RuleEffects, rule_effects
from recommender.text import Term
from recommender.ties import Reached, Ties
from recommender.weights import Weights
from recommender.wish import Wish, wish_of
from recommender.world import Query


@dataclass(frozen=True)
class Fitted:
    """What was learnt from one world.

    Attributes:
        busy: drafts and projects that a candidate stands in, by row.
    """

    index: Index
    coder: Coder
    ties: Ties
    weights: Weights
    busy: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A query, what it asks for, what the rules say, and who is reached from it."""

    fitted: Fitted
    query: Query
    wish: Wish
    effects: RuleEffects
    reached: Reached

    @classmethod
    def of(cls, fitted: Fitted, query: Query) -> Case:
        """Read a query against a fitted world."""
        wish = wish_of(fitted.index, fitted.coder, query, fitted.weights)
        reached = fitted.ties.reached(wish.seeds, wish.text)
        return cls(fitted, query, wish, rule_effects(fitted.index, fitted.coder, query), reached)

    @property
    def index(self) -> Index:
        """The candidates as arrays."""
        return self.fitted.index

    @property
    def coder(self) -> Coder:
        """Numbers of codes, and words of texts."""
        return self.fitted.coder

    @property
    def weights(self) -> Weights:
        """What each feature is worth."""
        return self.fitted.weights

    def term_columns(self, terms: Iterable[Term]) -> list[int]:
        """Return the columns of terms; one that no candidate holds has none."""
        return _found(self.coder.terms, terms)

    def district_columns(self, districts: Iterable[str]) -> list[int]:
        """Return the columns of districts; one that no candidate stands in has none."""
        return _found(self.coder.districts, districts)


def _found(codebook: Codebook, things: Iterable[object]) -> list[int]:
    return [number for thing in things if (number := codebook.find(thing)) is not None]
