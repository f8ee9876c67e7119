"""What a form field says to assistive technology, for the form macros."""

from __future__ import annotations

from typing import Any

from flask import Flask


def init_app(app: Flask) -> None:
    """Give the form macros :func:`field_attributes`, and pages no empty lines for each tag."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["field_attributes"] = field_attributes


def field_attributes(
    field: Any, help_text: str | None = None, autocomplete: str | None = None
) -> dict[str, str]:
    """Return the attributes that tie a field to its help and its errors (WCAG 1.3.1, 3.3.1, 1.3.5)."""
    described = [f"{field.id}-help"] if help_text or field.description else []
    attributes = {}
    if field.errors:
        described.append(f"{field.id}-error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if autocomplete:
        attributes["autocomplete"] = autocomplete
    return attributes
