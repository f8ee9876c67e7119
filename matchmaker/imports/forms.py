"""The form by which a list comes in: shape only."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from matchmaker.imports.words import PRESET_NAMES

BY_HEADER = ""


class UploadForm(FlaskForm):
    """A file, and how it is read."""

    file = FileField(_l("File CSV o XLSX"), [FileRequired(_l("Scegliete un file."))])
    preset = SelectField(
        _l("Come leggerlo"),
        choices=[
            SelectChoice(BY_HEADER, _l("Riconoscilo dall’intestazione")),
            *(SelectChoice(code, name) for code, name in PRESET_NAMES.items()),
        ],
    )
