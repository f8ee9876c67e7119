"""Drafts over the API: opened, changed, checked and deleted by the same services as on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.accounts.models import Membership, MembershipRole
from matchmaker.audit.models import AuditEntry
from matchmaker.organisations.models import Organisation, Visibility
from matchmaker.partnerships.models import Partnership
from matchmaker.partnerships.services import MOST_MEMBERS
from tests.functional.api_callers import API, Caller, caller, fields_of
from tests.functional.small_directory import Site, add_body, open_site


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    yield from open_site(database_url)


@pytest.fixture
def coop(site: Site) -> Caller:
    return caller(site, "member")


def team(site: Site, **more: Any) -> dict[str, Any]:
    return {
        "organisation_id": site.bodies["coop"],
        "measure": "M1",
        "districts": ["pinerolo"],
        "members": [{"organisation": "ipa:c_g674", "role": "lead"}, site.bodies["ambulance"]],
        **more,
    }


def opened(site: Site, coop: Caller, **more: Any) -> dict[str, Any]:
    response = coop.post("/partnerships", team(site, **more))
    assert response.status_code == 201, response.get_data(as_text=True)
    draft: dict[str, Any] = response.get_json()
    assert response.headers["Location"] == f"{API}/partnerships/{draft['id']}"
    return draft


def roles(draft: dict[str, Any]) -> dict[str, str]:
    return {member["organisation"]["name"]: member["role"] for member in draft["members"]}


def test_a_draft_is_opened_read_again_and_deleted(site: Site, coop: Caller) -> None:
    draft = opened(site, coop, title="Mani tese", text="famiglie fragili")
    assert roles(draft) == {
        "Cooperativa sociale La Betulla": "partner",
        "Comune di Pinerolo": "lead",
        "Croce Verde": "partner",
    }
    assert draft["title"] == "Mani tese"
    assert draft["project"]["text"] == "famiglie fragili"
    assert draft["ruleset"] == "wecare-2017"
    assert {finding["rule"] for finding in draft["check"]["findings"]} >= {"M1.public_body"}
    assert coop.read(f"/partnerships/{draft['id']}") == draft
    assert [row["id"] for row in coop.read("/partnerships")["partnerships"]] == [draft["id"]]
    assert coop.ask("DELETE", f"/partnerships/{draft['id']}").status_code == 204
    assert coop.get(f"/partnerships/{draft['id']}").status_code == 404
    with site.writing() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [action for action in actions if action.startswith("partnership")] == [
        "partnership.opened",
        "partnership.deleted",
    ]


def test_a_draft_without_a_title_is_called_like_on_the_pages(site: Site, coop: Caller) -> None:
    assert opened(site, coop)["title"] == "M1 · Partenariato"
    assert opened(site, coop, flavour="newcomers")["title"] == "M1 · Più volti nuovi"


def test_the_check_of_a_draft_is_the_check_of_its_team(site: Site, coop: Caller) -> None:
    draft = opened(site, coop)
    members = [
        {"organisation": member["organisation"]["id"], "role": member["role"]} for member in draft["members"]
    ]
    asked = {"measure": "M1", "districts": ["pinerolo"], "members": members}
    answer = coop.post("/check", asked).get_json()
    assert draft["check"] == {name: answer[name] for name in ("qualifies", "findings")}


def test_members_come_change_and_go(site: Site, coop: Caller) -> None:
    address = f"/partnerships/{opened(site, coop)['id']}/members"
    consortium = site.bodies["consortium"]
    added = coop.post(address, {"organisation": consortium, "role": "lead"})
    assert added.status_code == 201
    assert roles(added.get_json())["Consorzio servizi sociali"] == "lead"
    assert roles(added.get_json())["Comune di Pinerolo"] == "partner"
    changed = coop.ask("PUT", f"{address}/{consortium}", {"role": "network"})
    assert roles(changed.get_json())["Consorzio servizi sociali"] == "network"
    gone = coop.ask("DELETE", f"{address}/{consortium}")
    assert "Consorzio servizi sociali" not in roles(gone.get_json())


def test_what_cannot_be_done_says_why(site: Site, coop: Caller) -> None:
    address = f"/partnerships/{opened(site, coop)['id']}/members"
    refusals = [
        coop.post(address, {"organisation": "ipa:c_g674"}),
        coop.ask("DELETE", f"{address}/{site.bodies['coop']}"),
        coop.ask("DELETE", f"{address}/{site.bodies['firm']}"),
        coop.ask("PUT", f"{address}/{site.bodies['firm']}", {"role": "lead"}),
    ]
    for response in refusals:
        assert response.status_code == 409
        assert response.get_json()["detail"] == response.get_json()["errors"][0]["message"]
    assert fields_of(coop.post(address, {"organisation": "ipa:nessuno"})) == ["organisation"]
    assert fields_of(coop.post(address, {"organisation": "ipa:c_g674", "role": "x"})) == ["role"]
    assert fields_of(coop.ask("PUT", f"{address}/{site.bodies['town']}", {})) == ["role"]


@pytest.mark.parametrize("number", ["hidden", 0, 2**31, 10**30])
def test_a_member_that_may_not_be_seen_is_not_there(site: Site, coop: Caller, number: Any) -> None:
    address = f"/partnerships/{opened(site, coop)['id']}/members"
    body = site.bodies.get(number, number)
    assert coop.ask("DELETE", f"{address}/{body}").status_code == 404
    assert coop.ask("PUT", f"{address}/{body}", {"role": "lead"}).status_code == 404
    assert coop.post(address, {"organisation": body}).status_code == 422


def test_a_member_that_hides_itself_is_told_no_more(site: Site, coop: Caller) -> None:
    draft = opened(site, coop)
    with site.writing() as session:
        hiding = session.get(Organisation, site.bodies["ambulance"])
        hiding.visibility = Visibility.HIDDEN
    for path in (f"/partnerships/{draft['id']}", "/partnerships"):
        assert "Croce Verde" not in coop.get(path).get_data(as_text=True)


def test_a_draft_holds_so_many_and_no_more(site: Site, coop: Caller) -> None:
    with site.writing() as session:
        added = [add_body(session, f"Ditta {n}", "enterprise", None) for n in range(MOST_MEMBERS)]
        session.flush()
        numbers = [body.id for body in added]
    full = coop.post("/partnerships", team(site, members=numbers))
    assert full.status_code == 409
    assert fields_of(full) == ["members"]
    draft = opened(site, coop, members=numbers[1:])
    one_more = coop.post(f"/partnerships/{draft['id']}/members", {"organisation": numbers[0]})
    assert one_more.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "\x00"}, "title"),
        ({"flavour": "dolce"}, "flavour"),
        ({"organisation_id": "1"}, "organisation_id"),
        ({"organisation_id": 2**31}, "organisation_id"),
        ({"measure": "M9"}, "measure"),
        ({"members": ["ipa:nessuno"]}, "members.0"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    site: Site, coop: Caller, change: dict[str, Any], field: str
) -> None:
    response = coop.post("/partnerships", team(site, **change))
    assert response.status_code == 422
    assert fields_of(response) == [field]
    with site.writing() as session:
        assert session.scalars(select(Partnership)).all() == []


def test_drafts_are_listed_newest_first_in_pages(site: Site, coop: Caller) -> None:
    made = [opened(site, coop, title=f"Bozza {number}")["id"] for number in range(3)]
    listed = coop.read(f"/partnerships?organisation_id={site.bodies['coop']}")
    assert [row["id"] for row in listed["partnerships"]] == made[::-1]
    assert [listed[name] for name in ("page", "pages", "total", "next_page")] == [1, 1, 3, None]


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_three(site: Site, coop: Caller) -> None:
    opened(site, coop)
    with site.counting_queries() as one:
        coop.read("/partnerships")
    for _ in range(2):
        opened(site, coop)
    with site.counting_queries() as three:
        coop.read("/partnerships")
    assert len(three) == len(one)


def test_the_actions_are_those_that_the_reader_may_do(site: Site, coop: Caller) -> None:
    draft = opened(site, coop)
    assert draft["actions"] == ["delete_partnership", "add_member", "change_role", "remove_member"]
    with site.writing() as session:
        session.execute(Membership.__table__.update().values(role=MembershipRole.READER))
    assert coop.read(f"/partnerships/{draft['id']}")["actions"] == []
