"""The directory and the page of a body."""

from __future__ import annotations

from flask import Blueprint, g, render_template

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")


@blueprint.get("/")
def index() -> str:
    """The directory: search, facets, a page of bodies."""
    return render_template("organisations/index.html")


@blueprint.get("/<int:organisation_id>")
def show(organisation_id: int) -> str:
    """The page of one body; the permission table has loaded it."""
    return render_template("organisations/show.html", organisation=g.subject)
