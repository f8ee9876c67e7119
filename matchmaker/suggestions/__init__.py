"""Suggested partners and the check of where a team stands."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature's pages."""
    from matchmaker.suggestions.routes import blueprint

    app.register_blueprint(blueprint)
