"""Two people at one profile, and the past projects that a body tells."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from matchmaker.accounts.services import NewPerson, create_person
from matchmaker.audit.models import AuditEntry
from matchmaker.database import db
from matchmaker.organisations.models import Organisation, Participation, PastProject
from matchmaker.organisations.profile_services import (
    ChangedMeanwhile,
    StepEdit,
    edit_profile,
    marks_of,
    read_step,
)
from tests.functional.small_directory import Site, add_body, open_site
from tests.functional.test_profile import address, body, fields_of, save, step_page


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    yield from open_site(database_url)


def project(site: Site, title: str) -> PastProject | None:
    with site.writing() as session:
        found = session.scalars(select(PastProject).where(PastProject.title == title)).one_or_none()
        _loaded = [part.organisation_id for part in found.participations] if found else []
        return found


def partners(site: Site, title: str) -> set[str]:
    """The short names of the bodies of a project."""
    names = {number: name for name, number in site.bodies.items()}
    found = project(site, title)
    return {names[part.organisation_id] for part in found.participations} if found else set()


# Two at once


def test_the_second_of_two_is_told_what_is_there_now_and_loses_nothing(site: Site) -> None:
    page = step_page(site, "about")
    save(site, "about", "facilitator", description="La versione del collega")
    told = save(site, "about", page=page, description="La mia versione", project_title="Insieme")
    assert told.status_code == 409
    assert "Un’altra persona ha salvato mentre scrivevate" in told.text
    assert "adesso c’è «La versione del collega»" in told.text
    back = fields_of(told.text)
    assert (back["description"], back["project_title"]) == (["La mia versione"], ["Insieme"])
    assert body(site).description == "La versione del collega"
    assert project(site, "Insieme") is None


def test_saving_again_after_being_told_makes_ones_own_version_count(site: Site) -> None:
    page = step_page(site, "about")
    save(site, "about", "facilitator", description="La versione del collega")
    told = save(site, "about", page=page, description="La mia versione")
    assert save(site, "about", page=told.text).status_code == 303
    assert body(site).description == "La mia versione"


def test_two_people_on_different_fields_of_a_step_do_not_meet(site: Site) -> None:
    page = step_page(site, "identity")
    save(site, "identity", "facilitator", website="https://nuovo.example")
    assert save(site, "identity", page=page, name="Cooperativa Il Faggio").status_code == 303
    saved = body(site)
    assert (saved.name, saved.website) == ("Cooperativa Il Faggio", "https://nuovo.example")


def test_on_a_clash_the_fields_that_one_left_alone_show_what_the_other_saved(site: Site) -> None:
    page = step_page(site, "identity")
    save(site, "identity", "facilitator", name="Del collega", website="https://nuovo.example")
    back = fields_of(save(site, "identity", page=page, name="Mio").text)
    assert (back["name"], back["website"]) == (["Mio"], ["https://nuovo.example"])


def test_pressing_twice_is_no_clash(site: Site) -> None:
    page = step_page(site, "about")
    save(site, "about", page=page, description="Una volta")
    assert save(site, "about", page=page, description="Una volta").status_code == 303


@pytest.mark.parametrize(
    ("step", "first", "second", "words"),
    [
        ("place", {"municipality": "Cavour"}, {"municipality": "Cuneo"}, "adesso c’è «Cavour (TO)»"),
        (
            "fields",
            {"theme": ["ABITARE"]},
            {"theme": ["SALUTE"]},
            "adesso c’è «Abitare e politiche per la casa»",
        ),
        ("welfare", {"need": None}, {"need": ["MEZZI"]}, "adesso c’è «niente»"),
        (
            "joining",
            {"capacity": "later", "capacity_from": "2099-03-01"},
            {"capacity": "later", "capacity_from": "2099-04-01"},
            "adesso c’è «1 marzo 2099»",
        ),
        ("contacts", {"contacts-1-name": "Anna"}, {"contacts-1-name": "Bea"}, "Anna»"),
        ("place", {"more-0": "Cavour"}, {"more-0": "Pinerolo"}, "Cavour (TO)"),
    ],
)
def test_what_is_there_now_is_told_in_words_on_every_step(
    site: Site, step: str, first: dict[str, object], second: dict[str, object], words: str
) -> None:
    page = step_page(site, step)
    assert save(site, step, "facilitator", page=page, **first).status_code == 303
    told = save(site, step, page=page, **second)
    assert (told.status_code, words in told.text) == (409, True)


def test_two_transactions_at_one_moment_take_turns(site: Site) -> None:
    seen = marks_of(read_step(body(site), "about"))
    with site.writing() as session:
        actor = create_person(session, NewPerson("Anna Bo", "anna@betulla.example", "tre gatti sul tetto")).id
    results: list[str] = []
    start = threading.Barrier(2)

    def edit(text: str) -> None:
        start.wait(timeout=20)
        with site.app.app_context(), db.writing() as session:
            found = session.get(Organisation, site.bodies["coop"])
            assert found is not None
            try:
                edit_profile(session, actor, found, StepEdit("about", {"description": text}, seen))
                results.append(text)
            except ChangedMeanwhile as clash:
                results.append(f"told of {clash.present['description']}")

    threads = [threading.Thread(target=edit, args=(text,)) for text in ("uno", "due")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    saved = body(site).description
    assert sorted(results) == sorted([saved, f"told of {saved}"])


def test_a_code_taken_at_the_last_moment_is_said_beside_its_field(site: Site) -> None:
    page = step_page(site, "identity")
    with site.writing() as session:
        add_body(session, "Altra", "enterprise", None, tax_code="00743110157")
    refused = save(site, "identity", page=page, tax_code="00743110157")
    assert refused.status_code == 422
    assert '<a href="#tax_code">' in refused.text


# Past projects


def test_a_project_is_told_with_its_year_and_partners_found_by_name_or_code(site: Site) -> None:
    names = "croce verde\r\n01750860015\r\n\r\nOfficine Stura"
    sent = save(site, "about", project_title="Insieme", project_year="2021", partner_names=names)
    assert sent.status_code == 303
    told = project(site, "Insieme")
    assert told is not None
    assert (told.start_year, told.stated_by_id, told.measure) == (2021, site.bodies["coop"], None)
    assert partners(site, "Insieme") == {"coop", "ambulance", "town", "firm"}
    assert "Insieme" in step_page(site, "about")


def test_a_name_that_several_may_answer_to_is_asked_about(site: Site) -> None:
    asked = save(
        site, "about", project_title="Insieme", partner_names="consorzio servizi\nVerde\nNessuno così"
    )
    assert asked.status_code == 422
    assert "«Verde» può essere più di un ente" in asked.text
    assert "Nessun ente dell’elenco risponde a «Nessuno così»" in asked.text
    back = fields_of(asked.text)
    assert back["partner_names"] == ["Nessuno così"]
    assert back["project_title"] == ["Insieme"]
    assert "Croce Verde, Cavour (TO)" in asked.text
    assert project(site, "Insieme") is None
    chosen = save(site, "about", page=asked.text, partners=[str(site.bodies["ambulance"])], partner_names="")
    assert chosen.status_code == 303
    assert partners(site, "Insieme") == {"coop", "ambulance"}


def test_nothing_of_the_step_is_kept_when_the_project_will_not_do(site: Site) -> None:
    refused = save(site, "about", description="Altro", project_title="Insieme", partner_names="Nessuno così")
    assert refused.status_code == 422
    assert "Salvato." not in refused.text
    assert body(site).description.startswith("Aiutiamo")


def test_signs_that_are_no_name_answer_to_nobody(site: Site) -> None:
    asked = save(site, "about", project_title="Insieme", partner_names="!!!")
    assert "Nessun ente dell’elenco risponde a «!!!»" in asked.text


def test_bodies_out_of_sight_are_no_partners(site: Site) -> None:
    asked = save(site, "about", project_title="Insieme", partner_names="Fondazione Nascosta")
    assert "Nessun ente dell’elenco risponde" in asked.text
    forced = save(site, "about", project_title="Insieme", partners=[str(site.bodies["hidden"])])
    assert forced.status_code == 422
    assert project(site, "Insieme") is None


def test_a_body_is_no_partner_of_itself(site: Site) -> None:
    save(site, "about", project_title="Insieme", partner_names="La Betulla\nCroce Verde")
    assert partners(site, "Insieme") == {"coop", "ambulance"}


def test_changing_a_project_keeps_the_partners_that_one_may_not_see(site: Site) -> None:
    number = project(site, "Dopo la scuola")
    assert number is not None
    page = site.page(f"{address(site)}?step=about&project={number.id}", "member")
    assert "Nascosta" not in page
    shown = fields_of(page)
    assert shown["project_title"] == ["Dopo la scuola"]
    assert {int(value) for value in shown["partners"]} == {site.bodies["town"], site.bodies["members_only"]}
    ticked = [str(site.bodies["town"])]
    assert save(site, "about", page=page, project_title="Dopo scuola", partners=ticked).status_code == 303
    assert partners(site, "Dopo scuola") == {"coop", "town", "hidden"}


def test_the_second_who_changes_a_project_is_told(site: Site) -> None:
    number = project(site, "Dopo la scuola")
    assert number is not None
    page = site.page(f"{address(site)}?step=about&project={number.id}", "member")
    with site.writing() as session:
        found = session.get(PastProject, number.id)
        assert found is not None
        found.description = "cambiato"
    told = save(site, "about", page=page, project_title="Mio titolo")
    assert (told.status_code, "Un’altra persona ha cambiato questo progetto" in told.text) == (422, True)
    assert fields_of(told.text)["project_title"] == ["Mio titolo"]
    assert save(site, "about", page=told.text).status_code == 303
    assert partners(site, "Mio titolo") >= {"coop", "town"}


def test_a_project_is_taken_back_by_whoever_told_it(site: Site) -> None:
    own = project(site, "Dopo la scuola")
    assert own is not None
    save(site, "about", remove_project=str(own.id))
    assert project(site, "Dopo la scuola") is None
    with site.writing() as session:
        assert session.scalar(select(func.count()).select_from(Participation)) == 2
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.action, last.detail) == ("remove_project", {"organisation": site.bodies["coop"]})


def test_what_another_body_told_cannot_be_changed_nor_taken_back(site: Site) -> None:
    with site.writing() as session:
        other = PastProject(title="Di altri", stated_by_id=site.bodies["firm"])
        other.participations = [Participation(organisation_id=site.bodies[name]) for name in ("firm", "coop")]
        session.add(other)
        session.flush()
        number = other.id
    page = site.page(f"{address(site)}?step=about&project={number}", "member")
    assert "L’ha indicato un altro ente" in page
    assert fields_of(page)["project_title"] == [""]
    save(site, "about", remove_project=str(number))
    save(site, "about", project_id=str(number), project_title="Preso")
    assert partners(site, "Di altri") == {"firm", "coop"}
    assert partners(site, "Preso") == {"coop"}


def test_what_a_body_out_of_sight_told_is_not_shown(site: Site) -> None:
    assert "RACCONTATO-DA-NASCOSTI" not in step_page(site, "about")
    assert "RACCONTATO-DA-NASCOSTI" in step_page(site, "about", "facilitator")


def test_too_many_names_at_once_are_looked_up_in_part_and_kept(site: Site) -> None:
    names = [f"Nessuno {number}" for number in range(40)]
    asked = save(site, "about", project_title="Insieme", partner_names="\n".join(names))
    assert "Al massimo 30 nomi alla volta." in asked.text
    assert set(fields_of(asked.text)["partner_names"][0].splitlines()) == set(names)


def test_a_new_tie_raises_the_world(site: Site) -> None:
    before = body(site).revision
    save(site, "about", project_title="Insieme", partner_names="Croce Verde")
    assert body(site).revision > before
