"""The three doors of the front page, each leading where this reader can go on."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from matchmaker.permissions import Reader


@dataclass(frozen=True)
class Door:
    """A way in: its sign (an icon of img/icons.svg), title, promise and address."""

    sign: str
    title: str
    text: str
    url: str


def doors(reader: Reader) -> list[Door]:
    """Return the three doors for a reader."""
    return [
        Door(
            "door-partners",
            _("Trova partner"),
            _("Vi iscrivete in due minuti, scegliete una misura: vediamo che cosa vi manca e chi lo porta."),
            _partners_url(reader),
        ),
        Door(
            "door-firms",
            _("Crea una rete di imprese"),
            _("Nido, assistenza, orari: trovate le aziende vicine con cui avere un servizio in comune."),
            _firms_url(reader),
        ),
        Door(
            "door-territory",
            _("Anima un territorio"),
            _("Distretto per distretto: dove un partenariato è possibile oggi, e chi manca dove non lo è."),
            url_for("coverage.index"),
        ),
    ]


def _partners_url(reader: Reader) -> str:
    if reader.memberships:
        return url_for("suggestions.index", organisation_id=reader.memberships[0][0])
    return url_for("organisations.index") if reader.is_staff else url_for("accounts.find")


def _firms_url(reader: Reader) -> str:
    if reader.memberships:
        return url_for("suggestions.index", organisation_id=reader.memberships[0][0], measure="M4")
    return url_for("measures.show", measure="M4")
