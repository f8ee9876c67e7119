"""People, attempts, tokens and claims, on a database without pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import matchmaker.models  # noqa: F401 - the metadata is complete
from matchmaker.accounts import limits, services
from matchmaker.accounts.claim_services import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadyMember,
    NewOrganisation,
    confirm_claim,
    refuse_claim,
    register_organisation,
    request_claim,
)
from matchmaker.accounts.limits import (
    KEPT,
    MOST_PER_ACCOUNT,
    MOST_PER_NETWORK,
    WINDOW,
    TooManyAttempts,
    network_key,
)
from matchmaker.accounts.models import (
    ClaimState,
    LoginAttempt,
    Membership,
    MembershipRole,
    Person,
    PlatformRole,
)
from matchmaker.accounts.services import (
    EmailTaken,
    NewPerson,
    WrongPassword,
    authenticate,
    change_account,
    change_password,
    change_role,
    create_api_token,
    create_person,
    find_token,
    revoke_token,
)
from matchmaker.audit.models import AuditEntry
from matchmaker.database import Base, make_engine, utc_now
from matchmaker.organisations.models import Organisation, Origin, TermField
from matchmaker.organisations.profile_services import CodeTaken
from matchmaker.territories.models import Confidence, Territory, TerritoryKind

PASSWORD = "tre gatti sul tetto"
NOW = utc_now()
HOME, OTHER_HOME, SAME_NETWORK = "93.184.216.34", "8.8.8.8", "93.184.216.99"


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = make_engine(database_url)
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


@pytest.fixture
def anna(session: Session) -> Person:
    person = create_person(session, NewPerson("Anna Bo", " Anna@Lucciola.example ", PASSWORD, "it"))
    session.commit()
    return person


@pytest.fixture
def pinerolo(session: Session) -> Territory:
    place = Territory(
        kind=TerritoryKind.MUNICIPALITY, code="001191", name="Pinerolo", folded_name="pinerolo",
        province="TO", source="prova", confidence=Confidence.HIGH,
    )  # fmt: skip
    session.add(place)
    session.commit()
    return place


def directory_body(session: Session, name: str = "Croce Verde", **facts: str) -> Organisation:
    body = Organisation(
        name=name, folded_name=name.lower(), kind="third_sector", origin=Origin.DIRECTORY, **facts
    )
    session.add(body)
    session.commit()
    return body


def acts(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def fail(session: Session, email: str, times: int, address: str | None = HOME) -> None:
    for _ in range(times):
        assert authenticate(session, email, "sbagliata", address, NOW) is None


# People


def test_an_e_mail_is_kept_in_one_form_and_belongs_to_one_person(session: Session, anna: Person) -> None:
    assert anna.email == "anna@lucciola.example"
    with pytest.raises(EmailTaken):
        create_person(session, NewPerson("Altra", "ANNA@lucciola.example", PASSWORD))
    assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_person_enters_with_their_password_in_whatever_case_the_e_mail_is(
    session: Session, anna: Person
) -> None:
    assert authenticate(session, "ANNA@lucciola.example ", PASSWORD, HOME) is anna
    assert authenticate(session, anna.email, PASSWORD.upper(), HOME) is None


def test_a_disabled_person_does_not_enter(session: Session, anna: Person) -> None:
    anna.disabled_at = NOW
    assert authenticate(session, anna.email, PASSWORD, HOME) is None


def test_a_person_whose_password_is_no_hash_does_not_enter(session: Session, anna: Person) -> None:
    anna.password_hash = "!"
    assert authenticate(session, anna.email, "!", HOME) is None


def test_one_verification_runs_whether_or_not_the_account_exists(
    session: Session, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str | None] = []
    monkeypatch.setattr(services, "verify_password", lambda stored, _typed: bool(calls.append(stored)))
    authenticate(session, anna.email, "x", HOME)
    authenticate(session, "nessuno@lucciola.example", "x", HOME)
    assert calls == [anna.password_hash, None]


def test_a_hash_made_with_weaker_parameters_is_renewed_on_entering(
    session: Session, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = anna.password_hash
    monkeypatch.setattr(services, "needs_rehash", lambda _stored: True)
    assert authenticate(session, anna.email, PASSWORD, HOME) is anna
    assert anna.password_hash != old
    assert authenticate(session, anna.email, PASSWORD, HOME) is anna


def test_changing_the_password_ends_every_session(session: Session, anna: Person) -> None:
    before = anna.get_id()
    change_password(session, anna, PASSWORD, "altri gatti altrove", HOME)
    assert anna.get_id() != before
    assert authenticate(session, anna.email, "altri gatti altrove", HOME) is anna
    assert "change_password" in acts(session)


def test_the_password_is_not_changed_without_the_present_one(session: Session, anna: Person) -> None:
    with pytest.raises(WrongPassword):
        change_password(session, anna, "non è questa", "altri gatti altrove", HOME)
    assert authenticate(session, anna.email, PASSWORD, HOME) is anna


def test_another_role_ends_the_sessions_and_the_same_role_does_not(session: Session, anna: Person) -> None:
    before = anna.get_id()
    change_role(session, anna, PlatformRole.MEMBER, actor_id=None)
    assert anna.get_id() == before
    change_role(session, anna, PlatformRole.FACILITATOR, actor_id=None)
    assert (anna.role, anna.get_id() == before) == (PlatformRole.FACILITATOR, False)


def test_only_what_changed_of_an_account_is_written_down(session: Session, anna: Person) -> None:
    change_account(session, anna, "Anna Bo", "it")
    assert acts(session) == ["create_person"]
    change_account(session, anna, "Anna Bò", "en")
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.detail) == ("change_account", {"fields": ["language", "name"]})


def test_the_audit_trail_holds_no_personal_data(session: Session, anna: Person) -> None:
    change_password(session, anna, PASSWORD, "altri gatti altrove", HOME)
    create_api_token(session, anna, "foglio di Anna", 30)
    session.flush()
    written = str([entry.detail for entry in session.scalars(select(AuditEntry))])
    assert not any(word in written for word in ("Anna", "lucciola", "gatti", "mm_"))


# Attempts


def test_five_failures_close_an_account_even_to_the_right_password(session: Session, anna: Person) -> None:
    fail(session, anna.email, MOST_PER_ACCOUNT)
    with pytest.raises(TooManyAttempts):
        authenticate(session, anna.email, PASSWORD, OTHER_HOME, NOW)


def test_an_account_that_nobody_has_closes_in_the_same_way(session: Session) -> None:
    fail(session, "nessuno@lucciola.example", MOST_PER_ACCOUNT)
    with pytest.raises(TooManyAttempts):
        authenticate(session, "nessuno@lucciola.example", PASSWORD, HOME, NOW)


def test_a_closed_account_opens_again_when_the_window_is_over(session: Session, anna: Person) -> None:
    fail(session, anna.email, MOST_PER_ACCOUNT)
    assert authenticate(session, anna.email, PASSWORD, HOME, NOW + WINDOW + timedelta(seconds=1)) is anna


def test_trying_on_while_closed_does_not_move_the_window(session: Session, anna: Person) -> None:
    fail(session, anna.email, MOST_PER_ACCOUNT)
    with pytest.raises(TooManyAttempts):
        authenticate(session, anna.email, "x", HOME, NOW + WINDOW - timedelta(seconds=1))
    assert authenticate(session, anna.email, PASSWORD, HOME, NOW + WINDOW + timedelta(seconds=1)) is anna


def test_the_right_password_forgives_earlier_mistakes(session: Session, anna: Person) -> None:
    fail(session, anna.email, MOST_PER_ACCOUNT - 1)
    assert authenticate(session, anna.email, PASSWORD, HOME, NOW) is anna
    fail(session, anna.email, MOST_PER_ACCOUNT)


def test_one_account_closes_and_the_others_stay_open(session: Session, anna: Person) -> None:
    fail(session, "altra@lucciola.example", MOST_PER_ACCOUNT)
    assert authenticate(session, anna.email, PASSWORD, HOME, NOW) is anna


def test_a_network_that_tries_many_accounts_is_stopped_and_other_networks_are_not(
    session: Session, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        services, "verify_password", lambda stored, typed: typed == PASSWORD and stored is not None
    )
    for number in range(MOST_PER_NETWORK):
        assert authenticate(session, f"n{number}@lucciola.example", "x", HOME, NOW) is None
    with pytest.raises(TooManyAttempts):
        authenticate(session, anna.email, PASSWORD, SAME_NETWORK, NOW)
    assert authenticate(session, anna.email, PASSWORD, OTHER_HOME, NOW) is anna


def test_entering_rightly_costs_a_network_nothing(session: Session, anna: Person) -> None:
    for _ in range(3):
        authenticate(session, anna.email, PASSWORD, HOME, NOW)
    row = session.get(LoginAttempt, network_key(HOME))
    assert row is not None
    session.refresh(row)
    assert row.failures == 0


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.7", "192.168.1.4", "::1", None, "", "non un indirizzo"]
)
def test_addresses_that_everybody_may_share_are_not_counted(address: str | None) -> None:
    assert network_key(address) is None


def test_neighbours_of_one_network_share_its_key() -> None:
    assert network_key(HOME) == network_key(SAME_NETWORK) != network_key(OTHER_HOME)
    assert network_key("2a00:1450:4002:1::5") == network_key("2a00:1450:4002:1:ffff::9")


def test_neither_e_mail_nor_address_is_kept(session: Session) -> None:
    fail(session, "nessuno@lucciola.example", 1)
    keys = list(session.scalars(select(LoginAttempt.key)))
    assert len(keys) == 2
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)


def test_old_windows_are_forgotten(session: Session, anna: Person) -> None:
    fail(session, "passato@lucciola.example", 1)
    authenticate(session, anna.email, "x", None, NOW + KEPT + timedelta(minutes=1))
    assert list(session.scalars(select(LoginAttempt.key))) == [limits.account_key(anna.email)]


def test_many_attempts_at_once_cannot_all_pass_the_count(session: Session, database_url: str) -> None:
    passed: list[int] = []

    def attempt() -> None:
        engine = make_engine(database_url).execution_options(sqlite_begin="IMMEDIATE")
        with Session(engine) as own:
            try:
                limits.count_attempt(own, "anna@lucciola.example", HOME, NOW)
                passed.append(1)
            except TooManyAttempts:
                pass
            own.commit()
        engine.dispose()

    threads = [threading.Thread(target=attempt) for _ in range(3 * MOST_PER_ACCOUNT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == MOST_PER_ACCOUNT


# Tokens


def test_a_token_is_found_by_its_secret_and_kept_only_as_a_hash(session: Session, anna: Person) -> None:
    token, secret = create_api_token(session, anna, "foglio", 30)
    assert secret.startswith("mm_")
    assert secret not in (token.token_hash, token.name)
    found = find_token(session, secret)
    assert found is token
    assert found.person is anna


def test_a_wrong_an_expired_and_a_revoked_secret_find_nothing(session: Session, anna: Person) -> None:
    token, secret = create_api_token(session, anna, "foglio", 30)
    assert find_token(session, secret + "x") is None
    assert find_token(session, secret, utc_now() + timedelta(days=31)) is None
    revoke_token(session, anna.id, token)
    revoke_token(session, anna.id, token)
    assert find_token(session, secret) is None
    assert acts(session).count("revoke_api_token") == 1


def test_the_tokens_of_a_disabled_person_find_nothing(session: Session, anna: Person) -> None:
    _token, secret = create_api_token(session, anna, "foglio", 30)
    anna.disabled_at = NOW
    assert find_token(session, secret) is None


# Bodies and claims


def test_a_registered_body_is_on_the_platform_with_its_administrator(
    session: Session, anna: Person, pinerolo: Territory
) -> None:
    new = NewOrganisation(
        "Cooperativa sociale La Lucciola", "third_sector", pinerolo.id, tax_code="00743110157"
    )
    body = register_organisation(session, anna, new)
    assert (body.on_platform, body.origin, body.folded_name) == (True, Origin.REGISTERED, "lucciola")
    assert body.revision > 0
    membership = session.scalars(select(Membership)).one()
    assert (membership.person_id, membership.role) == (anna.id, MembershipRole.ADMINISTRATOR)
    assert "register_organisation" in acts(session)


def test_what_a_new_name_tells_is_marked_as_inferred(
    session: Session, anna: Person, pinerolo: Territory
) -> None:
    new = NewOrganisation("Casa di riposo per anziani Villa Serena ODV", "third_sector", pinerolo.id)
    body = register_organisation(session, anna, new)
    assert body.legal_form == "TS_ODV"
    assert body.legal_form_rule
    assert {term.code for term in body.terms if term.field is TermField.TARGET} >= {"ANZIANI"}
    assert all(term.inference_rule for term in body.terms)


def test_a_legal_form_that_was_said_is_no_inference(
    session: Session, anna: Person, pinerolo: Territory
) -> None:
    new = NewOrganisation("Villa Serena ODV", "third_sector", pinerolo.id, legal_form="TS_APS")
    body = register_organisation(session, anna, new)
    assert (body.legal_form, body.legal_form_rule) == ("TS_APS", None)


def test_a_micro_enterprise_says_its_size_by_its_form(
    session: Session, anna: Person, pinerolo: Territory
) -> None:
    new = NewOrganisation("Panificio Rossi", "enterprise", pinerolo.id, legal_form="IM_MICRO")
    assert register_organisation(session, anna, new).size_class == "MICRO"


def test_a_code_that_stands_in_the_directory_is_not_registered_twice(
    session: Session, anna: Person, pinerolo: Territory
) -> None:
    directory_body(session, tax_code="00743110157")
    with pytest.raises(CodeTaken):
        register_organisation(
            session, anna, NewOrganisation("Altra", "third_sector", pinerolo.id, tax_code="00743110157")
        )
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_a_claim_changes_nothing_until_it_is_confirmed(session: Session, anna: Person) -> None:
    body = directory_body(session)
    claim = request_claim(session, anna, body, " sono la presidente ")
    assert (claim.state, claim.message) == (ClaimState.WAITING, "sono la presidente")
    assert not body.on_platform
    assert session.scalars(select(Membership)).all() == []


def test_a_confirmed_claim_brings_the_body_and_its_administrator(session: Session, anna: Person) -> None:
    body = directory_body(session)
    claim = request_claim(session, anna, body)
    before = body.revision
    assert confirm_claim(session, anna.id, claim) is body
    assert body.on_platform
    assert body.revision > before
    assert session.scalars(select(Membership)).one().role is MembershipRole.ADMINISTRATOR
    assert (claim.state, claim.decided_by_id) == (ClaimState.CONFIRMED, anna.id)
    assert acts(session)[-2:] == ["request_claim", "confirmed_claim"]


def test_a_refused_claim_leaves_the_body_as_it_was_and_may_be_made_again(
    session: Session, anna: Person
) -> None:
    body = directory_body(session)
    refuse_claim(session, anna.id, request_claim(session, anna, body))
    assert not body.on_platform
    assert request_claim(session, anna, body).state is ClaimState.WAITING


def test_nobody_asks_twice_nor_for_a_body_of_their_own(session: Session, anna: Person) -> None:
    body = directory_body(session)
    claim = request_claim(session, anna, body)
    with pytest.raises(AlreadyAsked):
        request_claim(session, anna, body)
    confirm_claim(session, anna.id, claim)
    with pytest.raises(AlreadyMember):
        request_claim(session, anna, body)


@pytest.mark.parametrize("decide", [confirm_claim, refuse_claim])
def test_a_claim_is_decided_once(session: Session, anna: Person, decide: object) -> None:
    claim = request_claim(session, anna, directory_body(session))
    refuse_claim(session, anna.id, claim)
    with pytest.raises(AlreadyDecided):
        decide(session, anna.id, claim)  # type: ignore[operator]


def test_a_body_that_is_on_the_platform_keeps_the_day_it_joined(session: Session, anna: Person) -> None:
    body = directory_body(session)
    body.joined_at = NOW - timedelta(days=100)
    confirm_claim(session, anna.id, request_claim(session, anna, body))
    assert body.joined_at == NOW - timedelta(days=100)
