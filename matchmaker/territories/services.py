"""Writing territories: the defaults that ship, and a table of memberships that replaces them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.database import utc_now
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import next_revision
from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership
from matchmaker.territories.reference import Place, Within, default_memberships, default_places
from matchmaker.vocabularies.names import fold

Key = tuple[TerritoryKind, str]
Current = dict[tuple[Key, TerritoryKind], list[TerritoryMembership]]
Outcome = Literal["created", "updated", "unchanged"]
REPLACEABLE = frozenset({TerritoryKind.DISTRICT, TerritoryKind.ENTE_GESTORE})
PLACE_FIELDS = tuple(field.name for field in fields(Place) if field.name not in ("kind", "code"))


@dataclass(slots=True)
class Written:
    """How many rows were made, changed or closed, and how many were right already."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> bool:
        """True when anything was written."""
        return bool(self.created or self.updated)


def load_default_territories(session: Session) -> Written:
    """Load the territories that ship with the project; a second run writes nothing.

    Districts and managing bodies that are there already, and children that stand within some
    parent of a kind, stay as they are: what a table of the Region said is never undone.
    """
    written = Written()
    territories = territories_by_key(session)
    for place in default_places():
        if place.kind not in REPLACEABLE or place.key not in territories:
            put_place(session, territories, place, written)
    session.flush()
    current = current_memberships(session)
    for within in default_memberships():
        open_parent = territories[within.parent].valid_to is None
        if open_parent and (within.child, within.parent[0]) not in current:
            open_membership(session, territories, within)
            written.created += 1
    session.flush()
    if written.changed:
        mark_world_changed(session)
    return written


def put_place(
    session: Session, territories: dict[Key, Territory], place: Place, written: Written
) -> Territory:
    """Make a territory, or bring its facts up to date; a closed one is opened again."""
    facts = {name: getattr(place, name) for name in PLACE_FIELDS}
    facts |= {"folded_name": fold(place.name), "valid_to": None}
    territory = territories.get(place.key)
    if territory is None:
        territory = Territory(kind=place.kind, code=place.code, **facts)
        session.add(territory)
        territories[place.key] = territory
        written.created += 1
    elif different := {name: value for name, value in facts.items() if getattr(territory, name) != value}:
        for name, value in different.items():
            setattr(territory, name, value)
        written.updated += 1
    else:
        written.unchanged += 1
    return territory


def put_membership(
    session: Session, territories: Mapping[Key, Territory], current: Current, within: Within
) -> Outcome:
    """Make a territory stand within one parent of a kind, closing what it stood within before."""
    open_rows = current.get((within.child, within.parent[0]), [])
    parent = territories[within.parent]
    same = [row for row in open_rows if row.parent is parent]
    for row in open_rows:
        if row not in same:
            row.valid_to = within.valid_from or today()
    if same:
        current[within.child, within.parent[0]] = same
        return "updated" if _said_again(same[0], within) else "unchanged"
    current[within.child, within.parent[0]] = [open_membership(session, territories, within)]
    return "updated" if open_rows else "created"


def open_membership(
    session: Session, territories: Mapping[Key, Territory], within: Within
) -> TerritoryMembership:
    """Add a membership row."""
    row = TerritoryMembership(
        child=territories[within.child],
        parent=territories[within.parent],
        source=within.source,
        confidence=within.confidence,
        valid_from=within.valid_from,
    )
    session.add(row)
    return row


def territories_by_key(session: Session) -> dict[Key, Territory]:
    """Every territory by kind and code."""
    return {(territory.kind, territory.code): territory for territory in session.scalars(select(Territory))}


def current_memberships(session: Session) -> Current:
    """The open memberships, by child and kind of parent."""
    kinds = {row.id: (row.kind, row.code) for row in session.execute(_KEYS)}
    found: Current = {}
    for row in session.scalars(select(TerritoryMembership).where(TerritoryMembership.valid_to.is_(None))):
        found.setdefault((kinds[row.child_id], kinds[row.parent_id][0]), []).append(row)
    return found


def mark_world_changed(session: Session) -> None:
    """Have matching read every body anew: what lies where has changed."""
    session.execute(update(Organisation).values(revision=next_revision(session)))


def today() -> date:
    """The day in UTC."""
    return utc_now().date()


def _said_again(row: TerritoryMembership, within: Within) -> bool:
    """The same membership from a newer source: keep the row, note who says it now."""
    said = (within.source, within.confidence, within.valid_from or row.valid_from)
    if (row.source, row.confidence, row.valid_from) == said:
        return False
    row.source, row.confidence, row.valid_from = said
    return True


_KEYS = select(Territory.id, Territory.kind, Territory.code)
