"""Organisations: directory, pages, profiles."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature's pages."""
    from matchmaker.organisations import profile_routes  # noqa: F401 - adds its pages to the blueprint
    from matchmaker.organisations.routes import blueprint

    app.register_blueprint(blueprint)
