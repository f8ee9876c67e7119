"""The front door, the reader's language, statements and the health of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from matchmaker.accounts.models import Person
from tests.functional.small_directory import Site, open_site


@pytest.fixture(scope="module")
def site(shared_database_url: str) -> Iterator[Site]:
    yield from open_site(shared_database_url)


def doors(page: str) -> dict[str, str]:
    """The front page's doors with where they lead."""
    cards = re.findall(r'<li class="mm-card mm-door">.*?<a href="([^"]+)">([^<]+)</a>', page, re.DOTALL)
    return {title: address for address, title in cards}


def menu(page: str) -> list[str]:
    """The words of the main bar."""
    wide = page.split('class="mm-nav mm-nav-wide"')[1].split("</nav>", maxsplit=1)[0]
    return re.findall(r">([^<>]+)</a>", wide)


def test_a_stranger_meets_three_doors_and_each_opens(site: Site) -> None:
    found = doors(site.page("/"))
    assert list(found) == ["Trova partner", "Crea una rete di imprese", "Anima un territorio"]
    for address in found.values():
        assert site.client().get(address).status_code == 200


def test_a_member_s_doors_lead_to_the_own_body_s_pages(site: Site) -> None:
    found = doors(site.page("/", "member"))
    own = f"/organisations/{site.bodies['coop']}/suggestions"
    assert found["Trova partner"] == own
    assert found["Crea una rete di imprese"] == f"{own}?measure=M4"


def test_a_facilitator_without_a_body_starts_from_the_directory(site: Site) -> None:
    assert doors(site.page("/", "facilitator"))["Trova partner"] == "/organisations/"


@pytest.mark.parametrize("person", [None, "member", "facilitator"])
def test_the_figures_count_what_everyone_may_see(site: Site, person: str | None) -> None:
    # Seven bodies, one for members only and one hidden; of the five, the cooperative and the firm joined.
    figures = re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", site.page("/", person))
    assert ("enti nell’elenco", "5") in figures
    assert ("già iscritti", "2") in figures
    assert ("distretti della coesione sociale", "2") in figures


def test_what_was_invented_is_said(site: Site) -> None:
    assert "Compreso 1 ente inventato" in site.page("/")


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (None, ["Misure", "Enti", "Territori"]),
        ("observer", ["Misure", "Enti", "Territori"]),
        (
            "member",
            ["Misure", "Enti", "Territori", "Trova partner", "I vostri partenariati", "Il vostro ente"],
        ),
        ("facilitator", ["Misure", "Enti", "Territori", "Richieste", "Importazioni"]),
    ],
)
def test_the_menu_is_the_reader_s(site: Site, person: str | None, words: list[str]) -> None:
    assert menu(site.page("/", person)) == words


def test_the_menu_says_where_one_is(site: Site) -> None:
    wide = site.page("/measures/").split('class="mm-nav mm-nav-wide"')[1].split("</nav>")[0]
    assert re.findall(r'aria-current="page">([^<]+)<', wide) == ["Misure"]


def test_the_browser_s_language_is_followed_until_another_is_chosen(site: Site) -> None:
    client = site.client(language="en")
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)
    answer = client.post("/language", data={"language": "it", "next": "/measures/?ruleset=wecare-2017"})
    assert answer.status_code == 303
    assert answer.location == "/measures/?ruleset=wecare-2017"
    assert '<html lang="it">' in client.get("/").get_data(as_text=True)


def test_a_person_s_choice_of_language_is_remembered(site: Site) -> None:
    site.client("observer").post("/language", data={"language": "en"})
    with site.writing() as session:
        person = session.get(Person, int(site.people["observer"].split(".")[0]))
        assert person is not None
        assert person.language == "en"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "no"]
)
def test_choosing_a_language_never_leads_off_the_site(site: Site, elsewhere: str) -> None:
    answer = site.client().post("/language", data={"language": "en", "next": elsewhere})
    assert answer.location == "/"


def test_a_language_that_is_not_there_is_refused(site: Site) -> None:
    assert site.client().post("/language", data={"language": "xx"}).status_code == 400


def test_the_language_can_be_changed_from_every_page_and_comes_back_to_it(site: Site) -> None:
    page = site.page("/organisations/?q=betulla&page=1")
    assert 'name="next" value="/organisations/?q=betulla&amp;page=1"' in page


@pytest.mark.parametrize("path", ["/accessibility", "/privacy"])
def test_statements_are_there_in_both_languages(site: Site, path: str) -> None:
    for language in ("it", "en"):
        assert f'<html lang="{language}">' in site.page(path, language=language)


def test_health_is_told_as_json(site: Site) -> None:
    response = site.client().get("/healthz")
    assert response.get_json() == {"status": "ok"}


def test_every_page_has_one_heading_skip_links_and_nothing_inline(site: Site) -> None:
    for path in ("/", "/measures/", "/measures/M1", "/organisations/", "/coverage/", "/privacy", "/nowhere"):
        page = site.client().get(path).get_data(as_text=True)
        assert page.count("<h1") == 1, path
        assert 'href="#content"' in page
        assert 'id="content"' in page
        assert not re.search(r'\sstyle="|<style|<script|\son\w+="', page), path
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page), path


def test_the_front_page_asks_the_database_little(site: Site) -> None:
    with site.counting_queries() as statements:
        site.page("/")
    assert len(statements) <= 4
