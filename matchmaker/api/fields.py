"""Fields that take what JSON says and nothing else, and complain in the reader's language."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, ValidationError, fields, validate

from matchmaker.vocabularies.catalogue import catalogue

CODE_LENGTH = 100
MOST_CODES = 60
NOT_TEXT = _l("Serve un testo.")
NOT_A_NUMBER = _l("Serve un numero.")


REFERENCES = (
    {"type": "integer"},
    {"type": "string", "maxLength": CODE_LENGTH, "examples": ["ipa:cisspito"]},
)
"""A body's reference, as the description says it."""


def said(**messages: Any) -> dict[str, Any]:
    """Messages by the name that marshmallow gives the fault."""
    return messages


class Shape(Schema):
    """A JSON object that holds the fields it names and no others."""

    error_messages = said(
        unknown=_l("Questo campo non esiste."),
        type=_l("Serve un oggetto JSON."),
        invalid=_l("Serve un oggetto JSON."),
    )

    class Meta:
        """A misspelt field is said, not ignored."""

        unknown = RAISE


class Spoken(fields.Field[Any]):
    """A field whose absence is said in the reader's language."""

    default_error_messages = said(
        required=_l("Questo campo manca."),
        null=_l("Questo campo non può essere nullo: se non c’è nulla da dire, lasciatelo via."),
        invalid=NOT_TEXT,
        unsayable=_l("Il testo contiene caratteri che non si possono salvare."),
    )


class Words(Spoken, fields.String):
    """A text that every database can hold."""

    default_error_messages = said(invalid=NOT_TEXT, invalid_utf8=NOT_TEXT)

    def __init__(self, *, most: int, least: int = 0, **options: Any) -> None:
        length = validate.Length(least, most, error=message(_l("Da {min} a {max} caratteri.")))
        super().__init__(validate=length, **options)

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> str:
        text = super()._deserialize(value, *rest, **more)
        if not sayable(text):
            raise self.make_error("unsayable")
        return text


class Flag(Spoken, fields.Boolean):
    """true or false; neither 1 nor "yes"."""

    default_error_messages = said(invalid=_l("Serve true o false."))

    def _deserialize(self, value: Any, *_rest: Any, **_more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Whole(Spoken, fields.Integer):
    """A whole number between two others."""

    default_error_messages = said(invalid=_l("Serve un numero intero."), too_large=NOT_A_NUMBER)

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        between = validate.Range(least, most, error=message(_l("Un numero da {min} a {max}.")))
        super().__init__(strict=True, validate=between, **options)


class InAddress(Whole):
    """A whole number in the query of an address, where everything is text."""

    def _validated(self, value: Any) -> int:
        digits = (
            isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= CODE_LENGTH
        )
        return super()._validated(int(value) if digits else value)


class Amount(Spoken, fields.Float):
    """A number; which amounts make sense is for the question to say."""

    default_error_messages = said(invalid=NOT_A_NUMBER, too_large=NOT_A_NUMBER, special=NOT_A_NUMBER)

    def _validated(self, value: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Reference(Spoken):
    """A body: its number, or ``cf:CODE``, ``ipa:CODE``, ``id:N``; read as text."""

    default_error_messages = said(invalid=_l("Serve cf:CODICE_FISCALE, ipa:CODICE, id:NUMERO o un numero."))

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"anyOf": list(REFERENCES)}, **options)

    def _deserialize(self, value: Any, *_rest: Any, **_more: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return f"id:{value}" if 0 < value < 2**63 else "id:0"
        if not isinstance(value, str) or len(value) > CODE_LENGTH or not sayable(value):
            raise self.make_error("invalid")
        return value


def codes(vocabulary: str | None = None) -> fields.List[Any]:
    """A list of codes of a vocabulary; which are known is for the question to say."""
    return fields.List(
        code(vocabulary),
        validate=validate.Length(max=MOST_CODES, error=message(_l("Al massimo {max} voci."))),
        error_messages={"invalid": _l("Serve una lista."), **Spoken.default_error_messages},
    )


def code(vocabulary: str | None = None, **options: Any) -> Words:
    """One code, described with the codes of its vocabulary."""
    known = {"enum": list(catalogue()[vocabulary])} if vocabulary else {}
    return Words(most=CODE_LENGTH, metadata={**known, **options.pop("metadata", {})}, **options)


def answers() -> fields.Dict:
    """Statements by code, each true or false."""
    return fields.Dict(
        keys=code(),
        values=Flag(),
        validate=_few,
        error_messages={**Spoken.default_error_messages, "invalid": _l("Serve un oggetto JSON.")},
        metadata={"maxProperties": MOST_CODES},
    )


def _few(answered: dict[str, bool]) -> None:
    if len(answered) > MOST_CODES:
        raise ValidationError(_("Al massimo %(max)d voci.", max=MOST_CODES))


def one_of(*choices: str, **options: Any) -> Words:
    """One of a few words."""
    field = Words(most=CODE_LENGTH, **options)
    field.validators.append(validate.OneOf(choices, error=message(_l("Uno di questi: {choices}."))))
    return field


def message(text: Any) -> str:
    """A lazy text where a validator wants a plain one: both can be formatted."""
    lazy: str = text
    return lazy


def sayable(text: str) -> bool:
    """Tell whether databases can hold a text: no NUL, no half of a character."""
    return not any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in text)
