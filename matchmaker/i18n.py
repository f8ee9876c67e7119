"""Which language a reader gets, and words, numbers and dates in it."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask, has_request_context, request, session
from flask_babel import format_currency, format_date, format_datetime, format_decimal, get_locale
from flask_login import current_user

from matchmaker.extensions import babel
from matchmaker.vocabularies.catalogue import label_of

LANGUAGES = {"it": "Italiano", "en": "English"}
DEFAULT_LANGUAGE = "it"


def init_app(app: Flask) -> None:
    """Bind the catalogues and give templates the language in use, and its filters."""
    babel.init_app(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone="Europe/Rome",
        default_translation_directories="translations",
        locale_selector=choose_language,
    )
    app.context_processor(lambda: {"language": language(), "languages": LANGUAGES})
    app.jinja_env.filters.update(
        term=term_label, words=in_words, number=number, money=money, day=day, moment=moment
    )


def choose_language() -> str:
    """Pick the reader's language: chosen, remembered, asked by the browser, Italian.

    A program has no page to choose on: what it asks for in Accept-Language comes first.
    """
    if not has_request_context():
        return DEFAULT_LANGUAGE
    asked = request.accept_languages.best_match(LANGUAGES)
    if asked and request.path.startswith("/api/"):
        return asked
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    if getattr(current_user, "is_authenticated", False):
        return str(current_user.language)
    return asked or DEFAULT_LANGUAGE


def language() -> str:
    """The two letters of the language in use."""
    locale = get_locale()
    return locale.language if locale is not None else DEFAULT_LANGUAGE


def in_words(row: object, name: str) -> str:
    """Return ``row.<name>_it`` or ``row.<name>_en``, whichever the reader reads."""
    return str(getattr(row, f"{name}_{language()}"))


def term_label(code: str | None, vocabulary: str) -> str:
    """Return a code's word in the reader's language; a retired code stands for itself."""
    return label_of(vocabulary, code, language()) if code else ""


def number(value: float) -> str:
    """A number as the reader writes it: 6.408 or 6,408."""
    return str(format_decimal(value))


def money(value: float) -> str:
    """Whole euro as the reader writes them."""
    return str(format_currency(value, "EUR", format="#,##0 ¤", currency_digits=False))


def day(value: date) -> str:
    """A day in words: 23 novembre 2026, 23 November 2026."""
    return str(format_date(value, "d MMMM y", rebase=False))


def moment(value: datetime) -> str:
    """A moment in Italy's time, to the minute."""
    return str(format_datetime(value, "d MMMM y, H:mm"))
