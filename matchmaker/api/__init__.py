"""The JSON API: the same services as the pages, for programs with a personal token."""

from __future__ import annotations

from apiflask import APIFlask


def init_app(app: APIFlask) -> None:
    """Register the endpoints and finish their description."""
    from matchmaker.api import directory_routes, partnership_routes, spec  # noqa: F401 - they add routes
    from matchmaker.api.routes import blueprint
    from matchmaker.extensions import csrf

    spec.init_app(app)
    csrf.exempt(blueprint)  # the blueprint itself asks a cookie's write for its token
    app.register_blueprint(blueprint)
