"""Entering, leaving, and one's own account, as a browser meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchmaker.accounts import limits, services
from matchmaker.accounts.models import ApiToken, LoginAttempt, Person
from matchmaker.accounts.services import NewPerson, create_api_token, create_person, find_token
from matchmaker.audit.models import AuditEntry
from matchmaker.database import utc_now
from tests.functional.small_directory import Site, open_site

PASSWORD = "tre gatti sul tetto"
EMAIL = "anna@lucciola.example"
NO_MATCH = "E-mail e password non corrispondono."
CLOSED = "Troppi tentativi non riusciti."


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    for site in open_site(database_url):
        with site.writing() as session:
            person = create_person(session, NewPerson("Anna Bo", EMAIL, PASSWORD))
            site.people["anna"] = person.get_id()
        yield site


@pytest.fixture
def browser(site: Site) -> FlaskClient:
    return site.client()


def enter(browser: FlaskClient, email: str = EMAIL, password: str = PASSWORD, **more: str) -> TestResponse:
    return browser.post("/login", data={"email": email, "password": password} | more)


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def without_token(answer: TestResponse) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)


def person(site: Site, email: str = EMAIL) -> Person:
    with site.writing() as session:
        return session.scalars(select(Person).where(Person.email == email)).one()


def test_a_person_enters_and_leaves(browser: FlaskClient) -> None:
    assert enter(browser).status_code == 303
    assert is_in(browser)
    assert browser.post("/logout").status_code == 303
    assert not is_in(browser)


def test_leaving_by_a_link_is_not_possible(browser: FlaskClient) -> None:
    enter(browser)
    assert browser.get("/logout").status_code == 405
    assert is_in(browser)


def test_a_stranger_is_sent_to_the_entrance_and_back_to_where_they_were_going(browser: FlaskClient) -> None:
    sent = browser.get("/account?lang=x")
    assert sent.headers["Location"] == "/login?next=/account?lang%3Dx"
    page = browser.get(sent.headers["Location"])
    assert '<input type="hidden" name="next" value="/account?lang=x">' in page.text
    assert enter(browser, next="/account?lang=x").headers["Location"] == "/account?lang=x"


def test_who_acts_for_a_body_lands_on_its_search_for_partners_and_others_at_the_front_door(
    site: Site,
) -> None:
    assert site.client("member").get("/login").headers["Location"] == (
        f"/organisations/{site.bodies['coop']}/suggestions"
    )
    assert enter(site.client()).headers["Location"] == "/"


@pytest.mark.parametrize(
    "target",
    [
        "https://male.example/",
        "//male.example/",
        "/\\male.example",
        "\\\\male.example",
        "/\t/male.example",
        "/%09/male.example",
        "http:/male.example",
        "javascript:alert(1)",
        "male.example",
        " /account",
        "/account\r\nSet-Cookie: a=b",
        "/logout",
        "/nessuna/pagina",
    ],
)
def test_the_way_on_never_leads_outside_nor_to_what_cannot_be_opened(
    browser: FlaskClient, target: str
) -> None:
    assert enter(browser, next=target).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_account_answer_the_same(browser: FlaskClient) -> None:
    wrong, unknown = enter(browser, password="sbagliata"), enter(browser, email="nessuno@lucciola.example")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert NO_MATCH in wrong.text
    assert without_token(wrong).replace(EMAIL, "") == without_token(unknown).replace(
        "nessuno@lucciola.example", ""
    )


def test_what_was_typed_comes_back_but_not_the_password(browser: FlaskClient) -> None:
    page = enter(browser, password="sbagliata e lunga", next="/account").text
    assert f'value="{EMAIL}"' in page
    assert 'name="next" value="/account"' in page
    assert "sbagliata e lunga" not in page


def test_errors_stand_beside_their_field_and_on_top(browser: FlaskClient) -> None:
    page = enter(browser, email="").text
    assert '<a href="#email">' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="email-error"' in page


def test_a_disabled_person_gets_the_same_answer_and_is_put_out(site: Site, browser: FlaskClient) -> None:
    enter(browser)
    with site.writing() as session:
        session.scalars(select(Person).where(Person.email == EMAIL)).one().disabled_at = utc_now()
    assert not is_in(browser)
    assert NO_MATCH in enter(browser).text


def test_five_failures_close_the_entrance_to_the_right_password_too(browser: FlaskClient) -> None:
    for _ in range(limits.MOST_PER_ACCOUNT):
        assert NO_MATCH in enter(browser, password="sbagliata").text
    closed = enter(browser)
    assert (closed.status_code, CLOSED in closed.text) == (422, True)
    assert not is_in(browser)


def test_the_closed_entrance_says_the_same_of_an_account_that_nobody_has(browser: FlaskClient) -> None:
    for _ in range(limits.MOST_PER_ACCOUNT):
        enter(browser, email="nessuno@lucciola.example")
    assert CLOSED in enter(browser, email="nessuno@lucciola.example").text


def test_a_header_does_not_open_the_entrance_again(site: Site, browser: FlaskClient) -> None:
    for number in range(limits.MOST_PER_ACCOUNT):
        browser.post(
            "/login",
            data={"email": EMAIL, "password": "x"},
            headers={"X-Forwarded-For": f"8.8.8.{number}", "Forwarded": f"for=8.8.8.{number}"},
        )
    answer = browser.post(
        "/login", data={"email": EMAIL, "password": PASSWORD}, headers={"X-Forwarded-For": "8.8.4.4"}
    )
    assert CLOSED in answer.text
    with site.writing() as session:
        assert list(session.scalars(select(LoginAttempt.key))) == [limits.account_key(EMAIL)]


def test_the_entrance_opens_again_after_a_quarter_of_an_hour(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(limits.MOST_PER_ACCOUNT):
        enter(browser, password="sbagliata")
    later = utc_now() + limits.WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(services, "utc_now", lambda: later)
    assert enter(browser).status_code == 303


def test_entering_starts_a_session_of_its_own_and_keeps_the_language(browser: FlaskClient) -> None:
    with browser.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["language"] = "en"
        session["csrf_token"] = "known to somebody else"
    enter(browser)
    with browser.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known to somebody else"
        assert session["language"] == "en"


@pytest.mark.parametrize("identity", ["x.1", "", "999999.1", "1", "1.99"])
def test_a_session_that_names_nobody_is_a_strangers(browser: FlaskClient, identity: str) -> None:
    with browser.session_transaction() as session:
        session["_user_id"] = identity
    assert not is_in(browser)


def test_leaving_keeps_nothing_but_the_language(browser: FlaskClient) -> None:
    with browser.session_transaction() as session:
        session["language"] = "en"
    enter(browser)
    browser.post("/logout")
    with browser.session_transaction() as session:
        assert set(session) <= {"language", "_flashes"}


def test_no_form_is_taken_without_its_token(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    for path in ("/login", "/register/new", f"/claim/{site.bodies['ambulance']}"):
        assert enter(site.client(), next=path).status_code == 400
        assert site.client().post(path, data={"email": EMAIL}).status_code == 400
    browser = site.client("anna")
    for path in ("/logout", "/account", "/account/password", "/account/tokens"):
        assert browser.post(path).status_code == 400
    assert is_in(browser)


def test_with_the_token_of_the_page_the_form_is_taken(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    browser = site.client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/login").text)
    assert found is not None
    assert enter(browser, csrf_token=found.group(1)).status_code == 303
    assert is_in(browser)


# One's own account


def test_a_person_changes_their_name_and_language(site: Site) -> None:
    browser = site.client("anna")
    saved = browser.post("/account", data={"name": " Anna Bò ", "language": "en"})
    assert saved.status_code == 303
    assert (person(site).name, person(site).language) == ("Anna Bò", "en")
    assert '<html lang="en">' in browser.get("/account").text


def test_an_empty_name_is_refused_beside_its_field(site: Site) -> None:
    refused = site.client("anna").post("/account", data={"name": " ", "language": "it"})
    assert (refused.status_code, "Scrivete il vostro nome." in refused.text) == (422, True)
    assert person(site).name == "Anna Bo"


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(site: Site) -> None:
    here, elsewhere = site.client(), site.client()
    enter(here)
    enter(elsewhere)
    changed = here.post("/account/password", data={"current": PASSWORD, "new": "altri gatti altrove"})
    assert changed.status_code == 303
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert enter(elsewhere, password="altri gatti altrove").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("sbagliata", "altri gatti altrove", "Non è la vostra password."),
        (PASSWORD, "corta", "troppo corta"),
        (PASSWORD, "cooperativa2026", "tra le prime che chiunque proverebbe"),
        (PASSWORD, "anna-bo-lucciola".replace("lucciola", "anna"), "fatta del vostro nome"),
        (PASSWORD, "", "Scegliete una nuova password."),
    ],
)
def test_a_password_change_that_will_not_do_says_why(site: Site, current: str, new: str, words: str) -> None:
    refused = site.client("anna").post("/account/password", data={"current": current, "new": new})
    assert (refused.status_code, words in refused.text) == (422, True)
    assert enter(site.client()).status_code == 303


def test_guessing_the_present_password_comes_to_an_end(site: Site) -> None:
    browser = site.client("anna")
    guess = {"current": "sbagliata", "new": "altri gatti altrove"}
    for _ in range(limits.MOST_PER_ACCOUNT):
        browser.post("/account/password", data=guess)
    assert CLOSED in browser.post("/account/password", data=guess | {"current": PASSWORD}).text


def test_a_token_is_shown_once_listed_and_revoked(site: Site) -> None:
    browser = site.client("anna")
    made = browser.post("/account/tokens", data={"token_name": "foglio", "days": "30"}).text
    secret = re.search(r"mm_[\w-]{20,}", made)
    assert secret is not None
    later = browser.get("/account").text
    assert "foglio" in later
    assert secret.group() not in later
    with site.writing() as session:
        token = find_token(session, secret.group())
        assert token is not None
        number = token.id
    assert browser.post(f"/account/tokens/{number}/revoke").status_code == 303
    assert "revocato il" in browser.get("/account").text
    with site.writing() as session:
        assert find_token(session, secret.group()) is None


def test_a_token_needs_a_name_and_one_of_the_offered_durations(site: Site) -> None:
    browser = site.client("anna")
    assert browser.post("/account/tokens", data={"token_name": "", "days": "30"}).status_code == 422
    assert browser.post("/account/tokens", data={"token_name": "x", "days": "9999"}).status_code == 422
    with site.writing() as session:
        assert session.scalars(select(ApiToken)).all() == []


def test_the_token_of_another_person_is_not_there(site: Site) -> None:
    with site.writing() as session:
        owner = session.scalars(select(Person).where(Person.email == EMAIL)).one()
        token, _secret = create_api_token(session, owner, "foglio", 30)
        number = token.id
    foreign = site.client("facilitator").post(f"/account/tokens/{number}/revoke")
    missing = site.client("facilitator").post("/account/tokens/999999/revoke")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert without_token(foreign) == without_token(missing)
    assert site.client().post(f"/account/tokens/{number}/revoke").status_code == 302


def test_every_change_of_an_account_leaves_its_mark_in_the_trail(site: Site) -> None:
    browser = site.client("anna")
    browser.post("/account", data={"name": "Anna Bò", "language": "it"})
    browser.post("/account/tokens", data={"token_name": "foglio", "days": "30"})
    browser.post("/account/password", data={"current": PASSWORD, "new": "altri gatti altrove"})
    with site.writing() as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert {"change_account", "create_api_token", "change_password"} <= actions
