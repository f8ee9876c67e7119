"""Every code of the import has its words, in every language, and says what it must."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import matchmaker.imports
from matchmaker import i18n
from matchmaker.imports.models import ImportState
from matchmaker.imports.presenters import (
    notice_detail,
    problem_words,
    refusal_words,
    report_json,
    report_text,
)
from matchmaker.imports.problems import CellProblem, FileRefused, RowProblem
from matchmaker.imports.reports import Report
from matchmaker.imports.words import CELL_PROBLEMS, FILE_REFUSALS, NOTICE_DETAILS, STATE_NAMES

FILES = Path(matchmaker.imports.__path__[0]).glob("*.py")
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in FILES)


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    app = Flask("words")
    i18n.init_app(app)
    with app.app_context():
        yield


def test_every_refusal_of_a_file_has_its_sentence() -> None:
    assert set(re.findall(r'FileRefused\("(\w+)"', SOURCE)) == FILE_REFUSALS.keys()


def test_every_state_has_its_word() -> None:
    assert STATE_NAMES.keys() == set(ImportState)


def test_every_problem_of_a_cell_has_its_sentence() -> None:
    told = set(re.findall(r'(?:refuse\(\w*"?\w+"?, |_problem\("\w+", |problem=)"(\w+)"', SOURCE))
    told |= set(re.findall(r'Mismatch\([^,]+, "(\w+)"', SOURCE))
    assert len(told) > 10
    assert told <= CELL_PROBLEMS.keys()


@pytest.mark.parametrize("code", CELL_PROBLEMS)
def test_a_value_is_shown_as_it_is_even_with_a_percent_sign(code: str) -> None:
    said = problem_words(code, "100%(x)s")
    assert "%(value)" not in said
    assert said == str(CELL_PROBLEMS[code]).replace("%(value)s", "100%(x)s")


def test_a_detail_that_is_a_place_stands_for_itself() -> None:
    assert notice_detail("Milano (MI)") == "Milano (MI)"
    assert notice_detail("followed_by:ASL Città di Torino") == "oggi: ASL Città di Torino"
    assert all("%(" not in notice_detail(f"{code}:x") for code in NOTICE_DETAILS)


def test_refusals_name_columns_and_presets_in_words() -> None:
    said = refusal_words("missing_columns", {"preset": "firms", "columns": ["comune", "provincia"]})
    assert said == "Letto come «Elenco di imprese», al file mancano queste colonne: comune, provincia."


def report() -> Report:
    made = Report("a.csv", "firms", rows=3, created=1, unchanged=1)
    problems = (CellProblem("cf", "tax_code", "123"), CellProblem("nome", "empty"))
    made.refused.append(RowProblem(4, problems))
    made.left_out.append(RowProblem(2, (CellProblem("sito", "unusable_website", "boh"),)))
    made.notices["possible_duplicate"] += 1
    return made


def test_the_json_of_a_report_has_one_entry_per_refused_row() -> None:
    document = report_json(report())
    assert document["refused"] == [
        {
            "line": 4,
            "column": "cf",
            "reason": "«123» non è un codice fiscale valido",
            "code": "tax_code",
            "also": ["nome: la cella è vuota"],
        }
    ]
    counted = ("created", "updated", "unchanged")
    assert document["rows"] == sum(document[name] for name in counted) + len(document["refused"])
    assert (document["error"], document["notices"]["possible_duplicate"]) == (None, 1)


def test_the_text_of_a_report_names_lines_and_columns() -> None:
    text = "\n".join(report_text(report()))
    assert "riga 4, cf: «123» non è un codice fiscale valido; nome: la cella è vuota" in text
    assert "riga 2, sito: «boh» non è un indirizzo web: lasciato vuoto" in text


def test_a_refused_file_has_loaded_nothing() -> None:
    refused = report()
    refused.refuse(FileRefused("too_many_rows", most=5))
    document = report_json(refused)
    assert (document["created"], document["unchanged"]) == (0, 0)
    assert document["error"] == {
        "code": "too_many_rows",
        "message": "Il file ha più di 5 righe: dividetelo in più file.",
    }
