"""The profile, one step at a time, as people of the body and others meet it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchmaker.accounts.models import Membership, MembershipRole, Person
from matchmaker.audit.models import AuditEntry
from matchmaker.database import utc_now
from matchmaker.organisations.models import (
    Organisation,
    ProfileTerm,
    SearchToken,
    TermField,
    Visibility,
    WorldRevision,
)
from matchmaker.organisations.profile_presenters import GAINS, completeness
from matchmaker.organisations.profile_services import STEPS, inferred_terms, said_terms
from matchmaker.territories.models import Confidence, Territory, TerritoryKind
from recommender.types import Capacity
from tests.functional.small_directory import Site, open_site


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    yield from open_site(database_url)


def address(site: Site, body: str = "coop") -> str:
    return f"/organisations/{site.bodies[body]}/profile"


def step_page(site: Site, step: str, person: str = "member", body: str = "coop") -> str:
    return site.page(f"{address(site, body)}?step={step}", person)


def fields_of(page: str) -> dict[str, list[str]]:
    """What the step's form would send as it stands: names and values."""
    form = page.partition('class="mm-form"')[2].partition("</form>")[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if "name" in attributes:
            sent.setdefault(attributes["name"], []).append(unescaped(attributes.get("value", "")))
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent[name] = re.findall(r'<option selected value="([^"]*)"', options) or [""]
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = [unescaped(text.removeprefix("\r\n"))]
    return sent


def unescaped(text: str) -> str:
    for written, read in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(written, read)
    return text


def save(
    site: Site, step: str, person: str = "member", body: str = "coop", page: str | None = None, **typed: Any
) -> TestResponse:
    """Open a step, change some of its fields, send it."""
    sent: dict[str, Any] = fields_of(page or step_page(site, step, person, body)) | typed
    return site.client(person).post(
        address(site, body), data={k: v for k, v in sent.items() if v is not None}
    )


def body(site: Site, name: str = "coop") -> Organisation:
    with site.writing() as session:
        found = session.get(Organisation, site.bodies[name])
        assert found is not None
        _everything = (
            found.terms,
            found.contacts,
            found.work_territories,
            found.municipality,
            found.participations,
        )
        return found


def acts(site: Site) -> list[tuple[str, dict[str, Any]]]:
    with site.writing() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.detail) for entry in entries]


def world(site: Site) -> int:
    with site.writing() as session:
        return session.scalar(select(WorldRevision.number)) or 0


def place(site: Site, name: str) -> int:
    with site.writing() as session:
        return session.scalars(select(Territory.id).where(Territory.name == name)).one()


# Who


@pytest.mark.parametrize("step", STEPS)
def test_each_step_opens_with_what_it_is_for_and_what_it_brings(site: Site, step: str) -> None:
    page = step_page(site, step)
    assert "Che cosa cambia:" in page
    assert 'aria-current="step"' in page
    assert f'name="step" value="{step}"' in page
    assert "style=" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_profile_of_another_body_is_as_one_that_does_not_exist(site: Site) -> None:
    browser = site.client("member")
    for name in ("firm", "town", "hidden", "members_only"):
        foreign, missing = browser.get(address(site, name)), browser.get("/organisations/999999/profile")
        assert (foreign.status_code, missing.status_code) == (404, 404)
        sent = browser.post(address(site, name), data={"step": "about", "description": "preso"})
        assert sent.status_code == 404
        assert body(site, name).description == ""


def test_a_stranger_is_sent_to_the_entrance_for_any_body(site: Site) -> None:
    for path in (address(site), "/organisations/999999/profile", address(site, "hidden")):
        assert site.client().get(path).headers["Location"].startswith("/login?next=")
        assert site.client().post(path).headers["Location"].startswith("/login?next=")


def test_a_reader_of_the_body_may_not_edit_and_an_editor_may(site: Site) -> None:
    def role(wanted: MembershipRole) -> None:
        with site.writing() as session:
            session.scalars(select(Membership)).one().role = wanted

    role(MembershipRole.READER)
    assert site.client("member").get(address(site)).status_code == 403
    role(MembershipRole.EDITOR)
    assert site.client("member").get(address(site)).status_code == 200


def test_a_facilitator_fills_the_profile_of_a_directory_body_and_an_observer_does_not(site: Site) -> None:
    assert (
        save(site, "about", "facilitator", "ambulance", description="Trasporti sanitari").status_code == 303
    )
    assert body(site, "ambulance").description == "Trasporti sanitari"
    assert site.client("observer").get(address(site, "ambulance")).status_code == 404


def test_a_step_that_is_none_is_not_there(site: Site) -> None:
    assert site.client("member").get(f"{address(site)}?step=segreti").status_code == 404
    assert site.client("member").post(address(site), data={"step": "segreti"}).status_code == 400


def test_a_profile_is_not_saved_without_its_token(site: Site) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    sent = site.client("member").post(address(site), data={"step": "about", "description": "preso"})
    assert sent.status_code == 400
    assert body(site).description.startswith("Aiutiamo")


# Saving


@pytest.mark.parametrize("step", STEPS)
def test_a_step_sent_back_as_it_stood_changes_nothing(site: Site, step: str) -> None:
    save(site, step)
    before = world(site), acts(site)
    assert save(site, step).status_code == 303
    assert (world(site), acts(site)) == before


def test_identity_is_saved_with_what_follows_from_it(site: Site) -> None:
    sent = save(site, "identity", name="Cooperativa sociale Il Faggio", tax_code="007 4311 0157", website="")
    assert sent.status_code == 303
    saved = body(site)
    assert (saved.name, saved.folded_name) == ("Cooperativa sociale Il Faggio", "faggio")
    assert (saved.tax_code, saved.website) == ("00743110157", None)
    with site.writing() as session:
        tokens = set(
            session.scalars(select(SearchToken.token).where(SearchToken.organisation_id == saved.id))
        )
    assert "fagg" in tokens
    assert "betull" not in tokens


def test_each_write_raises_the_world_and_leaves_its_mark_with_field_names_only(site: Site) -> None:
    before = world(site)
    save(site, "about", description="PAROLE SEGRETE")
    assert world(site) == before + 1
    assert body(site).revision == before + 1
    assert acts(site)[-1] == ("edit_profile", {"step": "about", "fields": ["description"]})
    assert "PAROLE" not in str(acts(site))


@pytest.mark.parametrize(
    ("step", "typed", "words"),
    [
        ("identity", {"name": ""}, "Scrivete il nome dell’ente."),
        ("identity", {"tax_code": "123"}, "Questo codice fiscale non torna."),
        ("identity", {"website": "https://betulla"}, "Scrivete l’indirizzo intero"),
        ("identity", {"website": "javascript://a.it/%0aalert(1)"}, "Scrivete l’indirizzo intero"),
        ("identity", {"website": "https://[::1"}, "Scrivete l’indirizzo intero"),
        ("identity", {"legal_form": "IM_MICRO"}, "Questa forma è di un altro tipo di ente"),
        (
            "identity",
            {"kind": "enterprise", "legal_form": "IM_MICRO", "size_class": "LARGE"},
            "La forma giuridica dice un’altra dimensione",
        ),
        ("identity", {"tax_code": "01750860015"}, "C’è già un ente con questo codice."),
        ("identity", {"ipa_code": "c_g674"}, "C’è già un ente con questo codice."),
        ("place", {"municipality": "Pinerollo"}, "Forse: Pinerolo (TO)."),
        ("place", {"more-0": "Atlantide"}, "Non troviamo questo comune in Piemonte."),
        ("place", {"municipalities": "99999999999999999999"}, "valid"),
        ("fields", {"theme": "PIZZA"}, "valid"),
        ("about", {"description": "x" * 5001}, "È troppo lungo"),
        ("about", {"project_title": "Insieme", "project_year": "1800"}, "Scrivete un anno dal 1950 in poi."),
        ("about", {"project_year": "2020"}, "Date un titolo al progetto."),
        ("joining", {"capacity": "later"}, "Dite da quale giorno."),
        ("joining", {"capacity": "later", "capacity_from": "2001-01-01"}, "Questo giorno è passato"),
        ("contacts", {"contacts-0-email": "lucia"}, "Questo indirizzo e-mail non è scritto bene."),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_typed_is_lost(
    site: Site, step: str, typed: dict[str, str], words: str
) -> None:
    before = world(site)
    refused = save(site, step, **typed)
    assert (refused.status_code, words in refused.text) == (422, True)
    assert "mm-error-summary" in refused.text
    back = fields_of(refused.text)
    for name, value in typed.items():
        if name not in ("municipalities", "theme"):
            assert back[name] == [value]
    assert world(site) == before


def test_going_on_leads_to_the_next_step_and_from_the_last_to_the_bodys_page(site: Site) -> None:
    places = [save(site, step, go="next").headers["Location"] for step in STEPS]
    following = [f"{address(site)}?step={step}" for step in list(STEPS)[1:]]
    assert places == [*following, f"/organisations/{site.bodies['coop']}"]
    assert save(site, "place", go="stay").headers["Location"] == f"{address(site)}?step=place"


def test_the_territories_of_work_are_ticked_or_written(site: Site) -> None:
    sent = save(
        site, "place", **{"more-0": "Cavour (TO)", "more-1": "Cuneo", "provinces": str(place(site, "Torino"))}
    )
    assert sent.status_code == 303
    names = {work.territory.name for work in with_territories(site)}
    assert names == {"Cavour", "Cuneo", "Torino"}


def with_territories(site: Site) -> list[Any]:
    with site.writing() as session:
        found = session.get(Organisation, site.bodies["coop"])
        assert found is not None
        return [work for work in found.work_territories if work.territory]


def test_the_seat_is_found_by_its_name_alone(site: Site) -> None:
    save(site, "place", municipality="cuneo", address="Via Roma 1")
    saved = body(site)
    assert saved.municipality is not None
    assert (saved.municipality.name, saved.address) == ("Cuneo", "Via Roma 1")


def test_a_name_that_two_municipalities_share_wants_its_province(site: Site) -> None:
    with site.writing() as session:
        session.add(
            Territory(
                kind=TerritoryKind.MUNICIPALITY, code="004999", name="Cavour", folded_name="cavour",
                province="CN", source="prova", confidence=Confidence.HIGH,
            )
        )  # fmt: skip
    refused = save(site, "place", municipality="Cavour")
    assert (refused.status_code, "Cavour (CN), Cavour (TO)" in refused.text) == (422, True)


def test_a_seat_may_be_unsaid_and_a_place_that_is_like_no_other_has_no_guess(site: Site) -> None:
    assert save(site, "place", municipality="").status_code == 303
    assert body(site).municipality is None
    assert "in Piemonte.</p>" in save(site, "place", municipality="Xyzzy").text


def test_a_legal_form_that_says_the_size_fills_it(site: Site) -> None:
    sent = save(site, "identity", kind="enterprise", legal_form="IM_PICCOLA", tax_code="00743110157")
    assert sent.status_code == 303
    assert body(site).size_class == "SMALL"


def test_fields_of_work_are_said_and_unsaid(site: Site) -> None:
    save(site, "fields", theme=["ABITARE", "POVERTA"], service=["HOUSING"])
    saved = body(site)
    assert said_terms(saved, TermField.THEME) == ["ABITARE", "POVERTA"]
    assert said_terms(saved, TermField.SERVICE) == ["HOUSING"]
    save(site, "fields", theme=None, service=None)
    assert said_terms(body(site), TermField.THEME) == []


def test_offers_needs_and_welfare_are_lists_of_their_own(site: Site) -> None:
    save(site, "welfare", offer=["SPAZI", "MEZZI"], need=["VOLONTARI"], welfare_action=["NIDO"])
    saved = body(site)
    assert said_terms(saved, TermField.OFFER) == ["MEZZI", "SPAZI"]
    assert said_terms(saved, TermField.NEED) == ["VOLONTARI"]
    assert said_terms(saved, TermField.WELFARE_ACTION) == ["NIDO"]


def test_capacity_from_a_date_keeps_its_date_and_another_answer_drops_it(site: Site) -> None:
    day = (utc_now() + timedelta(days=30)).date()
    save(site, "joining", capacity="later", capacity_from=day.isoformat())
    assert (body(site).capacity, body(site).capacity_from) == (Capacity.LATER, day)
    save(site, "joining", capacity="lead")
    assert (body(site).capacity, body(site).capacity_from) == (Capacity.LEAD, None)


def test_a_body_that_hides_is_gone_for_others_and_there_for_its_people(site: Site) -> None:
    save(site, "joining", visibility="hidden")
    assert body(site).visibility is Visibility.HIDDEN
    assert site.client().get(f"/organisations/{site.bodies['coop']}").status_code == 404
    assert site.client("member").get(address(site)).status_code == 200


def test_contacts_are_added_changed_and_emptied(site: Site) -> None:
    save(site, "contacts", **{"contacts-1-name": "Segreteria", "contacts-1-phone": "0121 000000"})
    assert [(c.name, c.phone) for c in body(site).contacts] == [
        ("Lucia CONTATTO-SEGRETO", ""),
        ("Segreteria", "0121 000000"),
    ]
    save(site, "contacts", **{"contacts-0-name": "", "contacts-0-email": ""})
    assert [c.name for c in body(site).contacts] == ["Segreteria"]


def test_contacts_are_on_no_page_but_their_own_step(site: Site) -> None:
    for step in STEPS:
        assert ("CONTATTO-SEGRETO" in step_page(site, step)) == (step == "contacts")


# What was read off the name


def test_what_was_inferred_is_shown_apart_and_never_ticked(site: Site) -> None:
    page = step_page(site, "fields", "facilitator", "ambulance")
    assert 'name="confirm" value="theme:SALUTE"' in page
    assert "da «croce verde»" in page
    assert "theme" not in fields_of(page)


def test_one_tap_confirms_what_was_inferred_and_saves_the_rest(site: Site) -> None:
    save(site, "fields", "facilitator", "ambulance", confirm="theme:SALUTE", service=["TRASPORTO"])
    saved = body(site, "ambulance")
    assert said_terms(saved, TermField.THEME) == ["SALUTE"]
    assert said_terms(saved, TermField.SERVICE) == ["TRASPORTO"]
    assert all(term.evidence is None for term in saved.terms)


def test_all_that_was_inferred_in_a_list_is_confirmed_at_once(site: Site) -> None:
    with site.writing() as session:
        session.add(
            ProfileTerm(
                organisation_id=site.bodies["ambulance"],
                field=TermField.THEME,
                code="SOCCORSO",
                inference_rule="y",
            )
        )
    assert 'value="theme:all"' in step_page(site, "fields", "facilitator", "ambulance")
    save(site, "fields", "facilitator", "ambulance", confirm="theme:all")
    assert said_terms(body(site, "ambulance"), TermField.THEME) == ["SALUTE", "SOCCORSO"]


def test_saying_another_theme_takes_the_place_of_the_inferred_one(site: Site) -> None:
    save(site, "fields", "facilitator", "ambulance", theme=["SOCCORSO"])
    saved = body(site, "ambulance")
    assert said_terms(saved, TermField.THEME) == ["SOCCORSO"]
    assert inferred_terms(saved, TermField.THEME) == []


def test_saying_nothing_about_a_list_leaves_what_was_inferred(site: Site) -> None:
    save(site, "fields", "facilitator", "ambulance", service=["TRASPORTO"])
    assert [term.code for term in inferred_terms(body(site, "ambulance"), TermField.THEME)] == ["SALUTE"]


def test_an_inferred_legal_form_is_confirmed_with_one_tap(site: Site) -> None:
    page = step_page(site, "identity", "facilitator", "ambulance")
    assert fields_of(page)["legal_form"] == [""]
    save(site, "identity", "facilitator", "ambulance", confirm="legal_form:TS_ODV")
    assert (body(site, "ambulance").legal_form, body(site, "ambulance").legal_form_rule) == ("TS_ODV", None)


def test_an_inferred_legal_form_falls_with_the_kind_it_was_of(site: Site) -> None:
    save(
        site,
        "identity",
        "facilitator",
        "ambulance",
        kind="enterprise",
        confirm="legal_form:TS_ODV",
        tax_code="",
    )
    saved = body(site, "ambulance")
    assert (saved.kind, saved.legal_form, saved.legal_form_rule) == ("enterprise", None, None)


@pytest.mark.parametrize("confirm", ["theme:ANIMALI", "name:x", "theme", "pippo:all", ":", "seen:all"])
def test_only_what_was_inferred_can_be_confirmed(site: Site, confirm: str) -> None:
    save(site, "fields", "facilitator", "ambulance", confirm=confirm)
    assert said_terms(body(site, "ambulance"), TermField.THEME) == []


# How complete it is


def test_the_ring_and_the_next_thing_to_add_stand_on_every_step(site: Site) -> None:
    page = step_page(site, "identity")
    percent = completeness(body(site)).percent
    assert f"Profilo completo al {percent} per cento" in page
    assert f'stroke-dasharray="{percent} 100"' in page
    assert "La cosa più utile da aggiungere" in page


def test_the_next_thing_is_the_heaviest_that_lacks_and_links_to_its_field(site: Site) -> None:
    lacking = completeness(body(site, "ambulance")).next_gain
    assert lacking is not None
    assert lacking.field == "theme"
    page = step_page(site, "about", "facilitator", "ambulance")
    assert f'href="{address(site, "ambulance")}?step=fields#theme"' in page


def test_every_gain_leads_to_a_field_that_its_step_has(site: Site) -> None:
    for gain in GAINS:
        assert f'id="{gain.field}"' in step_page(site, gain.step), gain.field


def test_adding_never_makes_a_profile_less_complete(site: Site) -> None:
    steps: list[dict[str, Any]] = [
        {"step": "fields", "target_group": ["ANZIANI"], "service": ["DOMICILIO"]},
        {"step": "joining", "capacity": "partner"},
        {"step": "about", "project_title": "Altro", "project_year": "2021"},
    ]
    percents = [completeness(body(site)).percent]
    for typed in steps:
        assert save(site, **typed).status_code == 303
        percents.append(completeness(body(site)).percent)
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert "C’è tutto." in step_page(site, "about")


def test_the_weights_of_the_ring_add_up_to_a_hundred() -> None:
    assert sum(gain.weight for gain in GAINS) == 100


def test_the_pages_of_a_profile_ask_the_database_the_same_however_much_it_holds(site: Site) -> None:
    def queries(step: str) -> int:
        with site.counting_queries() as statements:
            step_page(site, step)
        return len(statements)

    before = {step: queries(step) for step in STEPS}
    save(site, "about", project_title="Altro", project_year="2021", partner_names="Croce Verde")
    save(site, "place", **{"more-0": "Cavour", "more-1": "Pinerolo"})
    save(site, "contacts", **{"contacts-1-name": "Segreteria"})
    assert {step: queries(step) for step in STEPS} == before


def test_the_person_in_the_trail_is_the_one_who_saved(site: Site) -> None:
    save(site, "about", description="Altro")
    with site.writing() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        person = session.scalars(select(Person).where(Person.email == "member@prova.example")).one()
        assert entry is not None
        assert (entry.actor_id, entry.object_type, entry.object_id) == (
            person.id,
            "organisation",
            site.bodies["coop"],
        )
