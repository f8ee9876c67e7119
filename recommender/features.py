"""Features of every candidate for one query, as arrays; each value lies between 0 and 1 (kind: -1 and 1).

A value of nothing in common is 0; where nothing is known of a body it gets a small neutral value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.candidates import unrelated
from recommender.case import Case
from recommender.index import CAPACITIES, FIELDS
from recommender.types import Capacity, Role, Severity
from recommender.weights import FEATURES, STEP, kind_prior
from recommender.wish import ASKED_LISTS

Values = NDArray[np.float64]

ENOUGH_CODES = 2.0
"""Two of the codes that a project asks for are as good as all of them: partners complete each other."""
CLEAR_TEXT = 0.4
"""Cosine with the project's text that earns the whole weight."""
MOST_BUSY = 3
FEATURE_OF = {
    "theme": "themes",
    "target_group": "targets",
    "service": "services",
    "welfare_action": "actions",
}
CAPACITY_VALUE = {
    Role.LEAD: {Capacity.LEAD: 1.0, Capacity.PARTNER: 0.2},
    Role.PARTNER: {Capacity.LEAD: 1.0, Capacity.PARTNER: 1.0},
    Role.NETWORK: {Capacity.LEAD: 1.0, Capacity.PARTNER: 1.0},
}
UNSAID_CAPACITY = 0.4


@dataclass(frozen=True)
class Features:
    """Values by feature, and which of them are neutral because nothing is known.

    Attributes:
        values: shape (n,) by name of FEATURES; features that say nothing in this query are absent.
        neutral: by feature, rows whose value only stands in for the unknown.
    """

    values: Mapping[str, Values]
    neutral: Mapping[str, NDArray[np.bool_]]


def features_of(case: Case) -> Features:
    """Compute every feature of every candidate."""
    neutral: dict[str, NDArray[np.bool_]] = {}
    values = {
        **_rules(case),
        **_overlaps(case, neutral),
        **_complements(case, neutral),
        **_places(case, neutral),
        "ties": case.reached.ties,
        "past": case.reached.past,
        **_standing(case, neutral),
    }
    return Features(
        {name: values[name] for name in FEATURES if name in values and values[name].any()}, neutral
    )


def contributions(case: Case, features: Features) -> dict[str, Values]:
    """Return the points that each feature adds to each candidate, whole multiples of STEP."""
    measure = case.query.project.measure
    return {
        name: np.round(values * case.weights.points(name, measure) / STEP) * STEP
        for name, values in features.values.items()
    }


def raw_total(case: Case, features: Features) -> Values:
    """Return the unrounded scores: they settle ties between equal points."""
    measure = case.query.project.measure
    total = np.zeros(len(case.index))
    for name, values in features.values.items():
        total += values * case.weights.points(name, measure)
    return total


def _rules(case: Case) -> dict[str, Values]:
    """Share of the unmet musts, and of the unmet shoulds, that the body would mend.

    Only rules that somebody could mend are counted: what the asker has to declare itself is
    nobody's merit.
    """
    found = {}
    for name, severity in (("meets", Severity.MUST), ("bonus", Severity.SHOULD)):
        rules = [effect.rows for effect in case.effects.mended if effect.severity is severity]
        if rules:
            found[name] = np.mean(rules, axis=0)
    return found


def _overlaps(case: Case, neutral: dict[str, NDArray[np.bool_]]) -> dict[str, Values]:
    found = {}
    for field, _ in ASKED_LISTS:
        if codes := case.wish.asked.get(field):
            found[FEATURE_OF[field]] = _overlap(case, field, codes, neutral)
    if case.wish.related:
        query = {case.coder.terms.number(term): weight for term, weight in case.wish.related.items()}
        called = case.index.terms.dot(query)
        unknown = np.logical_not(case.index.columns.known[:, : len(FIELDS) - 1].max(axis=1))
        # The second code in common tells less than the first: saturating.
        found["related"] = _with_neutral(case, "related", called / (0.5 + called), unknown, neutral)
    if case.wish.text:
        found["text"] = np.minimum(case.index.text.dot(case.wish.text) / CLEAR_TEXT, 1.0)
    return found


def _overlap(
    case: Case, field: str, codes: Mapping[str, float], neutral: dict[str, NDArray[np.bool_]]
) -> Values:
    asked = sum(codes.values())
    query = {case.coder.terms.number((field, code)): weight for code, weight in codes.items()}
    held = np.minimum(case.index.terms.dot(query) / max(1.0, min(ENOUGH_CODES, asked)), 1.0)
    unknown = ~case.index.columns.known[:, FIELDS.index(field)]
    return _with_neutral(case, FEATURE_OF[field], held, unknown, neutral, min(1.0, asked))


def _complements(case: Case, neutral: dict[str, NDArray[np.bool_]]) -> dict[str, Values]:
    found = {}
    if wanted := case.wish.needs:
        held = case.index.offers.dot({case.coder.asset(code): 1.0 for code in sorted(wanted)})
        unknown = ~case.index.columns.known[:, FIELDS.index("asset")]
        share = np.minimum(held / min(ENOUGH_CODES, len(wanted)), 1.0)
        found["offers"] = _with_neutral(case, "offers", share, unknown, neutral)
    if offered := case.wish.offers:
        held = case.index.needs.dot({case.coder.asset(code): 1.0 for code in sorted(offered)})
        found["needs"] = np.minimum(held / min(ENOUGH_CODES, len(offered)), 1.0)
    return found


def _places(case: Case, neutral: dict[str, NDArray[np.bool_]]) -> dict[str, Values]:
    there = case.index.districts.dot(dict.fromkeys(case.district_columns(case.wish.districts), 1.0))
    reach = case.weights.reach_km.get(case.query.project.measure, max(case.weights.reach_km.values()))
    unknown = np.isnan(case.wish.far_km)
    near = np.exp(-np.where(unknown, np.inf, case.wish.far_km) / reach)
    found = {"district": np.minimum(there, 1.0)}
    if not unknown.all():
        found["nearness"] = _with_neutral(case, "nearness", near, unknown, neutral)
    return found


def _standing(case: Case, neutral: dict[str, NDArray[np.bool_]]) -> dict[str, Values]:
    columns, measure = case.index.columns, case.query.project.measure
    # From -1 to 1: a kind that is seldom seen in such partnerships counts against the body.
    priors = np.array([2 * kind_prior(group, measure) - 1 for group in case.coder.groups.things()])
    worth = CAPACITY_VALUE[case.query.role]
    capacity = np.array([worth.get(c, 0.0) for c in CAPACITIES])[columns.capacity]
    unsaid = columns.capacity == CAPACITIES.index(Capacity.UNSAID)
    neutral["capacity"] = unsaid
    return {
        "kind": priors[columns.group] if len(columns.group) else np.zeros(0),
        "capacity": np.where(unsaid, UNSAID_CAPACITY, capacity),
        "platform": columns.on_platform.astype(np.float64),
        "busy": np.minimum(np.array(case.fitted.busy, dtype=np.float64), MOST_BUSY) / MOST_BUSY,
        "other_field": (unrelated(case) & columns.themes_said).astype(np.float64),
    }


def _with_neutral(
    case: Case,
    feature: str,
    values: Values,
    unknown: NDArray[np.bool_],
    neutral: dict[str, NDArray[np.bool_]],
    strength: float = 1.0,
) -> Values:
    neutral[feature] = unknown
    return np.where(unknown, case.weights.neutral * strength, values)
