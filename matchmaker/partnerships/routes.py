"""Pages of the feature."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("partnerships", __name__)
