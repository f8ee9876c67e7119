"""``matchmaker import organisations``: what it prints, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matchmaker.imports.commands import organisations_command
from matchmaker.imports.models import ImportRun
from matchmaker.organisations.models import Organisation
from tests.databases import BACKENDS, Databases
from tests.import_files import FIRMS, csv_bytes, firm, tax_code, with_part, xlsx_bytes
from tests.import_world import World


@pytest.fixture(params=BACKENDS)
def world(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[World]:
    made = databases[request.param]
    url = made.make("reference")
    world = World(url)
    yield world
    world.app.extensions["engine"].dispose()
    made.drop(url)


def run(world: World, path: Path | str, *options: str) -> Result:
    with world.app.app_context():
        return CliRunner().invoke(organisations_command, [str(path), *options])


def document(result: Result) -> dict[str, Any]:
    """Standard output, which has to be one JSON document and nothing else."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def firms(tmp_path: Path) -> Path:
    path = tmp_path / "imprese.csv"
    path.write_bytes(csv_bytes(FIRMS, firm(1), firm(2, name=""), firm(3, site="niente sito"), separator=";"))
    return path


def test_a_list_is_loaded_and_its_faults_are_named(world: World, firms: Path) -> None:
    result = run(world, firms, "--json")
    assert result.exit_code == 0
    found = document(result)
    assert {name: found[name] for name in ("file", "preset", "dry_run", "error")} == {
        "file": "imprese.csv",
        "preset": "firms",
        "dry_run": False,
        "error": None,
    }
    assert [found[name] for name in ("rows", "created", "updated", "unchanged")] == [3, 2, 0, 0]
    assert found["refused"] == [
        {"line": 3, "column": "ragione_sociale", "reason": "la cella è vuota", "code": "empty"}
    ]
    assert [(cell["line"], cell["column"]) for cell in found["left_out"]] == [(4, "sito_web")]
    assert document(run(world, firms, "--json"))["unchanged"] == 2


def test_a_dry_run_says_the_same_and_writes_nothing(world: World, firms: Path) -> None:
    before = world.count(Organisation)
    found = document(run(world, firms, "--json", "--dry-run"))
    assert (found["created"], found["dry_run"], world.count(Organisation)) == (2, True, before)
    assert world.count(ImportRun) == 0


def test_a_person_reads_it_in_lines(world: World, firms: Path) -> None:
    result = run(world, firms, "--dry-run")
    assert result.exit_code == 0
    assert "Nuovi: 2" in result.output
    assert "riga 3, ragione_sociale: la cella è vuota" in result.output
    assert "non è stato scritto nulla" in result.output


def test_strict_loads_nothing_when_a_row_is_refused(world: World, firms: Path) -> None:
    before = world.count(Organisation)
    result = run(world, firms, "--strict", "--json")
    assert (result.exit_code, world.count(Organisation)) == (1, before)
    found = document(result)
    assert (found["created"], len(found["refused"]), found["error"]["code"]) == (0, 1, "strict")
    assert "--strict" in result.stderr


def _bomb() -> bytes:
    return with_part(xlsx_bytes(FIRMS), "xl/worksheets/sheet1.xml", b"<row>" * 1_000_000)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "vuoto"),
        (csv_bytes(FIRMS), "no_rows", "nessuna riga"),
        (csv_bytes(FIRMS, firm(1), encoding="utf-16"), "utf16", "UTF-16"),
        (csv_bytes(FIRMS, firm(1, "Caffè")) + b"\xff\n", "encoding", "riga 3"),
        (csv_bytes(["nome"], ["a"]), "missing_columns", "comune, codice_fiscale/partita_iva"),
        (csv_bytes([*FIRMS, "CF"], [*firm(1), ""]), "duplicate_columns", "codice_fiscale, CF"),
        (b"\x00\x01\x02", "not_a_table", "CSV o un XLSX"),
        (_bomb(), "bomb", "enorme"),
        (xlsx_bytes(FIRMS, firm(1))[:500], "damaged", "danneggiato"),
        (b"a" * (15 * 2**20 + 1), "too_large", "15 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.islower() and len(value) < 20 else "",
)
def test_a_broken_file_ends_with_1_and_says_why(
    world: World, tmp_path: Path, content: bytes, code: str, words: str
) -> None:
    path = tmp_path / "rotto"
    path.write_bytes(content)
    before = world.count(Organisation)
    result = run(world, path, "--json")
    assert (result.exit_code, world.count(Organisation)) == (1, before)
    found = document(result)
    assert (found["error"]["code"], found["rows"], found["refused"]) == (code, 0, [])
    assert words in found["error"]["message"]
    assert words in result.stderr


@pytest.mark.parametrize("arguments", [["missing.csv"], ["."], [__file__, "--preset", "altro"], []])
def test_wrong_usage_ends_with_2(world: World, arguments: list[str]) -> None:
    with world.app.app_context():
        assert CliRunner().invoke(organisations_command, arguments).exit_code == 2


def test_what_a_name_holds_is_shown_as_text_and_kept_as_it_is(world: World, tmp_path: Path) -> None:
    path = tmp_path / "formule.csv"
    name = '=HYPERLINK("http://x.it"; "Alfa")'
    path.write_bytes(csv_bytes(FIRMS, firm(1, name), ["+1", "=1+1", "", "Torino", "TO", ""], separator=","))
    found = document(run(world, path, "--json"))
    assert (found["created"], [row["line"] for row in found["refused"]]) == (1, [3])
    assert world.body(tax_code=tax_code(1)).name == name
