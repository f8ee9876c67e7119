"""The front door: home page, language, statements."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature's pages."""
    from matchmaker.home.navigation import navigation
    from matchmaker.home.routes import blueprint

    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"navigation": navigation})
