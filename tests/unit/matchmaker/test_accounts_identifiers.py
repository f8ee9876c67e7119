from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.accounts.queries import NEAR, nearness
from matchmaker.organisations.fields import identifier
from matchmaker.organisations.identifiers import (
    WrongCode,
    clean_ipa_code,
    clean_tax_code,
    clean_vat_number,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("00743110157", "00743110157"),
        (" 007 4311 0157", "00743110157"),
        ("rccmnl83s18d969h", "RCCMNL83S18D969H"),
    ],
)
def test_a_right_tax_code_is_kept_without_blanks_and_in_capitals(typed: str, kept: str) -> None:
    assert clean_tax_code(typed) == kept


@pytest.mark.parametrize("typed", ["00743110158", "0074311015", "RCCMNL83S18D969X", "", "pippo"])
def test_a_wrong_tax_code_is_refused(typed: str) -> None:
    with pytest.raises(WrongCode):
        clean_tax_code(typed)


def test_a_vat_number_may_carry_its_country_and_a_personal_code_is_none() -> None:
    assert clean_vat_number("IT 00743110157") == "00743110157"
    with pytest.raises(WrongCode):
        clean_vat_number("RCCMNL83S18D969H")


def test_an_ipa_code_is_compared_without_case() -> None:
    assert clean_ipa_code(" CISSPITO ") == "cisspito"
    assert clean_ipa_code("a13_f952") == "a13_f952"


@pytest.mark.parametrize("typed", ["", "x", "ciss pito", "ciss<b>", "à1", "x" * 61])
def test_what_cannot_be_an_ipa_code_is_refused(typed: str) -> None:
    with pytest.raises(WrongCode):
        clean_ipa_code(typed)


@given(st.text(max_size=30))
def test_any_text_is_a_code_or_is_refused_as_one(text: str) -> None:
    for clean in (clean_tax_code, clean_vat_number, clean_ipa_code):
        try:
            kept = clean(text)
        except WrongCode:
            continue
        assert clean(kept) == kept


@pytest.mark.parametrize("value", ["0", "-1", "2147483648", "9" * 40, "x", ""])
def test_a_number_that_no_row_can_have_never_reaches_the_database(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - WTForms asks for this very exception
        identifier(value)


def test_equal_names_are_nearest() -> None:
    assert nearness("scintilla", "scintilla") == 1


def test_a_name_within_the_other_and_a_slip_of_the_pen_are_near() -> None:
    assert nearness("scintilla", "scintilla pinerolo") >= NEAR
    assert nearness("croce verde", "croce verda") >= NEAR


def test_names_that_share_a_short_word_or_nothing_are_not_near() -> None:
    assert nearness("san luca", "san paolo della croce") < NEAR
    assert nearness("scintilla", "ginepro") < NEAR
    assert nearness("", "") == 0 or nearness("", "scintilla") < NEAR
