"""Headers that every response carries."""

from __future__ import annotations

import secrets
from pathlib import Path

from flask import Flask, Response, abort, g, request
from sqlalchemy.engine import make_url

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",  # the design system's style sheet holds one font as data
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Send the headers with every response; templates get the nonce of their page."""
    app.context_processor(lambda: {"csp_nonce": csp_nonce})
    app.before_request(_refuse_nul)
    app.after_request(_add_headers)
    if app.config["SETTINGS"].https:
        app.after_request(_ask_for_https)


def csp_nonce() -> str:
    """The nonce of this response, the only scripts' pass beside our own files."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _add_headers(response: Response) -> Response:
    for name, value in FIXED_HEADERS.items():
        response.headers.setdefault(name, value)
    policy = CONTENT_SECURITY_POLICY.format(nonce=csp_nonce())
    response.headers.setdefault("Content-Security-Policy", policy)
    if response.mimetype in ("text/html", "application/json", "application/problem+json"):
        # Pages differ by reader: a shared cache must never keep them.
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _refuse_nul() -> None:
    # Nobody types the character NUL, and PostgreSQL stores it in no text.
    if request.mimetype in FORM_TYPES and any("\x00" in value for value in request.form.values()):
        abort(400)


def _ask_for_https(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def secret_key_beside(database_url: str) -> str:
    """Return the key kept beside an SQLite database, making it on first use.

    Raises:
        ValueError: the database is not a file, so the key has to be configured.
    """
    database = make_url(database_url)
    if database.get_backend_name() != "sqlite" or not database.database:
        raise ValueError("set MATCHMAKER_SECRET_KEY: this database has no folder to keep a key in")
    path = Path(f"{database.database}.key")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")
