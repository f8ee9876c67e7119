"""The directory and the page of a body, as each reader meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from matchmaker.organisations.models import Visibility
from tests.functional.small_directory import Site, add_body, open_site


@pytest.fixture(scope="module")
def site(shared_database_url: str) -> Iterator[Site]:
    yield from open_site(shared_database_url)


def listed(page: str) -> list[str]:
    """The bodies of a directory page, in order."""
    return re.findall(r'<a class="mm-body-name"[^>]*>([^<]+)</a>', page)


def count_of(page: str, value: str) -> int:
    """The count beside a facet's value."""
    found = re.search(rf'mm-facet-word">{re.escape(value)}</span> <span class="mm-count">(\d+)<', page)
    return int(found.group(1)) if found else 0


def test_a_stranger_finds_the_public_bodies_those_on_the_platform_first(site: Site) -> None:
    assert listed(site.page("/organisations/")) == [
        "Cooperativa sociale La Betulla",
        "Officine Stura",
        "Comune di Pinerolo",
        "Consorzio servizi sociali",
        "Croce Verde",
    ]


@pytest.mark.parametrize(
    ("person", "expected"), [(None, 5), ("member", 6), ("observer", 6), ("facilitator", 7)]
)
def test_bodies_that_a_reader_may_not_see_are_in_no_count(
    site: Site, person: str | None, expected: int
) -> None:
    page = site.page("/organisations/", person)
    assert f"{expected} enti" in page
    assert count_of(page, "Ente del terzo settore") == expected - 3
    assert ("Associazione Riservata" in page) == (expected > 5)
    assert ("Fondazione Nascosta" in page) == (expected > 6)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("betulla", ["Cooperativa sociale La Betulla"]),
        ("BETULLE", ["Cooperativa sociale La Betulla"]),
        ("betul", ["Cooperativa sociale La Betulla"]),
        ("coop pinerolo", ["Cooperativa sociale La Betulla"]),
        ("la cooperativa di Pinerolo", ["Cooperativa sociale La Betulla"]),
        ("povertà", ["Cooperativa sociale La Betulla"]),
        ("poverta", ["Cooperativa sociale La Betulla"]),
        ("01750860015", ["Comune di Pinerolo"]),
        ("C_G674", ["Comune di Pinerolo"]),
        ("betulla cuneo", []),
        ("nascosta", []),
        ("riservata", []),
        ("%", []),
        ("_", []),
        ("di", []),
        ("x' OR '1'='1", []),
    ],
)
def test_every_word_must_stand_among_a_body_s(site: Site, asked: str, found: list[str]) -> None:
    response = site.client().get("/organisations/", query_string={"q": asked})
    assert listed(response.get_data(as_text=True)) == found


def test_what_was_searched_is_still_in_its_field(site: Site) -> None:
    page = site.client().get("/organisations/", query_string={"q": 'la "Betulla" <b>'}).get_data(as_text=True)
    assert 'value="la &#34;Betulla&#34; &lt;b&gt;"' in page


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("kind=enterprise", {"Officine Stura"}),
        ("province=CN", {"Officine Stura"}),
        ("district=pinerolo&kind=public_body", {"Comune di Pinerolo", "Consorzio servizi sociali"}),
        ("theme=SALUTE", {"Croce Verde"}),
        ("platform=yes&district=pinerolo", {"Cooperativa sociale La Betulla"}),
        ("platform=no&kind=third_sector", {"Croce Verde"}),
        ("form=PB_COMUNE", {"Comune di Pinerolo"}),
        ("kind=nonsense", set()),
    ],
)
def test_filters_narrow_together(site: Site, filters: str, found: set[str]) -> None:
    assert set(listed(site.page(f"/organisations/?{filters}"))) == found


def test_a_facet_is_counted_under_the_other_filters_and_keeps_its_own_values(site: Site) -> None:
    page = site.page("/organisations/?kind=third_sector")
    assert count_of(page, "Ente pubblico") == 2
    assert count_of(page, "Pinerolo") == 2
    assert count_of(page, "Cuneo") == 0


def test_nothing_found_names_the_filter_to_drop_and_how_many_return(site: Site) -> None:
    page = site.page("/organisations/?kind=enterprise&district=pinerolo&platform=yes")
    assert "Nessun ente corrisponde" in page
    # Without the kind the cooperative comes back, without the district the firm; the third changes nothing.
    assert re.findall(r">([^<]+)</a> · torna 1 ente", page) == [
        "Tipo di ente: Impresa",
        "Distretto della sede: Pinerolo",
    ]


def test_where_no_single_filter_helps_the_way_out_is_to_start_again(site: Site) -> None:
    page = site.page("/organisations/?kind=enterprise&district=pinerolo&theme=GENITORIALITA")
    assert "Nessuno di questi filtri, tolto da solo, basta" in page


def test_a_page_beyond_the_last_is_the_last_and_nonsense_is_the_first(site: Site) -> None:
    for number in ("999999999999", "-3", "none", "0"):
        assert len(listed(site.page(f"/organisations/?page={number}"))) == 5


def test_a_character_that_no_database_takes_is_left_out(site: Site) -> None:
    assert listed(site.page("/organisations/?q=bet%00ulla&kind=third%00_sector")) == [
        "Cooperativa sociale La Betulla"
    ]


def test_sorting_by_place(site: Site) -> None:
    names = listed(site.page("/organisations/?sort=place"))
    assert names[0] == "Croce Verde"  # Cavour comes before Cuneo and Pinerolo
    assert names[1] == "Officine Stura"


def test_the_number_of_queries_does_not_grow_with_the_directory(database_url: str) -> None:
    for site in open_site(database_url):
        paths = (
            "/organisations/",
            "/organisations/?q=ente&kind=other",
            "/organisations/?q=niente&kind=other",
        )
        before = [queries_of(site, path) for path in paths]
        with site.writing() as session:
            for number in range(60):
                add_body(session, f"Ente numero {number}", "other", None, place_text="Altrove")
        assert [queries_of(site, path) for path in paths] == before
        assert "3" in site.page("/organisations/?kind=other&page=2")


def queries_of(site: Site, path: str) -> int:
    with site.counting_queries() as statements:
        site.page(path, "member")
    # The parts of an "in a list of ids" load are asked in portions of 500: one page never needs two.
    return len(statements)


def test_a_body_s_page_says_who_they_are_and_what_they_seek(site: Site) -> None:
    page = site.show("coop")
    names = ["Cooperativa sociale La Betulla", "Ente del terzo settore", "Pinerolo", "Aiutiamo famiglie."]
    titles = ["Che cosa offre", "Che cosa cerca", "Temi", 'href="https://www.betulla.example"']
    assert [words for words in names + titles if words not in page] == []


def test_contacts_are_on_no_page_of_the_directory(site: Site) -> None:
    for person in (None, "member", "facilitator"):
        for page in (site.show("coop", person), site.page("/organisations/?q=betulla", person)):
            assert "CONTATTO-SEGRETO" not in page
            assert "segreta@" not in page


def test_what_was_read_off_the_name_stands_apart_from_what_was_said(site: Site) -> None:
    page = site.show("ambulance")
    assert "Dedotto dal nome" in page
    assert "croce verde" in page
    assert "dedotta dal nome" in page
    assert "Dedotto dal nome" not in site.show("coop")


@pytest.mark.parametrize(
    ("person", "partners"),
    [
        (None, {"Comune di Pinerolo"}),
        ("observer", {"Comune di Pinerolo", "Associazione Riservata"}),
        ("facilitator", {"Comune di Pinerolo", "Associazione Riservata", "Fondazione Nascosta"}),
    ],
)
def test_past_projects_name_only_partners_that_the_reader_may_see(
    site: Site, person: str | None, partners: set[str]
) -> None:
    page = site.show("coop", person)
    assert "Dopo la scuola" in page
    assert set(listed(page)) == partners
    assert ("RACCONTATO-DA-NASCOSTI" in page) == (person == "facilitator")


def test_a_directory_body_offers_to_be_claimed_and_one_on_the_platform_does_not(site: Site) -> None:
    page = site.show("town")
    assert "Non ancora sulla piattaforma" in page
    assert "È il vostro ente?" in page
    assert "È il vostro ente?" not in site.show("coop", "observer")


def test_notices_are_for_facilitators(site: Site) -> None:
    assert "Forse è già nell’elenco" in site.show("ambulance", "facilitator")
    assert "Forse è già nell’elenco" not in site.show("ambulance", "member")


def test_a_hidden_body_and_a_missing_one_answer_alike(site: Site) -> None:
    hidden, missing = site.bodies["hidden"], 999_999
    answers = []
    for number in (hidden, missing):
        response = site.client().get(f"/organisations/{number}")
        answers.append((response.status_code, response.get_data(as_text=True).replace(str(number), "N")))
    assert strip_tokens(answers[0][1]) == strip_tokens(answers[1][1])
    assert answers[0][0] == answers[1][0] == 404


def strip_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_the_number_of_queries_of_a_body_s_page_does_not_grow_with_its_projects(site: Site) -> None:
    with site.counting_queries() as many:
        site.show("coop")
    with site.counting_queries() as few:
        site.show("firm")
    # The firm has no past project, so its partners are not asked for in vain.
    assert len(many) - len(few) <= 1


def test_my_own_body_s_page_leads_to_its_profile_and_its_partners(site: Site) -> None:
    page = site.show("coop", "member")
    assert "Completate il profilo" in page
    assert f"/organisations/{site.bodies['coop']}/suggestions" in page
    assert "Mettete nella vostra lista" not in page
    assert "Mettete nella vostra lista" in site.show("town", "member")


def test_a_person_s_tax_code_is_never_shown(site: Site) -> None:
    with site.writing() as session:
        body = add_body(session, "Ditta individuale", "enterprise", None, tax_code="RSSMRA80A01L219M")
        site.bodies["sole"] = body.id
    assert "RSSMRA80A01L219M" not in site.show("sole")
    with site.writing() as session:
        stored = session.get(type(body), site.bodies["sole"])
        assert stored is not None
        stored.visibility = Visibility.HIDDEN


def test_the_directory_is_readable_in_english(site: Site) -> None:
    page = site.page("/organisations/", language="en")
    assert '<html lang="en">' in page
    assert "Third-sector body" in page
