"""Candidate generation: hard filters, and for everybody left out the reasons why.

| code | parameters | left out because |
|---|---|---|
| itself | | it is the asker |
| in_team | | it stands in the team already |
| excluded | | the asker does not want to see it |
| filter_kind | kind, wanted | the reader asked for another kind |
| filter_district | wanted | it neither sits, works nor manages services in the district asked for |
| filter_distance | km (None: unknown), most | it sits beyond the distance asked for |
| filter_platform | wanted | the reader asked for bodies on (or not on) the platform |
| not_now | capacity | it declared that it cannot join now (later, not_now) |
| breaks_rule | rules | with it a must would be refused that is not refused now (kind, cap, district...) |
| out_of_reach | km, most | it sits too far for this measure and does not work in the project's districts |
| other_field | themes, inferred | all its known fields lie outside welfare and outside the project |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.case import Case
from recommender.index import CAPACITIES
from recommender.types import Capacity, Reason

READER_FILTERS = ("filter_kind", "filter_district", "filter_distance", "filter_platform")
NAMED_IN_TEXT = 0.15
"""Cosine with the project's text at which a body is of its field whatever its themes."""
NOT_NOW = (CAPACITIES.index(Capacity.LATER), CAPACITIES.index(Capacity.NOT_NOW))


@dataclass(frozen=True)
class Drop:
    """One hard filter: the rows that it leaves out, and how to say why for one of them."""

    code: str
    rows: NDArray[np.bool_]
    parameters: Callable[[int], Mapping[str, Any]] = lambda _row: {}


@dataclass(frozen=True)
class Drops:
    """Every hard filter of one query, in the order of the table above."""

    size: int
    drops: tuple[Drop, ...]

    @property
    def eligible(self) -> NDArray[np.bool_]:
        """Rows that no filter leaves out."""
        return self.without("")

    def without(self, code: str) -> NDArray[np.bool_]:
        """Return the rows that would be eligible if one filter were lifted."""
        left = np.ones(self.size, dtype=bool)
        for drop in self.drops:
            if drop.code != code:
                left &= ~drop.rows
        return left

    def why_not(self, row: int) -> tuple[Reason, ...]:
        """Return why a row is left out; nothing for an eligible one."""
        return tuple(Reason(drop.code, drop.parameters(row)) for drop in self.drops if drop.rows[row])

    def relaxations(self) -> dict[str, int]:
        """Return for each reader's filter in force how many candidates lifting it alone would leave."""
        in_force = [drop.code for drop in self.drops if drop.code in READER_FILTERS]
        return {code: int(self.without(code).sum()) for code in in_force}


def find_drops(case: Case) -> Drops:
    """Apply every hard filter."""
    found = [
        *_known_already(case),
        *_reader_filters(case),
        _not_now(case),
        _breaks_rule(case),
        *_out_of_reach(case),
        _other_field(case),
    ]
    return Drops(len(case.index), tuple(found))


def unrelated(case: Case) -> NDArray[np.bool_]:
    """Tell which bodies are known only for fields that have nothing to do with the project.

    A firm never is: it joins for its employees, whatever it makes.
    """
    called = case.term_columns({**case.wish.related, **case.wish.terms})
    of_field = case.index.terms.holding(called) | (case.index.text.dot(case.wish.text) >= NAMED_IN_TEXT)
    firm = case.index.columns.kind == case.coder.kinds.number("enterprise")
    return np.asarray(case.index.columns.outside & ~of_field & ~firm)


def _rows(case: Case, ids: frozenset[int]) -> NDArray[np.bool_]:
    return np.isin(case.index.columns.ids, list(ids))


def _known_already(case: Case) -> list[Drop]:
    asker = frozenset({case.query.asker.id})
    return [
        Drop("itself", _rows(case, asker)),
        Drop("in_team", _rows(case, case.wish.seeds - asker)),
        Drop("excluded", _rows(case, case.query.exclude)),
    ]


def _reader_filters(case: Case) -> list[Drop]:
    query, columns, found = case.query, case.index.columns, []
    if query.kind is not None:
        wrong = columns.kind != case.coder.kinds.number(query.kind)
        found.append(Drop("filter_kind", wrong, lambda row: _kinds(case, row)))
    if query.district is not None:
        there = case.index.districts.holding(case.district_columns([query.district]))
        found.append(Drop("filter_district", ~there, lambda _row: {"wanted": query.district}))
    if (most := query.max_distance_km) is not None:
        within = case.wish.distance_km <= most  # an unknown distance is not within it
        found.append(
            Drop("filter_distance", ~within, lambda row: {"km": km(case.wish.distance_km[row]), "most": most})
        )
    if query.on_platform is not None:
        other = columns.on_platform != query.on_platform
        found.append(Drop("filter_platform", other, lambda _row: {"wanted": query.on_platform}))
    return found


def _kinds(case: Case, row: int) -> dict[str, Any]:
    return {"kind": case.index.candidates[row].kind, "wanted": case.query.kind}


def _not_now(case: Case) -> Drop:
    return Drop(
        "not_now",
        np.isin(case.index.columns.capacity, NOT_NOW),
        lambda row: {"capacity": case.index.candidates[row].capacity.value},
    )


def _breaks_rule(case: Case) -> Drop:
    rows = np.zeros(len(case.index), dtype=bool)
    for effect in case.effects.broken:
        rows |= effect.rows
    return Drop("breaks_rule", rows, lambda row: {"rules": list(case.effects.broken_by(row))})


def _out_of_reach(case: Case) -> list[Drop]:
    most = case.weights.farthest_km.get(case.query.project.measure)
    if most is None:
        return []
    works_there = case.index.districts.holding(case.district_columns(case.wish.districts))
    far = (case.wish.far_km > most) & ~works_there
    return [Drop("out_of_reach", far, lambda row: {"km": km(case.wish.far_km[row]), "most": most})]


def _other_field(case: Case) -> Drop:
    """Leave out who was read to be of another field; who said so itself is only ranked lower.

    A past partner of the team is never left out for its field.
    """
    ties = case.fitted.ties
    partners = frozenset(partner for seed in case.wish.seeds for partner in ties.partners(seed))
    rows = unrelated(case) & ~case.index.columns.themes_said & ~_rows(case, partners)
    return Drop("other_field", rows, lambda row: {"themes": _themes(case, row), "inferred": True})


def _themes(case: Case, row: int) -> list[str]:
    read = case.coder.inferred_terms(case.index.candidates[row].profile)
    return [code for name, code in read if name == "theme"]


def km(distance: float) -> float | None:
    """Return a distance as it is told, to a tenth of a kilometre; None when unknown."""
    return None if np.isnan(distance) else round(float(distance), 1)
