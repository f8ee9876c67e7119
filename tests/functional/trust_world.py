"""The small directory with every sort of reader, own and foreign objects, a secret in each private field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import (
    ApiToken,
    Claim,
    Membership,
    MembershipRole,
    Person,
    PlatformRole,
)
from matchmaker.database import utc_now
from matchmaker.imports.models import ImportRun
from matchmaker.measures.models import RuleSet
from matchmaker.organisations.models import Contact, Organisation
from matchmaker.partnerships.models import Partnership, PartnershipMember
from matchmaker.suggestions.models import ShortlistEntry
from recommender.types import Role
from tests.functional.small_directory import Site, open_site

READERS = ("stranger", "outsider", "reader", "editor", "manager", "observer", "facilitator", "administrator")
MISSING = 2_000_000_000


@dataclass
class TrustWorld:
    """A site, and ids of objects by kind and whose they are.

    secrets: who may read each secret, by the secret.
    """

    site: Site
    objects: dict[str, dict[str, int]] = field(default_factory=dict)
    secrets: dict[str, frozenset[str]] = field(default_factory=dict)

    def client(self, reader: str) -> FlaskClient:
        """A browser of one sort of reader."""
        return self.site.client(None if reader == "stranger" else reader)


OWN_PEOPLE = frozenset({"reader", "editor", "manager"})
STAFF = frozenset({"facilitator", "administrator"})


def open_trust_world(url: str) -> Iterator[TrustWorld]:
    """Fill a small site with people of every sort and private things of two bodies."""
    for site in open_site(url):
        world = TrustWorld(site)
        with site.writing() as session:
            people = _people(session, site)
            _objects(session, world, people)
        yield world


def _people(session: Session, site: Site) -> dict[str, Person]:
    memberships = {
        "outsider": ("firm", MembershipRole.ADMINISTRATOR),
        "reader": ("coop", MembershipRole.READER),
        "editor": ("coop", MembershipRole.EDITOR),
        "manager": ("coop", MembershipRole.ADMINISTRATOR),
    }
    roles = {
        "observer": PlatformRole.OBSERVER,
        "facilitator": PlatformRole.FACILITATOR,
        "administrator": PlatformRole.ADMINISTRATOR,
    }
    people = {}
    for name in READERS[1:]:
        person = Person(
            email=f"{name}@fiducia.example",
            name=f"Persona {name}",
            password_hash="!",
            role=roles.get(name, PlatformRole.MEMBER),
        )
        session.add(person)
        session.flush()
        if name in memberships:
            body, role = memberships[name]
            session.add(Membership(person=person, organisation_id=site.bodies[body], role=role))
        site.people[name] = person.get_id()
        people[name] = person
    return people


def _objects(session: Session, world: TrustWorld, people: dict[str, Person]) -> None:
    bodies = world.site.bodies
    world.objects["organisation"] = {
        "own": bodies["coop"],
        "foreign": bodies["firm"],
        "directory": bodies["ambulance"],
        "members": bodies["members_only"],
        "hidden": bodies["hidden"],
    }
    drafts = {
        "own": _draft(session, bodies["coop"], "SEGRETO-BOZZA-PROPRIA", bodies["hidden"]),
        "foreign": _draft(session, bodies["firm"], "SEGRETO-BOZZA-ALTRUI", bodies["town"]),
    }
    tokens = {"own": _token(session, people["manager"]), "foreign": _token(session, people["outsider"])}
    claim = Claim(person=people["outsider"], organisation_id=bodies["ambulance"], message="SEGRETO-RICHIESTA")
    run = ImportRun(filename="SEGRETO-FILE.csv", preset="unified")
    session.add_all([claim, run])
    session.add(
        ShortlistEntry(organisation_id=bodies["coop"], candidate_id=bodies["town"], note="SEGRETO-NOTA")
    )
    for whose in ("coop", "firm", "hidden", "members_only"):
        _add_contact(session, bodies[whose], f"SEGRETO-CONTATTO-{whose}")
    session.flush()
    world.objects["partnership"] = {name: draft.id for name, draft in drafts.items()}
    world.objects["token"] = {name: token.id for name, token in tokens.items()}
    world.objects["claim"] = {"waiting": claim.id}
    world.objects["import_run"] = {"uploaded": run.id}
    world.secrets = {
        "SEGRETO-BOZZA-PROPRIA": OWN_PEOPLE | STAFF,
        "SEGRETO-BOZZA-ALTRUI": STAFF | {"outsider"},
        "SEGRETO-RICHIESTA": STAFF,
        "SEGRETO-FILE": STAFF,
        "SEGRETO-NOTA": OWN_PEOPLE | STAFF,
        "SEGRETO-CONTATTO-coop": OWN_PEOPLE | STAFF,
        "SEGRETO-CONTATTO-firm": STAFF | {"outsider"},
        "SEGRETO-CONTATTO-hidden": STAFF,
        "SEGRETO-CONTATTO-members_only": STAFF,
        "CONTATTO-SEGRETO": OWN_PEOPLE | STAFF,
        "Fondazione Nascosta": STAFF,
        "RACCONTATO-DA-NASCOSTI": STAFF,
        "Associazione Riservata": frozenset(READERS) - {"stranger"},
        "outsider@fiducia.example": STAFF | {"outsider"},
        "SEGRETO-HASH": frozenset(),
    }


def _draft(session: Session, owner: int, title: str, member: int) -> Partnership:
    rule_set = session.scalars(select(RuleSet).where(RuleSet.code == "wecare-2017")).one()
    draft = Partnership(
        title=title,
        measure="M1",
        rule_set=rule_set,
        owner_id=owner,
        project={"themes": ["POVERTA"], "districts": ["pinerolo"]},
        members=[
            PartnershipMember(organisation_id=owner, role=Role.PARTNER),
            PartnershipMember(organisation_id=member, role=Role.PARTNER),
        ],
    )
    session.add(draft)
    return draft


def _token(session: Session, person: Person) -> ApiToken:
    token = ApiToken(
        person=person,
        name="prova",
        token_hash=f"SEGRETO-HASH-{person.id}",
        expires_at=utc_now() + timedelta(days=1),
    )
    session.add(token)
    return token


def _add_contact(session: Session, body: int, name: str) -> None:
    organisation = session.get_one(Organisation, body)
    organisation.contacts.append(Contact(name=name, email=f"{name.lower()}@contatti.example"))
