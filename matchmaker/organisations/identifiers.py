"""The codes by which bodies are told apart: checked, and in the one form that is kept."""

from __future__ import annotations

import re

from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale, iva

_IPA_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{1,59}")


class WrongCode(ValueError):
    """A code that cannot be one of its kind."""


def clean_tax_code(text: str) -> str:
    """Return an Italian tax code without blanks, upper case (11 digits, or 16 signs of a sole trader).

    Raises:
        WrongCode: the length, the form or the check digit is wrong.
    """
    try:
        return codicefiscale.validate(text)
    except ValidationError as error:
        raise WrongCode(text) from error


def clean_vat_number(text: str) -> str:
    """Return an Italian VAT number as its 11 digits.

    Raises:
        WrongCode: the length, the form or the check digit is wrong.
    """
    try:
        return iva.validate(text)
    except ValidationError as error:
        raise WrongCode(text) from error


def clean_ipa_code(text: str) -> str:
    """Return a code of the index of public administrations, in lower case.

    Raises:
        WrongCode: it holds signs that no IPA code has, or is too long. There is no check digit.
    """
    code = text.strip().lower()
    if not _IPA_CODE.fullmatch(code):
        raise WrongCode(text)
    return code
