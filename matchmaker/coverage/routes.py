"""Where a partnership can qualify, district by district."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("coverage", __name__, url_prefix="/coverage")


@blueprint.get("/")
def index() -> str:
    """District by measure, as last computed."""
    return render_template("coverage/index.html")
