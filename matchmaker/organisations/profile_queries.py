"""Reads for the profile's pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.organisations.identifiers import WrongCode, clean_ipa_code, clean_tax_code
from matchmaker.organisations.models import Organisation, Participation, PastProject
from matchmaker.permissions import Reader, visible_organisations
from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.vocabularies.names import fold_name

MOST_PARTNERS = 5
WORK_KINDS = (TerritoryKind.PROVINCE, TerritoryKind.DISTRICT)


def work_areas(session: Session) -> dict[TerritoryKind, list[Territory]]:
    """Provinces and districts of today, in alphabetical order."""
    rows = session.scalars(
        select(Territory)
        .where(Territory.kind.in_(WORK_KINDS), Territory.valid_to.is_(None))
        .order_by(Territory.folded_name)
    ).all()
    return {kind: [row for row in rows if row.kind is kind] for kind in WORK_KINDS}


def territories_with_ids(session: Session, ids: Iterable[int]) -> Sequence[Territory]:
    """The territories of some ids, in alphabetical order."""
    return session.scalars(
        select(Territory).where(Territory.id.in_(list(ids))).order_by(Territory.folded_name)
    ).all()


@dataclass(frozen=True)
class ShownProject:
    """A past project with the partners that the reader may see.

    own: the body stated it and may change it. unseen: ids of the partners that are not shown.
    """

    project: PastProject
    partners: tuple[Organisation, ...]
    own: bool
    unseen: frozenset[int]


def projects_of(session: Session, reader: Reader, organisation: Organisation) -> list[ShownProject]:
    """The past projects that a body takes part in, the newest first.

    What another body has told stays out when the reader may not see that body: it is its word.
    """
    visible = select(Organisation.id).where(visible_organisations(reader))
    told_by = PastProject.stated_by_id
    told_openly = or_(told_by.is_(None), told_by == organisation.id, told_by.in_(visible))
    projects = session.scalars(
        select(PastProject)
        .join(Participation, Participation.project_id == PastProject.id)
        .where(Participation.organisation_id == organisation.id, told_openly)
        .options(selectinload(PastProject.participations))
        .order_by(func.coalesce(PastProject.start_year, 0).desc(), PastProject.id.desc())
    ).all()
    seen = _seen_partners(session, reader, projects)
    return [_shown(project, organisation, seen) for project in projects]


def _shown(project: PastProject, body: Organisation, seen: dict[int, Organisation]) -> ShownProject:
    others = [part.organisation_id for part in project.participations if part.organisation_id != body.id]
    partners = sorted((seen[number] for number in others if number in seen), key=lambda other: other.name)
    unseen = frozenset(number for number in others if number not in seen)
    return ShownProject(project, tuple(partners), project.stated_by_id == body.id, unseen)


def _seen_partners(
    session: Session, reader: Reader, projects: Iterable[PastProject]
) -> dict[int, Organisation]:
    ids = {part.organisation_id for project in projects for part in project.participations}
    bodies = session.scalars(_seen(reader).where(Organisation.id.in_(ids)))
    return {body.id: body for body in bodies}


def bodies_with_ids(session: Session, reader: Reader, ids: Iterable[int]) -> Sequence[Organisation]:
    """The visible bodies of some ids, by name."""
    return session.scalars(
        _seen(reader).where(Organisation.id.in_(list(ids))).order_by(Organisation.name)
    ).all()


@dataclass(frozen=True)
class Named:
    """What a text names: one body for certain, or bodies that it may mean."""

    certain: Organisation | None = None
    possible: Sequence[Organisation] = ()


def bodies_named(session: Session, reader: Reader, text: str) -> Named:
    """Return the visible body that a tax code, an IPA code or a whole name stands for, or those near."""
    folded = fold_name(text)
    same = [_same_code(text)] + ([Organisation.folded_name == folded] if folded else [])
    for condition in same:
        found = session.scalars(_seen(reader).where(condition).limit(MOST_PARTNERS)).all()
        if found:
            return Named(found[0]) if len(found) == 1 else Named(possible=found)
    if not folded:
        return Named()
    holding = _seen(reader).where(Organisation.folded_name.contains(folded, autoescape=True))
    shortest_first = (func.length(Organisation.name), Organisation.id)
    return Named(possible=session.scalars(holding.order_by(*shortest_first).limit(MOST_PARTNERS)).all())


def _same_code(text: str) -> Any:
    with suppress(WrongCode):
        return Organisation.tax_code == clean_tax_code(text)
    try:
        return Organisation.ipa_code == clean_ipa_code(text)
    except WrongCode:
        return Organisation.id.is_(None)


def _seen(reader: Reader) -> Any:
    return (
        select(Organisation)
        .options(joinedload(Organisation.municipality))
        .where(visible_organisations(reader))
    )
