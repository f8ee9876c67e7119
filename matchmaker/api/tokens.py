"""A personal token instead of a cookie: the same reader, and no need of a form's token."""

from __future__ import annotations

from flask import Flask, g, request
from werkzeug.exceptions import Unauthorized

from matchmaker.accounts.services import find_token
from matchmaker.database import db
from matchmaker.errors import for_programs


def init_app(app: Flask) -> None:
    """Look for a token before the permission table asks who is reading."""
    app.before_request(read_token)


def read_token() -> None:
    """Make the token's person the reader of this request; a cookie sent beside it counts for nothing.

    Raises:
        Unauthorized: the token is unknown, expired, revoked, or its person is disabled.
    """
    given = request.authorization
    if not for_programs() or given is None or given.type != "bearer":
        return
    token = find_token(db.session, given.token or "")
    if token is None:
        # The cookie beside a bad token is no answer to the question who is asking.
        g._login_user = None
        raise Unauthorized
    g.by_token = True
    g._login_user = token.person


def by_token() -> bool:
    """Tell whether this request showed a valid token."""
    return bool(g.get("by_token", False))
