"""The shortlist: bodies that an organisation has set aside, seen by its own people only."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matchmaker.accounts.models import Person
from matchmaker.audit.services import record
from matchmaker.organisations.models import Organisation
from matchmaker.permissions import Reader, visible_organisations
from matchmaker.suggestions.models import ShortlistEntry


def add(session: Session, owner: Organisation, candidate: Organisation, person: Person | None) -> None:
    """Set a body aside; twice is the same as once."""
    if candidate.id == owner.id or _entry(session, owner, candidate) is not None:
        return
    entry = ShortlistEntry(
        organisation_id=owner.id, candidate_id=candidate.id, added_by_id=person.id if person else None
    )
    session.add(entry)
    session.flush()
    record(session, entry.added_by_id, "shortlist.added", entry)


def remove(session: Session, owner: Organisation, candidate: Organisation, person: Person | None) -> None:
    """Take a body off the list; nothing happens when it is not there."""
    entry = _entry(session, owner, candidate)
    if entry is None:
        return
    record(session, person.id if person else None, "shortlist.removed", entry)
    session.delete(entry)
    session.flush()


def entries_seen_by(session: Session, reader: Reader, owner: Organisation) -> list[ShortlistEntry]:
    """Return the entries whose bodies the reader may still see, newest first."""
    query = (
        select(ShortlistEntry)
        .join(Organisation, ShortlistEntry.candidate_id == Organisation.id)
        .where(ShortlistEntry.organisation_id == owner.id, visible_organisations(reader))
        .options(joinedload(ShortlistEntry.candidate).joinedload(Organisation.municipality))
        .order_by(ShortlistEntry.created_at.desc(), ShortlistEntry.id.desc())
    )
    return list(session.scalars(query))


def candidate_ids(session: Session, reader: Reader, owner: Organisation) -> frozenset[int]:
    """Return the ids on the list, of bodies that the reader may still see."""
    query = (
        select(ShortlistEntry.candidate_id)
        .join(Organisation, ShortlistEntry.candidate_id == Organisation.id)
        .where(ShortlistEntry.organisation_id == owner.id, visible_organisations(reader))
    )
    return frozenset(session.scalars(query))


def size(session: Session, reader: Reader, owner: Organisation) -> int:
    """Count the list, without bodies that the reader may not see."""
    return len(candidate_ids(session, reader, owner))


def _entry(session: Session, owner: Organisation, candidate: Organisation) -> ShortlistEntry | None:
    return session.scalar(
        select(ShortlistEntry).where(
            ShortlistEntry.organisation_id == owner.id, ShortlistEntry.candidate_id == candidate.id
        )
    )
