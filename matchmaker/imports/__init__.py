"""Import of directories of organisations."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the feature's pages."""
    from matchmaker.imports.presenters import notice_detail
    from matchmaker.imports.routes import blueprint

    app.register_blueprint(blueprint)
    app.add_template_filter(notice_detail)
