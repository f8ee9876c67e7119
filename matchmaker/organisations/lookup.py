"""Find one organisation by what people call it: tax code, IPA code or number."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.errors import MatchmakerError
from matchmaker.organisations.models import Organisation

LARGEST_ID = 2**31 - 1


class OrganisationNotFound(MatchmakerError):
    """Nothing in the directory answers to the reference."""

    def message(self) -> str:
        """The sentence for whoever asked."""
        return _(
            "Nessun ente corrisponde a «%(reference)s». Usate cf:CODICE_FISCALE, ipa:CODICE o id:NUMERO.",
            reference=str(self),
        )


def find_organisation(session: Session, reference: str) -> Organisation:
    """Return the body that ``cf:CODE``, ``ipa:CODE``, ``id:N`` or a bare value names.

    A bare value is tried as tax code, IPA code and number, in that order.

    Raises:
        OrganisationNotFound: nothing answers to it.
    """
    scheme, separator, value = reference.strip().partition(":")
    ways = [WAYS[scheme.lower()]] if separator and scheme.lower() in WAYS else list(WAYS.values())
    wanted = value if separator and scheme.lower() in WAYS else reference.strip()
    for way in ways:
        organisation = way(session, wanted)
        if organisation is not None:
            return organisation
    raise OrganisationNotFound(reference)


def _by_tax_code(session: Session, value: str) -> Organisation | None:
    return session.scalar(select(Organisation).where(Organisation.tax_code == value.upper()))


def _by_ipa_code(session: Session, value: str) -> Organisation | None:
    return session.scalar(select(Organisation).where(Organisation.ipa_code == value.lower()))


def _by_id(session: Session, value: str) -> Organisation | None:
    if not value.isdecimal() or int(value) > LARGEST_ID:
        return None
    return session.get(Organisation, int(value))


WAYS: dict[str, Callable[[Session, str], Organisation | None]] = {
    "cf": _by_tax_code,
    "ipa": _by_ipa_code,
    "id": _by_id,
}
