"""Error pages in the reader's language; never a stack trace."""

from __future__ import annotations

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException, InternalServerError


class MatchmakerError(Exception):
    """A failure that a person is told about, in words, by whoever catches it."""


class DatabaseNotReady(MatchmakerError):
    """The database has not been migrated to this version."""


def init_app(app: Flask) -> None:
    """Show a page for every HTTP error, and for anything unexpected after logging it."""
    app.register_error_handler(HTTPException, show_error)


def show_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    """Render the error's page; redirects and replies made on purpose pass through."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    shown = error if error.code != 500 else InternalServerError()
    return render_template("errors/error.html", code=shown.code), int(shown.code or 500)
