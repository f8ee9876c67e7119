"""What the demonstration's people have begun: draft partnerships and bodies set aside."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.services import find_person
from matchmaker.demo.directory import Bodies
from matchmaker.demo.files import Row
from matchmaker.measures.services import rule_set_named
from matchmaker.organisations.models import Organisation
from matchmaker.partnerships.models import Partnership, PartnershipMember
from matchmaker.suggestions.asking import district_codes, project_from, project_json
from matchmaker.suggestions.models import ShortlistEntry
from recommender.types import Role


def load_drafts(session: Session, rows: Iterable[Row], bodies: Bodies) -> list[Partnership]:
    """Add the drafts that their owner does not have yet; return the added ones."""
    there = {
        (owner, title) for owner, title in session.execute(select(Partnership.owner_id, Partnership.title))
    }
    missing = [row for row in rows if (bodies[row["owner"]].id, row["title"]) not in there]
    added = [_new_draft(session, row, bodies) for row in missing]
    session.add_all(added)
    session.flush()
    return added


def load_shortlists(session: Session, rows: Iterable[Row], bodies: Bodies) -> list[ShortlistEntry]:
    """Set aside the bodies that are not yet; return the added entries."""
    pairs = select(ShortlistEntry.organisation_id, ShortlistEntry.candidate_id)
    there = {(organisation, candidate) for organisation, candidate in session.execute(pairs)}
    added = [
        _new_entry(session, row, entry, bodies)
        for row in rows
        for entry in row["candidates"]
        if (bodies[row["organisation"]].id, bodies[entry["organisation"]].id) not in there
    ]
    session.add_all(added)
    session.flush()
    return added


def _new_draft(session: Session, row: Row, bodies: Bodies) -> Partnership:
    return Partnership(
        title=row["title"],
        measure=row["measure"],
        rule_set=rule_set_named(session, row["rule_set"]),
        owner=bodies[row["owner"]],
        created_by_id=_person_id(session, row.get("created_by")),
        project=project_json(project_from(session, row["measure"], _today(session, row["project"]))),
        note=row["note"],
        members=_members(row["members"], bodies),
    )


def _members(rows: Iterable[Row], bodies: Bodies) -> list[PartnershipMember]:
    # The public body may stand in for one that is named beside it: the first role holds.
    roles: dict[Organisation, Role] = {}
    for row in rows:
        roles.setdefault(bodies[row["organisation"]], Role(row["role"]))
    return [PartnershipMember(organisation=body, role=role) for body, role in roles.items()]


def _today(session: Session, project: Row) -> Row:
    # A district that the Region's own table has closed meanwhile is left out.
    standing = district_codes(session)
    return project | {"districts": [code for code in project["districts"] if code in standing]}


def _new_entry(session: Session, row: Row, entry: Row, bodies: Bodies) -> ShortlistEntry:
    candidate: Organisation = bodies[entry["organisation"]]
    return ShortlistEntry(
        organisation_id=bodies[row["organisation"]].id,
        candidate=candidate,
        note=entry.get("note", ""),
        added_by_id=_person_id(session, row["added_by"]),
    )


def _person_id(session: Session, email: str | None) -> int | None:
    person = find_person(session, email) if email else None
    return person.id if person else None
