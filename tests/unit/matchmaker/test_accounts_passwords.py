from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.accounts.common_passwords import COMMON_PASSWORDS, COMMON_WORDS
from matchmaker.accounts.passwords import (
    LONGEST,
    PasswordFault,
    hash_password,
    is_common,
    needs_rehash,
    password_fault,
    verify_password,
)

GOOD = "tre gatti sul tetto"


@pytest.mark.parametrize(
    "password", [GOOD, "Kiwi-ombrello-88", "x9#Lq2!mZv0p", "correttamente lungo", "è già sera qui"]
)
def test_a_password_that_nobody_would_guess_is_taken(password: str) -> None:
    assert password_fault(password, "Maria Rossi", "maria.rossi@example.org") is None


def test_nine_characters_are_too_few_and_ten_are_enough() -> None:
    assert password_fault("v4ngelo!x") is PasswordFault.TOO_SHORT
    assert password_fault("v4ngelo!xK") is None


def test_a_password_of_megabytes_is_refused_before_it_is_hashed() -> None:
    assert password_fault("ab1 xyz9 " * LONGEST) is PasswordFault.TOO_LONG


@pytest.mark.parametrize(
    "password",
    [
        "juventus1897",
        "P@ssw0rd2026!",
        "PASSWORD123",
        "ciaociao2026",
        "1234567890",
        "qwertyuiop",
        "poiuytrewq",
        "aaaaaaaaaaaa",
        "abababababab",
        "Cooperativa2026",
        "!!Benvenuti!!",
    ],
)
def test_the_commonest_passwords_are_refused_however_they_are_dressed(password: str) -> None:
    assert password_fault(password) is PasswordFault.TOO_COMMON


@pytest.mark.parametrize("password", ["maria.rossi", "Rossi-Maria-1980", "mariarossi99"])
def test_a_password_made_of_ones_own_name_is_refused(password: str) -> None:
    assert password_fault(password, "Maria Rossi", "m.rossi@example.org") is PasswordFault.PERSONAL


def test_a_name_within_a_longer_phrase_is_no_fault() -> None:
    assert password_fault("rossi come il tramonto", "Maria Rossi", "m.rossi@example.org") is None


def test_every_listed_password_would_pass_the_length_and_is_refused() -> None:
    assert all(len(password) >= 10 for password in COMMON_PASSWORDS)
    assert all(is_common(password) for password in COMMON_PASSWORDS)
    assert all(word == word.lower() for word in COMMON_WORDS)


def test_the_right_password_is_verified_and_another_is_not() -> None:
    stored = hash_password(GOOD)
    assert verify_password(stored, GOOD)
    assert not verify_password(stored, GOOD + " ")


def test_nobody_has_any_password() -> None:
    assert not verify_password(None, "nobody has this password")


def test_the_hash_is_argon2id_salted_and_up_to_date() -> None:
    first, second = hash_password(GOOD), hash_password(GOOD)
    assert first.startswith("$argon2id$")
    assert first != second
    assert not needs_rehash(first)
    assert needs_rehash("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$3QYbgGy0g1zX4wHeNnIfhg")


def test_the_same_letters_composed_another_way_are_the_same_password() -> None:
    composed = unicodedata.normalize("NFC", "è già sera qui")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert verify_password(hash_password(composed), decomposed)


@settings(max_examples=5, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_whatever_is_typed_is_its_own_password(password: str) -> None:
    assert verify_password(hash_password(password), password)


@settings(max_examples=200)
@given(st.text(max_size=40), st.text(max_size=30), st.text(max_size=30))
def test_judging_a_password_never_fails(password: str, name: str, email: str) -> None:
    assert password_fault(password, name, email) in {None, *PasswordFault}
