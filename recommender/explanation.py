"""Reasons: why a candidate stands where it stands, concrete enough to be checked.

The weights of a suggestion's ``reasons`` add up to its score exactly. Every code:

| code | parameters | says |
|---|---|---|
| meets_rules | rules | it would mend these unmet musts |
| bonus_rules | rules | it would mend these unmet shoulds |
| themes, targets, services, actions | codes | it said that it works on what the project asks for |
| themes_inferred, targets_inferred, services_inferred, actions_inferred | codes | read off its name |
| related | terms ([field, code] pairs) | it does things that the project's terms call up |
| text | words, terms | words it shares with the project; terms that both name, maybe in other words |
| offers_needed | codes | it offers what the asker or the team needs |
| offers_inferred | codes | likewise, read off its name |
| needs_offered | codes | it needs what the asker offers |
| district | districts, how (manages, seat, works) | it stands in the project's districts |
| same_municipality | municipality | its seat is in the asker's municipality |
| distance | km, origin (asker, project) | how far it sits |
| worked_together | members, projects | it worked with these of the team, in these projects |
| shared_partners | partners, projects | it worked with these past partners of the team |
| reached | | it is reached from the team's past work over more than one step |
| near_projects | projects | it took part in past projects near the text |
| near_partners | projects, partners | its past partners took part in past projects near the text |
| kind | kind, legal_form, group | bodies of its kind often (negative: seldom) stand in such partnerships |
| capacity | capacity | it declared that it can join now |
| on_platform | | it is on the platform |
| busy | count | already in so many drafts and projects (negative) |
| other_field | themes, inferred | it named only fields outside welfare (negative) |
| little_known | missing (features) | counted as average where nothing is known of it |
| gap_filled_above | count | so many listed above it would mend the same musts (negative) |
| similar_above | candidates | alike to these, listed above it (negative) |

``towards`` (why the asker fits the candidate) uses district, same_municipality, distance,
worked_together and shared_partners in the same sense, and:

| you_offer | codes | the asker offers what it needs |
| you_share | codes, inferred | themes of the asker or project that it said, or (inferred) read off its name |

Weights in ``towards`` order them and belong to no score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import fsum

import numpy as np

from recommender.candidates import km
from recommender.case import Case
from recommender.evidence import EXPLAINERS, distance_reason, past_partners, shared_district, ties_reason
from recommender.features import Features, Values
from recommender.types import Reason, Suggestion
from recommender.wish import brought, lacking


def reasons_for(case: Case, features: Features, points: Mapping[str, Values], row: int) -> tuple[Reason, ...]:
    """Return a candidate's reasons, the weightiest first; together they weigh its points."""
    found: list[Reason] = []
    unknown: dict[str, float] = {}
    for feature, values in points.items():
        weight = float(values[row])
        if weight == 0.0:
            continue
        if feature in features.neutral and features.neutral[feature][row]:
            unknown[feature] = weight
        else:
            found.extend(EXPLAINERS[feature](case, row, weight))
    if unknown:
        found.append(Reason("little_known", {"missing": list(unknown)}, sum(unknown.values())))
    return _in_order(found)


def suggestion_of(case: Case, row: int, rank: int, reasons: tuple[Reason, ...]) -> Suggestion:
    """Return a candidate with its reasons both ways."""
    candidate = case.index.candidates[row]
    return Suggestion(
        candidate=candidate,
        rank=rank,
        score=fsum(reason.weight for reason in reasons),
        reasons=reasons,
        meets=case.effects.mended_by(row),
        towards=towards(case, row),
        neither=tuple(sorted(lacking(case.query) - brought(candidate))),
        distance_km=km(case.wish.distance_km[row]),
    )


def towards(case: Case, row: int) -> tuple[Reason, ...]:
    """Return why the asker fits the candidate."""
    candidate, weights = case.index.candidates[row], case.weights
    measure = case.query.project.measure
    found: list[Reason] = []
    if offered := sorted(candidate.profile.needs & case.query.asker.profile.offers):
        found.append(Reason("you_offer", {"codes": offered}, weights.offers))
    themes = case.query.project.themes | case.query.asker.profile.themes
    said, read = themes & candidate.profile.themes, themes & candidate.profile.inferred
    for codes, inferred in ((said, False), (read, True)):
        if codes:
            worth = weights.themes * (weights.read_share if inferred else 1.0)
            found.append(Reason("you_share", {"codes": sorted(codes), "inferred": inferred}, worth))
    if case.query.asker.districts & candidate.districts:
        found.extend(shared_district(case, candidate, weights.points("district", measure)))
    if not np.isnan(distance := case.wish.distance_km[row]):
        reach = weights.reach_km.get(measure, max(weights.reach_km.values()))
        points = weights.nearness * float(np.exp(-distance / reach))
        found.append(distance_reason(case, row, points, asker=True))
    if past_partners(case, candidate):
        found.extend(ties_reason(case, row, weights.ties))
    return _in_order(found)


def _in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -reason.weight))
