"""Which language a reader gets: chosen, remembered, asked by the browser, Italian."""

from __future__ import annotations

from flask import Flask, has_request_context, request, session
from flask_babel import get_locale
from flask_login import current_user

from matchmaker.extensions import babel

LANGUAGES = {"it": "Italiano", "en": "English"}
DEFAULT_LANGUAGE = "it"


def init_app(app: Flask) -> None:
    """Bind the catalogues and give templates the language in use."""
    babel.init_app(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone="Europe/Rome",
        default_translation_directories="translations",
        locale_selector=choose_language,
    )
    app.context_processor(lambda: {"language": language(), "languages": LANGUAGES})


def choose_language() -> str:
    """Pick the reader's language; outside a request it is Italian."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    if getattr(current_user, "is_authenticated", False):
        return str(current_user.language)
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE


def language() -> str:
    """The two letters of the language in use."""
    locale = get_locale()
    return locale.language if locale is not None else DEFAULT_LANGUAGE
