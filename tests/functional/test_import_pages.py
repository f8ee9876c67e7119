"""Importing a list in the browser, as a facilitator does: upload, trial, confirmation."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import undefer
from werkzeug.test import TestResponse

from matchmaker.audit.models import AuditEntry
from matchmaker.database import utc_now
from matchmaker.imports import runs
from matchmaker.imports.models import ImportRun, ImportState
from matchmaker.imports.runs import work_on
from matchmaker.organisations.models import DirectoryNotice, Organisation
from tests.functional.small_directory import Site, open_site
from tests.import_files import FIRMS, csv_bytes, firm, tax_code, xlsx_bytes

PATIENCE_SECONDS = 60


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    yield from open_site(database_url)


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return site.client("facilitator")


def upload(client: FlaskClient, content: bytes, name: str = "imprese.csv", preset: str = "") -> str:
    """Send a file; return the address of its run."""
    data = {"file": (io.BytesIO(content), name), "preset": preset}
    response = client.post("/imports/", data=data)
    assert response.status_code == 303, response.status_code
    return response.headers["Location"]


def settled(client: FlaskClient, address: str) -> str:
    """The page of a run once nobody works on it any more."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        response = client.get(address)
        assert response.status_code == 200
        if "Refresh" not in response.headers:
            return text_of(response)
        time.sleep(0.05)
    raise AssertionError(f"{address} never ends")


def text_of(response: TestResponse) -> str:
    """The words of a page's main part, one blank between them."""
    main = response.get_data(as_text=True).split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def figures(page: str) -> dict[str, int]:
    names = ("Righe", "Nuovi", "Cambiati", "Uguali", "Rifiutate")
    return {name: int(re.search(rf"{name} (\d+)", page)[1]) for name in names}  # type: ignore[index]


def put_run(site: Site, **values: Any) -> ImportRun:
    with site.writing() as session:
        run = ImportRun(**{"filename": "imprese.csv", "content": csv_bytes(FIRMS, firm(1))} | values)
        session.add(run)
        session.flush()
    return run


def the_run(site: Site) -> ImportRun:
    with site.writing() as session:
        return session.scalars(select(ImportRun).options(undefer(ImportRun.content))).one()


def bodies_of_lists(site: Site) -> list[str]:
    with site.writing() as session:
        query = select(Organisation.name).where(Organisation.source == "Elenco di imprese")
        return sorted(session.scalars(query))


def test_a_list_is_tried_first_and_loaded_when_confirmed(site: Site, client: FlaskClient) -> None:
    content = csv_bytes(FIRMS, firm(1, place="Pinerolo"), firm(2, name=""), firm(3, place="Altrove"))
    address = upload(client, content)
    tried = settled(client, address)
    assert figures(tried) == {"Righe": 3, "Nuovi": 2, "Cambiati": 0, "Uguali": 0, "Rifiutate": 1}
    assert "Che cosa cambierebbe" in tried
    assert "3 ragione_sociale la cella è vuota" in tried
    assert bodies_of_lists(site) == []
    assert client.post(f"{address}/load").status_code == 303
    loaded = settled(client, address)
    assert figures(loaded) == figures(tried)
    assert "Caricato il" in loaded
    assert bodies_of_lists(site) == ["Officina 1 S.r.l.", "Officina 3 S.r.l."]
    assert the_run(site).content is None


def test_the_first_rows_are_shown_under_the_fields_they_are_read_as(client: FlaskClient) -> None:
    rows = [[*firm(n, "Alfa" * 30 if n == 0 else None), "nota"] for n in range(12)]
    page = settled(client, upload(client, csv_bytes([*FIRMS, "note"], *rows, separator=";")))
    assert "Nome ragione_sociale Codice fiscale codice_fiscale Partita IVA partita_iva" in page
    assert "Officina 9 S.r.l." in page
    assert "Officina 10 S.r.l." not in page.split("Le prime righe")[1].split("Che cosa cambierebbe")[0]
    assert "Alfa" * 15 + "…" in page
    assert "Colonne che non servono: note." in page


def test_a_second_upload_of_the_same_list_has_nothing_to_confirm(site: Site, client: FlaskClient) -> None:
    content = csv_bytes(FIRMS, firm(1))
    address = upload(client, content)
    settled(client, address)
    client.post(f"{address}/load")
    settled(client, address)
    again = settled(client, upload(client, content))
    assert "Non cambierebbe nulla" in again
    assert "Carica nell’elenco" not in again


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Il file è vuoto."),
        (csv_bytes(["nome"], ["a"]), "mancano queste colonne: comune, codice_fiscale/partita_iva"),
        (b"\x00\x01", "servono un CSV o un XLSX"),
        (xlsx_bytes(FIRMS, firm(1))[:400], "danneggiato"),
        (csv_bytes(FIRMS, firm(1), encoding="utf-16"), "UTF-16"),
    ],
)
def test_a_broken_file_says_why_and_is_not_kept(
    site: Site, client: FlaskClient, content: bytes, words: str
) -> None:
    page = settled(client, upload(client, content))
    assert "Il file non è stato caricato" in page
    assert words in page
    assert (the_run(site).state, the_run(site).content) == (ImportState.REFUSED, None)
    assert bodies_of_lists(site) == []


def test_a_form_without_a_file_stays_and_says_so(client: FlaskClient) -> None:
    response = client.post("/imports/", data={"preset": "ipa"})
    assert response.status_code == 422
    assert "Scegliete un file." in response.get_data(as_text=True)
    assert '<option selected value="ipa">' in response.get_data(as_text=True)


def test_the_preset_that_was_chosen_is_the_one_used(client: FlaskClient) -> None:
    page = settled(client, upload(client, csv_bytes(FIRMS, firm(1)), preset="ipa"))
    assert "Letto come «Indice delle pubbliche amministrazioni (IPA)», al file mancano" in page


def test_what_looks_like_a_formula_or_a_tag_is_shown_as_text(site: Site, client: FlaskClient) -> None:
    names = ['=HYPERLINK("http://x")', "<script>alert(1)</script> Srl"]
    address = upload(client, csv_bytes(FIRMS, *(firm(n, name) for n, name in enumerate(names))), "<b>.csv")
    settled(client, address)
    page = client.get(address).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<b>.csv" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Srl" in page
    client.post(f"{address}/load")
    settled(client, address)
    assert bodies_of_lists(site) == sorted(names)


def test_the_name_of_a_file_is_kept_without_its_folders(site: Site, client: FlaskClient) -> None:
    settled(client, upload(client, csv_bytes(FIRMS, firm(1)), "elenchi/ada/lista  uno.csv"))
    assert the_run(site).filename == "lista uno.csv"


def test_while_it_works_the_page_shows_how_far_and_refreshes_itself(site: Site, client: FlaskClient) -> None:
    run = put_run(site, rows_total=6408, rows_done=2500, lease_until=utc_now() + timedelta(minutes=1))
    response = client.get(f"/imports/{run.id}")
    assert response.headers["Refresh"] == "2"
    assert '<progress id="import-progress" max="6408" value="2500">' in response.get_data(as_text=True)
    assert "2.500 righe su circa 6.408" in text_of(response)
    still = client.get(f"/imports/{run.id}?still=1")
    assert "Refresh" not in still.headers
    assert "Aggiorna la pagina" in text_of(still)


@pytest.mark.parametrize("lease", [None, timedelta(seconds=-1)])
def test_work_that_broke_off_is_shown_and_can_be_taken_up(
    site: Site, client: FlaskClient, lease: timedelta | None
) -> None:
    run = put_run(site, lease_until=utc_now() + lease if lease else None)
    assert "Il lavoro si è interrotto" in settled(client, f"/imports/{run.id}")
    assert client.post(f"/imports/{run.id}/load").status_code == 303
    assert "provato, da confermare" in settled(client, f"/imports/{run.id}")


def test_a_load_that_broke_off_is_loaded_when_taken_up(site: Site, client: FlaskClient) -> None:
    address = upload(client, csv_bytes(FIRMS, firm(1)))
    settled(client, address)
    with site.writing() as session:
        session.get_one(ImportRun, the_run(site).id).state = ImportState.LOADING
    assert "Il lavoro si è interrotto" in settled(client, address)
    client.post(f"{address}/load")
    assert "Caricato il" in settled(client, address)
    assert len(bodies_of_lists(site)) == 1


def test_a_run_that_fails_unexpectedly_says_so_instead_of_waiting(
    site: Site, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = put_run(site, lease_until=utc_now() + timedelta(minutes=1))

    def broken(*_arguments: object) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr(runs, "open_file", broken)
    with pytest.raises(RuntimeError, match="no disk"):
        work_on(site.app, run.id, None)
    assert the_run(site).state is ImportState.FAILED
    assert "Il lavoro si è interrotto" in settled(client, f"/imports/{run.id}")


def test_nobody_confirms_twice(site: Site, client: FlaskClient) -> None:
    address = upload(client, csv_bytes(FIRMS, firm(1)))
    settled(client, address)
    client.post(f"{address}/load")
    settled(client, address)
    client.post(f"{address}/load")
    assert "qualcuno l’ha già fatto" in text_of(client.get(address))
    with site.writing() as session:
        done = list(session.scalars(select(AuditEntry.action).where(AuditEntry.object_type == "import_run")))
    assert sorted(done) == ["import.confirmed", "import.loaded", "import.uploaded"]


def test_a_run_that_is_done_is_not_worked_on_again(site: Site, client: FlaskClient) -> None:
    address = upload(client, csv_bytes(FIRMS, firm(1)))
    settled(client, address)
    before = the_run(site).finished_at
    work_on(site.app, the_run(site).id, None)
    assert (the_run(site).state, the_run(site).finished_at) == (ImportState.TRIED, before)


def test_the_person_who_confirmed_stands_in_the_audit(site: Site, client: FlaskClient) -> None:
    address = upload(client, csv_bytes(FIRMS, firm(1)))
    settled(client, address)
    client.post(f"{address}/load")
    settled(client, address)
    with site.writing() as session:
        actors = set(session.scalars(select(AuditEntry.actor_id).where(AuditEntry.action.like("import.%"))))
    assert actors == {int(site.people["facilitator"].split(".")[0])}


def test_notices_are_told_in_the_report_and_on_the_page_of_the_body(site: Site, client: FlaskClient) -> None:
    rows = [firm(1, "Panificio Rossi Snc", "Pinerolo"), firm(2, "Panificio Rossi S.n.c.", "Pinerolo")]
    address = upload(client, csv_bytes(FIRMS, *rows))
    assert "stesso nome nello stesso comune" in settled(client, address)
    client.post(f"{address}/load")
    settled(client, address)
    with site.writing() as session:
        body = session.scalars(select(Organisation).where(Organisation.tax_code == tax_code(1))).one()
        notices = select(DirectoryNotice).where(DirectoryNotice.organisation_id == body.id)
        assert len(session.scalars(notices).all()) == 1
    assert "(stesso nome nello stesso comune)" in site.page(f"/organisations/{body.id}", "facilitator")
    assert "stesso nome nello stesso comune" not in site.page(f"/organisations/{body.id}", "member")


def test_runs_are_listed_newest_first(site: Site, client: FlaskClient) -> None:
    for number, state in enumerate((ImportState.LOADED, ImportState.REFUSED)):
        put_run(site, filename=f"lista{number}.csv", preset="ipa", state=state)
    page = text_of(client.get("/imports/"))
    assert page.index("lista1.csv") < page.index("lista0.csv")
    assert "rifiutato" in page


def test_there_is_a_template_for_each_list(client: FlaskClient) -> None:
    response = client.get("/imports/template/firms.csv")
    assert response.mimetype == "text/csv"
    assert response.data.decode("utf-8-sig").startswith("ragione_sociale;codice_fiscale;partita_iva;comune")
    assert 'filename="matchmaker-firms.csv"' in response.headers["Content-Disposition"]
    assert client.get("/imports/template/altro.csv").status_code == 404


@pytest.mark.parametrize("person", [None, "member", "observer"])
def test_only_facilitators_import(site: Site, person: str | None) -> None:
    run = put_run(site)
    stranger = site.client(person)
    expected = {None: {302}, "member": {403, 404}, "observer": {403, 404}}[person]
    for path in ("/imports/", f"/imports/{run.id}", "/imports/template/ipa.csv"):
        assert stranger.get(path).status_code in expected, path
    assert stranger.post("/imports/", data={}).status_code in expected
    assert stranger.post(f"/imports/{run.id}/load").status_code in expected
    assert the_run(site).state is ImportState.TRYING
