"""Which bodies there are, by every key under which a row may meet one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.imports.bodies import DIRECTORY_ORIGINS, BodyState
from matchmaker.imports.places import Places
from matchmaker.imports.readings import COMMUNE
from matchmaker.imports.rows import Entry
from matchmaker.imports.sources import rank_of
from matchmaker.organisations.models import Organisation, Origin

NameKey = tuple[str, int, str]
"""Kind (for municipalities, their legal form), municipality, and the name that tells bodies apart there."""


@dataclass(frozen=True, slots=True)
class Known:
    """As much of a body as recognising it takes. ``ref`` is its id; negative while it has none yet."""

    ref: int
    name: str
    folded_name: str
    kind: str
    legal_form: str | None
    tax_code: str | None
    vat_number: str | None
    ipa_code: str | None
    municipality_id: int | None
    place_text: str | None
    origin: Origin
    joined: bool
    rank: int

    @property
    def open(self) -> bool:
        """True while only lists have spoken of the body."""
        return not self.joined and self.origin in DIRECTORY_ORIGINS

    @classmethod
    def of(cls, ref: int, state: BodyState) -> Known:
        """The part of a state that recognising takes."""
        names = set(cls.__slots__) - {"ref", "rank"}
        return cls(ref, rank=state.rank, **{name: getattr(state, name) for name in names})


class Mismatch(ValueError):
    """A row's codes do not go together with the body they meet; ``field`` and ``code`` say how."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field, self.code = field, code


class Directory:
    """Every body, by its keys. New and changed ones are put in as the file is read."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._bodies: dict[int, Known] = {}
        self._by_code: dict[tuple[str, str], int] = {}
        self._named: dict[NameKey, set[int]] = {}
        self._next_ref = -1

    @classmethod
    def load(cls, session: Session, places: Places) -> Directory:
        """Read every body's keys, in one query."""
        directory = cls(places)
        columns = [getattr(Organisation, name) for name in _READ]
        query = select(*columns).order_by(Organisation.id).execution_options(yield_per=1000)
        for row in session.execute(query):
            values = row._asdict()
            joined, source = values.pop("joined_at") is not None, values.pop("source")
            known = Known(values.pop("id"), joined=joined, rank=rank_of(values["origin"], source), **values)
            directory.put(known)
        return directory

    def __iter__(self) -> Iterator[Known]:
        return iter(self._bodies.values())

    def __getitem__(self, ref: int) -> Known:
        return self._bodies[ref]

    def new_ref(self) -> int:
        """A number for a body that has no id yet."""
        self._next_ref -= 1
        return self._next_ref

    def put(self, known: Known) -> None:
        """Add a body, or replace what was known of it."""
        if known.ref in self._bodies:
            self._forget(self._bodies[known.ref])
        self._bodies[known.ref] = known
        for key in _code_keys(known):
            self._by_code.setdefault(key, known.ref)
        if name_key := self._name_key(known):
            self._named.setdefault(name_key, set()).add(known.ref)

    def _forget(self, known: Known) -> None:
        for key in _code_keys(known):
            if self._by_code.get(key) == known.ref:
                del self._by_code[key]
        if name_key := self._name_key(known):
            self._named[name_key].discard(known.ref)

    def find(self, entry: Entry) -> Known | None:
        """Return the body that a row speaks of; None when the directory has it not yet.

        By its codes first. Without one that is known: a municipality by its place (the list of public
        bodies has no tax codes, the others no IPA codes), any body by name, place and kind; but never
        one that is on the platform: nobody is given codes by another's list.

        Raises:
            Mismatch: the codes are of two bodies, of an invented one, or contradict what is known.
        """
        refs = {
            "tax_code": self._by_code.get(("tax_code", entry.tax_code or "")),
            "ipa_code": self._by_code.get(("ipa_code", entry.ipa_code or "")),
        }
        met = {field: ref for field, ref in refs.items() if ref is not None}
        if len(set(met.values())) > 1:
            raise Mismatch("ipa_code", "codes_of_two_bodies")
        if met:
            return self._checked(self._bodies[next(iter(met.values()))], entry)
        return self._by_vat_number(entry) or self._by_place(entry)

    def _checked(self, known: Known, entry: Entry) -> Known:
        if known.origin is Origin.DEMO:
            raise Mismatch("tax_code" if entry.tax_code else "ipa_code", "demo_body")
        for field in ("tax_code", "ipa_code"):
            if _differ(getattr(known, field), getattr(entry, field)):
                raise Mismatch(field, "other_code")
        return known

    def _by_vat_number(self, entry: Entry) -> Known | None:
        # Bodies may share a VAT number (a VAT group): it decides only where no tax code speaks against it.
        number = entry.vat_number or ""
        ref = self._by_code.get(("vat_number", number), self._by_code.get(("tax_code", number)))
        known = self._bodies.get(ref) if ref is not None else None
        if known is None or known.origin is Origin.DEMO or _contradict(known, entry):
            return None
        return known

    def _by_place(self, entry: Entry) -> Known | None:
        if entry.place is None:
            return None
        body = entry.body
        key = self._key(body.kind, body.legal_form, entry.place.id, body.name, body.folded_name)
        found = [self._bodies[ref] for ref in sorted(self._named.get(key, ()))]
        fitting = [known for known in found if known.open and not _contradict(known, entry)]
        return fitting[0] if len(fitting) == 1 else None

    def _name_key(self, known: Known) -> NameKey | None:
        if known.municipality_id is None:
            return None
        return self._key(known.kind, known.legal_form, known.municipality_id, known.name, known.folded_name)

    def _key(
        self, kind: str, legal_form: str | None, municipality_id: int, name: str, folded_name: str
    ) -> NameKey:
        if legal_form == COMMUNE:
            return COMMUNE, municipality_id, self._places.former_name(municipality_id, name)
        return kind, municipality_id, folded_name


def _code_keys(known: Known) -> Iterable[tuple[str, str]]:
    values = ((field, getattr(known, field)) for field in ("tax_code", "ipa_code", "vat_number"))
    return [(field, value) for field, value in values if value]


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one != other)


def _contradict(known: Known, entry: Entry) -> bool:
    return _differ(known.tax_code, entry.tax_code) or _differ(known.ipa_code, entry.ipa_code)


_READ = (
    "id",
    "name",
    "folded_name",
    "kind",
    "legal_form",
    "tax_code",
    "vat_number",
    "ipa_code",
    "municipality_id",
    "place_text",
    "origin",
    "joined_at",
    "source",
)
