"""What the forms about bodies share: choices from the vocabularies, checks of codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from matchmaker.i18n import language
from matchmaker.organisations.identifiers import (
    WrongCode,
    clean_ipa_code,
    clean_tax_code,
    clean_vat_number,
)
from matchmaker.organisations.lookup import LARGEST_ID
from matchmaker.vocabularies.catalogue import Term, catalogue

UNSAID = ""


def stripped(text: str | None) -> str | None:
    """Take away the blanks around what was typed; a filter of text fields."""
    return text.strip() if text else text


def web_address_check(_form: Any, field: Any) -> None:
    """A validator: a web address that a browser opens as a page, and nothing else."""
    try:
        parts = urlsplit(field.data)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and parts.port != 0
    except ValueError:
        good = False
    if not good or any(character.isspace() for character in field.data):
        raise StopValidation(_l("Scrivete l’indirizzo intero, per esempio https://www.esempio.it"))


def identifier(value: Any) -> int:
    """Read a row's number; one that no row can have is refused before it reaches the database.

    Raises:
        ValueError: not a number of a row.
    """
    number = int(value)
    if not 0 < number <= LARGEST_ID:
        raise ValueError(value)
    return number


def term_choices(vocabulary: str, unsaid: Any = None) -> Callable[[], list[SelectChoice]]:
    """Choices of a vocabulary in the reader's language, made anew for each form.

    unsaid: the words of a first, empty choice; without them there is none.
    """

    def choices() -> list[SelectChoice]:
        terms = [_choice(term) for term in catalogue()[vocabulary].values()]
        return [SelectChoice(UNSAID, unsaid), *terms] if unsaid is not None else terms

    return choices


def legal_form_choices() -> list[SelectChoice]:
    """Legal forms under the kind they are of; those that have been abolished are not offered."""
    kinds = catalogue()["kind"]
    forms = [term for term in catalogue()["legal_form"].values() if "abolished_since" not in term.facts]
    grouped = [
        _choice(form, kind.label(language()))
        for kind in kinds.values()
        for form in forms
        if form.facts["kind"] == kind.code
    ]
    return [SelectChoice(UNSAID, _l("Non lo sappiamo ancora")), *grouped]


def visibility_choices() -> list[SelectChoice]:
    """Who may see a body, each with what it means."""
    chosen = language()
    terms = catalogue()["visibility"].values()
    return [SelectChoice(t.code, f"{t.label(chosen)}. {t.text('detail', chosen)}") for t in terms]


def _choice(term: Term, group: str | None = None) -> SelectChoice:
    return SelectChoice(term.code, term.label(language()), optgroup=group)


class CodeCheck:
    """A validator that checks a code and leaves it in the form in which it is kept."""

    def __init__(self, clean: Callable[[str], str], message: Any) -> None:
        self.clean, self.message = clean, message

    def __call__(self, _form: Any, field: Any) -> None:
        """Replace what was typed by the kept form, or say what is wrong."""
        try:
            field.data = self.clean(field.data)
        except WrongCode as error:
            raise StopValidation(self.message) from error


tax_code_check = CodeCheck(
    clean_tax_code,
    _l("Questo codice fiscale non torna. Ha 11 cifre, o 16 caratteri per le ditte individuali."),
)
vat_number_check = CodeCheck(
    clean_vat_number, _l("Questa partita IVA non torna: ha 11 cifre. Ricontrollatela.")
)
ipa_code_check = CodeCheck(
    clean_ipa_code, _l("Un codice IPA è fatto di lettere, cifre e trattini bassi, per esempio «cisspito».")
)


def legal_form_fits(kind_field: str) -> Callable[[Any, Any], None]:
    """A validator: the legal form is one of the kind chosen in another field."""

    def check(form: Any, field: Any) -> None:
        term = catalogue()["legal_form"].get(field.data or "")
        chosen = form[kind_field].data
        if term is not None and chosen and term.facts["kind"] != chosen:
            raise StopValidation(_l("Questa forma è di un altro tipo di ente: cambiate il tipo o la forma."))

    return check
