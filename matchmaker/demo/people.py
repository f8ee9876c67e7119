"""Who signs in to the demonstration: one person per role, all with one known password."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Claim, Membership, MembershipRole, Person, PlatformRole
from matchmaker.accounts.services import NewPerson, create_person, find_person
from matchmaker.database import utc_now
from matchmaker.demo.directory import Bodies
from matchmaker.demo.files import Row
from matchmaker.organisations.models import Organisation
from matchmaker.territories.models import Territory, TerritoryKind

DEMO_PASSWORD = "dimostrazione-aperta"  # noqa: S105 - printed for everyone who loads the demonstration
DOMAIN = "@demo.example"
PUBLIC = "@public"
"""In the files: the public body that the demonstration signs in for."""
PUBLIC_PERSON = f"ente{DOMAIN}"
ENTE_GESTORE = "cisspito"
"""IPA code of the CISS of Pinerolo: the one real body that the demonstration shows from inside."""
INVENTED_PUBLIC_BODY = "unione-dei-comuni-della-piana-del-lemina"
SHOWN_FROM_INSIDE = "accesso di prova della dimostrazione, non dell'ente"


def choose_public_body(session: Session, bodies: Bodies) -> Organisation:
    """Return the body of the public official: the real ente gestore while nobody real acts for it.

    Otherwise an invented union of municipalities: a known password never opens a body that somebody
    has taken over. Once chosen it stays.
    """
    acting = select(Organisation).join(Membership, Membership.organisation_id == Organisation.id).join(Person)
    real_people = Membership.person_id.in_(select(Person.id).where(Person.email.not_like(f"%{DOMAIN}")))
    taken = select(Membership.organisation_id).where(real_people)
    managing = (
        select(Organisation)
        .join(Territory, Organisation.manages_id == Territory.id)
        .where(Territory.kind == TerritoryKind.ENTE_GESTORE, Territory.ipa_code == ENTE_GESTORE)
        .where(Organisation.id.not_in(taken))
    )
    chosen = session.scalars(acting.where(Person.email == PUBLIC_PERSON)).first()
    return chosen or session.scalars(managing).first() or bodies[INVENTED_PUBLIC_BODY]


def open_public_body(session: Session, body: Organisation) -> bool:
    """Put the public body on the platform, saying on whose behalf; False when it was there."""
    if body.joined_at is not None:
        return False
    body.joined_at = utc_now()
    body.source = f"{body.source}; {SHOWN_FROM_INSIDE}"[:200]
    session.flush()
    return True


def load_people(session: Session, rows: Iterable[Row], bodies: Bodies) -> list[Person]:
    """Add the people whose e-mail is not there yet; return the added ones."""
    missing = [row for row in rows if find_person(session, row["email"]) is None]
    added = [_new_person(session, row, bodies) for row in missing]
    session.flush()
    return added


def _new_person(session: Session, row: Row, bodies: Bodies) -> Person:
    role = PlatformRole(row.get("role", PlatformRole.MEMBER))
    person = create_person(session, NewPerson(row["name"], row["email"], DEMO_PASSWORD, role=role))
    if "organisation" in row:
        body, rights = bodies[row["organisation"]], MembershipRole(row["membership"])
        session.add(Membership(person=person, organisation=body, role=rights))
    if "claims" in row:
        session.add(Claim(person=person, organisation=bodies[row["claims"]], message=row["message"]))
    return person
