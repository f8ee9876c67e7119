"""Matchmaker: partners and whole partnerships for Piedmont's WECARE measures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from matchmaker.config import Settings

if TYPE_CHECKING:
    from apiflask import APIFlask

PACKAGE = Path(__file__).parent


def create_app(settings: Settings | None = None, *, pages: bool = True) -> Flask:
    """Build the application: settings, ground, trust, features, in this order.

    Args:
        pages: False for the command line, which then starts without loading the pages.
    """
    from apiflask import APIFlask

    settings = settings or Settings()
    app = APIFlask(
        __name__,
        title="Matchmaker",
        version="1.0",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        template_folder=str(template_folder()),
        static_folder=str(PACKAGE / "static"),
    )
    _configure(app, settings)
    _lay_ground(app)
    if pages:
        _register_features(app)
        _verify(app)
    return app


def template_folder() -> Path:
    """The templates: beside the packages in a checkout, inside the package once installed."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parent / "templates"


def _configure(app: Flask, settings: Settings) -> None:
    from matchmaker.security import secret_key_beside

    app.config.update(
        SETTINGS=settings,
        DATABASE_URL=settings.database_url,
        SECRET_KEY=settings.secret_key or secret_key_beside(settings.database_url),
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=settings.upload_limit_bytes,
        TRUSTED_HOSTS=settings.trusted_hosts or None,
        SESSION_COOKIE_NAME="matchmaker",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,
    )


def _lay_ground(app: Flask) -> None:
    from matchmaker import errors, fields, i18n, permissions, security, transactions
    from matchmaker.accounts import sessions
    from matchmaker.api import tokens
    from matchmaker.database import db
    from matchmaker.extensions import csrf

    db.init_app(app)
    csrf.init_app(app)
    sessions.init_app(app)
    i18n.init_app(app)
    security.init_app(app)
    transactions.init_app(app)
    tokens.init_app(app)  # after the transaction is opened, before the table asks who reads
    permissions.init_app(app)
    errors.init_app(app)
    fields.init_app(app)


def _register_features(app: APIFlask) -> None:
    from matchmaker import (
        accounts,
        api,
        coverage,
        home,
        imports,
        measures,
        organisations,
        partnerships,
        suggestions,
    )

    for feature in (
        home,
        measures,
        accounts,
        organisations,
        suggestions,
        partnerships,
        coverage,
        imports,
        api,
    ):
        feature.init_app(app)


def _verify(app: Flask) -> None:
    from matchmaker.permissions import verify_all_routes_classified

    verify_all_routes_classified(app)
