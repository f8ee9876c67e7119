"""A profile, step by step: what a body says of itself, read and written field by field.

Each step reads as a mapping from field names to plain values (texts, codes, sorted lists). A person
sends back such a mapping with the marks of what they had seen: fields they left alone keep what others
have saved meanwhile, and a field that both changed is a clash that the person is told about.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker.audit.services import record
from matchmaker.errors import MatchmakerError
from matchmaker.organisations.models import (
    Contact,
    Organisation,
    ProfileTerm,
    TermField,
    Visibility,
    WorkTerritory,
)
from matchmaker.organisations.services import mark_changed
from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.names import fold_name
from recommender.types import Capacity

Values = dict[str, Any]
TERMS_OF_STEP = {
    "fields": (TermField.THEME, TermField.TARGET, TermField.SERVICE),
    "welfare": (TermField.WELFARE_ACTION, TermField.OFFER, TermField.NEED),
}
CONTACT_FIELDS = ("name", "role", "email", "phone")
CODE_FIELDS = ("tax_code", "ipa_code")
MARK_LENGTH = 12


class CodeTaken(MatchmakerError):
    """Another body has the code; the argument is the field: tax_code or ipa_code."""


class ChangedMeanwhile(MatchmakerError):
    """Somebody else changed the same fields since they were read.

    clashing: the fields' names. present: what the whole step holds now. wanted: the same with what
    the person changed in place.
    """

    def __init__(self, clashing: list[str], present: Values, wanted: Values) -> None:
        super().__init__(", ".join(clashing))
        self.clashing, self.present, self.wanted = clashing, present, wanted


@dataclass(frozen=True)
class StepEdit:
    """What a person sends back of one step, with the marks (:func:`marks_of`) of what they had seen."""

    step: str
    values: Values
    seen: str


def edit_profile(
    session: Session, actor_id: int, organisation: Organisation, edit: StepEdit
) -> frozenset[str]:
    """Write what a person changed in one step; returns the names of the fields that changed.

    Raises:
        ChangedMeanwhile: another person changed one of the same fields; nothing is written.
        CodeTaken: another body has the tax code or the IPA code.
    """
    # Two people saving at once take turns here; what the first wrote is read by the second.
    session.refresh(organisation, with_for_update=True)
    changes = merge(read_step(organisation, edit.step), edit.values, edit.seen)
    if not changes:
        return frozenset()
    try:
        with session.begin_nested():
            STEPS[edit.step].write(session, organisation, changes)
    except IntegrityError as error:
        taken = taken_code(session, organisation.id, changes)
        if taken is None:
            raise
        raise CodeTaken(taken) from error
    record(session, actor_id, "edit_profile", organisation, step=edit.step, fields=sorted(changes))
    mark_changed(session, organisation)
    return frozenset(changes)


def read_step(organisation: Organisation, step: str) -> Values:
    """What a step of the profile holds now."""
    return STEPS[step].read(organisation)


def marks_of(values: Values) -> str:
    """One line that tells later which fields have changed since."""
    return ",".join(f"{name}:{_mark(value)}" for name, value in sorted(values.items()))


def merge(present: Values, values: Values, seen: str) -> Values:
    """Return what a person changed, as far as nobody else did.

    Raises:
        ChangedMeanwhile: a field changed on both sides, and not to the same.
    """
    marks = dict(pair.split(":", 1) for pair in seen.split(",") if ":" in pair)
    touched = {name: value for name, value in values.items() if _mark(value) != marks.get(name)}
    changes = {name: value for name, value in touched.items() if value != present[name]}
    clashing = [name for name in changes if _mark(present[name]) != marks.get(name)]
    if clashing:
        raise ChangedMeanwhile(clashing, present, present | touched)
    return changes


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:MARK_LENGTH]


def taken_code(session: Session, organisation_id: int, codes: Mapping[str, Any]) -> str | None:
    """Which of the codes another body has: the name of its field, or None."""
    for name in CODE_FIELDS:
        column = getattr(Organisation, name)
        wanted = codes.get(name)
        holder = select(Organisation.id).where(column == wanted, Organisation.id != organisation_id)
        if wanted and session.scalar(holder) is not None:
            return name
    return None


def plain_text(text: str | None) -> str | None:
    """A text as it is kept: no blanks around it, one kind of line ends; None when nothing is left."""
    return "\n".join((text or "").strip().splitlines()) or None


def full_address(text: str | None) -> str | None:
    """A web address in full: ``www.esempio.it`` is meant as ``https://www.esempio.it``."""
    plain = plain_text(text)
    return f"https://{plain}" if plain and "://" not in plain else plain


def said_terms(organisation: Organisation, field: TermField) -> list[str]:
    """Codes that the body itself has said, in order."""
    return sorted(t.code for t in organisation.terms if t.field is field and t.inference_rule is None)


def inferred_terms(organisation: Organisation, field: TermField) -> list[ProfileTerm]:
    """Terms read off the body's name that it has neither said nor replaced."""
    found = (t for t in organisation.terms if t.field is field and t.inference_rule is not None)
    return sorted(found, key=lambda term: term.code)


def _read_identity(body: Organisation) -> Values:
    return {
        "name": plain_text(body.name),
        "kind": body.kind,
        # A form read off the name has not been said: the step shows it apart.
        "legal_form": None if body.legal_form_rule else body.legal_form,
        "size_class": body.size_class,
        "tax_code": body.tax_code,
        "vat_number": body.vat_number,
        "ipa_code": body.ipa_code,
        "website": full_address(body.website),
    }


def _write_identity(session: Session, body: Organisation, changes: Values) -> None:
    _write_columns(session, body, changes)
    body.folded_name = fold_name(body.name)[: Organisation.folded_name.type.length]
    if changes.get("legal_form") or not form_is_of_kind(body.legal_form, body.kind):
        body.legal_form_rule = None
        body.legal_form = changes.get("legal_form")
    form = catalogue()["legal_form"].get(body.legal_form or "")
    if form is not None and form.facts.get("size_class"):
        body.size_class = form.facts["size_class"]


def form_is_of_kind(legal_form: str | None, kind: str) -> bool:
    """Tell whether a legal form, where one is known, is one of a kind of body."""
    form = catalogue()["legal_form"].get(legal_form or "")
    return form is None or form.facts["kind"] == kind


def _write_columns(_session: Session, body: Organisation, changes: Values) -> None:
    for name, value in changes.items():
        setattr(body, name, value)


def _read_place(body: Organisation) -> Values:
    return {
        "municipality": body.municipality_id,
        "address": plain_text(body.address),
        "territories": sorted(work.territory_id for work in body.work_territories),
    }


def _write_place(_session: Session, body: Organisation, changes: Values) -> None:
    if "municipality" in changes:
        body.municipality_id = changes["municipality"]
        body.place_text = None if body.municipality_id else body.place_text
    if "address" in changes:
        body.address = changes["address"]
    if "territories" in changes:
        wanted = set(changes["territories"])
        kept = [work for work in body.work_territories if work.territory_id in wanted]
        new = wanted - {work.territory_id for work in kept}
        body.work_territories = kept + [WorkTerritory(territory_id=number) for number in sorted(new)]


def _term_reader(step: str) -> Callable[[Organisation], Values]:
    return lambda body: {field.value: said_terms(body, field) for field in TERMS_OF_STEP[step]}


def _write_terms(_session: Session, body: Organisation, changes: Values) -> None:
    for name, codes in changes.items():
        _say(body, TermField(name), set(codes))


def _say(body: Organisation, field: TermField, codes: set[str]) -> None:
    """Put what the body says in place of what it said, and of what was inferred once it says anything."""
    stored = {term.code: term for term in body.terms if term.field is field}
    for code, term in stored.items():
        inferred = term.inference_rule is not None
        if code in codes:
            term.inference_rule = term.evidence = None
        elif codes or not inferred:
            body.terms.remove(term)
    body.terms.extend(ProfileTerm(field=field, code=code) for code in sorted(codes - stored.keys()))


def _read_about(body: Organisation) -> Values:
    return {"description": plain_text(body.description)}


def _write_about(_session: Session, body: Organisation, changes: Values) -> None:
    body.description = changes["description"] or ""


def _read_joining(body: Organisation) -> Values:
    return {
        "capacity": body.capacity.value,
        "capacity_from": body.capacity_from.isoformat() if body.capacity_from else None,
        "visibility": body.visibility.value,
    }


def _write_joining(_session: Session, body: Organisation, changes: Values) -> None:
    if "capacity_from" in changes:
        day = changes["capacity_from"]
        body.capacity_from = date.fromisoformat(day) if day else None
    body.capacity = Capacity(changes.get("capacity", body.capacity))
    body.visibility = Visibility(changes.get("visibility", body.visibility))


def _read_contacts(body: Organisation) -> Values:
    ordered = sorted(body.contacts, key=lambda contact: contact.id)
    return {"contacts": [contact_row(contact) for contact in ordered]}


def contact_row(contact: Contact) -> list[str]:
    """A contact as it is compared: the fields of CONTACT_FIELDS."""
    return [getattr(contact, name) for name in CONTACT_FIELDS]


def _write_contacts(_session: Session, body: Organisation, changes: Values) -> None:
    # Rows that stayed as they were keep the source that they came from.
    kept = {tuple(contact_row(contact)): contact for contact in body.contacts}
    rows: Iterable[tuple[str, ...]] = dict.fromkeys(tuple(row) for row in changes["contacts"])
    body.contacts = [kept.get(row) or Contact(**dict(zip(CONTACT_FIELDS, row, strict=True))) for row in rows]


@dataclass(frozen=True)
class StepRules:
    """How one step is read and written."""

    read: Callable[[Organisation], Values]
    write: Callable[[Session, Organisation, Values], None]


STEPS: dict[str, StepRules] = {
    "identity": StepRules(_read_identity, _write_identity),
    "place": StepRules(_read_place, _write_place),
    "fields": StepRules(_term_reader("fields"), _write_terms),
    "welfare": StepRules(_term_reader("welfare"), _write_terms),
    "about": StepRules(_read_about, _write_about),
    "joining": StepRules(_read_joining, _write_joining),
    "contacts": StepRules(_read_contacts, _write_contacts),
}
