"""Before a body is registered: what was typed is whole, and the body is not here already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker.accounts.claim_services import NewOrganisation
from matchmaker.accounts.forms import OrganisationForm
from matchmaker.accounts.queries import Codes, near_bodies, standing_bodies
from matchmaker.organisations.identifiers import WrongCode, clean_tax_code
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.places import find_municipalities, guess_municipalities, place_label
from matchmaker.permissions import Reader, sees
from matchmaker.territories.models import Territory


@dataclass(frozen=True)
class Checked:
    """What came of looking at a new body.

    body: the body when nothing stands in the way. standing: bodies with one of its codes that the
    reader may see. near: near-same names of the same municipality. guesses: municipalities meant.
    """

    body: NewOrganisation | None = None
    standing: Sequence[Organisation] = ()
    near: Sequence[Organisation] = ()
    guesses: Sequence[str] = ()


def prefilled(arguments: Mapping[str, str]) -> dict[str, Any]:
    """What the search before already told: a code or a name."""
    typed = arguments.get("q", "").strip()
    try:
        return {"tax_code": clean_tax_code(typed)}
    except WrongCode:
        return {"name": typed}


def check_body(session: Session, reader: Reader, form: OrganisationForm) -> Checked:
    """Look at a new body as typed; what is wrong with it is said beside the fields."""
    valid = form.validate()
    place, guesses = _municipality(session, form)
    standing = _standing(session, reader, form) if valid else ()
    if not valid or place is None or form.errors:
        return Checked(standing=standing, guesses=guesses)
    near = near_bodies(session, reader, form.name.data, place.id)
    if not {body.id for body in near} <= _told_apart(form):
        return Checked(near=near)
    return Checked(body=_new_body(form, place))


def _new_body(form: OrganisationForm, place: Territory) -> NewOrganisation:
    return NewOrganisation(
        name=form.name.data,
        kind=form.kind.data,
        municipality_id=place.id,
        legal_form=form.legal_form.data or None,
        tax_code=form.tax_code.data or None,
        vat_number=form.vat_number.data or None,
        ipa_code=form.ipa_code.data or None,
    )


def _municipality(session: Session, form: OrganisationForm) -> tuple[Territory | None, Sequence[str]]:
    text = form.municipality.data
    if not text or form.municipality.errors:
        return None, ()
    found = find_municipalities(session, text)
    if len(found) == 1:
        return found[0], ()
    if found:
        form.municipality.errors = [_("Ci sono più comuni con questo nome: aggiungete la provincia.")]
        return None, [place_label(territory) for territory in found]
    form.municipality.errors = [_("Non troviamo questo comune in Piemonte.")]
    return None, guess_municipalities(session, text)


def _standing(session: Session, reader: Reader, form: OrganisationForm) -> Sequence[Organisation]:
    codes = Codes(form.tax_code.data or None, form.vat_number.data or None, form.ipa_code.data or None)
    bodies = standing_bodies(session, codes)
    if bodies:
        answering = next(name for name in ("tax_code", "vat_number", "ipa_code") if form[name].data)
        form[answering].errors = [
            _("C’è già un ente con questo codice. Se è il vostro, chiedete di gestirlo.")
        ]
    return [body for body in bodies if sees(reader, body)]


def _told_apart(form: OrganisationForm) -> frozenset[int]:
    typed = (form.distinct.data or "").split(",")
    return frozenset(int(number) for number in typed if number.isdecimal())
