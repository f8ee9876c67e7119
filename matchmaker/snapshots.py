"""The only translator from database rows to the pure nouns, in a fixed number of queries.

A snapshot is kept per process and database; a raised world revision reloads only the bodies
that changed since. Hidden bodies are never in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session, aliased

from matchmaker.organisations.models import (
    Organisation,
    Participation,
    PastProject,
    ProfileTerm,
    TermField,
    Visibility,
    WorkTerritory,
)
from matchmaker.organisations.services import current_revision
from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership
from matchmaker.vocabularies.attributes import standing_of
from matchmaker.vocabularies.catalogue import catalogue
from recommender import world as pure
from recommender.types import Candidate, Capacity, Commitments, Known, Place, Profile

if TYPE_CHECKING:
    from recommender.ranking import PartnerRecommender

PROFILE_LIST = {
    TermField.THEME: "themes",
    TermField.TARGET: "targets",
    TermField.SERVICE: "services",
    TermField.WELFARE_ACTION: "welfare_actions",
    TermField.OFFER: "offers",
    TermField.NEED: "needs",
}
AnySelect = Select[*tuple[Any, ...]]
MATCHED_VOCABULARIES = ("theme", "target_group", "service", "welfare_action", "asset")
WELL_KNOWN_LISTS = 3
"""A body is well known with a description and terms said in this many lists."""


@dataclass(frozen=True)
class Snapshot:
    """The world at one revision, with the recommender fitted on it.

    members: bodies by id; measures: other projects of each body by measure.
    """

    revision: int
    candidates: Mapping[int, Candidate]
    recommender: PartnerRecommender
    projects_by_measure: Mapping[str, Mapping[int, int]]

    def commitments(self, measure: str) -> Commitments:
        """Projects of the measure in which each body takes part already."""
        return Commitments(projects=self.projects_by_measure.get(measure, {}))


class SnapshotKeeper:
    """Holds one app's newest snapshot; building it happens once at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: Snapshot | None = None

    def current(self, session: Session) -> Snapshot:
        """Return the snapshot of the database's present revision."""
        with self._lock:
            revision = current_revision(session)
            if self._kept is None or self._kept.revision > revision:
                self._kept = build(session, revision)
            elif self._kept.revision < revision:
                self._kept = advance(self._kept, session, revision)
            return self._kept


def current_snapshot(session: Session) -> Snapshot:
    """Return this app's snapshot, brought up to date when anything has changed."""
    keeper: SnapshotKeeper = current_app.extensions.setdefault("snapshots", SnapshotKeeper())
    return keeper.current(session)


def build(session: Session, revision: int) -> Snapshot:
    """Read everything and fit the recommender."""
    candidates = load_candidates(session)
    past, by_measure = load_past(session, candidates.keys())
    # scikit-learn takes seconds to load: the site starts without it.
    from recommender.ranking import PartnerRecommender

    world = pure.World(tuple(candidates.values()), past, thesaurus(), _busy(by_measure))
    return Snapshot(revision, candidates, PartnerRecommender().fit(world), by_measure)


def advance(old: Snapshot, session: Session, revision: int) -> Snapshot:
    """Read what changed since a snapshot; the text vocabulary is not refitted."""
    changed_ids = session.scalars(select(Organisation.id).where(Organisation.revision > old.revision)).all()
    if len(changed_ids) > max(200, len(old.candidates) // 10):
        return build(session, revision)
    changed = load_candidates(session, changed_ids)
    gone = [body for body in changed_ids if body not in changed and body in old.candidates]
    candidates = {body: c for body, c in old.candidates.items() if body not in gone} | changed
    past, by_measure = load_past(session, candidates.keys())
    recommender = old.recommender.refreshed(list(changed.values()), gone, past, _busy(by_measure))
    return Snapshot(revision, candidates, recommender, by_measure)


def candidate_of(session: Session, organisation: Organisation) -> Candidate:
    """Return one body as a candidate, hidden or not: for its own questions only."""
    return load_candidates(session, [organisation.id], hidden_too=True)[organisation.id]


def load_candidates(
    session: Session, ids: Collection[int] | None = None, *, hidden_too: bool = False
) -> dict[int, Candidate]:
    """Read bodies as candidates, all of them or the given ones, in four queries."""
    places = _places(session)
    terms = _terms(session, ids)
    works_in = _works_in(session, ids, places)
    manages = aliased(Territory)
    query = (
        select(Organisation, Territory, manages.id)
        .outerjoin(Territory, Organisation.municipality_id == Territory.id)
        .outerjoin(manages, Organisation.manages_id == manages.id)
        .order_by(Organisation.id)
    )
    if not hidden_too:
        query = query.where(Organisation.visibility != Visibility.HIDDEN)
    rows = session.execute(_only(query, Organisation.id, ids))
    return {
        row[0].id: _candidate(row, terms.get(row[0].id, []), works_in.get(row[0].id, frozenset()), places)
        for row in rows
    }


def load_past(
    session: Session, known: Collection[int]
) -> tuple[tuple[pure.PastProject, ...], dict[str, dict[int, int]]]:
    """Read past projects with their known members, and how many each body has by measure."""
    rows = session.execute(
        select(PastProject.id, PastProject.start_year, PastProject.title, PastProject.description,
               PastProject.measure, Participation.organisation_id)
        .join(Participation, Participation.project_id == PastProject.id)
        .outerjoin(Organisation, PastProject.stated_by_id == Organisation.id)
        # What only a hidden body tells is as hidden as the body.
        .where(or_(PastProject.stated_by_id.is_(None), Organisation.visibility != Visibility.HIDDEN))
        .order_by(PastProject.id, Participation.organisation_id)
    )  # fmt: skip
    projects: dict[int, pure.PastProject] = {}
    by_measure: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for identifier, year, title, description, measure, body in rows:
        if body not in known:
            continue
        project = projects.get(identifier) or pure.PastProject(identifier, (), year, f"{title} {description}")
        projects[identifier] = replace(project, members=(*project.members, body))
        if measure:
            by_measure[measure][body] += 1
    return tuple(projects.values()), {measure: dict(counts) for measure, counts in by_measure.items()}


@cache
def thesaurus() -> pure.Thesaurus:
    """The vocabularies' words, as the recommender reads them."""
    terms = [(name, term) for name in MATCHED_VOCABULARIES for term in catalogue()[name].values()]
    return pure.Thesaurus(
        words={(name, term.code): term.words for name, term in terms},
        related={
            (name, term.code): frozenset(
                (other, code) for other, codes in term.related.items() for code in codes
            )
            for name, term in terms
        },
        welfare=frozenset(term.code for term in catalogue()["theme"].values() if term.welfare),
    )


@dataclass(frozen=True)
class _Places:
    """District codes by territory id: municipalities, districts, provinces, enti gestori."""

    districts: Mapping[int, frozenset[str]]


def _places(session: Session) -> _Places:
    parent, child = aliased(Territory), aliased(Territory)
    rows = session.execute(
        select(child.id, child.kind, child.province, parent.code)
        .select_from(TerritoryMembership)
        .join(child, TerritoryMembership.child_id == child.id)
        .join(parent, TerritoryMembership.parent_id == parent.id)
        .where(parent.kind == TerritoryKind.DISTRICT, TerritoryMembership.valid_to.is_(None))
    )
    districts: dict[int, set[str]] = defaultdict(set)
    by_province: dict[str, set[str]] = defaultdict(set)
    for identifier, kind, province, district in rows:
        districts[identifier].add(district)
        if kind is TerritoryKind.MUNICIPALITY and province:
            by_province[province].add(district)
    wide = select(Territory.id, Territory.kind, Territory.code).where(
        Territory.kind.in_([TerritoryKind.DISTRICT, TerritoryKind.PROVINCE, TerritoryKind.REGION])
    )
    everywhere = set().union(*by_province.values())
    for identifier, kind, code in session.execute(wide):
        held = {TerritoryKind.DISTRICT: {code}, TerritoryKind.PROVINCE: by_province.get(code, set())}
        districts[identifier] |= held.get(kind, everywhere)
    return _Places({identifier: frozenset(codes) for identifier, codes in districts.items()})


def _terms(session: Session, ids: Collection[int] | None) -> dict[int, list[Row[Any]]]:
    query = select(
        ProfileTerm.organisation_id, ProfileTerm.field, ProfileTerm.code, ProfileTerm.inference_rule
    )
    return _by_body(session.execute(_only(query, ProfileTerm.organisation_id, ids)))


def _works_in(session: Session, ids: Collection[int] | None, places: _Places) -> dict[int, frozenset[str]]:
    query = select(WorkTerritory.organisation_id, WorkTerritory.territory_id)
    rows = _by_body(session.execute(_only(query, WorkTerritory.organisation_id, ids)))
    return {
        body: frozenset().union(*(places.districts.get(row.territory_id, frozenset()) for row in territories))
        for body, territories in rows.items()
    }


def _by_body(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    grouped: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.organisation_id].append(row)
    return grouped


def _only(query: AnySelect, column: Any, ids: Collection[int] | None) -> AnySelect:
    return query if ids is None else query.where(column.in_(ids))


def _candidate(row: Any, terms: list[Row[Any]], works_in: frozenset[str], places: _Places) -> Candidate:
    organisation, seat, managed_id = row
    manages = places.districts.get(managed_id, frozenset())
    standing = standing_of(organisation.kind, organisation.legal_form, organisation.size_class)
    attributes = standing.attributes | ({"ente_gestore"} if managed_id is not None else set())
    return Candidate(
        id=organisation.id,
        name=organisation.name,
        kind=organisation.kind,
        attributes=attributes,
        unknown=standing.unknown,
        legal_form=organisation.legal_form,
        place=_place(seat, places),
        works_in=works_in,
        manages=manages,
        profile=_profile(terms),
        text=organisation.description,
        capacity=Capacity(organisation.capacity),
        on_platform=organisation.joined_at is not None,
        known=_known(organisation, terms),
    )


def _place(seat: Territory | None, places: _Places) -> Place:
    if seat is None:
        return Place()
    return Place(
        municipality=seat.code,
        province=seat.province,
        region="piemonte",
        lat=seat.lat,
        lon=seat.lon,
        districts=places.districts.get(seat.id, frozenset()),
    )


def _profile(terms: list[Row[Any]]) -> Profile:
    said: dict[str, set[str]] = defaultdict(set)
    inferred = set()
    for term in terms:
        if term.inference_rule is None:
            said[PROFILE_LIST[term.field]].add(term.code)
        else:
            inferred.add(term.code)
    return Profile(**{name: frozenset(codes) for name, codes in said.items()}, inferred=frozenset(inferred))


def _known(organisation: Organisation, terms: list[Row[Any]]) -> Known:
    lists = {term.field for term in terms if term.inference_rule is None}
    if organisation.description and len(lists) >= WELL_KNOWN_LISTS:
        return Known.WELL
    return Known.PARTLY if organisation.description or lists else Known.LITTLE


def _busy(by_measure: Mapping[str, Mapping[int, int]]) -> dict[int, int]:
    busy: dict[int, int] = defaultdict(int)
    for counts in by_measure.values():
        for body, count in counts.items():
            busy[body] += count
    return dict(busy)
