"""The four measures and what each demands."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("measures", __name__, url_prefix="/measures")


@blueprint.get("/")
def index() -> str:
    """The four measures at a glance."""
    return render_template("measures/index.html")
