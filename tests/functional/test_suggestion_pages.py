"""Lucia, of the social cooperative, looks for partners; the consortium looks who could answer its notice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from matchmaker.organisations.models import Visibility
from tests.functional.small_directory import Site, add_body, open_site


@pytest.fixture(scope="module")
def site(shared_database_url: str) -> Iterator[Site]:
    for site in open_site(shared_database_url):
        with site.writing() as session:
            add_body(session, "Cooperativa sociale Sportello", "third_sector", None, legal_form="TS_COOP")
        yield site


def suggestions(site: Site, body: str, query: str = "", person: str = "facilitator") -> str:
    return site.page(f"/organisations/{site.bodies[body]}/suggestions{query}", person)


def suggested(page: str) -> list[str]:
    listing = page.split('id="list-title"')[1]
    return re.findall(r'<a class="mm-body-name"[^>]*>([^<]+)</a>', listing)


def test_without_a_measure_the_page_asks_only_for_the_measure(site: Site) -> None:
    page = suggestions(site, "coop")
    assert "Per quale misura?" in page
    assert 'name="themes"' not in page
    assert "Scelti per voi" not in page


def test_a_cooperative_in_measure_1_is_shown_the_public_lead_that_it_lacks(site: Site) -> None:
    page = suggestions(site, "coop", "?measure=M1&themes=POVERTA")
    assert "Non si qualifica ancora" in page
    assert "Vi manca un ente pubblico" in page
    assert suggested(page)[0] in ("Consorzio servizi sociali", "Comune di Pinerolo")


def test_a_public_body_in_measure_1_is_told_that_partners_answer_a_notice(site: Site) -> None:
    page = suggestions(site, "consortium", "?measure=M1&themes=POVERTA")
    assert "Chi potrebbe rispondere al vostro avviso" in page
    assert "avviso di co-progettazione" in page
    assert "Cooperativa sociale La Betulla" in suggested(page)


def test_the_district_of_the_seat_is_taken_when_none_is_said(site: Site) -> None:
    page = suggestions(site, "coop", "?measure=M1")
    assert "distretto di Pinerolo" in page
    assert "(distretto della vostra sede)" in page


def test_an_unknown_theme_is_refused_beside_its_field(site: Site) -> None:
    client = site.client("facilitator")
    response = client.get(f"/organisations/{site.bodies['coop']}/suggestions?measure=M1&themes=NIENTE")
    assert response.status_code == 422
    assert "mm-error" in response.get_data(as_text=True)


@pytest.mark.parametrize("budget", ["-5", "molto", "NaN", "1e400"])
def test_an_impossible_value_is_refused_and_kept_in_its_field(site: Site, budget: str) -> None:
    client = site.client("facilitator")
    address = f"/organisations/{site.bodies['coop']}/suggestions?measure=M2&budget={budget}"
    response = client.get(address)
    assert response.status_code == 422
    assert f'value="{budget}"' in response.get_data(as_text=True)


def test_a_hidden_body_is_never_suggested_not_even_to_facilitators(site: Site) -> None:
    page = suggestions(site, "consortium", "?measure=M1&themes=POVERTA")
    assert "Fondazione Nascosta" not in page


def test_a_body_that_hides_itself_disappears_from_the_next_list(site: Site) -> None:
    with site.writing() as session:
        shy = add_body(session, "Associazione Timida", "third_sector", None, legal_form="TS_APS")
    assert "Associazione Timida" in suggestions(site, "consortium", "?measure=M1")
    with site.writing() as session:
        from matchmaker.organisations.models import Organisation
        from matchmaker.organisations.services import mark_changed

        body = session.get_one(Organisation, shy.id)
        body.visibility = Visibility.HIDDEN
        mark_changed(session, body)
    assert "Associazione Timida" not in suggestions(site, "consortium", "?measure=M1")


def test_a_filter_that_leaves_nothing_says_what_comes_back_without_it(site: Site) -> None:
    page = suggestions(site, "coop", "?measure=M1&kind=other")
    assert "Nessun ente con questi filtri" in page
    assert re.search(r"Togliete il tipo di ente: tornano \d+ enti", page)


def test_firms_in_measure_4_see_who_leads_measure_1_in_their_territory(site: Site) -> None:
    page = suggestions(site, "coop", "?measure=M4&actions=CURA")
    assert "La misura 1 nel vostro territorio" in page
    assert "Consorzio servizi sociali" in page


def test_every_reason_is_listed_with_points_that_add_up(site: Site) -> None:
    body = site.bodies["coop"]
    page = site.page(
        f"/organisations/{site.bodies['consortium']}/suggestions/{body}?measure=M1&themes=POVERTA",
        "facilitator",
    )
    points = [float(text.replace(",", ".")) for text in re.findall(r'text-end">(-?[\d,]+)</td>', page)]
    total = re.search(r"<strong>(-?[\d,]+)</strong></td>", page)
    assert total is not None
    assert sum(points) == pytest.approx(float(total.group(1).replace(",", ".")), abs=0.05 * len(points))


def test_the_shortlist_is_kept_for_the_body_and_can_be_emptied(site: Site) -> None:
    client = site.client("member")
    address = f"/organisations/{site.bodies['coop']}/shortlist"
    answer = client.post(address, data={"candidate": site.bodies["town"]})
    assert answer.status_code == 302
    assert "Comune di Pinerolo" in client.get(address).get_data(as_text=True)
    assert "nella vostra lista" in client.get(
        f"/organisations/{site.bodies['coop']}/suggestions?measure=M1"
    ).get_data(as_text=True)
    client.post(f"{address}/remove", data={"candidate": site.bodies["town"]})
    assert "La lista è vuota" in client.get(address).get_data(as_text=True)


def test_putting_a_hidden_body_on_the_list_is_like_naming_none(site: Site) -> None:
    client = site.client("member")
    address = f"/organisations/{site.bodies['coop']}/shortlist"
    hidden = client.post(address, data={"candidate": site.bodies["hidden"]})
    missing = client.post(address, data={"candidate": "999999"})
    nonsense = client.post(address, data={"candidate": "²"})
    assert hidden.status_code == missing.status_code == nonsense.status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_directory(site: Site) -> None:
    address = "?measure=M1&themes=POVERTA"
    suggestions(site, "consortium", address)
    with site.counting_queries() as before:
        suggestions(site, "consortium", address)
    with site.writing() as session:
        for number in range(30):
            add_body(
                session, f"Cooperativa sociale Numero {number}", "third_sector", None, legal_form="TS_COOP"
            )
    suggestions(site, "consortium", address)
    with site.counting_queries() as after:
        suggestions(site, "consortium", address)
    assert len(after) == len(before)


def test_work_that_only_a_hidden_body_tells_counts_for_nobody(site: Site) -> None:
    from matchmaker.snapshots import load_candidates, load_past

    with site.writing() as session:
        past, _by_measure = load_past(session, load_candidates(session).keys())
    told = {project.text.strip() for project in past}
    assert "Dopo la scuola" in told
    assert not any("RACCONTATO-DA-NASCOSTI" in text for text in told)


@pytest.mark.parametrize("within", ["9" * 3000, "١٢", "-3", "1.5"])
def test_a_distance_that_is_no_small_whole_number_is_refused(site: Site, within: str) -> None:
    client = site.client("facilitator")
    address = f"/organisations/{site.bodies['coop']}/suggestions"
    answer = client.get(address, query_string={"measure": "M1", "within": within})
    assert answer.status_code == 422


def test_a_form_with_the_character_nul_is_refused(site: Site) -> None:
    client = site.client("facilitator")
    assert client.post("/language", data={"language": "it", "next": "/\x00"}).status_code == 400
