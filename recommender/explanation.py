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
| kind | kind, legal_form, group | bodies of its kind usually stand in such partnerships |
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
| you_share | codes, inferred | themes of the asker or project that it said; those read off its name |

Weights in ``towards`` order them and belong to no score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from recommender.candidates import km
from recommender.case import Case
from recommender.features import FEATURE_OF, Features, Values
from recommender.index import SAID_LISTS
from recommender.text import stem, term_of, words
from recommender.types import Candidate, Reason, Severity, Suggestion
from recommender.weights import STEP, group_of
from recommender.wish import ASKED_LISTS, brought, lacking

MOST_WORDS = 5
PROFILE_LIST = {**dict(SAID_LISTS), "asset": "offers"}
Explainer = Callable[[Case, int, float], Sequence[Reason]]


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
        score=sum(reason.weight for reason in reasons),
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
    if said or read:
        codes = {"codes": sorted(said), "inferred": sorted(read)}
        found.append(Reason("you_share", codes, weights.themes if said else weights.themes / 2))
    if case.query.asker.districts & candidate.districts:
        found.extend(_shared_district(case, candidate, weights.points("district", measure)))
    if not np.isnan(distance := case.wish.distance_km[row]):
        reach = weights.reach_km.get(measure, max(weights.reach_km.values()))
        found.append(_distance(case, row, weights.nearness * float(np.exp(-distance / reach)), asker=True))
    if _past_partners(case, candidate):
        found.extend(_ties(case, row, weights.ties))
    return _in_order(found)


def _in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: -reason.weight))


def _meets(case: Case, row: int, weight: float) -> list[Reason]:
    return [Reason("meets_rules", {"rules": _mended(case, row, Severity.MUST)}, weight)]


def _bonus(case: Case, row: int, weight: float) -> list[Reason]:
    return [Reason("bonus_rules", {"rules": _mended(case, row, Severity.SHOULD)}, weight)]


def _mended(case: Case, row: int, severity: Severity) -> list[str]:
    return [e.code for e in case.effects.mended if e.severity is severity and e.rows[row]]


def _overlap(field: str) -> Explainer:
    def explain(case: Case, row: int, weight: float) -> list[Reason]:
        asked = case.wish.asked[field]
        said, read = _held(case, row, field, asked)
        return _split(FEATURE_OF[field], said, read, asked, weight, case.weights.read_share)

    return explain


def _offers(case: Case, row: int, weight: float) -> list[Reason]:
    wanted = dict.fromkeys(case.wish.needs, 1.0)
    said, read = _held(case, row, "asset", wanted)
    return [
        Reason("offers_needed" if reason.code == "offers" else reason.code, reason.parameters, reason.weight)
        for reason in _split("offers", said, read, wanted, weight, case.weights.read_share)
    ]


def _held(case: Case, row: int, field: str, asked: Mapping[str, float]) -> tuple[list[str], list[str]]:
    """Return the asked codes that the candidate said, and those read off its name."""
    profile = case.index.candidates[row].profile
    said = getattr(profile, PROFILE_LIST[field])
    read = {code for name, code in case.coder.inferred_terms(profile) if name == field} - said
    return sorted(said & asked.keys()), sorted(read & asked.keys())


def _split(
    code: str, said: list[str], read: list[str], asked: Mapping[str, float], weight: float, read_share: float
) -> list[Reason]:
    """Divide a feature's weight between what was said and what was read, in whole steps."""
    by_saying = sum(asked[c] for c in said)
    by_reading = sum(asked[c] for c in read) * read_share
    part = round(weight * by_reading / (by_saying + by_reading) / STEP) * STEP
    parts = ((code, said, weight - part), (f"{code}_inferred", read, part))
    return [Reason(name, {"codes": codes}, share) for name, codes, share in parts if codes]


def _related(case: Case, row: int, weight: float) -> list[Reason]:
    profile = case.index.candidates[row].profile
    held = {(name, code) for name, listed in SAID_LISTS for code in getattr(profile, listed)}
    held.update(case.coder.inferred_terms(profile))
    shared = sorted(held & case.wish.related.keys(), key=lambda term: (-case.wish.related[term], term))
    return [Reason("related", {"terms": [list(term) for term in shared]}, weight)]


def _text(case: Case, row: int, weight: float) -> list[Reason]:
    vectors = case.index.text.rows
    held = slice(vectors.indptr[row], vectors.indptr[row + 1])
    shared = [
        (case.wish.text[column] * value, case.coder.words[column])
        for column, value in zip(vectors.indices[held].tolist(), vectors.data[held].tolist(), strict=True)
        if column in case.wish.text
    ]
    tokens = [token for _, token in sorted(shared, reverse=True)[:MOST_WORDS]]
    terms = [list(term) for token in tokens if (term := term_of(token)) is not None]
    return [Reason("text", {"words": _as_written(case, row, tokens), "terms": terms}, weight)]


def _as_written(case: Case, row: int, tokens: Iterable[str]) -> list[str]:
    """Return for each stem the word of the candidate's own text that it comes from."""
    candidate = case.index.candidates[row]
    written: dict[str, str] = {}
    for word in words(f"{candidate.name} {candidate.text}"):
        written.setdefault(stem(word), word)
    return [written[token] for token in tokens if token in written]


def _needs(case: Case, row: int, weight: float) -> list[Reason]:
    codes = sorted(case.index.candidates[row].profile.needs & case.wish.offers)
    return [Reason("needs_offered", {"codes": codes}, weight)]


def _district(case: Case, row: int, weight: float) -> list[Reason]:
    candidate = case.index.candidates[row]
    return [_stands_in(candidate, sorted(candidate.districts & case.wish.districts), weight)]


def _shared_district(case: Case, candidate: Candidate, weight: float) -> list[Reason]:
    return [_stands_in(candidate, sorted(candidate.districts & case.query.asker.districts), weight)]


def _stands_in(candidate: Candidate, districts: Sequence[str], weight: float) -> Reason:
    how = "works"
    if candidate.manages.intersection(districts):
        how = "manages"
    elif candidate.place.districts.intersection(districts):
        how = "seat"
    return Reason("district", {"districts": list(districts), "how": how}, weight)


def _nearness(case: Case, row: int, weight: float) -> list[Reason]:
    return [_distance(case, row, weight, asker=case.wish.far_km is case.wish.distance_km)]


def _distance(case: Case, row: int, weight: float, *, asker: bool) -> Reason:
    municipality = case.index.candidates[row].place.municipality
    if asker and municipality is not None and municipality == case.query.asker.place.municipality:
        return Reason("same_municipality", {"municipality": municipality}, weight)
    distance = (case.wish.distance_km if asker else case.wish.far_km)[row]
    return Reason("distance", {"km": km(distance), "origin": "asker" if asker else "project"}, weight)


def _past_partners(case: Case, candidate: Candidate) -> bool:
    partners = case.fitted.ties.partners(candidate.id)
    return any(partner in case.wish.seeds or _seeds_of(case, partner) for partner in partners)


def _seeds_of(case: Case, partner: int) -> frozenset[int]:
    return case.wish.seeds & case.fitted.ties.partners(partner).keys()


def _ties(case: Case, row: int, weight: float) -> list[Reason]:
    partners = case.fitted.ties.partners(case.index.candidates[row].id)
    if members := sorted(case.wish.seeds & partners.keys()):
        projects = sorted({work for member in members for work in partners[member]})
        return [Reason("worked_together", {"members": members, "projects": projects}, weight)]
    shared = sorted(partner for partner in partners if _seeds_of(case, partner))
    if shared:
        projects = sorted({work for partner in shared for work in partners[partner]})
        return [Reason("shared_partners", {"partners": shared, "projects": projects}, weight)]
    return [Reason("reached", {}, weight)]


def _past(case: Case, row: int, weight: float) -> list[Reason]:
    ties, body = case.fitted.ties, case.index.candidates[row].id
    own = [work for work in case.reached.near if work in ties.works_of(body)]
    if own:
        return [Reason("near_projects", {"projects": own}, weight)]
    partners = ties.partners(body).keys()
    theirs = [work for work in case.reached.near if partners & set(ties.members[work])]
    met = sorted({partner for work in theirs for partner in partners & set(ties.members[work])})
    if not met:
        return [Reason("reached", {}, weight)]
    return [Reason("near_partners", {"projects": theirs, "partners": met}, weight)]


def _kind(case: Case, row: int, weight: float) -> list[Reason]:
    candidate = case.index.candidates[row]
    said = {"kind": candidate.kind, "legal_form": candidate.legal_form, "group": group_of(candidate)}
    return [Reason("kind", said, weight)]


def _capacity(case: Case, row: int, weight: float) -> list[Reason]:
    return [Reason("capacity", {"capacity": case.index.candidates[row].capacity.value}, weight)]


def _platform(_case: Case, _row: int, weight: float) -> list[Reason]:
    return [Reason("on_platform", {}, weight)]


def _busy(case: Case, row: int, weight: float) -> list[Reason]:
    return [Reason("busy", {"count": case.fitted.busy[row]}, weight)]


def _other_field(case: Case, row: int, weight: float) -> list[Reason]:
    themes = sorted(case.index.candidates[row].profile.themes)
    return [Reason("other_field", {"themes": themes, "inferred": False}, weight)]


EXPLAINERS: Mapping[str, Explainer] = {
    "meets": _meets,
    "bonus": _bonus,
    **{FEATURE_OF[field]: _overlap(field) for field, _ in ASKED_LISTS},
    "related": _related,
    "text": _text,
    "offers": _offers,
    "needs": _needs,
    "district": _district,
    "nearness": _nearness,
    "ties": _ties,
    "past": _past,
    "kind": _kind,
    "capacity": _capacity,
    "platform": _platform,
    "busy": _busy,
    "other_field": _other_field,
}
