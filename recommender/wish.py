"""What a query asks for, read once: weighted terms, assets, a text vector, districts and a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.territory import haversine_km
from recommender.index import Coder, Index
from recommender.text import Term, concept, stems
from recommender.types import Candidate, Place, Project
from recommender.weights import Weights
from recommender.world import Query

ASKED_LISTS = (
    ("theme", "themes"),
    ("target_group", "targets"),
    ("service", "services"),
    ("welfare_action", "actions"),
)
"""Vocabularies of a project's lists, with the feature that each feeds."""
FROM_ASKER = 0.5
"""A project that says nothing is taken to be about what its asker does, at half weight."""


@dataclass(frozen=True)
class Wish:
    """What a query asks for.

    Attributes:
        asked: by vocabulary, the codes asked for with weights (said 1, read in the text less).
        related: terms that the asked ones call up, with weights; none of them is asked itself.
        needs: assets that the team needs and does not have.
        offers: assets that the asker offers.
        text: the project as a text vector, weights by column; empty when it says nothing.
        districts: where the project takes place: its districts, or else the asker's.
        distance_km: from the asker's seat to every candidate, NaN when unknown.
        far_km: from where the project takes place, when that is not where the asker sits.
        seeds: ids of the asker and its team.
    """

    asked: Mapping[str, Mapping[str, float]]
    related: Mapping[Term, float]
    needs: frozenset[str]
    offers: frozenset[str]
    text: Mapping[int, float]
    districts: frozenset[str]
    distance_km: NDArray[np.float64]
    far_km: NDArray[np.float64]
    seeds: frozenset[int]

    @property
    def terms(self) -> dict[Term, float]:
        """Every term asked for, with its weight."""
        return {(name, code): w for name, codes in self.asked.items() for code, w in codes.items()}


def wish_of(index: Index, coder: Coder, query: Query, weights: Weights) -> Wish:
    """Read a query against an index."""
    asker, project = query.asker, query.project
    members = (asker, *(query.team.candidates if query.team else ()))
    asked = _asked(project, coder, weights.read_share) or _asked_of(asker, coder, weights.read_share)
    districts = project.districts or asker.manages or asker.place.districts or asker.works_in
    distance = distance_to(index, asker.place)
    return Wish(
        asked=asked,
        related=_related(asked, coder, weights.related_back),
        needs=frozenset().union(*(m.profile.needs for m in members))
        - frozenset().union(*(m.profile.offers for m in members)),
        offers=asker.profile.offers,
        text=_text_vector(project, coder),
        districts=districts,
        distance_km=distance,
        far_km=_distance_to_project(index, coder, districts, asker, distance),
        seeds=frozenset(member.id for member in members),
    )


def distance_to(index: Index, place: Place) -> NDArray[np.float64]:
    """Return every candidate's distance in km from a place; NaN where either is unknown."""
    if place.lat is None or place.lon is None:
        return np.full(len(index), np.nan)
    return haversine_km(place.lat, place.lon, index.columns.lat, index.columns.lon)


def lacking(query: Query) -> frozenset[str]:
    """Return every code that the project and the asker ask for and the asker does not bring."""
    project, profile = query.project, query.asker.profile
    asked = project.themes | project.targets | project.services | project.actions | profile.needs
    return asked - brought(query.asker)


def brought(candidate: Candidate) -> frozenset[str]:
    """Return every code that a body brings, said or inferred."""
    profile = candidate.profile
    return profile.inferred.union(
        profile.themes, profile.targets, profile.services, profile.welfare_actions, profile.offers
    )


def _asked(project: Project, coder: Coder, read_share: float) -> dict[str, dict[str, float]]:
    asked: dict[str, dict[str, float]] = {}
    for name, code in coder.lexicon.read(stems(project.text)):
        if name != "asset":
            asked.setdefault(name, {})[code] = read_share
    for name, attribute in ASKED_LISTS:
        for code in sorted(getattr(project, attribute)):
            asked.setdefault(name, {})[code] = 1.0
    return asked


def _asked_of(asker: Candidate, coder: Coder, read_share: float) -> dict[str, dict[str, float]]:
    profile = asker.profile
    said = Project("", profile.themes, targets=profile.targets, services=profile.services)
    asked = _asked(said, coder, read_share)
    for name, code in coder.inferred_terms(profile):
        if name != "asset":
            asked.setdefault(name, {}).setdefault(code, read_share)
    return {name: {code: FROM_ASKER * w for code, w in codes.items()} for name, codes in asked.items()}


def _related(asked: Mapping[str, Mapping[str, float]], coder: Coder, back: float) -> dict[Term, float]:
    terms = {(name, code): w for name, codes in asked.items() for code, w in codes.items()}
    found: dict[Term, float] = {}
    for term, held in coder.thesaurus.related.items():
        for other in held:
            for source, target, share in ((term, other, 1.0), (other, term, back)):
                if source in terms and target not in terms:
                    found[target] = max(found.get(target, 0.0), share * terms[source])
    return found


def _text_vector(project: Project, coder: Coder) -> dict[int, float]:
    said = [(name, code) for name, attribute in ASKED_LISTS for code in sorted(getattr(project, attribute))]
    row = coder.vectors([[*coder.tokens(project.text), *map(concept, said)]])
    return dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))


def _distance_to_project(
    index: Index, coder: Coder, districts: Iterable[str], asker: Candidate, distance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Measure from the asker's seat, or from the middle of the project's districts when it sits elsewhere."""
    districts = frozenset(districts)
    if districts & asker.districts or not districts:
        return distance
    columns = [c for code in districts if (c := coder.districts.find(code)) is not None]
    seated = index.districts.holding(columns) & ~np.isnan(index.columns.lat)
    if not seated.any():
        return distance
    middle = Place(lat=float(index.columns.lat[seated].mean()), lon=float(index.columns.lon[seated].mean()))
    return distance_to(index, middle)
