"""Load the demonstration: invented bodies, their past, their people, their drafts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from matchmaker.accounts.models import Membership, Person
from matchmaker.audit.services import record
from matchmaker.demo.directory import load_bodies, load_past_projects, publish
from matchmaker.demo.drafts import load_drafts, load_shortlists
from matchmaker.demo.files import read_partnerships, read_rows
from matchmaker.demo.people import PUBLIC, choose_public_body, load_people, open_public_body


@dataclass(frozen=True)
class DemoSummary:
    """How many rows of each sort were added; all 0 on a second run."""

    organisations: int
    past_projects: int
    people: int
    partnerships: int
    shortlist_entries: int

    @property
    def changed(self) -> bool:
        """True when anything was added."""
        return any(asdict(self).values())


def load_demo(session: Session) -> DemoSummary:
    """Add the demonstration to whatever is there; what is there already stays as it is.

    The reference data (territories, rule sets) must have been loaded before.
    """
    bodies, added = load_bodies(session, read_rows("organisations"))
    projects = load_past_projects(session, read_rows("projects"), bodies)
    bodies[PUBLIC] = public_body = choose_public_body(session, bodies)
    people = load_people(session, read_rows("people"), bodies)
    changed = {*added, *(part.organisation for project in projects for part in project.participations)}
    if open_public_body(session, public_body):
        changed.add(public_body)
    publish(session, changed)
    begun = read_partnerships()
    summary = DemoSummary(
        organisations=len(added),
        past_projects=len(projects),
        people=len(people),
        partnerships=len(load_drafts(session, begun["drafts"], bodies)),
        shortlist_entries=len(load_shortlists(session, begun["shortlists"], bodies)),
    )
    if summary.changed:
        record(session, None, "load_demo", **asdict(summary))
    return summary


def demo_people(session: Session) -> list[Person]:
    """Return the demonstration's people in the order of their file, with their memberships."""
    emails = [row["email"] for row in read_rows("people")]
    loaded = selectinload(Person.memberships).joinedload(Membership.organisation)
    people = session.scalars(select(Person).where(Person.email.in_(emails)).options(loaded))
    return sorted(people, key=lambda person: emails.index(person.email))
