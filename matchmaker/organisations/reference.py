"""The bodies that manage social services, known from the reference data before any import."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Organisation, Origin
from matchmaker.organisations.services import mark_changed
from matchmaker.territories.models import Territory, TerritoryKind
from matchmaker.vocabularies.names import fold_name

LEGAL_FORM_OF = {
    "CONSORZIO": "PB_CONSORZIO_SA",
    "CONVENZIONE": "PB_CONVENZIONE_SA",
    "UNIONE": "PB_UNIONE",
    "UNIONE_MONTANA": "PB_UNIONE",
    "COMUNE": "PB_COMUNE",
    "ASL_DELEGA": "PB_ASL",
}


def load_managing_bodies(session: Session) -> int:
    """Put each ente gestore into the directory as an organisation, or mark the one that is there.

    Returns:
        How many organisations were added or marked; 0 on a second run.
    """
    managing = select(Territory).where(Territory.kind == TerritoryKind.ENTE_GESTORE)
    unmanaged = managing.where(Territory.valid_to.is_(None)).where(
        Territory.id.not_in(select(Organisation.manages_id).where(Organisation.manages_id.is_not(None)))
    )
    territories = session.scalars(unmanaged.order_by(Territory.code)).all()
    for territory in territories:
        organisation = _standing_in_directory(session, territory) or _new_body(session, territory)
        organisation.manages = territory
        mark_changed(session, organisation)
    return len(territories)


def _standing_in_directory(session: Session, territory: Territory) -> Organisation | None:
    same = [Organisation.folded_name == fold_name(territory.name)]
    if territory.ipa_code:
        same.append(Organisation.ipa_code == territory.ipa_code.lower())
    return session.scalars(
        select(Organisation)
        .where(or_(*same), Organisation.kind == "public_body", Organisation.manages_id.is_(None))
        .order_by(Organisation.id)
    ).first()


def _new_body(session: Session, territory: Territory) -> Organisation:
    organisation = Organisation(
        name=territory.name,
        folded_name=fold_name(territory.name),
        kind="public_body",
        legal_form=LEGAL_FORM_OF.get(territory.form or "", "PB_ALTRO"),
        ipa_code=territory.ipa_code.lower() if territory.ipa_code else None,
        municipality=_seat(session, territory),
        origin=Origin.REFERENCE,
        source=territory.source,
    )
    session.add(organisation)
    return organisation


def _seat(session: Session, territory: Territory) -> Territory | None:
    return session.scalar(
        select(Territory).where(
            Territory.kind == TerritoryKind.MUNICIPALITY, Territory.code == territory.seat_code
        )
    )
