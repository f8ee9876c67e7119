"""The main flows in a real browser, as the people they are for walk them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from matchmaker.demo.people import DEMO_PASSWORD
from tests.browsing import Browsing, LiveSite, sideways, violations
from tests.databases import BACKENDS

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("live_site", BACKENDS, indirect=True)]
PASSWORD = "tre gatti sul tetto"


def enter(page: Page, name: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(f"{name}@demo.example")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Entra").click()
    expect(page.get_by_role("button", name="Esci")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_cooperative_registers_on_a_phone_and_reaches_its_first_suggestions(
    live_site: LiveSite, browsing: Browsing, scripts: bool
) -> None:
    with browsing.window(live_site, phone=True, scripts=scripts) as page:
        page.goto("/register")
        page.get_by_label("Codice fiscale", exact=False).fill("Cooperativa sociale Lanterna di Bobbio")
        page.get_by_role("button", name="Cerca").click()
        page.get_by_role("link", name="Non c’è, lo registro").click()
        page.locator("#name").fill("Cooperativa sociale Lanterna di Bobbio")
        choose(page, "kind", "third_sector")
        choose(page, "legal_form", "TS_COOP_A")
        page.locator("#tax_code").fill("00743110157")
        page.locator("#municipality").fill("Bobbio Pellice (TO)")
        page.get_by_role("button", name="Avanti: chi siete voi").click()
        page.locator("#person_name").fill("Anna Bo")
        page.locator("#email").fill("anna@lanterna.example")
        page.locator("#password").fill(PASSWORD)
        page.locator("label[for=privacy]").click()
        page.locator("button[name=go][value=person]:not(.visually-hidden)").click()
        expect(page.locator("h1")).to_contain_text("Lanterna di Bobbio")
        page.goto(page.url.split("/profile")[0] + "/suggestions")
        choose(page, "measure", "M1")
        page.get_by_role("button", name="Avanti").click()
        expect(page.get_by_role("heading", name="Con chi potete farlo")).to_be_visible()
        expect(page.locator("#list-title")).to_contain_text("Scelti per voi tra")
        expect(page.locator(".mm-suggestions .mm-body-name").first).to_be_visible()
        assert sideways(page) <= 0


def choose(page: Page, name: str, value: str) -> None:
    """Pick one value, be it a list or radio buttons."""
    field = page.locator(f"select[name={name}]")
    if field.count():
        field.select_option(value)
    else:
        page.locator(f"input[name={name}][value={value}] + label").click()


def test_a_profile_is_filled_step_by_step_and_shows_on_the_public_page(
    live_site: LiveSite, browsing: Browsing
) -> None:
    with browsing.window(live_site) as page:
        enter(page, "cooperativa")
        page.get_by_role("navigation", name="Principale").get_by_role("link", name="Il vostro ente").click()
        body = page.url.split("?")[0]
        page.goto(f"{body}/profile?step=about")
        page.locator("textarea#description").fill("Apriamo un emporio solidale a Torre Pellice.")
        page.get_by_role("button", name="Salva", exact=True).last.click()
        assert not violations(page)
        page.goto(body)
        expect(page.locator("main")).to_contain_text("Apriamo un emporio solidale a Torre Pellice.")


def test_from_suggestions_to_a_proposal_to_a_draft_that_is_found_again(
    live_site: LiveSite, browsing: Browsing
) -> None:
    with browsing.window(live_site) as page:
        enter(page, "cooperativa")
        page.get_by_role("navigation", name="Principale").get_by_role("link", name="Trova partner").click()
        choose(page, "measure", "M1")
        page.get_by_role("button", name="Avanti").click()
        page.locator(".mm-suggestions details summary").first.click()
        expect(page.get_by_text("Perché vi servono").first).to_be_visible()
        assert not violations(page)
        page.get_by_role("link", name="Vedi partenariati interi").click()
        expect(page.locator(".mm-proposal")).to_have_count(3)
        assert not violations(page)
        page.get_by_role("button", name="Apri come bozza").first.click()
        expect(page.get_by_text("La bozza è salvata.")).to_be_visible()
        assert not violations(page)
        draft = page.url
        page.get_by_label("Nome, codice fiscale o codice IPA").fill("cooperativa")
        page.get_by_role("button", name="Cerca").click()
        page.get_by_role("button", name="Aggiungi").first.click()
        expect(page.get_by_text("è nella bozza.")).to_be_visible()
        page.get_by_role("navigation", name="Principale").get_by_role(
            "link", name="I vostri partenariati"
        ).click()
        page.locator(f"a[href='{draft.removeprefix(live_site.address)}']").click()
        expect(page).to_have_url(draft)


def test_a_facilitator_is_told_why_a_file_is_refused_and_which_row_is_wrong(
    live_site: LiveSite, browsing: Browsing, tmp_path: Path
) -> None:
    broken = tmp_path / "senza-colonne.csv"
    broken.write_text("a,b\n1,2\n", encoding="utf-8")
    good = tmp_path / "imprese.csv"
    good.write_text(
        "ragione_sociale;codice_fiscale;comune;provincia\n"
        "Falegnameria Chisone;00743110157;Pinerolo;TO\n"
        "Officina senza codice;123;Pinerolo;TO\n",
        encoding="utf-8",
    )
    with browsing.window(live_site) as page:
        enter(page, "facilitatrice")
        send_file(page, broken)
        expect(page.locator("main")).to_contain_text("rifiutato", ignore_case=True)
        assert not violations(page)
        send_file(page, good)
        expect(page.locator("main")).to_contain_text("Officina senza codice", timeout=20_000)
        page.get_by_role("button", name="Carica").click()
        expect(page.locator("main")).to_contain_text("Caricato il", timeout=20_000)
        page.goto("/organisations/?q=Falegnameria+Chisone")
        expect(page.get_by_role("link", name="Falegnameria Chisone", exact=True)).to_be_visible()


def send_file(page: Page, path: Path) -> None:
    page.goto("/imports/")
    page.locator("input[type=file]").set_input_files(str(path))
    page.get_by_role("button", name="Prova il file").click()
    page.wait_for_load_state()
