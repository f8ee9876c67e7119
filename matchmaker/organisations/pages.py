"""Everything that the page of one body shows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.organisations.models import (
    DirectoryNotice,
    Organisation,
    Participation,
    PastProject,
    WorkTerritory,
)
from matchmaker.permissions import Reader, visible_organisations
from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership


@dataclass(frozen=True)
class PastWork:
    """A past project of the body, with the partners that the reader may see."""

    project: PastProject
    role: str
    partners: Sequence[Organisation]


@dataclass(frozen=True)
class Notice:
    """Something a facilitator should look at, and the other body that it speaks of."""

    notice: DirectoryNotice
    other: Organisation | None


@dataclass(frozen=True)
class OrganisationPage:
    """A body with all that its page says. districts: of its seat. notices: for staff only."""

    organisation: Organisation
    districts: Sequence[Territory]
    works: Sequence[PastWork]
    notices: Sequence[Notice]


def organisation_page(session: Session, reader: Reader, organisation: Organisation) -> OrganisationPage:
    """Return what a reader sees of a body; contacts are never part of it."""
    loaded = session.scalars(
        select(Organisation)
        .where(Organisation.id == organisation.id)
        .options(
            joinedload(Organisation.municipality),
            joinedload(Organisation.manages),
            selectinload(Organisation.terms),
            selectinload(Organisation.work_territories).joinedload(WorkTerritory.territory),
        )
        .execution_options(populate_existing=True)
    ).one()
    notices = _notices(session, loaded) if reader.is_staff else []
    return OrganisationPage(loaded, _districts(session, loaded), _works(session, reader, loaded), notices)


def _districts(session: Session, organisation: Organisation) -> Sequence[Territory]:
    return session.scalars(
        select(Territory)
        .join(TerritoryMembership, TerritoryMembership.parent_id == Territory.id)
        .where(
            TerritoryMembership.child_id == organisation.municipality_id,
            TerritoryMembership.valid_to.is_(None),
            Territory.kind == TerritoryKind.DISTRICT,
        )
        .order_by(Territory.name)
    ).all()


def _works(session: Session, reader: Reader, organisation: Organisation) -> list[PastWork]:
    # A project told by a body that the reader may not see is that body's word: it stays out.
    told_openly = PastProject.stated_by_id.is_(None) | PastProject.stated_by_id.in_(
        select(Organisation.id).where(visible_organisations(reader))
    )
    rows = session.execute(
        select(PastProject, Participation.role)
        .join(Participation, Participation.project_id == PastProject.id)
        .where(Participation.organisation_id == organisation.id, told_openly)
        .order_by(PastProject.start_year.desc(), PastProject.id.desc())
    ).all()
    partners = _partners(session, reader, organisation, [project.id for project, _role in rows])
    return [PastWork(project, role, partners.get(project.id, [])) for project, role in rows]


def _partners(
    session: Session, reader: Reader, organisation: Organisation, projects: list[int]
) -> dict[int, list[Organisation]]:
    rows = session.execute(
        select(Participation.project_id, Organisation)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(
            Participation.project_id.in_(projects),
            Organisation.id != organisation.id,
            visible_organisations(reader),
        )
        .options(joinedload(Organisation.municipality))
        .order_by(Organisation.name)
    )
    found: dict[int, list[Organisation]] = {}
    for project, partner in rows:
        found.setdefault(project, []).append(partner)
    return found


def _notices(session: Session, organisation: Organisation) -> list[Notice]:
    rows = session.execute(
        select(DirectoryNotice, Organisation)
        .outerjoin(Organisation, Organisation.id == DirectoryNotice.other_id)
        .where(DirectoryNotice.organisation_id == organisation.id)
        .order_by(DirectoryNotice.id)
    )
    return [Notice(notice, other) for notice, other in rows]
