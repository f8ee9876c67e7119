"""One transaction per request: load, may I, act, commit once at the edge."""

from __future__ import annotations

from flask import Flask, Response, g, request

from matchmaker.database import db

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
QUESTIONS = frozenset({"api.suggest", "api.propose", "api.check"})
"""Sent by POST because a question has a body; they write nothing and wait for no writer."""


def init_app(app: Flask) -> None:
    """Say before each request whether it writes; commit after it when it went well."""
    app.before_request(_mark_writing)
    app.after_request(_commit)


def _mark_writing() -> None:
    g.writing = request.method not in READING_METHODS and request.endpoint not in QUESTIONS


def _commit(response: Response) -> Response:
    if g.get("writing") and "database_session" in g:
        if response.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
    return response
