"""A directory small enough to count by hand, and readers who look at it.

District of Pinerolo: a municipality, the consortium that manages social services, a social cooperative
on the platform, an ambulance association, an association shown to members only, a hidden foundation.
District of Cuneo: one firm of the demonstration.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from matchmaker import create_app
from matchmaker.accounts.models import Membership, MembershipRole, Person, PlatformRole
from matchmaker.config import Settings
from matchmaker.database import Base, db, utc_now
from matchmaker.measures.services import load_rule_sets
from matchmaker.organisations.models import (
    Contact,
    DirectoryNotice,
    NoticeCode,
    Organisation,
    Origin,
    Participation,
    PastProject,
    ProfileTerm,
    TermField,
    Visibility,
    WorkTerritory,
)
from matchmaker.organisations.services import mark_changed
from matchmaker.territories.models import Confidence, Territory, TerritoryKind, TerritoryMembership
from matchmaker.vocabularies.names import fold, fold_name

MUNICIPALITIES = {
    "Pinerolo": ("001191", "TO", "pinerolo", 44.89, 7.33),
    "Cavour": ("001070", "TO", "pinerolo", 44.78, 7.37),
    "Cuneo": ("004078", "CN", "cuneo", 44.39, 7.55),
}


@dataclass
class Site:
    """The app over the small directory; ids of its bodies and people by short name."""

    app: Flask
    bodies: dict[str, int] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def client(self, person: str | None = None, language: str = "it") -> FlaskClient:
        """A browser, signed in as a person or not."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        if person is not None:
            with client.session_transaction() as session:
                session["_user_id"] = self.people[person]
        return client

    def page(self, path: str, person: str | None = None, language: str = "it") -> str:
        """The text of a page that has to be there."""
        response = self.client(person, language).get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.get_data(as_text=True)

    def show(self, body: str, person: str | None = None) -> str:
        """The page of a body."""
        return self.page(f"/organisations/{self.bodies[body]}", person)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction on the site's database."""
        with self.app.app_context(), db.writing() as session:
            yield session

    @contextmanager
    def counting_queries(self) -> Iterator[list[str]]:
        """Collect the statements that run meanwhile."""
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        engine = self.app.extensions["engine"]
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)


def open_site(url: str) -> Iterator[Site]:
    """Make the site in an empty database, and put everything away afterwards."""
    app = create_app(Settings(database_url=url, testing=True, secret_key="only for tests"))
    app.config["WTF_CSRF_ENABLED"] = False
    site = Site(app)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    with site.writing() as session:
        load_rule_sets(session)
        places = _places(session)
        _bodies(session, site, places)
        _people(session, site)
    yield site
    app.extensions["engine"].dispose()


def _places(session: Session) -> dict[str, Territory]:
    def territory(kind: TerritoryKind, code: str, name: str, **facts: Any) -> Territory:
        made = Territory(
            kind=kind, code=code, name=name, folded_name=fold(name), source="prova",
            confidence=Confidence.HIGH, **facts,
        )  # fmt: skip
        session.add(made)
        return made

    places = {
        "TO": territory(TerritoryKind.PROVINCE, "TO", "Torino", province="TO"),
        "CN": territory(TerritoryKind.PROVINCE, "CN", "Cuneo (provincia)", province="CN"),
        "pinerolo": territory(TerritoryKind.DISTRICT, "pinerolo", "Pinerolo"),
        "cuneo": territory(TerritoryKind.DISTRICT, "cuneo", "Cuneo"),
        "manager": territory(TerritoryKind.ENTE_GESTORE, "EG", "Consorzio di Pinerolo"),
    }
    session.flush()
    within(session, places["manager"], places["pinerolo"])
    for name, (code, province, district, lat, lon) in MUNICIPALITIES.items():
        places[name] = territory(TerritoryKind.MUNICIPALITY, code, name, province=province, lat=lat, lon=lon)
        session.flush()
        within(session, places[name], places[province])
        within(session, places[name], places[district], Confidence.LOW)
    return places


def within(
    session: Session, child: Territory, parent: Territory, confidence: Confidence = Confidence.HIGH
) -> None:
    session.add(
        TerritoryMembership(child_id=child.id, parent_id=parent.id, source="prova", confidence=confidence)
    )


def add_body(session: Session, name: str, kind: str, place: Territory | None, **facts: Any) -> Organisation:
    """Put a body into the directory; ``on_platform`` says whether it has joined."""
    joined = facts.pop("on_platform", False)
    body = Organisation(
        name=name, folded_name=fold_name(name), kind=kind, municipality=place,
        joined_at=utc_now() if joined else None,
        **({"origin": Origin.REGISTERED if joined else Origin.DIRECTORY} | facts),
    )  # fmt: skip
    session.add(body)
    mark_changed(session, body)
    return body


def _bodies(session: Session, site: Site, places: dict[str, Territory]) -> None:
    pinerolo = places["Pinerolo"]
    bodies = {
        "town": add_body(session, "Comune di Pinerolo", "public_body", pinerolo, legal_form="PB_COMUNE",
                         tax_code="01750860015", ipa_code="c_g674"),
        "consortium": add_body(session, "Consorzio servizi sociali", "public_body", pinerolo,
                               legal_form="PB_CONSORZIO_SA", manages=places["manager"]),
        "coop": add_body(session, "Cooperativa sociale La Betulla", "third_sector", pinerolo,
                         on_platform=True, legal_form="TS_COOP_A", website="www.betulla.example",
                         description="Aiutiamo famiglie.\n\nCerchiamo compagni di strada.",
                         terms=[ProfileTerm(field=TermField.THEME, code="POVERTA"),
                                ProfileTerm(field=TermField.OFFER, code="SPAZI"),
                                ProfileTerm(field=TermField.NEED, code="VOLONTARI")],
                         contacts=[Contact(name="Lucia CONTATTO-SEGRETO", email="segreta@betulla.example")],
                         work_territories=[WorkTerritory(territory=places["cuneo"])]),
        "ambulance": add_body(session, "Croce Verde", "third_sector", places["Cavour"],
                              legal_form="TS_ODV", legal_form_rule="form:odv",
                              terms=[ProfileTerm(field=TermField.THEME, code="SALUTE", inference_rule="x",
                                                 evidence="croce verde")]),
        "members_only": add_body(session, "Associazione Riservata", "third_sector", pinerolo,
                                 on_platform=True, visibility=Visibility.MEMBERS),
        "hidden": add_body(session, "Fondazione Nascosta", "third_sector", pinerolo,
                           on_platform=True, visibility=Visibility.HIDDEN),
        "firm": add_body(session, "Officine Stura", "enterprise", places["Cuneo"], on_platform=True,
                         origin=Origin.DEMO, size_class="SMALL"),
    }  # fmt: skip
    site.bodies = {name: body.id for name, body in bodies.items()}
    _works(session, bodies)
    session.add(
        DirectoryNotice(
            organisation=bodies["ambulance"], code=NoticeCode.POSSIBLE_DUPLICATE, other_id=bodies["coop"].id
        )
    )


def _works(session: Session, bodies: dict[str, Organisation]) -> None:
    together = PastProject(title="Dopo la scuola", start_year=2022, stated_by_id=bodies["coop"].id)
    together.participations = [
        Participation(organisation=bodies[name], role=role)
        for name, role in (
            ("coop", "lead"),
            ("town", "partner"),
            ("members_only", "partner"),
            ("hidden", "partner"),
        )
    ]
    told_in_secret = PastProject(title="Progetto RACCONTATO-DA-NASCOSTI", stated_by_id=bodies["hidden"].id)
    told_in_secret.participations = [
        Participation(organisation=bodies[name], role="partner") for name in ("coop", "hidden")
    ]
    session.add_all([together, told_in_secret])


def _people(session: Session, site: Site) -> None:
    roles = {
        "member": PlatformRole.MEMBER,
        "facilitator": PlatformRole.FACILITATOR,
        "observer": PlatformRole.OBSERVER,
    }
    for name, role in roles.items():
        person = Person(email=f"{name}@prova.example", name=f"Persona {name}", password_hash="!", role=role)
        session.add(person)
        session.flush()
        site.people[name] = person.get_id()
        if role is PlatformRole.MEMBER:
            session.add(
                Membership(
                    person_id=person.id,
                    organisation_id=site.bodies["coop"],
                    role=MembershipRole.ADMINISTRATOR,
                )
            )
