"""Passwords: how they are kept (argon2id), checked in even time, and which ones are refused."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from matchmaker.accounts.common_passwords import COMMON_PASSWORDS, COMMON_WORDS
from recommender.text import fold

HASHED = "$argon2id$"
SHORTEST = 10
LONGEST = 200
"""A ceiling: hashing megabytes would keep the server busy for a stranger."""
FEWEST_CHARACTERS = 5
SHORTEST_PERSONAL = 4
LOOK_ALIKES = str.maketrans("0134578@$!", "oieastbasi")
RUNS = ("01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
# The first choice of the OWASP Password Storage Cheat Sheet for argon2id: strong enough, and short and small
# enough that a handful of people entering at once do not weigh on a small server.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified against when nobody has the e-mail: an unknown account takes as long as a wrong password.
_NOBODY = _hasher.hash("nobody has this password")


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_COMMON = "too_common"
    PERSONAL = "personal"


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep."""
    return _hasher.hash(_normal(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Tell whether a password is the stored one; one verification also when there is none to match.

    What is stored may be no hash at all ("!"): nobody signs in with that.
    """
    known = stored is not None and stored.startswith(HASHED)
    try:
        _hasher.verify(stored if known and stored else _NOBODY, _normal(password)[:LONGEST])
    except VerificationError:
        return False
    return known


def needs_rehash(stored: str) -> bool:
    """True when the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def password_fault(password: str, *personal: str) -> PasswordFault | None:
    """Say what is wrong with a new password; ``personal`` are its owner's name and e-mail."""
    password = _normal(password)
    if len(password) < SHORTEST:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST:
        return PasswordFault.TOO_LONG
    if is_common(password):
        return PasswordFault.TOO_COMMON
    return PasswordFault.PERSONAL if _is_personal(password, personal) else None


def is_common(password: str) -> bool:
    """Tell whether a password is among the first that anybody would try.

    The commonest ones, the commonest words dressed with digits and signs (``P@ssw0rd2026!``),
    runs of neighbouring keys, and passwords made of very few characters.
    """
    plain = fold(password)
    if plain in COMMON_PASSWORDS or len(set(plain)) < FEWEST_CHARACTERS or _is_run(plain):
        return True
    cores = (_core(plain), _core(plain).translate(LOOK_ALIKES), _core(plain.translate(LOOK_ALIKES)))
    return any(core in COMMON_WORDS for core in cores)


def _core(text: str) -> str:
    # What is left without the digits and signs that decorate a word on both sides.
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    half = len(core) // 2
    return core[:half] if half and core[:half] == core[half:] else core


def _is_run(text: str) -> bool:
    return any(text in run or text in run[::-1] for run in RUNS)


def _is_personal(password: str, personal: tuple[str, ...]) -> bool:
    plain = fold(password)
    found = {word for text in personal for word in re.findall(r"[^\W_]+", fold(text.split("@")[0]))}
    known = sorted((word for word in found if len(word) >= SHORTEST_PERSONAL), key=len, reverse=True)
    bare = re.sub(r"[\W\d_]+", "", plain)
    for word in known:
        bare = bare.replace(word, "")
    return len(bare) < SHORTEST_PERSONAL and any(word in plain for word in known)


def _normal(password: str) -> str:
    # The same password typed on another keyboard or system (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)
