"""The measure-1 partnership of a territory, shown to the projects that gain by a link with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from matchmaker.organisations.models import Organisation, Participation, PastProject, Visibility
from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership


@dataclass(frozen=True)
class FirstMeasure:
    """Who manages social services in the districts, and the measure-1 projects known there."""

    managing: list[Organisation]
    projects: list[str]


def first_measure_of(session: Session, districts: Collection[str]) -> FirstMeasure:
    """Read the enti gestori of some districts and the measure-1 projects they took part in."""
    managing = _managing_bodies(session, districts)
    titles = session.scalars(
        select(PastProject.title)
        .join(Participation, Participation.project_id == PastProject.id)
        .where(
            PastProject.measure == "M1",
            Participation.organisation_id.in_([body.id for body in managing]),
        )
        .distinct()
        .order_by(PastProject.title)
    )
    return FirstMeasure(managing, list(titles))


def _managing_bodies(session: Session, districts: Collection[str]) -> list[Organisation]:
    district, managed = aliased(Territory), aliased(Territory)
    query = (
        select(Organisation)
        .join(managed, Organisation.manages_id == managed.id)
        .join(TerritoryMembership, TerritoryMembership.child_id == managed.id)
        .join(district, TerritoryMembership.parent_id == district.id)
        .where(
            district.kind == TerritoryKind.DISTRICT,
            district.code.in_(districts),
            TerritoryMembership.valid_to.is_(None),
            Organisation.visibility == Visibility.PUBLIC,
        )
        .options(joinedload(Organisation.municipality))
        .order_by(Organisation.name)
    )
    return list(session.scalars(query))
