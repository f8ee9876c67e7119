"""Reading territories: municipalities by code or name, districts and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, aliased

from matchmaker.territories.models import Confidence, Territory, TerritoryKind, TerritoryMembership
from matchmaker.territories.reference import former_municipality
from matchmaker.vocabularies.names import fold


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """A district with how many municipalities it holds and how sure its least sure fact is."""

    code: str
    name: str
    municipalities: int
    to_confirm: bool


def municipality_by_istat(session: Session, istat: str) -> Territory | None:
    """Return the municipality of an ISTAT code; zeros that a spreadsheet ate are put back."""
    return session.scalar(
        _current(TerritoryKind.MUNICIPALITY).where(Territory.code == istat.strip().zfill(6))
    )


def municipality_by_name(session: Session, name: str, province: str | None = None) -> Territory | None:
    """Return the municipality of a name however it is written, also one it no longer has.

    None when no municipality answers, or several do and no province tells them apart.
    """
    named = _current(TerritoryKind.MUNICIPALITY).where(Territory.folded_name == fold(name))
    if province:
        named = named.where(Territory.province == province.strip().upper())
    found = session.scalars(named.limit(2)).all()
    if found:
        return found[0] if len(found) == 1 else None
    former = former_municipality(name, province.strip().upper() if province else None)
    return municipality_by_istat(session, former.successor) if former else None


def districts(session: Session) -> list[DistrictLine]:
    """Every district in force, by name, with the number of its municipalities."""
    child = aliased(Territory)
    unsure = case((TerritoryMembership.confidence == Confidence.HIGH, 0), else_=1)
    held = (
        select(
            TerritoryMembership.parent_id,
            func.count().label("municipalities"),
            func.max(unsure).label("unsure"),
        )
        .join(child, TerritoryMembership.child_id == child.id)
        .where(child.kind == TerritoryKind.MUNICIPALITY, TerritoryMembership.valid_to.is_(None))
        .group_by(TerritoryMembership.parent_id)
        .subquery()
    )
    rows = session.execute(
        select(Territory, held.c.municipalities, held.c.unsure)
        .outerjoin(held, held.c.parent_id == Territory.id)
        .where(Territory.kind == TerritoryKind.DISTRICT, Territory.valid_to.is_(None))
        .order_by(Territory.folded_name)
    )
    return [
        DistrictLine(
            row.code, row.name, count or 0, bool(open_facts) or row.confidence is not Confidence.HIGH
        )
        for row, count, open_facts in rows
    ]


def municipalities_of(session: Session, district: str) -> Sequence[Territory]:
    """The municipalities of a district, by name; empty for a code that no district has."""
    return session.scalars(_children(TerritoryKind.MUNICIPALITY, district)).all()


def managing_bodies_of(session: Session, district: str) -> Sequence[Territory]:
    """The enti gestori of a district, by name."""
    return session.scalars(_children(TerritoryKind.ENTE_GESTORE, district)).all()


def district_of(session: Session, istat: str) -> Territory | None:
    """Return the district that holds a municipality today."""
    parent, child = aliased(Territory), aliased(Territory)
    return session.scalar(
        select(parent)
        .join(TerritoryMembership, TerritoryMembership.parent_id == parent.id)
        .join(child, TerritoryMembership.child_id == child.id)
        .where(parent.kind == TerritoryKind.DISTRICT, TerritoryMembership.valid_to.is_(None))
        .where(child.kind == TerritoryKind.MUNICIPALITY, child.code == istat)
    )


def _current(kind: TerritoryKind) -> Select[Territory]:
    return select(Territory).where(Territory.kind == kind, Territory.valid_to.is_(None))


def _children(kind: TerritoryKind, district: str) -> Select[Territory]:
    parent = aliased(Territory)
    return (
        _current(kind)
        .join(TerritoryMembership, TerritoryMembership.child_id == Territory.id)
        .join(parent, TerritoryMembership.parent_id == parent.id)
        .where(parent.kind == TerritoryKind.DISTRICT, parent.code == district)
        .where(TerritoryMembership.valid_to.is_(None))
        .order_by(Territory.folded_name)
    )
