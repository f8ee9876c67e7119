"""The reference data in a real database, and on the real directory where it is at hand."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import matchmaker.models  # noqa: F401 - the metadata is complete
from matchmaker.database import Base, db, make_engine
from matchmaker.organisations.models import Organisation, Origin, WorldRevision
from matchmaker.territories.commands import territories_command
from matchmaker.territories.importing import TableReport, import_territories
from matchmaker.territories.models import Territory, TerritoryKind, TerritoryMembership
from matchmaker.territories.queries import (
    district_of,
    districts,
    managing_bodies_of,
    municipalities_of,
    municipality_by_istat,
    municipality_by_name,
)
from matchmaker.territories.services import load_default_territories
from matchmaker.territories.table import Refusal, TableRefused
from matchmaker.vocabularies.inference import infer

DIRECTORY = Path(__file__).parents[3] / "shared/data/piemonte/organisations_piemonte_unified.csv"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reference") / "template.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        load_default_territories(session)
    engine.dispose()
    return path


@pytest.fixture
def url(template: Path, tmp_path: Path) -> str:
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(template.read_bytes())
    return f"sqlite:///{copy}"


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    engine = make_engine(url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def load(session: Session, table: str) -> TableReport:
    report = import_territories(session, table.encode(), "tabella.csv")
    session.flush()
    return report


def revision(session: Session) -> int:
    return session.scalar(select(WorldRevision.number)) or 0


def history(session: Session, istat: str) -> list[tuple[str, date | None]]:
    rows = session.execute(
        select(Territory.code, TerritoryMembership.valid_to)
        .join(TerritoryMembership, TerritoryMembership.parent_id == Territory.id)
        .where(Territory.kind == TerritoryKind.DISTRICT)
        .where(TerritoryMembership.child.has(Territory.code == istat))
        .order_by(TerritoryMembership.id)
    )
    return [(code, closed) for code, closed in rows]


def test_loading_the_defaults_again_writes_nothing(session: Session) -> None:
    before = revision(session)
    assert not load_default_territories(session).changed
    assert revision(session) == before


def test_a_municipality_is_found_however_its_name_is_written(session: Session) -> None:
    found = [
        municipality_by_name(session, name) for name in ("NONE", "none", "Mondovi'", "MONTECHIARO D'ASTI")
    ]
    assert [place.code if place else None for place in found] == ["001168", "001168", "004130", "005075"]


def test_a_municipality_is_found_by_a_name_it_no_longer_has(session: Session) -> None:
    place = municipality_by_name(session, "Mosso", "bi")
    assert place is not None
    assert place.name == "Valdilana"


def test_a_municipality_of_another_province_is_not_found(session: Session) -> None:
    assert municipality_by_name(session, "Pinerolo", "CN") is None
    assert municipality_by_name(session, "Nowhere") is None


def test_an_istat_code_that_lost_its_zeros_is_found(session: Session) -> None:
    place = municipality_by_istat(session, "1191")
    assert place is not None
    assert place.name == "Pinerolo"


def test_districts_are_listed_with_their_municipalities_and_marked_to_confirm(session: Session) -> None:
    lines = {line.code: line for line in districts(session)}
    assert len(lines) == 33
    assert lines["pinerolo"].municipalities == len(municipalities_of(session, "pinerolo")) == 45
    assert all(line.to_confirm for line in lines.values())


def test_a_district_names_its_managing_bodies(session: Session) -> None:
    assert [body.code for body in managing_bodies_of(session, "pinerolo")] == ["EG09", "EG10"]
    assert managing_bodies_of(session, "nowhere") == []


def test_a_table_moves_a_municipality_and_keeps_its_history(session: Session) -> None:
    report = load(session, "istat;distretto;dal\n001191;cuneo;2026-03-01\n")
    assert (report.rows, report.updated, report.untouched) == (1, 1, 1179)
    assert history(session, "001191") == [("pinerolo", date(2026, 3, 1)), ("cuneo", None)]
    moved = district_of(session, "001191")
    assert moved is not None
    assert moved.code == "cuneo"


def test_the_same_table_again_changes_nothing(session: Session) -> None:
    table = "istat;distretto;ente_gestore\n001191;Val Noce;cisspito\n"
    first = load(session, table)
    before = revision(session)
    second = load(session, table)
    assert (first.updated, first.new_districts) == (1, ["val-noce"])
    assert (second.updated, second.unchanged, second.new_districts) == (0, 1, [])
    assert revision(session) == before


def test_what_a_table_says_anew_of_the_same_district_is_noted_on_its_row(session: Session) -> None:
    report = load(session, "istat;distretto;fonte\n001191;pinerolo;Elenco della Regione\n")
    assert report.updated == 1
    assert history(session, "001191") == [("pinerolo", None)]


def test_a_district_is_named_by_its_code_or_by_its_name(session: Session) -> None:
    report = load(session, "istat;distretto\n001191;CUNEO\n001168;Acqui Terme e Ovada\n")
    assert report.new_districts == []
    assert [history(session, istat)[-1][0] for istat in ("001191", "001168")] == ["cuneo", "acqui-ovada"]


def test_a_broken_row_is_refused_and_the_rest_is_loaded(session: Session) -> None:
    report = load(
        session,
        "istat;comune;provincia;distretto;ente_gestore\n"
        "999999;;;cuneo;\n"
        ";Nowhere;TO;cuneo;\n"
        "001191;;;cuneo;nobody\n"
        ";NONE;to;cuneo;\n"
        "001168;;;bra;\n",
    )
    assert report.refused == [
        Refusal(2, "istat", "unknown_municipality"),
        Refusal(3, "municipality", "unknown_municipality"),
        Refusal(4, "managing_body", "unknown_managing_body"),
        Refusal(6, "istat", "municipality_twice"),
    ]
    assert (report.rows, report.updated) == (5, 1)
    assert history(session, "001191") == [("pinerolo", None)]


def test_a_broken_file_writes_nothing(session: Session) -> None:
    with pytest.raises(TableRefused):
        load(session, "istat;nome\n001191;x\n")
    assert not session.new
    assert not session.dirty


def test_managing_bodies_follow_the_table_or_the_municipality_of_their_seat(session: Session) -> None:
    istats = [place.code for place in municipalities_of(session, "pinerolo")]
    report = load(session, "istat;distretto\n" + "".join(f"{istat};d1\n" for istat in istats))
    assert report.closed_districts == ["pinerolo"]
    assert [body.code for body in managing_bodies_of(session, "d1")] == ["EG09", "EG10"]
    assert "pinerolo" not in {line.code for line in districts(session)}


def test_a_managing_body_goes_where_most_of_its_municipalities_are(session: Session) -> None:
    load(
        session,
        "istat;distretto;ente_gestore;nome_ente_gestore\n"
        "001191;cuneo;cisspito;\n001168;cuneo;EG09;\n"
        "001002;bra;;Consorzio Intercomunale Servizi Sociali Pinerolo (CISS)\n",
    )
    assert "EG09" in [body.code for body in managing_bodies_of(session, "cuneo")]
    assert "EG09" not in [body.code for body in managing_bodies_of(session, "pinerolo")]


def test_a_managing_body_that_is_new_is_made_from_its_name(session: Session) -> None:
    load(session, "istat;distretto;ente_gestore;nome_ente_gestore\n001191;pinerolo;;Unione Val Noce\n")
    assert "unione-val-noce" in [body.code for body in managing_bodies_of(session, "pinerolo")]


def test_the_defaults_never_undo_a_table(session: Session) -> None:
    load(
        session,
        "istat;distretto\n" + "".join(f"{p.code};d1\n" for p in municipalities_of(session, "pinerolo")),
    )
    assert not load_default_territories(session).changed
    assert len(municipalities_of(session, "d1")) == 45
    assert municipalities_of(session, "pinerolo") == []


def test_a_district_that_was_closed_opens_again_when_a_table_names_it(session: Session) -> None:
    istats = [place.code for place in municipalities_of(session, "pinerolo")]
    load(session, "istat;distretto\n" + "".join(f"{istat};d1\n" for istat in istats))
    report = load(session, "istat;distretto\n001191;pinerolo\n")
    assert report.new_districts == []
    assert "pinerolo" in {line.code for line in districts(session)}
    assert [code for code, _ in history(session, "001191")] == ["pinerolo", "d1", "pinerolo"]


def test_a_managing_body_without_a_known_seat_leaves_a_district_that_closes(session: Session) -> None:
    body = session.scalar(select(Territory).where(Territory.code == "EG10"))
    assert body is not None
    body.seat_code = None
    istats = [place.code for place in municipalities_of(session, "pinerolo")]
    load(session, "istat;distretto\n" + "".join(f"{istat};d1\n" for istat in istats))
    assert [body.code for body in managing_bodies_of(session, "d1")] == ["EG09"]
    assert managing_bodies_of(session, "pinerolo") == []


def test_a_municipality_whose_facts_changed_is_brought_up_to_date(session: Session) -> None:
    place = municipality_by_istat(session, "001191")
    assert place is not None
    place.name = "Pinarolo"
    written = load_default_territories(session)
    assert (written.created, written.updated) == (0, 1)
    assert place.name == "Pinerolo"


def test_a_change_of_territories_has_every_body_read_anew(session: Session) -> None:
    body = Organisation(name="Prato", folded_name="prato", kind="third_sector", origin=Origin.DIRECTORY)
    session.add(body)
    session.flush()
    load(session, "istat;distretto\n001191;cuneo\n")
    session.refresh(body)
    assert body.revision == revision(session) > 0


@pytest.fixture
def app(url: str) -> Iterator[Flask]:
    app = Flask("matchmaker")
    app.config["DATABASE_URL"] = url
    from flask_babel import Babel

    Babel(app, default_locale="it")
    db.init_app(app)
    with app.app_context():
        yield app
        db.engine.dispose()


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(territories_command, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def count(kind: TerritoryKind) -> int:
    with db.new_session(writing=False) as session:
        return session.scalar(select(func.count()).where(Territory.kind == kind)) or 0


def test_the_command_loads_a_table_and_answers_in_json(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "tabella.csv"
    table.write_text("istat;distretto\n001191;Val Noce\n9;Val Noce\n", encoding="utf-8")
    code, out, _ = run(str(table), "--json")
    said = json.loads(out)
    assert code == 0
    assert (said["rows"], said["updated"], said["new_districts"]) == (2, 1, ["val-noce"])
    assert said["refused"] == [
        {
            "line": 3,
            "column": "istat",
            "code": "unknown_municipality",
            "reason": "Nessun comune del Piemonte corrisponde.",
        }
    ]
    assert count(TerritoryKind.DISTRICT) == 34


def test_a_dry_run_says_what_would_change_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "tabella.csv"
    table.write_text("istat;distretto\n001191;Val Noce\nx;y\n", encoding="utf-8")
    code, out, _ = run(str(table), "--dry-run")
    assert code == 0
    assert "Prova: nulla è stato scritto." in out
    assert "riga 3, istat: Il codice ISTAT ha sei cifre." in out
    assert count(TerritoryKind.DISTRICT) == 33


def test_the_command_ends_with_1_on_a_broken_file_and_2_without_one(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "tabella.csv"
    table.write_bytes(b"istat;nome\n")
    code, out, err = run(str(table), "--json")
    assert (code, json.loads(out)) == (1, {"error": "Mancano le colonne: distretto."})
    assert "Mancano le colonne: distretto." in err
    assert run()[0] == 2


def test_the_command_prints_a_table_to_start_from(app: Flask, tmp_path: Path) -> None:
    code, out, _ = run("--template")
    table = tmp_path / "modello.csv"
    table.write_text(out, encoding="utf-8")
    assert code == 0
    assert json.loads(run(str(table), "--json")[1])["refused"] == []


@pytest.mark.skipif(not DIRECTORY.exists(), reason="the real directory is not at hand")
def test_most_of_the_real_directory_gets_a_form_and_a_field_of_work() -> None:
    with DIRECTORY.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    found = [infer(row["name"], sector=row["sector"], type_guess=row["type_guess"]) for row in rows]
    private = [one for row, one in zip(rows, found, strict=True) if row["sector"] == "third_sector"]
    assert all(one.legal_form for one in found)
    assert sum(bool(one.codes("theme")) for one in private) / len(private) > 0.65
    assert sum(one.legal_form not in ("TS_ALTRO", "TS_ASSOC") for one in private) / len(private) > 0.7
