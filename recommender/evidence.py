"""What each feature rests on: the checkable facts behind a number (codes in recommender.explanation)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from recommender.candidates import km
from recommender.case import Case
from recommender.features import FEATURE_OF
from recommender.index import SAID_LISTS
from recommender.text import stem, term_of, words
from recommender.types import Candidate, Reason, Severity
from recommender.weights import STEP, group_of
from recommender.wish import ASKED_LISTS

MOST_WORDS = 5
PROFILE_LIST = {**dict(SAID_LISTS), "asset": "offers"}
Explainer = Callable[[Case, int, float], Sequence[Reason]]
"""Returns the reasons of one feature for one row; together they weigh the points given."""


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


def shared_district(case: Case, candidate: Candidate, weight: float) -> list[Reason]:
    """Say that the candidate stands in a district of the asker."""
    return [_stands_in(candidate, sorted(candidate.districts & case.query.asker.districts), weight)]


def _stands_in(candidate: Candidate, districts: Sequence[str], weight: float) -> Reason:
    how = "works"
    if candidate.manages.intersection(districts):
        how = "manages"
    elif candidate.place.districts.intersection(districts):
        how = "seat"
    return Reason("district", {"districts": list(districts), "how": how}, weight)


def _nearness(case: Case, row: int, weight: float) -> list[Reason]:
    return [distance_reason(case, row, weight, asker=case.wish.far_km is case.wish.distance_km)]


def distance_reason(case: Case, row: int, weight: float, *, asker: bool) -> Reason:
    """Say how far the candidate sits from the asker, or from where the project takes place."""
    municipality = case.index.candidates[row].place.municipality
    if asker and municipality is not None and municipality == case.query.asker.place.municipality:
        return Reason("same_municipality", {"municipality": municipality}, weight)
    distance = (case.wish.distance_km if asker else case.wish.far_km)[row]
    return Reason("distance", {"km": km(distance), "origin": "asker" if asker else "project"}, weight)


def past_partners(case: Case, candidate: Candidate) -> bool:
    """Tell whether the candidate worked with the team, or with a past partner of it."""
    partners = case.fitted.ties.partners(candidate.id)
    return any(partner in case.wish.seeds or _seeds_of(case, partner) for partner in partners)


def _seeds_of(case: Case, partner: int) -> frozenset[int]:
    return case.wish.seeds & case.fitted.ties.partners(partner).keys()


def ties_reason(case: Case, row: int, weight: float) -> list[Reason]:
    """Say how past work leads from the team to the candidate, the shortest way."""
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
    "ties": ties_reason,
    "past": _past,
    "kind": _kind,
    "capacity": _capacity,
    "platform": _platform,
    "busy": _busy,
    "other_field": _other_field,
}
