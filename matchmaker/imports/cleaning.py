"""Text as public lists write it, brought to how a person would write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

_GRAVE = str.maketrans("aeiouAEIOU", "àèìòùÀÈÌÒÙ")
_PLAIN = str.maketrans("àèéìòù", "aeeiou")
_ACUTE = str.maketrans("eE", "éÉ")
# "Mondovi'", "SOCIETA'": the accent of a typewriter. Not before a letter: there it is an elision.
_LAST_VOWEL = re.compile(r"(?<![^\W\d_])([^\W\d_]*?)([aeiouAEIOU])['’`´](?!['’]|[^\W_])")
# "SOCIETA'COOPERATIVA": accent and blank in one sign, after endings that are never elided.
_GLUED = re.compile(r"(?<=[^\W\d_])(TA|IU)'(?=[^\W\d_]{2})")
# "SOCIET? COOPERATIVA", "PI? DIRITTI": the accent was lost on the way to the list.
_LOST_A = re.compile(r"(?<=[^\W\d_])(T)\?(?![^\W_])|(?<=[^\W\d_])(t)\?(?![^\W_])")
_LOST_U = re.compile(r"\b(P[Ii])\?(?![^\W_])")
# Words cut short, where the apostrophe stands for what is missing.
_CUT_SHORT = frozenset({"de", "po", "ca", "mo", "be", "fe", "su", "a", "i"})
_OPENS_QUOTE = re.compile(r"(?:^|[\s(\"-])'(?=\s?[^\W_])")
_ESCAPES = re.compile(r"\\+(?=['\"])")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# "http://https://www...", "http://http:/www...": a form that puts its own scheme before what is typed.
_SCHEME_TWICE = re.compile(r"^(?:https?:/{1,2})+(?=[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_ONE_SLASH = re.compile(r"^(https?):/(?!/)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}")
WEB = ("http", "https")
# Words of legal forms: the lists break them in two where their column ended ("COOPERA TIVA").
_STANDING_WORDS = frozenset(
    """associazione cooperativa dilettantistica fondazione impresa limitata lucrativa onlus organizzazione
    promozione responsabilita settore sociale societa sportiva utilita volontariato""".split()
)
# Signs without a shape: control characters, and those that turn the direction of the line.
_SHAPELESS = frozenset({"Cc", "Cs", "Co", "Cn"})
_LOST = "\ufffd"
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd")


class ForbiddenAddress(ValueError):
    """A web address of another kind than http and https."""


class UnusableAddress(ValueError):
    """No web address at all, though it stands where one should."""


def has_shapeless_signs(text: str) -> bool:
    """Tell whether a text holds what no keyboard types: it would be shown wrong, or not at all."""
    if text.isprintable() and _LOST not in text:
        return False
    return any(sign in _TURNING or unicodedata.category(sign) in _SHAPELESS for sign in text)


def clean_text(text: str) -> str:
    r"""Single blanks, composed accents, no backslash before a quote.

    >>> clean_text(r"Montechiaro  D\\'Asti ")
    "Montechiaro D'Asti"
    """
    return " ".join(unicodedata.normalize("NFC", _ESCAPES.sub("", text)).split())


def clean_name(text: str) -> str:
    """Clean a name, give it back the accents that its list writes as apostrophes, mend broken words.

    >>> clean_name("SOCIETA'COOPERATIVA VILLANOVA MONDOVI'")
    'SOCIETÀ COOPERATIVA VILLANOVA MONDOVÌ'
    """
    name = _LOST_U.sub(_lost_u, _LOST_A.sub(_lost_a, clean_text(text)))
    name = _GLUED.sub(lambda found: found[1][:-1] + found[1][-1].translate(_GRAVE) + " ", name)
    return " ".join(_mended(_with_accents(name).split(" ")))


def _mended(words: list[str]) -> Iterator[str]:
    """Put the words of legal forms together again that stand in two pieces."""
    plain = [word.lower().translate(_PLAIN) for word in words]
    at = 0
    while at < len(words):
        pieces = plain[at : at + 2]
        broken = "".join(pieces) in _STANDING_WORDS and not _STANDING_WORDS & set(pieces)
        yield "".join(words[at : at + 2]) if broken else words[at]
        at += 2 if broken else 1


def _lost_a(found: re.Match[str]) -> str:
    return "TÀ" if found[1] else "tà"


def _lost_u(found: re.Match[str]) -> str:
    return found[1] + ("Ù" if found[1].isupper() else "ù")


def _with_accents(name: str) -> str:
    quotes_open = len(_OPENS_QUOTE.findall(name))

    def accented(found: re.Match[str]) -> str:
        nonlocal quotes_open
        word = (found[1] + found[2]).lower()
        if word in _CUT_SHORT:
            return found[0]
        if quotes_open and _OPENS_QUOTE.search(name[: found.start()] + found[0]):
            quotes_open -= 1
            return found[0]
        table = _ACUTE if word.endswith("che") else _GRAVE
        return found[1] + found[2].translate(table)

    return _LAST_VOWEL.sub(accented, name)


def clean_website(text: str) -> str:
    """Return a web address with its scheme; empty for a bare scheme.

    Raises:
        ForbiddenAddress: another scheme than http and https.
        UnusableAddress: words, a mail address, a number: nothing that a browser could open.
    """
    address = _ONE_SLASH.sub(r"\1://", _SCHEME_TWICE.sub("", text.strip().replace("\\", "/")))
    if address.rstrip("/").lower() in ("http:", "https:", ""):
        return ""
    if not _SCHEME.match(address) or re.match(r"[^/:]+\.[^/:]+:\d", address):
        address = f"http://{address.lstrip('/')}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise UnusableAddress(text) from error
    if parts.scheme.lower() not in WEB:
        raise UnusableAddress(text) if text.strip().lower().startswith(WEB) else ForbiddenAddress(text)
    host = (parts.hostname or "").lower()
    if parts.username is not None or not _HOST.fullmatch(host) or re.search(r"\s", address):
        raise UnusableAddress(text)
    return parts._replace(scheme=parts.scheme.lower(), netloc=f"{host}:{port}" if port else host).geturl()
