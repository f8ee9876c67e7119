"""The demonstration in a real database: loaded once, loaded twice, loaded on top of something."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import matchmaker.models  # noqa: F401 - every table, for create_all
from matchmaker import create_app
from matchmaker.accounts.models import Claim, ClaimState, Membership, MembershipRole, Person, PlatformRole
from matchmaker.accounts.services import NewPerson, authenticate, create_person, find_person
from matchmaker.audit.models import AuditEntry
from matchmaker.config import Settings
from matchmaker.database import Base, make_engine, utc_now
from matchmaker.demo.commands import demo_command
from matchmaker.demo.directory import MARK, SOURCE
from matchmaker.demo.files import read_rows
from matchmaker.demo.people import DEMO_PASSWORD, INVENTED_PUBLIC_BODY, PUBLIC_PERSON, SHOWN_FROM_INSIDE
from matchmaker.demo.services import demo_people, load_demo
from matchmaker.measures.services import load_rule_sets, requirements_of, rules_of
from matchmaker.organisations.models import (
    Organisation,
    Origin,
    SearchToken,
    Visibility,
    WorkTerritory,
)
from matchmaker.organisations.reference import load_managing_bodies
from matchmaker.organisations.services import current_revision
from matchmaker.partnerships.models import Partnership
from matchmaker.snapshots import load_candidates
from matchmaker.suggestions.asking import project_from
from matchmaker.suggestions.models import ShortlistEntry
from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.territories.services import load_default_territories
from recommender.requirements import evaluate
from recommender.types import Commitments, Member, Role, Team, qualifies


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two databases: the reference data alone, and the demonstration on top of it."""
    folder: Path = tmp_path_factory.mktemp("demo")
    engine = make_engine(f"sqlite:///{folder / 'reference.sqlite'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        load_default_territories(session)
        load_rule_sets(session)
        load_managing_bodies(session)
    engine.dispose()
    shutil.copyfile(folder / "reference.sqlite", folder / "demo.sqlite")
    engine = make_engine(f"sqlite:///{folder / 'demo.sqlite'}")
    with Session(engine) as session, session.begin():
        load_demo(session)
    engine.dispose()
    return folder


@contextmanager
def undone(path: Path) -> Iterator[Session]:
    """A session whose work is rolled back at the end."""
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
    engine.dispose()


@pytest.fixture
def reference(folder: Path) -> Iterator[Session]:
    with undone(folder / "reference.sqlite") as session:
        yield session


@pytest.fixture
def loaded(folder: Path) -> Iterator[Session]:
    with undone(folder / "demo.sqlite") as session:
        yield session


def count_of(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def rows_by_table(session: Session) -> dict[str, int | None]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def body(session: Session, name: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.name == f"{name} {MARK}")).one()


def of_demo(session: Session) -> list[Organisation]:
    return list(session.scalars(select(Organisation).where(Organisation.origin == Origin.DEMO)))


def managing_body(session: Session) -> Organisation:
    query = select(Organisation).join(Territory, Organisation.manages_id == Territory.id)
    return session.scalars(query.where(Territory.ipa_code == "cisspito")).one()


def test_everything_is_added_once(reference):
    summary = load_demo(reference)
    assert summary.organisations == len(of_demo(reference)) >= 300
    assert summary.past_projects >= 55
    assert summary.people == count_of(reference, Person)
    assert summary.partnerships == count_of(reference, Partnership) == 4
    assert summary.shortlist_entries == count_of(reference, ShortlistEntry) > 10


def test_a_second_run_changes_nothing(loaded):
    before = rows_by_table(loaded)
    revision, changed_at = current_revision(loaded), loaded.scalar(select(func.max(Organisation.updated_at)))
    assert not load_demo(loaded).changed
    assert not loaded.new
    assert not loaded.dirty
    assert rows_by_table(loaded) == before
    assert current_revision(loaded) == revision
    assert loaded.scalar(select(func.max(Organisation.updated_at))) == changed_at


def test_a_second_run_keeps_what_people_changed_meanwhile(loaded):
    cooperative = body(loaded, "Cooperativa sociale Il Filo Lungo")
    cooperative.description = "Riscritta da chi prova il sito."
    loaded.flush()
    load_demo(loaded)
    loaded.expire_all()
    assert body(loaded, "Cooperativa sociale Il Filo Lungo").description == "Riscritta da chi prova il sito."


def test_what_is_missing_of_an_interrupted_demonstration_is_put_back(loaded):
    loaded.delete(loaded.scalars(select(ShortlistEntry)).first())
    loaded.flush()
    summary = load_demo(loaded)
    assert (summary.organisations, summary.people, summary.shortlist_entries) == (0, 0, 1)


def test_every_invented_body_is_marked_wherever_its_name_goes(loaded):
    for organisation in of_demo(loaded):
        assert organisation.name.endswith(f" {MARK}")
        assert organisation.source == SOURCE
        assert organisation.is_demo
    others = select(Organisation.name).where(Organisation.origin != Origin.DEMO)
    assert not any(MARK in name for name in loaded.scalars(others))


def test_the_invented_bodies_stand_in_real_places_of_every_district(loaded):
    assert all(organisation.municipality is not None for organisation in of_demo(loaded))
    assert all(organisation.place_text is None for organisation in of_demo(loaded))


def test_search_and_matching_see_the_new_bodies_under_one_revision(loaded):
    revisions = {organisation.revision for organisation in of_demo(loaded)}
    assert revisions == {current_revision(loaded)}
    dairy = select(SearchToken.organisation_id).where(SearchToken.token == "formagg")
    assert body(loaded, "Latterie della Bisalta").id in loaded.scalars(dairy).all()
    with_tokens = set(loaded.scalars(select(SearchToken.organisation_id)))
    assert {organisation.id for organisation in of_demo(loaded)} <= with_tokens


def test_what_a_body_says_is_said_and_what_a_name_tells_is_inferred(loaded):
    speaking = body(loaded, "Cooperativa sociale Il Filo Lungo")
    silent = body(loaded, "Associazione Caregiver della Pianura Pinerolese")
    assert {term.inference_rule for term in speaking.terms} == {None}
    assert not silent.on_platform
    assert silent.terms
    assert all(term.inference_rule for term in silent.terms)


def test_every_role_signs_in_with_the_printed_password(loaded):
    roles = set()
    for person in demo_people(loaded):
        assert authenticate(loaded, person.email, DEMO_PASSWORD, "127.0.0.1") is person
        roles.add(person.role)
    assert roles == set(PlatformRole)
    assert authenticate(loaded, PUBLIC_PERSON, "un'altra password", "127.0.0.1") is None


def test_each_kind_of_body_has_an_administrator(loaded):
    administrators = [
        membership.organisation.kind
        for person in demo_people(loaded)
        for membership in person.memberships
        if membership.role is MembershipRole.ADMINISTRATOR
    ]
    assert sorted(administrators) == ["enterprise", "public_body", "third_sector"]


def test_somebody_waits_for_a_facilitator_to_confirm_a_claim(loaded):
    claim = loaded.scalars(select(Claim)).one()
    assert claim.state is ClaimState.WAITING
    assert claim.organisation.name == f"Associazione Caregiver della Pianura Pinerolese {MARK}"


def test_the_ente_gestore_is_shown_from_inside_and_says_so(loaded):
    managing = managing_body(loaded)
    assert [m.organisation for m in find_person(loaded, PUBLIC_PERSON).memberships] == [managing]
    assert managing.on_platform
    assert managing.source.endswith(SHOWN_FROM_INSIDE)
    assert managing.origin is Origin.REFERENCE
    assert managing.description == ""
    draft = loaded.scalars(select(Partnership).where(Partnership.measure == "M1")).one()
    assert draft.owner is managing
    assert [member.organisation for member in draft.members if member.role is Role.LEAD] == [managing]


def test_a_known_password_never_opens_an_ente_gestore_that_somebody_acts_for(reference):
    managing = managing_body(reference)
    official = create_person(
        reference, NewPerson("Vera Funzionaria", "vera@ente.invalid", "parola lunga e mia")
    )
    reference.add(Membership(person=official, organisation=managing, role=MembershipRole.ADMINISTRATOR))
    managing.joined_at = utc_now()
    reference.flush()
    source = managing.source
    load_demo(reference)
    chosen = find_person(reference, PUBLIC_PERSON).memberships[0].organisation
    assert chosen.is_demo
    assert INVENTED_PUBLIC_BODY.replace("-", " ") in chosen.name.lower()
    assert managing.source == source
    acting = select(Membership.person_id).where(Membership.organisation_id == managing.id)
    assert reference.scalars(acting).all() == [official.id]


def test_no_hidden_body_stands_in_a_draft_or_is_set_aside(loaded):
    hidden = {
        organisation.id for organisation in of_demo(loaded) if organisation.visibility is Visibility.HIDDEN
    }
    assert len(hidden) in (3, 4)
    members = {
        member.organisation_id for draft in loaded.scalars(select(Partnership)) for member in draft.members
    }
    aside = set(loaded.scalars(select(ShortlistEntry.candidate_id)))
    assert not hidden & (members | aside)


def test_a_district_that_the_region_has_closed_is_left_out(reference):
    district = reference.scalars(
        select(Territory).where(Territory.kind == TerritoryKind.DISTRICT, Territory.code == "pinerolo")
    ).one()
    district.valid_to = utc_now().date()
    reference.flush()
    load_demo(reference)
    works = select(func.count()).select_from(WorkTerritory).where(WorkTerritory.territory_id == district.id)
    assert reference.scalar(works) == 0
    draft = reference.scalars(select(Partnership).where(Partnership.measure == "M1")).one()
    assert draft.project["districts"] == []


def test_the_load_leaves_one_trace_and_a_repeated_one_none(loaded):
    traces = select(AuditEntry).where(AuditEntry.action == "load_demo")
    assert len(loaded.scalars(traces).all()) == 1
    load_demo(loaded)
    trace = loaded.scalars(traces).one()
    assert trace.actor_id is None
    assert trace.detail["organisations"] == len(of_demo(loaded))


def test_the_drafts_show_a_team_that_qualifies_one_that_would_and_one_that_does_not(loaded):
    candidates = load_candidates(loaded)
    verdicts = set()
    for draft in loaded.scalars(select(Partnership)):
        team = Team(tuple(Member(candidates[m.organisation_id], m.role) for m in draft.members))
        rules = requirements_of(rules_of(draft.rule_set, draft.measure))
        project = project_from(loaded, draft.measure, draft.project)
        verdicts.add(qualifies(evaluate(rules, team, project, Commitments())))
    assert verdicts == {True, False, None}


def test_profiles_are_as_thin_and_as_full_as_a_real_directory(loaded):
    lengths = [len(organisation.terms) for organisation in of_demo(loaded)]
    off_platform = [organisation for organisation in of_demo(loaded) if not organisation.on_platform]
    assert sum(length >= 8 for length in lengths) > 250
    assert sum(length <= 2 for length in lengths) > 20
    assert 15 <= len(off_platform) <= 35


def test_the_command_prepares_an_empty_database_and_prints_who_signs_in(tmp_path: Path):
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'empty.sqlite'}", testing=True))
    with app.app_context():
        first, second = (CliRunner().invoke(demo_command) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "342 enti inventati, 64 progetti passati" in first.output
    assert "La dimostrazione c'era già: non è cambiato nulla." in second.output
    for output in (first.output, second.output):
        assert all(row["email"] in output for row in read_rows("people"))
        assert f"Password di tutti: {DEMO_PASSWORD}" in output
        assert "(ente vero, accesso di prova)" in output
        assert "Non caricate mai la dimostrazione su un sito in servizio." in output
