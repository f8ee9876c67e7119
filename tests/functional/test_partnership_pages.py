"""From a proposal to a draft that is changed, checked again and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.audit.models import AuditEntry
from matchmaker.partnerships.models import Partnership, PartnershipMember
from recommender.types import Role
from tests.functional.small_directory import Site, open_site


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    yield from open_site(database_url)


QUESTION = "?measure=M1&themes=POVERTA"


def proposals(site: Site, body: str = "coop", person: str = "member", question: str = QUESTION) -> str:
    return site.page(f"/organisations/{site.bodies[body]}/proposals{question}", person)


def hidden_fields(page: str) -> dict[str, str]:
    first = page.split('class="mm-inline-form"')[1]
    return dict(re.findall(r'<input type="hidden" name="(members|flavour)" value="([^"]*)"', first))


def open_draft(site: Site, client: FlaskClient) -> int:
    fields = hidden_fields(proposals(site))
    answer = client.post(f"/organisations/{site.bodies['coop']}/partnerships{QUESTION}", data=fields)
    assert answer.status_code == 303
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def members(site: Site, draft: int) -> dict[str, Role]:
    with site.writing() as session:
        rows = session.scalars(select(PartnershipMember).where(PartnershipMember.partnership_id == draft))
        return {row.organisation.name: row.role for row in rows}


def test_three_proposals_satisfy_the_measure_and_are_led_by_a_public_body(site: Site) -> None:
    page = proposals(site)
    assert page.count("Si qualifica</strong>") == len(re.findall(r'id="proposal-\d"', page)) > 0
    lead = re.search(r'mm-role">Capofila</span>.*?mm-body-name"[^>]*>([^<]+)<', page, re.S)
    assert lead is not None
    assert lead.group(1) in ("Consorzio servizi sociali", "Comune di Pinerolo")


def test_a_measure_that_nobody_can_meet_names_the_rule_that_blocks(site: Site) -> None:
    page = proposals(site, body="town", person="facilitator", question="?measure=M2")
    assert "Con queste regole oggi nessun partenariato si qualifica" in page
    assert "del terzo settore" in page


def test_a_proposal_is_opened_as_a_draft_and_found_again(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    page = client.get(f"/partnerships/{draft}").get_data(as_text=True)
    assert "Si qualifica</strong>" in page
    assert "Cooperativa sociale La Betulla" in page
    assert f"/partnerships/{draft}" in client.get(
        f"/organisations/{site.bodies['coop']}/partnerships"
    ).get_data(as_text=True)


def test_taking_the_only_public_body_out_says_what_is_missing_and_who_fits(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    for name in ("consortium", "town"):
        client.post(f"/partnerships/{draft}/members/remove", data={"organisation": site.bodies[name]})
    page = client.get(f"/partnerships/{draft}").get_data(as_text=True)
    assert "Non si qualifica ancora" in page
    assert "Serve ancora un ente pubblico." in page
    assert "enti adatti nel distretto" in page


def test_a_body_is_added_and_made_lead_and_the_former_lead_becomes_partner(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    before = members(site, draft)
    former = next(name for name, role in before.items() if role is Role.LEAD)
    other = "town" if former != "Comune di Pinerolo" else "consortium"
    client.post(f"/partnerships/{draft}/members", data={"organisation": site.bodies[other]})
    client.post(
        f"/partnerships/{draft}/members/role", data={"organisation": site.bodies[other], "role": "lead"}
    )
    after = members(site, draft)
    assert list(after.values()).count(Role.LEAD) == 1
    assert after[former] is Role.PARTNER


def test_the_owner_cannot_be_taken_out_of_its_own_draft(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    client.post(f"/partnerships/{draft}/members/remove", data={"organisation": site.bodies["coop"]})
    assert "Cooperativa sociale La Betulla" in members(site, draft)


def test_a_body_added_twice_stands_once(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    for _time in range(2):
        client.post(f"/partnerships/{draft}/members", data={"organisation": site.bodies["ambulance"]})
    assert list(members(site, draft)).count("Croce Verde") == 1


def test_what_the_project_says_is_kept_and_checked_again(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    answer = client.post(
        f"/partnerships/{draft}",
        data={
            "title": "Emporio di valle",
            "themes": ["POVERTA"],
            "districts": ["pinerolo"],
            "declared-emerging_needs": "yes",
            "budget": "120000",
        },
    )
    assert answer.status_code == 303
    page = client.get(f"/partnerships/{draft}").get_data(as_text=True)
    assert "Emporio di valle" in page
    with site.writing() as session:
        project = session.get_one(Partnership, draft).project
    assert project["declared"] == {"emerging_needs": True}
    assert project["budget"] == 120000


def test_a_draft_without_title_is_refused_and_loses_nothing_typed(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    answer = client.post(f"/partnerships/{draft}", data={"title": "", "text": "Una mensa di quartiere"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Date un titolo alla bozza." in page
    assert "Una mensa di quartiere" in page


def test_a_composition_with_a_hidden_body_cannot_be_opened(site: Site) -> None:
    client = site.client("member")
    answer = client.post(
        f"/organisations/{site.bodies['coop']}/partnerships{QUESTION}",
        data={"members": f"{site.bodies['hidden']}:lead"},
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("sent", ["1:king", "x", "1"])
def test_a_composition_that_makes_no_sense_is_refused(site: Site, sent: str) -> None:
    client = site.client("member")
    answer = client.post(
        f"/organisations/{site.bodies['coop']}/partnerships{QUESTION}", data={"members": sent}
    )
    assert answer.status_code in (400, 404)


def test_a_composition_with_two_leads_is_refused(site: Site) -> None:
    leads = f"{site.bodies['town']}:lead,{site.bodies['consortium']}:lead"
    address = f"/organisations/{site.bodies['coop']}/partnerships{QUESTION}"
    assert site.client("member").post(address, data={"members": leads}).status_code == 400


def test_a_deleted_draft_is_gone_and_the_audit_trail_says_so(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    client.post(f"/partnerships/{draft}/delete")
    assert client.get(f"/partnerships/{draft}").status_code == 404
    with site.writing() as session:
        acts = session.scalars(select(AuditEntry.action).where(AuditEntry.object_type == "partnership")).all()
    assert acts == ["partnership.opened", "partnership.deleted"]


def test_a_draft_s_line_counts_only_members_that_its_reader_may_see(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    with site.writing() as session:
        session.add(
            PartnershipMember(partnership_id=draft, organisation_id=site.bodies["hidden"], role=Role.PARTNER)
        )
    shown = len(members(site, draft)) - 1
    page = client.get(f"/organisations/{site.bodies['coop']}/partnerships").get_data(as_text=True)
    assert f"{shown} enti" in page
    assert f"{shown + 1} enti" not in page


def test_a_composition_of_too_many_bodies_is_refused(site: Site) -> None:
    from tests.functional.small_directory import add_body

    with site.writing() as session:
        ids = [add_body(session, f"Ente {n}", "third_sector", None).id for n in range(45)]
    sent = ",".join(f"{body}:partner" for body in ids)
    address = f"/organisations/{site.bodies['coop']}/partnerships{QUESTION}"
    assert site.client("member").post(address, data={"members": sent}).status_code == 400


def test_a_search_with_the_character_nul_finds_without_it(site: Site) -> None:
    client = site.client("member")
    draft = open_draft(site, client)
    page = client.get(f"/partnerships/{draft}", query_string={"cerca": "cro\x00ce"})
    assert page.status_code == 200
    assert "Croce Verde" in page.get_data(as_text=True)
