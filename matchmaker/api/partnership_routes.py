"""Further endpoints."""

from __future__ import annotations

from matchmaker.api.routes import blueprint

__all__ = ["blueprint"]
