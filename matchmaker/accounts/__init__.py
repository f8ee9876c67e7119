"""People: registration, claims, sign-in, tokens."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature's pages."""
    from matchmaker.accounts import own_routes  # noqa: F401 - adds its pages to the blueprint
    from matchmaker.accounts.routes import blueprint

    app.register_blueprint(blueprint)
