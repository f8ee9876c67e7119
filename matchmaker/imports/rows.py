"""A record of a file becomes an entry, or says why it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from email_validator import EmailNotValidError, validate_email

from matchmaker.imports.cleaning import (
    ForbiddenAddress,
    UnusableAddress,
    clean_name,
    clean_text,
    clean_website,
    has_shapeless_signs,
)
from matchmaker.imports.limits import LIMITS
from matchmaker.imports.places import Contradiction, Place, Places, issued_for
from matchmaker.imports.presets import Preset
from matchmaker.imports.problems import CellProblem, RowProblem
from matchmaker.imports.readings import COMMUNE, Reading, read_body
from matchmaker.imports.sources import Source, source_written
from matchmaker.imports.tables import Record
from matchmaker.organisations.identifiers import (
    WrongCode,
    clean_ipa_code,
    clean_tax_code,
    clean_vat_number,
)
from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.names import fold

LONGEST = {"name": 300, "address": 300, "municipality": 200, "website": 300, "email": 254, "ipa_code": 60}
SECTORS = {"public": "public", "public_body": "public", "third_sector": "third_sector"} | {
    word: word for word in ("enterprise", "other")
}
_DIGITS = re.compile(r"\d{8,11}")
_ISTAT = re.compile(r"\d{4,6}")
_LINE_ENDS = re.compile(r"[\r\n\t]")
_HAS_LETTER = re.compile(r"[^\W\d_]")


HINTS = ("type_guess", "ipa_category", "categories", "municipality")
CODES: Mapping[str, Callable[[str], str]] = {
    "tax_code": clean_tax_code,
    "vat_number": clean_vat_number,
    "ipa_code": clean_ipa_code,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says of a body, checked and in the form in which it is kept."""

    line: int
    source: Source
    body: Reading
    tax_code: str | None
    vat_number: str | None
    ipa_code: str | None
    place: Place | None
    place_text: str | None
    address: str | None
    website: str | None
    email: str | None
    size_class: str | None
    description: str


class RowReader:
    """Reads the records of one file with one preset."""

    def __init__(self, preset: Preset, header: Sequence[str], places: Places) -> None:
        self.preset, self.places = preset, places
        self._positions = preset.positions(header)
        self.headers = {field: header[at] for field, at in self._positions.items()}

    def read(self, record: Record) -> tuple[Entry | RowProblem, tuple[RowProblem, ...]]:
        """Return the entry, or what is wrong with the row; and the cells that were left out of it."""
        if record.problem:
            return RowProblem(record.line, (CellProblem("", record.problem),)), ()
        row = _Row(self, self.texts(record))
        for field, at in self._positions.items():
            if at in record.unreadable:
                row.refuse(field, record.unreadable[at])
        entry = row.entry(record.line)
        if entry is None:
            return RowProblem(record.line, tuple(row.problems)), ()
        return entry, tuple(RowProblem(record.line, (problem,)) for problem in row.left_out)

    def texts(self, record: Record) -> dict[str, str]:
        """Return the cells of a record by field, as they stand in the file."""
        if record.problem:
            return {}
        return {field: record.cells[at].strip() for field, at in self._positions.items()}


class _Row:
    """One row while it is being read; faults are collected, not raised, so that all are told at once."""

    def __init__(self, reader: RowReader, texts: dict[str, str]) -> None:
        self._reader, self._texts = reader, texts
        self._refused: set[str] = set()
        self.problems: list[CellProblem] = []
        self.left_out: list[CellProblem] = []

    def refuse(self, field: str, code: str) -> None:
        """Note a fault for which the row cannot be loaded; one per field is enough."""
        if field not in self._refused:
            self._refused.add(field)
            self.problems.append(self._problem(field, code))

    def entry(self, line: int) -> Entry | None:
        """Read every field; None when a problem was noted."""
        self._check_texts()
        province = self._province()
        place = self._place(province)
        website, email = self._website(), self._email()
        name, source, codes = self._name(), self._source(), self._codes()
        size_class, hints = self._size_class(), self._hints()
        if self.problems:
            return None
        body = read_body(name, place, hints)
        if body.legal_form == COMMUNE and place and not issued_for(place, codes["tax_code"]):
            self.refuse("tax_code", "other_province")
            return None
        return Entry(
            line=line,
            source=source,
            body=body,
            **codes,
            place=place,
            place_text=None if place else self._place_text(province),
            address=", ".join(filter(None, (self._text("address"), self._text("postcode")))) or None,
            website=website,
            email=email,
            size_class=size_class,
            description=self._description(),
        )

    def _problem(self, field: str, code: str) -> CellProblem:
        return CellProblem.of(self._reader.headers.get(field, ""), code, self._texts.get(field, ""))

    def _text(self, field: str) -> str:
        return "" if field in self._refused else clean_text(self._texts.get(field, ""))

    def _check_texts(self) -> None:
        for field, text in self._texts.items():
            if len(text) > LONGEST.get(field, LIMITS.cell_characters):
                self.refuse(field, "too_long")
            elif has_shapeless_signs(_LINE_ENDS.sub(" ", text) if field == "description" else text):
                self.refuse(field, "shapeless_signs")

    def _name(self) -> str:
        name = "" if "name" in self._refused else clean_name(self._texts["name"])
        if not name:
            self.refuse("name", "empty")
        elif not _HAS_LETTER.search(name):
            self.refuse("name", "no_letters")
        return name

    def _codes(self) -> dict[str, str | None]:
        codes = {field: self._code(field, clean) for field, clean in CODES.items()}
        if not any(codes.values()) and not CODES.keys() & self._refused:
            self.refuse(next(field for field in CODES if field in self._reader.headers), "no_code")
        return codes

    def _code(self, field: str, clean: Callable[[str], str]) -> str | None:
        text = self._text(field)
        if not text:
            return None
        # A spreadsheet takes the zeros in front for nothing; the check digit tells them again.
        padded = text.zfill(11) if field != "ipa_code" and _DIGITS.fullmatch(text) else text
        try:
            return clean(padded)
        except WrongCode:
            self.refuse(field, field)
            return None

    def _source(self) -> Source:
        if self._reader.preset.source is not None:
            return self._reader.preset.source
        text = self._text("source")
        if not text:
            self.refuse("source", "empty")
        return source_written(text)

    def _province(self) -> str:
        text = self._text("province")
        province = self._reader.places.province(text) if text else ""
        if province is None:
            self.refuse("province", "province")
        return province or ""

    def _place(self, province: str) -> Place | None:
        istat = self._text("istat")
        if istat and not _ISTAT.fullmatch(istat):
            self.refuse("istat", "istat")
            return None
        code = istat.zfill(6) if istat else ""
        try:
            return self._reader.places.find(code, self._text("municipality"), province)
        except Contradiction:
            self.refuse("istat", "place_contradiction")
            return None

    def _place_text(self, province: str) -> str | None:
        name = self._text("municipality")
        return (f"{name} ({province})" if province else name) if name else None

    def _website(self) -> str | None:
        try:
            return clean_website(self._text("website")) or None
        except ForbiddenAddress:
            self.refuse("website", "website")
        except UnusableAddress:
            self.left_out.append(self._problem("website", "unusable_website"))
        return None

    def _email(self) -> str | None:
        text = self._text("email")
        if not text:
            return None
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError:
            self.left_out.append(self._problem("email", "unusable_email"))
            return None

    def _size_class(self) -> str | None:
        text = self._text("size_class")
        code = size_codes().get(fold(text)) if text else None
        if text and code is None:
            self.refuse("size_class", "size_class")
        return code

    def _description(self) -> str:
        lines = (clean_text(line) for line in self._texts.get("description", "").splitlines())
        return "\n".join(lines).strip()

    def _hints(self) -> dict[str, str]:
        hints = {name: self._text(name) for name in HINTS}
        sector = self._reader.preset.sector or ""
        if text := self._text("sector"):
            sector = SECTORS.get(fold(text).replace(" ", "_"), "")
            if not sector:
                self.refuse("sector", "sector")
        return hints | {"sector": sector}


@cache
def size_codes() -> Mapping[str, str]:
    """Every way to write a size class: its code, its labels, and their first words ("piccola")."""
    written: dict[str, str] = {}
    for term in catalogue()["size_class"].values():
        for words in (term.code, *term.words):
            written[fold(words)] = written[fold(words.split(":")[0])] = term.code
    return written
