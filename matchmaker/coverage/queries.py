"""Reads of coverage as it was computed, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from matchmaker.coverage.models import CoverageCell
from matchmaker.organisations.models import Organisation, Origin
from matchmaker.organisations.services import current_revision
from matchmaker.permissions import Reader, visible_organisations
from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership
from matchmaker.territories.queries import DistrictLine, districts


@dataclass(frozen=True)
class Bodies:
    """How many bodies that the reader may see have their seat in a district."""

    total: int = 0
    on_platform: int = 0


@dataclass(frozen=True)
class DistrictCoverage:
    """A district, its bodies, and its answers by measure (missing: never computed)."""

    district: DistrictLine
    bodies: Bodies
    cells: Mapping[str, CoverageCell]


@dataclass(frozen=True)
class Coverage:
    """The answers of every district.

    computed_at: None when never. stale: the directory has changed since. with_demo: bodies invented
    for the demonstration are among those counted.
    """

    rows: Sequence[DistrictCoverage]
    computed_at: datetime | None
    stale: bool
    with_demo: bool


def coverage(session: Session, reader: Reader, rule_set: str) -> Coverage:
    """Return what was computed under a rule set, district by district."""
    cells = session.scalars(select(CoverageCell).where(CoverageCell.rule_set == rule_set)).all()
    by_district: dict[str, dict[str, CoverageCell]] = {}
    for cell in cells:
        by_district.setdefault(cell.district, {})[cell.measure] = cell
    bodies = _bodies_by_district(session, reader)
    rows = [
        DistrictCoverage(line, bodies.get(line.code, Bodies()), by_district.get(line.code, {}))
        for line in districts(session)
    ]
    computed_at = min((cell.computed_at for cell in cells), default=None)
    revision = min((cell.world_revision for cell in cells), default=0)
    stale = bool(cells) and revision < current_revision(session)
    return Coverage(rows, computed_at, stale, _has_demo(session))


def _has_demo(session: Session) -> bool:
    demo = select(Organisation.id).where(Organisation.origin == Origin.DEMO).limit(1)
    return session.scalar(demo) is not None


def _bodies_by_district(session: Session, reader: Reader) -> dict[str, Bodies]:
    rows = session.execute(
        select(Territory.code, func.count(), func.count(Organisation.joined_at))
        .join(TerritoryMembership, TerritoryMembership.parent_id == Territory.id)
        .join(Organisation, Organisation.municipality_id == TerritoryMembership.child_id)
        .where(Territory.kind == TerritoryKind.DISTRICT, TerritoryMembership.valid_to.is_(None))
        .where(visible_organisations(reader))
        .group_by(Territory.code)
    )
    return {code: Bodies(total, on_platform) for code, total, on_platform in rows}


def managing_organisations(session: Session, reader: Reader, district: str) -> Sequence[Organisation]:
    """Return the bodies that manage the social services of a district, as the reader may see them."""
    managed = (
        select(TerritoryMembership.child_id)
        .join(Territory, Territory.id == TerritoryMembership.parent_id)
        .where(Territory.kind == TerritoryKind.DISTRICT, Territory.code == district)
        .where(TerritoryMembership.valid_to.is_(None))
    )
    return session.scalars(
        select(Organisation)
        .where(Organisation.manages_id.in_(managed), visible_organisations(reader))
        .options(joinedload(Organisation.municipality))
        .order_by(Organisation.folded_name)
    ).all()


def visible_bodies(session: Session, reader: Reader, ids: Sequence[int]) -> dict[int, Organisation]:
    """Return bodies by id, only those that the reader may see."""
    found = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(ids), visible_organisations(reader))
        .options(joinedload(Organisation.municipality))
    )
    return {organisation.id: organisation for organisation in found}
