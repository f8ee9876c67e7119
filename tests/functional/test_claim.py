"""Asking to act for a body of the directory, and the facilitator's answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchmaker.accounts.models import Claim, ClaimState, Membership, MembershipRole, Person
from matchmaker.accounts.services import NewPerson, create_person
from matchmaker.audit.models import AuditEntry
from matchmaker.organisations.models import Organisation, Visibility
from tests.functional.small_directory import Site, open_site

PASSWORD = "tre gatti sul tetto"
PERSON = {
    "person_name": "Anna Bo",
    "email": "anna@croceverde.example",
    "password": PASSWORD,
    "language": "it",
    "privacy": "y",
    "go": "person",
    "message": "Sono la PRESIDENTE-SEGRETA",
}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    for site in open_site(database_url):
        with site.writing() as session:
            bea = create_person(session, NewPerson("Bea Co", "bea@lucciola.example", PASSWORD))
            site.people["bea"] = bea.get_id()
        yield site


def ask(site: Site, person: str | None = "bea", body: str = "ambulance", **typed: str) -> TestResponse:
    return site.client(person).post(f"/claim/{site.bodies[body]}", data=typed)


def decide(
    site: Site, verdict: str, person: str | None = "facilitator", number: int | None = None
) -> TestResponse:
    number = number or the_claim(site).id
    return site.client(person).post(f"/claims/{number}/{verdict}")


def the_claim(site: Site) -> Claim:
    with site.writing() as session:
        return session.scalars(select(Claim)).one()


def body(site: Site, name: str = "ambulance") -> Organisation:
    with site.writing() as session:
        found = session.get(Organisation, site.bodies[name])
        assert found is not None
        return found


def members(site: Site, name: str = "ambulance") -> list[str]:
    with site.writing() as session:
        return list(
            session.scalars(
                select(Person.email)
                .join(Membership, Membership.person_id == Person.id)
                .where(Membership.organisation_id == site.bodies[name])
                .order_by(Person.email)
            )
        )


def test_a_stranger_creates_their_access_and_asks_in_one_step(site: Site) -> None:
    browser = site.client()
    sent = browser.post(f"/claim/{site.bodies['ambulance']}", data=PERSON)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/account")
    page = browser.get("/account").text
    assert "Richiesta inviata per Croce Verde" in page
    assert "Croce Verde: richiesta in attesa del facilitatore" in page
    assert the_claim(site).state is ClaimState.WAITING


def test_somebody_with_an_access_enters_on_the_way(site: Site) -> None:
    typed = PERSON | {"go": "sign_in", "email": "bea@lucciola.example", "person_name": "", "privacy": ""}
    assert site.client().post(f"/claim/{site.bodies['ambulance']}", data=typed).status_code == 303
    with site.writing() as session:
        assert session.scalars(select(Claim)).one().person.email == "bea@lucciola.example"


def test_what_will_not_do_keeps_what_was_typed(site: Site) -> None:
    refused = site.client().post(f"/claim/{site.bodies['ambulance']}", data=PERSON | {"password": "corta"})
    assert refused.status_code == 422
    assert "troppo corta" in refused.text
    assert 'value="anna@croceverde.example"' in refused.text
    assert "Sono la PRESIDENTE-SEGRETA" in refused.text
    with site.writing() as session:
        assert session.scalars(select(Claim)).all() == []


def test_a_message_that_is_too_long_is_refused(site: Site) -> None:
    assert ask(site, message="x" * 1001).status_code == 422


def test_until_the_answer_a_person_browses_and_fills_nothing(site: Site) -> None:
    ask(site)
    browser = site.client("bea")
    number = site.bodies["ambulance"]
    assert browser.get(f"/organisations/{number}").status_code == 200
    assert browser.get(f"/organisations/{number}/profile").status_code == 404
    saved = browser.post(f"/organisations/{number}/profile", data={"step": "about", "description": "noi"})
    assert saved.status_code == 404
    assert not body(site).on_platform
    assert members(site) == []


def test_asking_twice_sends_one_claim(site: Site) -> None:
    ask(site)
    assert ask(site).status_code == 303
    assert the_claim(site).state is ClaimState.WAITING
    assert "La vostra richiesta è in attesa" in site.page(f"/claim/{site.bodies['ambulance']}", "bea")


def test_whoever_acts_for_a_body_has_nothing_to_ask(site: Site) -> None:
    page = site.page(f"/claim/{site.bodies['coop']}", "member")
    assert "Gestite già questo ente" in page
    assert ask(site, "member", "coop").status_code == 303
    with site.writing() as session:
        assert session.scalars(select(Claim)).all() == []


def test_a_confirmed_claim_opens_the_profile(site: Site) -> None:
    ask(site)
    assert decide(site, "confirm").status_code == 303
    assert body(site).on_platform
    assert members(site) == ["bea@lucciola.example"]
    browser = site.client("bea")
    assert browser.get(f"/organisations/{site.bodies['ambulance']}/profile").status_code == 200
    assert "richiesta confermata" in browser.get("/account").text


def test_a_colleague_who_edits_becomes_administrator_by_a_confirmed_claim(site: Site) -> None:
    ask(site, body="coop")
    with site.writing() as session:
        bea = session.scalars(select(Person).where(Person.email == "bea@lucciola.example")).one()
        editor = MembershipRole.EDITOR
        session.add(Membership(person_id=bea.id, organisation_id=site.bodies["coop"], role=editor))
    decide(site, "confirm")
    with site.writing() as session:
        roles = set(session.scalars(select(Membership.role)))
    assert roles == {MembershipRole.ADMINISTRATOR}


def test_a_refused_claim_changes_nothing_and_may_be_sent_again(site: Site) -> None:
    ask(site)
    decide(site, "refuse")
    assert (body(site).on_platform, members(site)) == (False, [])
    assert "richiesta non accolta" in site.page("/account", "bea")
    assert ask(site).status_code == 303
    with site.writing() as session:
        assert {claim.state for claim in session.scalars(select(Claim))} == {
            ClaimState.WAITING,
            ClaimState.REFUSED,
        }


def test_a_claim_on_a_body_that_is_on_the_platform_waits_for_the_facilitator_too(site: Site) -> None:
    ask(site, body="coop")
    assert members(site, "coop") == ["member@prova.example"]
    desk = site.page("/claims", "facilitator")
    assert "Già amministratori" in desk
    assert "Persona member" in desk
    decide(site, "confirm")
    assert members(site, "coop") == ["bea@lucciola.example", "member@prova.example"]


def test_the_facilitator_sees_who_asks_for_what_and_why(site: Site) -> None:
    ask(site, message="Sono la presidente")
    desk = site.page("/claims", "facilitator")
    for words in ("Croce Verde", "Bea Co", "bea@lucciola.example", "Sono la presidente"):
        assert words in desk


def test_an_answered_claim_leaves_the_desk_and_stands_among_the_recent_ones(site: Site) -> None:
    ask(site)
    decide(site, "refuse")
    desk = site.page("/claims", "facilitator")
    assert "Nessuna richiesta in attesa" in desk
    assert "Bea Co per Croce Verde: non accolta" in desk


def test_a_claim_is_answered_once(site: Site) -> None:
    ask(site)
    decide(site, "refuse")
    again = site.client("facilitator")
    assert again.post(f"/claims/{the_claim(site).id}/confirm").status_code == 303
    assert "Qualcuno ha già deciso" in again.get("/claims").text
    assert members(site) == []


@pytest.mark.parametrize("person", ["bea", "member", "observer"])
def test_the_desk_and_its_answers_are_not_for_others(site: Site, person: str) -> None:
    ask(site, message="PAROLE-DI-BEA")
    desk = site.client(person).get("/claims")
    assert desk.status_code == 403
    assert "PAROLE-DI-BEA" not in desk.text
    for verdict in ("confirm", "refuse"):
        foreign = decide(site, verdict, person)
        missing = decide(site, verdict, person, number=999_999)
        assert (foreign.status_code, missing.status_code) == (404, 404)
    assert the_claim(site).state is ClaimState.WAITING


def test_a_stranger_who_would_answer_is_sent_to_the_entrance(site: Site) -> None:
    ask(site)
    assert decide(site, "confirm", person=None).headers["Location"].startswith("/login")
    assert site.client().get("/claims").headers["Location"] == "/login?next=/claims"
    assert the_claim(site).state is ClaimState.WAITING


def test_a_body_out_of_sight_cannot_be_asked_for(site: Site) -> None:
    for person, name in ((None, "hidden"), ("bea", "hidden"), (None, "members_only")):
        assert site.client(person).get(f"/claim/{site.bodies[name]}").status_code == 404
        assert ask(site, person, name).status_code == 404
    assert site.client("bea").get(f"/claim/{site.bodies['members_only']}").status_code == 200
    assert site.client().get("/claim/999999").status_code == 404


def test_a_claim_on_a_body_that_hides_later_is_no_longer_named(site: Site) -> None:
    ask(site)
    with site.writing() as session:
        hiding = session.get(Organisation, site.bodies["ambulance"])
        assert hiding is not None
        hiding.visibility = Visibility.HIDDEN
    assert "Croce Verde" not in site.page("/account", "bea")
    assert "Croce Verde" in site.page("/claims", "facilitator")


def test_every_act_leaves_its_mark_without_anybodys_words(site: Site) -> None:
    site.client().post(f"/claim/{site.bodies['ambulance']}", data=PERSON)
    decide(site, "confirm")
    with site.writing() as session:
        entries: list[Any] = [(entry.action, entry.detail) for entry in session.scalars(select(AuditEntry))]
    assert [action for action, _detail in entries][-3:] == [
        "create_person",
        "request_claim",
        "confirmed_claim",
    ]
    assert not re.search(r"PRESIDENTE|Anna|croceverde", str(entries))


def test_the_desk_asks_the_database_the_same_however_many_wait(site: Site) -> None:
    counts = []
    for body_name in ("ambulance", "town", "firm"):
        ask(site, body=body_name)
        with site.counting_queries() as statements:
            site.page("/claims", "facilitator")
        counts.append(len(statements))
    assert len(set(counts)) == 1
