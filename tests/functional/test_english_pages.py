"""Every page that a reader of English meets is in English: no Italian text was forgotten in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.coverage.services import compute_coverage
from matchmaker.measures.services import rule_set_named
from matchmaker.organisations.models import Organisation
from matchmaker.territories.models import Territory
from tests.functional.trust_world import TrustWorld, open_trust_world

TELLTALE = re.compile(
    r"\b(il|lo|la|gli|le|un|una|di|del|dello|della|dei|degli|delle|nel|nella|nelle|dal|dalla|dagli|al|alla|alle|"
    r"ai|sul|sulla|con|per(?! cent| line)|tra|che|chi|non(?!-)|è|sono|"
    r"vostro|vostra|vostri|vostre|questo|questa|ogni|anche|più|già|"
    r"ente|enti|distretto|distretti|misura|bozza|partenariato|partenariati|capofila|comune|comuni|regole|servizi|"
    r"temi|sede|progetto|progetti|manca|cercate|trovate|scegliete|scrivete|salva|togli|aggiungi|perché|quale)\b"
    r"|\bl’|\bdell’|\bun’|\bc’è",
    re.IGNORECASE,
)
PEOPLE_SAY = (
    "Aiutiamo famiglie.",
    "Cerchiamo compagni di strada.",
    "Dopo la scuola",
    "La Betulla",
    "SEGRETO-BOZZA",
)
BY_NAME = ("Italiano", "ente gestore", "enti gestori", "5 per mille", "nome_ente_gestore", "de minimis")
"""What stays Italian in an English sentence: proper terms, and the language's own name in the footer."""

STRANGER = (
    "/",
    "/privacy",
    "/accessibility",
    "/measures/",
    *(f"/measures/M{n}?ruleset={rules}" for n in "1234" for rules in ("wecare-2017", "calls-2017-2019")),
    "/organisations/",
    "/organisations/?q=zzzz&kind=enterprise",
    "/organisations/{coop}",
    "/organisations/{ambulance}",
    "/organisations/{firm}",
    "/coverage/",
    "/coverage/pinerolo",
    "/register",
    "/register?q=croce",
    "/register/new",
    "/claim/{ambulance}",
    "/login",
    "/no-such-page",
)
MEMBER = (
    "/",
    "/account",
    "/organisations/{coop}/partnerships",
    "/partnerships/{draft}",
    "/organisations/{coop}/shortlist",
    "/organisations/{coop}/suggestions",
    *(f"/organisations/{{coop}}/suggestions?measure=M{n}&themes=POVERTA" for n in "1234"),
    *(f"/organisations/{{coop}}/proposals?measure=M{n}&themes=POVERTA" for n in "1234"),
    "/organisations/{coop}/suggestions/{town}?measure=M1",
    *(
        f"/organisations/{{coop}}/profile?step={step}"
        for step in ("identity", "place", "fields", "welfare", "about", "joining", "contacts")
    ),
)
STAFF = (
    "/claims",
    "/imports/",
    "/imports/{run}",
    "/organisations/{ambulance}",
    "/organisations/{consortium}/suggestions?measure=M1&themes=POVERTA",
    "/organisations/{firm}/suggestions?measure=M4&actions=NIDO",
    "/organisations/{firm}/proposals?measure=M4&actions=NIDO",
    "/coverage/cuneo",
)


@pytest.fixture(scope="module")
def world(shared_database_url: str) -> Iterator[TrustWorld]:
    for world in open_trust_world(shared_database_url):
        with world.site.writing() as session:
            compute_coverage(session, rule_set_named(session, "wecare-2017"))
        yield world


def reader(world: TrustWorld, name: str) -> FlaskClient:
    """A browser of somebody who has chosen English."""
    client = world.client(name)
    with client.session_transaction() as session:
        session["language"] = "en"
    return client


def address(world: TrustWorld, pattern: str) -> str:
    """A path with the ids of this world."""
    objects = world.objects
    return pattern.format(
        **world.site.bodies, draft=objects["partnership"]["own"], run=objects["import_run"]["uploaded"]
    )


def names(world: TrustWorld) -> list[str]:
    """Names of bodies and places: Italian on every page."""
    with world.site.writing() as session:
        found = [*session.scalars(select(Organisation.name)), *session.scalars(select(Territory.name))]
    return sorted(found, key=len, reverse=True)


def seen_text(page: str) -> str:
    """What a reader sees or hears: text, and the words of attributes."""
    body = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", " ", page, flags=re.DOTALL)
    heard = re.findall(r'(?:aria-label|alt|placeholder|title|data-[a-z-]*text)="([^"]+)"', body)
    return unescape(" ".join([re.sub(r"<[^>]+>", "\n", body), *heard]))


def italian_lines(text: str, names: list[str]) -> list[str]:
    """Lines of a text that hold a telltale word outside names."""
    for name in (*PEOPLE_SAY, *BY_NAME, *names):
        text = re.sub(re.escape(name), "-", text, flags=re.IGNORECASE)
    return [line.strip() for line in text.splitlines() if TELLTALE.search(line)]


PAGES = (
    *(("stranger", path) for path in STRANGER),
    *(("manager", path) for path in MEMBER),
    *(("facilitator", path) for path in STAFF),
)


@pytest.mark.parametrize(("person", "path"), PAGES)
def test_a_page_in_english_holds_no_italian_text(world: TrustWorld, person: str, path: str) -> None:
    response = reader(world, person).get(address(world, path), follow_redirects=True)
    assert response.status_code == (404 if path == "/no-such-page" else 200)
    page = response.get_data(as_text=True)
    assert '<html lang="en"' in page
    assert italian_lines(seen_text(page), names(world)) == []


PROFILE = "/organisations/{coop}/profile"
REFUSED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("stranger", "/login", {"email": "nobody@example.org", "password": "wrong password"}),
    ("stranger", "/login", {}),
    ("stranger", "/register/new", {"name": "", "tax_code": "123", "municipality": "Xyz"}),
    (
        "manager",
        PROFILE,
        {"step": "identity", "name": "", "tax_code": "123", "vat_number": "1", "website": "x"},
    ),
    ("manager", PROFILE, {"step": "place", "municipality": "Xyz", "added": "Xyz"}),
    ("manager", PROFILE, {"step": "about", "description": "Written over what was there"}),
    ("manager", PROFILE, {"step": "joining", "capacity": "later", "capacity_from": ""}),
)


@pytest.mark.parametrize(("person", "path", "typed"), REFUSED)
def test_what_a_form_complains_of_is_in_english(
    world: TrustWorld, person: str, path: str, typed: dict[str, str]
) -> None:
    response = reader(world, person).post(address(world, path), data=typed)
    assert response.status_code in (401, 409, 422)
    assert italian_lines(seen_text(response.get_data(as_text=True)), names(world)) == []


def test_the_same_page_in_italian_would_be_caught(world: TrustWorld) -> None:
    page = world.client("stranger").get("/", headers={"Accept-Language": "it"}).get_data(as_text=True)
    assert len(italian_lines(seen_text(page), names(world))) > 20
