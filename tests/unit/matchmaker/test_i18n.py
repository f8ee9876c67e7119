"""Words, numbers and dates in the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import Flask, session

from matchmaker import create_app
from matchmaker.config import Settings
from matchmaker.i18n import choose_language, day, in_words, moment, money, number, term_label


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    path = tmp_path_factory.mktemp("i18n") / "i18n.sqlite"
    return create_app(Settings(database_url=f"sqlite:///{path}", testing=True))


WRITTEN = {
    "it": ("6.408", "867.000 €", "23 novembre 2026", "23 novembre 2026, 15:30", "Impresa", "ciao"),
    "en": ("6,408", "867,000 €", "23 November 2026", "23 November 2026, 15:30", "Enterprise", "hello"),
}


@pytest.mark.parametrize("language", sorted(WRITTEN))
def test_each_reader_reads_in_the_own_conventions(app: Flask, language: str) -> None:
    row = SimpleNamespace(text_it="ciao", text_en="hello")
    with app.test_request_context(headers={"Accept-Language": language}):
        written = (
            number(6408),
            money(867000).replace("\xa0", " "),
            day(date(2026, 11, 23)),
            moment(datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
            term_label("enterprise", "kind"),
            in_words(row, "text"),
        )
    assert written == WRITTEN[language]


def test_a_code_without_word_stands_for_itself_and_none_for_nothing(app: Flask) -> None:
    with app.test_request_context():
        assert term_label("RETIRED", "kind") == "RETIRED"
        assert term_label(None, "kind") == ""


@pytest.mark.parametrize(
    ("asked", "given"),
    [("fr, en;q=0.5", "en"), ("de", "it"), ("", "it"), ("en-GB", "en"), ("it-IT,it;q=0.9,en;q=0.8", "it")],
)
def test_a_stranger_gets_the_first_language_that_is_there(app: Flask, asked: str, given: str) -> None:
    with app.test_request_context(headers={"Accept-Language": asked}):
        assert choose_language() == given


def test_the_language_chosen_wins_over_the_browser_s_and_nonsense_does_not(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "it"}):
        session["language"] = "en"
        assert choose_language() == "en"
        session["language"] = "xx"
        assert choose_language() == "it"


def test_outside_a_request_it_is_italian() -> None:
    assert choose_language() == "it"
