"""The import on real databases: what is written, what is not, and that it can be repeated."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from matchmaker.audit.models import AuditEntry
from matchmaker.database import utc_now
from matchmaker.imports import jobs
from matchmaker.imports.limits import Limits
from matchmaker.imports.models import ImportRun, ImportState
from matchmaker.imports.tables import open_table
from matchmaker.organisations.models import (
    NoticeCode,
    Organisation,
    Origin,
)
from matchmaker.organisations.services import current_revision, mark_changed, search_tokens
from tests.databases import BACKENDS, Databases
from tests.import_files import FIRMS, FIVE, csv_bytes, firm, tax_code, xlsx_bytes
from tests.import_world import World


@pytest.fixture(params=BACKENDS)
def world(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[World]:
    """The reference data: municipalities, districts, enti gestori."""
    yield from _world(databases[request.param])


def _world(made: Databases) -> Iterator[World]:
    url = made.make("reference")
    world = World(url)
    yield world
    world.app.extensions["engine"].dispose()
    made.drop(url)


def five(number: int, name: str, place: str = "TORINO") -> list[str]:
    """A row of the 5x1000 list."""
    return [tax_code(number), name, "TO", place, "", "volontariato_ets", "ALTRO_ENP", "True", "1"]


def counts(report: object) -> tuple[int, int, int, int]:
    figures = report.counts()  # type: ignore[attr-defined]
    return figures["created"], figures["updated"], figures["unchanged"], figures["refused"]


def test_bodies_are_written_with_all_that_belongs_to_them(world: World) -> None:
    report = world.load(csv_bytes(FIVE, five(1, "CROCE VERDE DI TORINO ODV")))
    assert counts(report) == (1, 0, 0, 0)
    body = world.body(tax_code=tax_code(1))
    assert (body.origin, body.joined_at, body.kind, body.legal_form) == (
        Origin.DIRECTORY,
        None,
        "third_sector",
        "TS_ODV",
    )
    assert body.municipality is not None
    assert body.municipality.name == "Torino"
    assert body.terms
    assert all(term.inference_rule for term in body.terms)
    with world.reading() as session:
        assert body.revision == current_revision(session)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.object_id == body.id)).one()
        assert (entry.action, entry.object_type) == ("import.created", "organisation")


def test_search_finds_an_imported_body_as_if_it_had_been_saved_by_hand(world: World) -> None:
    world.load(csv_bytes(FIVE, five(1, "SOLIDARIETA' E CARITA' ODV")))
    before = world.everything()["tokens"]
    with world.writing() as session:
        body = session.scalars(select(Organisation).where(Organisation.tax_code == tax_code(1))).one()
        assert search_tokens(body)
        mark_changed(session, body)
    assert world.everything()["tokens"] == before


def test_a_second_run_changes_nothing_at_all(world: World) -> None:
    content = csv_bytes(FIRMS, *(firm(n, site="www.alfa.it") for n in range(5)))
    world.load(content)
    before, revision = world.everything(), world.body(tax_code=tax_code(0)).revision
    report = world.load(content)
    assert counts(report) == (0, 0, 5, 0)
    assert world.everything() == before
    with world.reading() as session:
        assert current_revision(session) == revision


def test_one_import_raises_the_revision_once(world: World) -> None:
    with world.reading() as session:
        before = current_revision(session)
    world.load(csv_bytes(FIRMS, *(firm(n) for n in range(1200))))
    with world.reading() as session:
        assert current_revision(session) == before + 1
        assert session.scalar(select(func.count()).where(Organisation.revision == before + 1)) == 1200


def test_a_dry_run_reports_the_same_and_writes_nothing(world: World) -> None:
    content = csv_bytes(FIVE, five(1, "ALFA"), five(1, "ALFA"), five(2, 'BETA "UNO', "BOH"))
    before, audited = world.everything(), world.count(AuditEntry)
    tried = world.load(content, dry_run=True)
    assert world.everything() == before
    assert (world.count(AuditEntry), world.count(ImportRun)) == (audited, 0)
    loaded = world.load(content)
    assert (tried.counts(), tried.refused, tried.noticed) == (loaded.counts(), loaded.refused, loaded.noticed)
    assert tried.notices == {"truncated_name": 1, "place_unknown": 1}


def test_a_broken_row_is_refused_and_the_rest_is_loaded(world: World) -> None:
    report = world.load(csv_bytes(FIRMS, firm(1), ["Beta", "123", "", "Torino", "TO", ""], firm(2)))
    assert counts(report) == (2, 0, 0, 1)
    [refused] = report.refused
    assert (refused.line, refused.problems[0].column, refused.problems[0].code) == (
        3,
        "codice_fiscale",
        "tax_code",
    )


def test_strict_is_all_or_nothing(world: World) -> None:
    before = world.everything()
    report = world.load(csv_bytes(FIRMS, firm(1), firm(2, name="")), strict=True)
    assert report.refusal is not None
    assert (report.refusal.code, counts(report)) == ("strict", (0, 0, 0, 1))
    assert world.everything() == before
    assert world.load(csv_bytes(FIRMS, firm(1)), strict=True).refusal is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (csv_bytes(FIRMS), "no_rows"),
        (csv_bytes(["nome", "provincia"], ["a", "TO"]), "missing_columns"),
        (csv_bytes([*FIRMS, "cf"], [*firm(1), "x"]), "duplicate_columns"),
        (xlsx_bytes(FIRMS), "no_rows"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_a_broken_file_loads_nothing_and_says_why(world: World, content: bytes, code: str) -> None:
    before = world.everything()
    report = world.load(content)
    assert report.refusal is not None
    assert (report.refusal.code, counts(report)) == (code, (0, 0, 0, 0))
    assert world.everything() == before


def test_a_file_that_breaks_in_the_middle_loads_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limits(rows=600)
    monkeypatch.setattr(jobs, "open_table", lambda stream: open_table(stream, few))
    before = world.everything()
    report = world.load(csv_bytes(FIRMS, *(firm(n) for n in range(700))))
    assert report.refusal is not None
    assert report.refusal.code == "too_many_rows"
    assert world.everything() == before


def test_a_workbook_is_loaded_like_a_csv(world: World) -> None:
    rows = [["Alfa S.r.l.", int(tax_code(1)), "", "Mondovi'", "CN", ""], ["=A1", 1, "", "Torino", "TO", ""]]
    report = world.load(xlsx_bytes(FIRMS, *rows))
    assert counts(report) == (1, 0, 0, 1)
    assert report.refused[0].problems[0].code == "formula"
    municipality = world.body(tax_code=tax_code(1)).municipality
    assert municipality is not None
    assert municipality.name == "Mondovì"


def test_notices_come_and_go_with_what_they_are_about(world: World) -> None:
    world.load(csv_bytes(FIVE, five(1, 'LA CICOGNA "ALFA', "Borgo Che Non C'è"), five(2, "LA CICOGNA BETA")))
    codes = {notice.code for notice in world.body(tax_code=tax_code(1)).notices}
    assert codes == {NoticeCode.TRUNCATED_NAME, NoticeCode.PLACE_UNKNOWN}
    world.load(csv_bytes(FIVE, five(1, "LA CICOGNA BETA")))
    [notice] = world.body(tax_code=tax_code(1)).notices
    assert (notice.code, notice.detail) == (NoticeCode.POSSIBLE_DUPLICATE, "same_name")
    assert notice.other_id == world.body(tax_code=tax_code(2)).id


def test_a_load_is_entered_as_a_run_for_facilitators_to_see(world: World) -> None:
    world.load(csv_bytes(FIRMS, firm(1), firm(2, name="")))
    with world.reading() as session:
        run = session.scalars(select(ImportRun)).one()
        assert (run.state, run.preset, run.content) == (ImportState.LOADED, "firms", None)
        assert run.report["counts"]["refused"] == 1
        entry = session.scalars(select(AuditEntry).where(AuditEntry.object_id == run.id)).first()
        assert entry is not None
        assert (entry.action, entry.detail["created"]) == ("import.loaded", 1)


def test_a_plan_made_before_somebody_else_wrote_is_made_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine, calls = jobs.examine, []

    def overtaken(*arguments: object) -> object:
        calls.append(1)
        examination = examine(*arguments)  # type: ignore[arg-type]
        if len(calls) == 1:
            # Between reading and writing, somebody registers the very body of the file.
            with world.writing() as session:
                body = Organisation(
                    name="Noi",
                    folded_name="noi",
                    kind="enterprise",
                    tax_code=tax_code(1),
                    origin=Origin.REGISTERED,
                    joined_at=utc_now(),
                )
                session.add(body)
                mark_changed(session, body)
        return examination

    monkeypatch.setattr(jobs, "examine", overtaken)
    report = world.load(csv_bytes(FIRMS, firm(1, "Altro nome"), firm(2)))
    assert (len(calls), counts(report)) == (2, (1, 1, 0, 0))
    assert world.body(tax_code=tax_code(1)).name == "Noi"


def test_reads_grow_with_batches_and_not_with_rows(world: World) -> None:
    reads: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            reads.append(statement)

    event.listen(world.app.extensions["engine"], "before_cursor_execute", note)
    content = csv_bytes(FIVE, *(five(n, f"CROCE VERDE {n} ODV") for n in range(400)))
    for most in (20, 20):
        reads.clear()
        world.load(content)
        assert len(reads) < most, reads


rows_of_firms = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["Alfa", "Beta S.r.l.", "", "None"]), st.booleans()),
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows_of_firms)
def test_importing_anything_twice_changes_nothing(
    databases: dict[str, Databases], rows: list[tuple[int, str, bool]]
) -> None:
    content = csv_bytes(FIRMS, *(firm(n, name, site="www.x.it" if site else "") for n, name, site in rows))
    for world in _world(databases["sqlite"]):
        first = world.load(content)
        before = world.everything()
        second = world.load(content)
        assert world.everything() == before
        assert second.refused == first.refused
        assert second.created == second.updated == 0


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(2, 12))
def test_the_order_of_rows_does_not_matter_when_each_body_stands_once(
    databases: dict[str, Databases], chance: random.Random, size: int
) -> None:
    rows = [five(n, f"LA CICOGNA {'BETA' * (n % 3)} ODV") for n in range(size)]
    shuffled = chance.sample(rows, len(rows))
    found = []
    for order in (rows, shuffled):
        for world in _world(databases["sqlite"]):
            world.load(csv_bytes(FIVE, *order[: size // 2]))
            world.load(csv_bytes(FIVE, *order[size // 2 :]))
            found.append(world.everything())
    assert {name: table for name, table in found[0].items() if name != "notices"} == {
        name: table for name, table in found[1].items() if name != "notices"
    }
    assert [row[:2] for row in found[0]["notices"]] == [row[:2] for row in found[1]["notices"]]
