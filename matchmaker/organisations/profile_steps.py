"""Between the profile's forms and what is kept: filling a form, and reading it back.

Reading back says beside the fields what the form alone cannot know: a municipality that is not there,
partners that nobody or several bodies answer to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from matchmaker.organisations.fields import stripped
from matchmaker.organisations.forms import FORMS, MOST_CONTACTS, AboutForm, PlaceForm, StepForm
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.places import find_municipalities, guess_municipalities, place_label
from matchmaker.organisations.profile_queries import bodies_with_ids, territories_with_ids, work_areas
from matchmaker.organisations.profile_services import (
    CONTACT_FIELDS,
    Values,
    marks_of,
    plain_text,
    read_step,
)
from matchmaker.permissions import Reader
from matchmaker.territories.models import Territory, TerritoryKind

MOST_TICKED = 300
TEXTS = ("name", "website", "address", "description")


@dataclass(frozen=True)
class Editing:
    """One person at work on one step of a body's profile."""

    session: Session
    reader: Reader
    organisation: Organisation
    step: str

    @property
    def actor_id(self) -> int:
        """The person's number; the permission table lets nobody edit who is not signed in."""
        if self.reader.person is None:
            raise RuntimeError("a profile is edited by a person")
        return self.reader.person.id


def sent_form(editing: Editing) -> StepForm:
    """The form of a step as it was sent, with every choice that it offers."""
    form = FORMS[editing.step]()
    _offer(editing, form)
    return form


def filled_form(editing: Editing, values: Values, **more: Any) -> StepForm:
    """The form of a step holding some values, marked with what is kept now; ``more`` fills other fields."""
    kept = read_step(editing.organisation, editing.step)
    hidden = {"step": editing.step, "seen": marks_of(kept)}
    data = _to_form(editing.session, editing.step, values)
    form = FORMS[editing.step](formdata=None, data=data | hidden | more)
    _offer(editing, form)
    return form


def values_of(session: Session, form: StepForm, step: str) -> Values:
    """What a valid form says, as it is kept; problems are put beside the fields."""
    return READERS.get(step, _plain_values)(session, form)


def _plain_values(_session: Session, form: StepForm) -> Values:
    hidden = ("step", "seen", "csrf_token")
    return {field.name: _kept(field.name, field.data) for field in form if field.name not in hidden}


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return plain_text(value) if name in TEXTS else value or None


def _place_values(session: Session, form: Any) -> Values:
    seat = _one_municipality(session, form.municipality)
    more = [_one_municipality(session, field) for field in form.more if field.data]
    # A list of fields does not look again at what became of its rows.
    form.more.errors = [problem for field in form.more for problem in field.errors]
    ticked = {*(form.provinces.data or ()), *(form.districts.data or ()), *(form.municipalities.data or ())}
    added = {territory.id for territory in more if territory is not None}
    return {
        "municipality": seat.id if seat else None,
        "address": plain_text(form.address.data),
        "territories": sorted(ticked | added),
    }


def _one_municipality(session: Session, field: Any) -> Territory | None:
    if not field.data:
        return None
    found = find_municipalities(session, field.data)
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(place_label(territory) for territory in found)
        field.errors = [_("Ci sono più comuni con questo nome: %(choices)s.", choices=choices)]
        return None
    guesses = ", ".join(guess_municipalities(session, field.data))
    field.errors = [
        _("Non troviamo questo comune in Piemonte. Forse: %(guesses)s.", guesses=guesses)
        if guesses
        else _("Non troviamo questo comune in Piemonte.")
    ]
    return None


def _about_values(_session: Session, form: Any) -> Values:
    return {"description": plain_text(form.description.data)}


def _joining_values(_session: Session, form: Any) -> Values:
    day: date | None = form.capacity_from.data if form.capacity.data == "later" else None
    return {
        "capacity": form.capacity.data,
        "capacity_from": day.isoformat() if day else None,
        "visibility": form.visibility.data,
    }


def _contact_values(_session: Session, form: Any) -> Values:
    rows = [[stripped(row.form[name].data) or "" for name in CONTACT_FIELDS] for row in form.contacts]
    return {"contacts": [row for row in rows if any(row)]}


READERS: dict[str, Callable[[Session, Any], Values]] = {
    "place": _place_values,
    "about": _about_values,
    "joining": _joining_values,
    "contacts": _contact_values,
}


def _to_form(session: Session, step: str, values: Values) -> dict[str, Any]:
    if step == "place":
        return _place_to_form(session, values)
    if step == "joining":
        day = values["capacity_from"]
        return values | {"capacity_from": date.fromisoformat(day) if day else None}
    if step == "contacts":
        blank = [dict.fromkeys(CONTACT_FIELDS, "")]
        rows = [dict(zip(CONTACT_FIELDS, row, strict=True)) for row in values["contacts"]]
        return {"contacts": (rows + blank)[: max(MOST_CONTACTS, len(rows))]}
    return values


def _place_to_form(session: Session, values: Values) -> dict[str, Any]:
    ids = [*values["territories"], *([values["municipality"]] if values["municipality"] else [])]
    known = {territory.id: territory for territory in territories_with_ids(session, ids)}
    seat = known.get(values["municipality"])
    of_kind = _by_kind(known[number] for number in values["territories"] if number in known)
    return {
        "municipality": place_label(seat) if seat else "",
        "address": values["address"],
        "provinces": of_kind.provinces,
        "districts": of_kind.districts,
        "municipalities": of_kind.others,
    }


@dataclass(frozen=True)
class _ByKind:
    provinces: list[int]
    districts: list[int]
    others: list[int]


def _by_kind(territories: Iterable[Territory]) -> _ByKind:
    groups = _ByKind([], [], [])
    kinds = {TerritoryKind.PROVINCE: groups.provinces, TerritoryKind.DISTRICT: groups.districts}
    for territory in territories:
        kinds.get(territory.kind, groups.others).append(territory.id)
    return groups


def _offer(editing: Editing, form: StepForm) -> None:
    if isinstance(form, PlaceForm):
        _offer_places(editing, form)
    elif isinstance(form, AboutForm):
        offer_partners(editing.session, editing.reader, form, form.partners.data or ())


def _offer_places(editing: Editing, form: PlaceForm) -> None:
    areas = work_areas(editing.session)
    offered = {row.id for rows in areas.values() for row in rows}
    kept = {work.territory_id for work in editing.organisation.work_territories}
    ticked = set((form.municipalities.data or ())[:MOST_TICKED])
    others = territories_with_ids(editing.session, (kept | ticked) - offered)
    form.provinces.choices = [(row.id, row.name) for row in areas[TerritoryKind.PROVINCE]]
    form.districts.choices = [(row.id, row.name) for row in areas[TerritoryKind.DISTRICT]]
    form.municipalities.choices = [
        (row.id, place_label(row))
        for row in others
        if row.id in kept or row.kind is TerritoryKind.MUNICIPALITY
    ]


def offer_partners(session: Session, reader: Reader, form: Any, ids: Iterable[int]) -> None:
    """Make bodies choosable as partners of a past project; those out of sight are left out."""
    bodies = bodies_with_ids(session, reader, list(ids)[:MOST_TICKED])
    form.partners.choices = [(body.id, _partner_label(body)) for body in bodies]


def _partner_label(body: Organisation) -> str:
    return f"{body.name}, {place_label(body.municipality)}" if body.municipality else body.name
