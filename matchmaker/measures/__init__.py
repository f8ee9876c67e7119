"""The four measures and what each demands."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature's pages."""
    from matchmaker.measures.routes import blueprint

    app.register_blueprint(blueprint)
