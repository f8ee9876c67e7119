"""Form fields of our own, and what each says to assistive technology."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from wtforms import IntegerField

MOST_DIGITS = 9


class WholeNumberField(IntegerField):  # type: ignore[misc]  # wtforms ships no types
    """A whole number of few digits, so that no arithmetic on it can overflow."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed.

        Raises:
            ValueError: something other than one to nine ASCII digits, in the reader's words.
        """
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        if not (typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS):
            raise ValueError(_("Scrivete un numero intero, di poche cifre."))
        self.data = int(typed)


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
