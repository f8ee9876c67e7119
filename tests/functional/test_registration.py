"""Coming onto the platform: is the body here already, and if not, the body first and then the person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from matchmaker.accounts import registration
from matchmaker.accounts.models import LoginAttempt, Membership, Person
from matchmaker.accounts.services import NewPerson, create_person
from matchmaker.audit.models import AuditEntry
from matchmaker.organisations.models import Organisation, Origin
from matchmaker.territories.models import Confidence, Territory, TerritoryKind
from tests.functional.small_directory import Site, add_body, open_site

PASSWORD = "tre gatti sul tetto"
BODY = {
    "name": "Cooperativa sociale La Lucciola",
    "kind": "third_sector",
    "legal_form": "TS_COOP_A",
    "tax_code": "00743110157",
    "vat_number": "",
    "ipa_code": "",
    "municipality": "Cavour (TO)",
}
PERSON = {
    "person_name": "Anna Bo",
    "email": "Anna@lucciola.example",
    "password": PASSWORD,
    "language": "it",
    "privacy": "y",
}


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    yield from open_site(database_url)


def found(page: str) -> list[str]:
    """Names of the bodies that may be the reader's own, in order."""
    return re.findall(r'class="mm-body-name">([^<]+)<', page)


def send(site: Site, person: str | None = None, **typed: str) -> TestResponse:
    return site.client(person).post("/register/new", data=BODY | typed)


def register(site: Site, **typed: str) -> TestResponse:
    """Send the last step: body and person together."""
    return site.client().post("/register/new", data=BODY | PERSON | {"go": "person"} | typed)


def count(site: Site, model: Any) -> int:
    with site.writing() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def hidden(page: str) -> dict[str, str]:
    """What a page carries along out of sight."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


# Are we already here?


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("01750860015", ["Comune di Pinerolo"]),
        (" 0175 0860 015", ["Comune di Pinerolo"]),
        ("C_G674", ["Comune di Pinerolo"]),
        ("betulla", ["Cooperativa sociale La Betulla"]),
        ("bétulla pinerolo", ["Cooperativa sociale La Betulla"]),
        ("croce verde cavour", ["Croce Verde"]),
        ("Croc", ["Croce Verde"]),
        ("croce verde cuneo", []),
        ("%", []),
        ("zzz", []),
    ],
)
def test_a_body_is_found_by_code_by_part_of_its_name_or_by_name_and_place(
    site: Site, typed: str, names: list[str]
) -> None:
    page = site.client().get("/register", query_string={"q": typed}).text
    assert found(page) == names
    assert "Non c’è, lo registro" in page


def test_nothing_asked_nothing_found(site: Site) -> None:
    page = site.page("/register")
    assert found(page) == []
    assert "Non c’è, lo registro" not in page


def test_each_body_found_leads_to_its_claim(site: Site) -> None:
    page = site.page("/register?q=betulla")
    assert f'href="/claim/{site.bodies["coop"]}"' in page
    assert "È il nostro ente" in page


def test_bodies_out_of_sight_are_not_found_by_name_nor_by_code(site: Site) -> None:
    with site.writing() as session:
        body = session.get(Organisation, site.bodies["hidden"])
        assert body is not None
        body.tax_code = "00743110157"
    for asked in ("nascosta", "00743110157", "riservata"):
        assert found(site.page(f"/register?q={asked}")) == []
    assert found(site.page("/register?q=riservata", "member")) == ["Associazione Riservata"]
    assert found(site.page("/register?q=00743110157", "facilitator")) == ["Fondazione Nascosta"]


def test_a_very_long_question_is_answered_all_the_same(site: Site) -> None:
    assert site.client().get("/register", query_string={"q": "a b " * 500}).status_code == 200


@pytest.mark.parametrize(("typed", "field"), [("La Lucciola", "name"), ("00743110157", "tax_code")])
def test_what_was_searched_for_need_not_be_typed_again(site: Site, typed: str, field: str) -> None:
    page = site.client().get("/register/new", query_string={"q": typed}).text
    assert re.search(rf'<input[^>]* name="{field}"[^>]* value="{typed}"', page)


# The body, then the person


def test_the_body_comes_first_and_nothing_is_kept_until_the_end(site: Site) -> None:
    before = count(site, Organisation)
    second = send(site)
    assert second.status_code == 200
    assert "Chi siete voi" in second.text
    carried = hidden(second.text)
    assert {name: carried[name] for name in BODY} == BODY
    assert count(site, Organisation) == before


def test_body_and_person_are_on_the_platform_together(site: Site) -> None:
    done = register(site)
    assert done.status_code == 303
    with site.writing() as session:
        body = session.scalars(select(Organisation).where(Organisation.tax_code == BODY["tax_code"])).one()
        person = session.scalars(select(Person).where(Person.email == "anna@lucciola.example")).one()
        membership = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
        acts = set(session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == person.id)))
        assert membership.organisation_id == body.id
        assert (body.on_platform, body.origin, body.legal_form) == (True, Origin.REGISTERED, "TS_COOP_A")
        assert body.municipality is not None
        assert body.municipality.name == "Cavour"
        assert acts == {"create_person", "register_organisation"}
        assert done.headers["Location"] == f"/organisations/{body.id}/profile"


def test_whoever_registers_is_in_and_may_fill_the_profile(site: Site) -> None:
    browser = site.client()
    done = browser.post("/register/new", data=BODY | PERSON | {"go": "person"})
    page = browser.get(done.headers["Location"])
    assert page.status_code == 200
    assert "è sulla piattaforma" in page.text


def test_a_registered_body_is_found_from_then_on(site: Site) -> None:
    register(site)
    assert found(site.page("/register?q=lucciola")) == ["Cooperativa sociale La Lucciola"]


def test_going_back_keeps_what_was_typed_of_body_and_person_but_the_password(site: Site) -> None:
    back = site.client().post("/register/new", data=BODY | PERSON | {"go": "back"})
    assert back.status_code == 200
    assert 'value="Cooperativa sociale La Lucciola"' in back.text
    assert hidden(back.text)["person_name"] == "Anna Bo"
    assert PASSWORD not in back.text
    assert "Ci sono" not in back.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "Scrivete il nome dell’ente."),
        ({"kind": ""}, "Scegliete il tipo di ente."),
        ({"kind": "pizzeria"}, "Non è una opzione valida"),
        ({"legal_form": "PB_COMUNE"}, "Questa forma è di un altro tipo di ente"),
        ({"tax_code": "00743110158"}, "Questo codice fiscale non torna."),
        ({"vat_number": "123"}, "Questa partita IVA non torna"),
        ({"ipa_code": "ciss pito"}, "Un codice IPA è fatto di lettere"),
        ({"tax_code": ""}, "Indicate almeno un codice"),
        ({"municipality": ""}, "Scrivete il comune della sede."),
        ({"municipality": "Atlantide"}, "Non troviamo questo comune in Piemonte."),
        ({"municipality": "Cavour (CN)"}, "Non troviamo questo comune in Piemonte."),
        ({"name": "x" * 301}, "È troppo lungo: al massimo 300 caratteri."),
    ],
)
def test_what_will_not_do_of_the_body_is_said_beside_its_field(
    site: Site, typed: dict[str, str], words: str
) -> None:
    refused = send(site, **typed)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert f'<a href="#{next(iter(typed))}">' in refused.text
    kept = (BODY | typed)["tax_code"]
    assert f'value="{kept}"' in refused.text


def test_a_municipality_written_with_a_slip_is_guessed(site: Site) -> None:
    assert "Pinerolo (TO)" in send(site, municipality="Pinerollo").text.split("Forse intendevate:")[1][:80]


def test_a_name_that_two_municipalities_share_wants_its_province(site: Site) -> None:
    with site.writing() as session:
        session.add(
            Territory(
                kind=TerritoryKind.MUNICIPALITY, code="004999", name="Cavour", folded_name="cavour",
                province="CN", source="prova", confidence=Confidence.HIGH,
            )
        )  # fmt: skip
    refused = send(site, municipality="Cavour")
    assert (refused.status_code, "aggiungete la provincia" in refused.text) == (422, True)
    assert "Cavour (CN), Cavour (TO)" in refused.text
    assert "Chi siete voi" in send(site, municipality="Cavour (TO)").text


def test_an_informal_group_may_have_no_code(site: Site) -> None:
    answer = send(site, kind="other", legal_form="AL_INFORMALE", tax_code="")
    assert (answer.status_code, "Chi siete voi" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"person_name": ""}, "Scrivete il vostro nome."),
        ({"email": "anna"}, "Questo indirizzo e-mail non è scritto bene."),
        ({"password": ""}, "Scegliete una password."),
        ({"password": "corta"}, "troppo corta"),
        ({"password": "cooperativa2026"}, "tra le prime che chiunque proverebbe"),
        ({"password": "anna-bo-1980-anna"}, "fatta del vostro nome"),
        ({"privacy": ""}, "Per iscrivervi dovete aver letto l’informativa."),
    ],
)
def test_what_will_not_do_of_the_person_is_said_and_the_body_is_kept_along(
    site: Site, typed: dict[str, str], words: str
) -> None:
    before = count(site, Organisation)
    refused = register(site, **typed)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert hidden(refused.text)["name"] == BODY["name"]
    assert PASSWORD not in refused.text
    assert count(site, Organisation) == before


def test_a_body_that_was_tampered_with_on_the_way_goes_back_to_its_own_step(site: Site) -> None:
    refused = register(site, tax_code="00743110158")
    assert (refused.status_code, "Registrate il vostro ente" in refused.text) == (422, True)
    assert hidden(refused.text)["email"] == PERSON["email"]


# Already here


@pytest.mark.parametrize(
    "codes",
    [
        {"tax_code": "01750860015"},
        {"tax_code": "", "ipa_code": "C_G674"},
        {"tax_code": "", "vat_number": "01750860015"},
    ],
)
def test_a_code_that_stands_in_the_directory_leads_to_the_claim(site: Site, codes: dict[str, str]) -> None:
    before = count(site, Organisation)
    refused = register(site, **codes)
    assert refused.status_code == 422
    assert found(refused.text) == ["Comune di Pinerolo"]
    assert f'href="/claim/{site.bodies["town"]}"' in refused.text
    assert count(site, Organisation) == before
    assert count(site, Person) == 3


def test_the_members_of_a_vat_group_share_their_number_and_stay_different(site: Site) -> None:
    with site.writing() as session:
        add_body(
            session, "Altra del gruppo", "enterprise", None, tax_code="97523420018", vat_number="01750860015"
        )
        town = session.get(Organisation, site.bodies["town"])
        assert town is not None
        town.tax_code = None
    assert register(site, vat_number="01750860015").status_code == 303


def test_the_code_of_a_body_out_of_sight_is_refused_without_naming_it(site: Site) -> None:
    with site.writing() as session:
        body = session.get(Organisation, site.bodies["hidden"])
        assert body is not None
        body.tax_code = BODY["tax_code"]
    refused = register(site)
    assert (refused.status_code, "C’è già un ente con questo codice." in refused.text) == (422, True)
    assert found(refused.text) == []
    assert "Nascosta" not in refused.text


def test_a_near_same_name_of_the_same_place_is_asked_about_once(site: Site) -> None:
    near = {"name": "La Betula cooperativa sociale onlus", "municipality": "Pinerolo"}
    asked = send(site, **near)
    assert asked.status_code == 200
    assert "È uno di questi?" in asked.text
    assert found(asked.text) == ["Cooperativa sociale La Betulla"]
    answer = send(site, **near, distinct=str(site.bodies["coop"]))
    assert "Chi siete voi" in answer.text
    assert hidden(answer.text)["distinct"] == str(site.bodies["coop"])
    assert register(site, **near, distinct=str(site.bodies["coop"])).status_code == 303


def test_the_same_name_elsewhere_is_nothing_to_ask_about(site: Site) -> None:
    assert "Chi siete voi" in send(site, name="La Betulla", municipality="Cuneo").text


def test_a_near_same_body_out_of_sight_is_not_shown(site: Site) -> None:
    assert "Chi siete voi" in send(site, name="Fondazione Nascosta", municipality="Pinerolo").text


def test_answers_about_near_names_that_are_no_numbers_are_no_answer(site: Site) -> None:
    asked = send(site, name="La Betulla", municipality="Pinerolo", distinct="x,²,-1,,99999999999999999999")
    assert "È uno di questi?" in asked.text


def test_whoever_is_slower_by_a_moment_is_shown_the_other(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = count(site, Person)
    looked: list[int] = []
    real = registration.standing_bodies

    def late(session: Any, codes: Any) -> Any:
        # At the first look nobody was there; the other transaction ended right after it.
        looked.append(1)
        return [] if len(looked) == 1 else real(session, codes)

    monkeypatch.setattr(registration, "standing_bodies", late)
    refused = register(site, tax_code="01750860015")
    assert refused.status_code == 422
    assert found(refused.text) == ["Comune di Pinerolo"]
    assert count(site, Person) == before


# People who are here already


@pytest.fixture
def bea(site: Site) -> str:
    with site.writing() as session:
        person = create_person(session, NewPerson("Bea Co", "bea@lucciola.example", PASSWORD))
        site.people["bea"] = person.get_id()
    return "bea@lucciola.example"


def test_somebody_with_an_access_enters_on_the_way_and_registers_the_body(site: Site, bea: str) -> None:
    done = register(site, go="sign_in", email=bea, person_name="", privacy="")
    assert done.status_code == 303
    with site.writing() as session:
        member = session.scalars(select(Membership).order_by(Membership.id.desc())).first()
        assert member is not None
        assert (member.person.email, member.organisation.name) == (bea, BODY["name"])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": "sbagliata"}, "E-mail e password non corrispondono."),
        ({"email": "nessuno@lucciola.example"}, "E-mail e password non corrispondono."),
        ({"password": ""}, "Scrivete la password."),
        ({"email": ""}, "Scrivete il vostro indirizzo e-mail."),
    ],
)
def test_entering_on_the_way_with_what_will_not_do_keeps_the_body(
    site: Site, bea: str, typed: dict[str, str], words: str
) -> None:
    before = count(site, Organisation)
    refused = register(site, **({"go": "sign_in", "email": bea} | typed))
    assert (refused.status_code, words in refused.text) == (422, True)
    assert hidden(refused.text)["name"] == BODY["name"]
    assert count(site, Organisation) == before


def test_an_e_mail_in_use_registers_nothing_and_counts_as_an_attempt(site: Site, bea: str) -> None:
    bodies, people = count(site, Organisation), count(site, Person)
    refused = register(site, email=bea, password="un’altra ancora più lunga")
    assert refused.status_code == 422
    assert "Se ne avete già uno" in refused.text
    assert (count(site, Organisation), count(site, Person)) == (bodies, people)
    assert count(site, LoginAttempt) == 1


def test_an_e_mail_in_use_with_its_own_password_is_that_person(site: Site, bea: str) -> None:
    people = count(site, Person)
    assert register(site, email=bea).status_code == 303
    assert count(site, Person) == people


def test_asking_for_e_mails_one_by_one_comes_to_an_end(site: Site, bea: str) -> None:
    for _ in range(5):
        register(site, email=bea, password="un’altra ancora più lunga")
    assert "Troppi tentativi" in register(site, email=bea).text


def test_somebody_who_is_in_registers_a_second_body_in_one_step(site: Site) -> None:
    page = site.page("/register/new", "member")
    assert "Registrate l’ente" in page
    done = send(site, "member")
    assert done.status_code == 303
    with site.writing() as session:
        member = session.scalars(select(Person).where(Person.email == "member@prova.example")).one()
        assert {m.organisation.name for m in member.memberships} == {
            "Cooperativa sociale La Betulla",
            "Cooperativa sociale La Lucciola",
        }


def test_the_registration_is_complete_in_english(site: Site) -> None:
    page = site.page("/register/new", language="en")
    assert '<html lang="en">' in page
    assert "Third-sector body" in page
