"""Organisations: directory, pages, profiles."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature's pages."""
    from matchmaker.organisations.routes import blueprint

    app.register_blueprint(blueprint)
