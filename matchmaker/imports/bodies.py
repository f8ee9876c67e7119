"""A body as the import sees it: what the directory holds of it, and what a row makes of that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from matchmaker.imports.readings import InferredTerm, reread
from matchmaker.imports.rows import Entry
from matchmaker.imports.sources import REFERENCE_RANK, rank_of
from matchmaker.organisations.models import Origin

COLUMNS = (
    "name",
    "folded_name",
    "kind",
    "legal_form",
    "legal_form_rule",
    "tax_code",
    "vat_number",
    "ipa_code",
    "municipality_id",
    "place_text",
    "address",
    "website",
    "size_class",
    "description",
    "source",
)
# Filled where blank, corrected by a list that weighs at least as much as the one that said them.
PLAIN_COLUMNS = ("tax_code", "vat_number", "ipa_code", "address", "website", "size_class", "description")
DIRECTORY_ORIGINS = frozenset({Origin.DIRECTORY, Origin.REFERENCE})


@dataclass(frozen=True, slots=True)
class BodyState:
    """The columns of an organisation that lists speak of, its terms, and the address from a list."""

    name: str
    folded_name: str
    kind: str
    legal_form: str | None = None
    legal_form_rule: str | None = None
    tax_code: str | None = None
    vat_number: str | None = None
    ipa_code: str | None = None
    municipality_id: int | None = None
    place_text: str | None = None
    address: str | None = None
    website: str | None = None
    size_class: str | None = None
    description: str = ""
    source: str = ""
    origin: Origin = Origin.DIRECTORY
    joined: bool = False
    inferred: tuple[InferredTerm, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    """Field and code of the terms that the body itself has said: never touched."""
    email: str | None = None
    email_source: str = ""

    @property
    def open(self) -> bool:
        """True while only lists have spoken of the body: nobody of it is on the platform."""
        return not self.joined and self.origin in DIRECTORY_ORIGINS

    @property
    def rank(self) -> int:
        """How much the word weighs of the list that the body was read from."""
        return rank_of(self.origin, self.source)

    def as_json(self) -> dict[str, Any]:
        """A form that survives the spool."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> BodyState:
        """The opposite of :meth:`as_json`."""
        terms = {name: tuple(map(tuple, values[name])) for name in ("inferred", "said")}
        return cls(**{**values, **terms, "origin": Origin(values["origin"])})


def changed_columns(before: BodyState | None, after: BodyState) -> list[str]:
    """Name the columns whose value is new."""
    return [name for name in COLUMNS if before is None or getattr(before, name) != getattr(after, name)]


def apply_entry(before: BodyState | None, entry: Entry) -> BodyState:
    """Return the body after a row has been heard.

    A body on the platform only has its blanks filled. One that is in the directory only is corrected
    by its own list or a weightier one; of the others, too, it takes what is still blank.
    """
    if before is None:
        return _with_reading(_new(entry), entry)
    stronger = before.open and entry.source.rank >= before.rank
    after = _with_place(_with_columns(before, entry, stronger), entry, stronger)
    if stronger:
        return _with_reading(_with_email(after, entry, stronger), entry)
    return _with_email(_with_blanks_read(after, entry), entry, stronger)


def _new(entry: Entry) -> BodyState:
    return BodyState(
        name=entry.body.name,
        folded_name=entry.body.folded_name,
        kind=entry.body.kind,
        **{name: getattr(entry, name) for name in PLAIN_COLUMNS},
        municipality_id=entry.place.id if entry.place else None,
        place_text=entry.place_text,
        email=entry.email,
        email_source=entry.source.name if entry.email else "",
    )


def _with_columns(state: BodyState, entry: Entry, stronger: bool) -> BodyState:
    said = {name: value for name in PLAIN_COLUMNS if (value := getattr(entry, name))}
    heard = said if stronger else {name: said[name] for name in said if not getattr(state, name)}
    return replace(state, **heard)


def _with_place(state: BodyState, entry: Entry, stronger: bool) -> BodyState:
    if entry.place is not None and (stronger or state.municipality_id is None):
        return replace(state, municipality_id=entry.place.id, place_text=None)
    if entry.place_text and state.municipality_id is None and (stronger or not state.place_text):
        return replace(state, place_text=entry.place_text)
    return state


def _with_reading(state: BodyState, entry: Entry) -> BodyState:
    body = entry.body
    return replace(
        state,
        name=body.name,
        folded_name=body.folded_name,
        kind=body.kind,
        legal_form=body.legal_form,
        legal_form_rule=body.legal_form_rule,
        source=entry.source.name,
        inferred=_beside(state, body.inferred),
    )


def _with_blanks_read(state: BodyState, entry: Entry) -> BodyState:
    if state.legal_form is None and state.kind == entry.body.kind:
        state = replace(state, legal_form=entry.body.legal_form, legal_form_rule=entry.body.legal_form_rule)
    if state.open and state.rank == REFERENCE_RANK:
        # A body of the reference data keeps its name; what the name tells was not read before.
        state = replace(state, inferred=_beside(state, reread(state.name, state.kind)))
    return state


def _with_email(state: BodyState, entry: Entry, stronger: bool) -> BodyState:
    if not entry.email or not state.open or (state.email and not stronger):
        return state
    return replace(state, email=entry.email, email_source=entry.source.name)


def _beside(state: BodyState, inferred: tuple[InferredTerm, ...]) -> tuple[InferredTerm, ...]:
    """Leave out the lists of which the body has said anything itself."""
    fields = {field for field, _code in state.said}
    return tuple(term for term in inferred if term[0] not in fields)
