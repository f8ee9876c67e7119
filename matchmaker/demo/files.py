"""The demonstration's own files: plain data, to be read and changed by hand."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

Row = dict[str, Any]


def read_rows(name: str) -> list[Row]:
    """Return the rows of ``data/<name>.json``."""
    rows: list[Row] = _read(name)
    return rows


def read_partnerships() -> dict[str, list[Row]]:
    """Return the draft partnerships (``drafts``) and what is set aside (``shortlists``)."""
    content: dict[str, list[Row]] = _read("partnerships")
    return content


def _read(name: str) -> Any:
    return json.loads((files(__package__) / "data" / f"{name}.json").read_text(encoding="utf-8"))
