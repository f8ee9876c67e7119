"""Replacing districts and memberships by a table: history is closed, never deleted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from matchmaker.territories.models import Confidence, Territory, TerritoryKind
from matchmaker.territories.reference import Place, Within, former_municipality
from matchmaker.territories.services import (
    Key,
    current_memberships,
    mark_world_changed,
    put_membership,
    territories_by_key,
    today,
)
from matchmaker.territories.table import Refusal, RowRefused, TableRow, read_table
from matchmaker.vocabularies.names import fold

MUNICIPALITY, DISTRICT, BODY = TerritoryKind.MUNICIPALITY, TerritoryKind.DISTRICT, TerritoryKind.ENTE_GESTORE


@dataclass(slots=True)
class TableReport:
    """What became of each row, and of what the table did not name.

    untouched: municipalities that the table does not name and that keep their district.
    new_districts, closed_districts: codes.
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    untouched: int = 0
    refused: list[Refusal] = field(default_factory=list)
    new_districts: list[str] = field(default_factory=list)
    closed_districts: list[str] = field(default_factory=list)


def import_territories(session: Session, content: bytes, filename: str) -> TableReport:
    """Put each municipality of a table into its district, and each managing body with them.

    A row that cannot be used is refused and reported, the rest is loaded. Districts that hold no
    municipality any more are closed; a managing body left in one follows the municipality of its
    seat. The caller commits.

    Raises:
        TableRefused: the file as a whole cannot be used; nothing was written.
    """
    work = _Work(session)
    for row in read_table(content, filename):
        work.report.rows += 1
        try:
            work.take(row)
        except RowRefused as refused:
            work.report.refused.append(refused.refusal)
    work.finish()
    return work.report


class _Work:
    """One run: what is in the database, looked up once, and what the table has said so far."""

    def __init__(self, session: Session) -> None:
        self.session, self.report = session, TableReport()
        self.territories = territories_by_key(session)
        self.current = current_memberships(session)
        self.by_name = {
            (kind, fold(place.name), place.province if kind is MUNICIPALITY else None): (kind, code)
            for (kind, code), place in self.territories.items()
        }
        self.by_ipa = {place.ipa_code: key for key, place in self.territories.items() if place.ipa_code}
        self.taken: dict[Key, Key] = {}
        self.body_districts: dict[Key, Counter[Key]] = {}
        self.body_rows: dict[Key, TableRow] = {}
        self.wrote = False

    def take(self, row: TableRow | Refusal) -> None:
        """Use one row, or refuse it."""
        if isinstance(row, Refusal):
            raise RowRefused(row.line, row.column, row.reason)
        municipality = self._municipality(row)
        if municipality in self.taken:
            raise RowRefused(row.line, "istat", "municipality_twice")
        body = self._managing_body(row)
        district = self._district(row)
        self.taken[municipality] = district
        outcome = self._put(municipality, district, row)
        setattr(self.report, outcome, getattr(self.report, outcome) + 1)
        if body is not None:
            self._put(municipality, body, row)
            self.body_districts.setdefault(body, Counter())[district] += 1
            self.body_rows.setdefault(body, row)

    def finish(self) -> None:
        """Place the managing bodies, close the districts left empty, count what was not named."""
        for body, districts in self.body_districts.items():
            self._put(body, districts.most_common(1)[0][0], self.body_rows[body])
        emptied = self._emptied_districts()
        for body in [key for key, place in self.territories.items() if key[0] is BODY and not place.valid_to]:
            if self._parent(body) in emptied:
                self._follow_seat(body)
        for district in emptied:
            self.territories[district].valid_to = today()
            self.report.closed_districts.append(district[1])
        kept = [key for key in self.territories if key[0] is MUNICIPALITY and self._parent(key)]
        self.report.untouched = len(set(kept) - set(self.taken))
        if self.wrote or emptied:
            self.session.flush()
            mark_world_changed(self.session)

    def _put(self, child: Key, parent: Key, row: TableRow) -> str:
        within = Within(child, parent, row.source, row.confidence, row.valid_from)
        outcome = put_membership(self.session, self.territories, self.current, within)
        self.wrote = self.wrote or outcome != "unchanged"
        return outcome

    def _municipality(self, row: TableRow) -> Key:
        key = (MUNICIPALITY, row.istat)
        if not row.istat:
            named = (MUNICIPALITY, fold(row.municipality), row.province.upper())
            former = former_municipality(row.municipality, row.province.upper())
            successor = (MUNICIPALITY, former.successor) if former else key
            key = self.by_name.get(named, successor)
        if key not in self.territories:
            raise RowRefused(row.line, "istat" if row.istat else "municipality", "unknown_municipality")
        return key

    def _district(self, row: TableRow) -> Key:
        code = slug(row.district)
        named = self.by_name.get((DISTRICT, fold(row.district), None))
        key = (DISTRICT, code) if (DISTRICT, code) in self.territories else named or (DISTRICT, code)
        name = row.district_name or (self.territories[key].name if key in self.territories else row.district)
        self._place(Place(*key, name, row.source, row.confidence))
        return key

    def _managing_body(self, row: TableRow) -> Key | None:
        if not row.managing_body and not row.managing_body_name:
            return None
        said = row.managing_body or row.managing_body_name
        named = self.by_name.get((BODY, fold(row.managing_body_name or said), None))
        exact = (BODY, said) if (BODY, said) in self.territories else None
        key = exact or self.by_ipa.get(said.lower()) or named
        if key is None and not row.managing_body_name:
            raise RowRefused(row.line, "managing_body", "unknown_managing_body")
        if key is None:
            key = (BODY, slug(said))
            self._place(Place(*key, row.managing_body_name, row.source, row.confidence))
        return key

    def _place(self, place: Place) -> None:
        """Make a territory that is not there; rename or open again one that is."""
        found = self.territories.get(place.key)
        if found is None:
            found = Territory(kind=place.kind, code=place.code, source=place.source)
            found.confidence = place.confidence
            self.session.add(found)
            self.territories[place.key] = found
            if place.kind is DISTRICT:
                self.report.new_districts.append(place.code)
        elif found.name == place.name and found.valid_to is None:
            return
        found.name, found.folded_name, found.valid_to = place.name, fold(place.name), None
        self.by_name[place.kind, found.folded_name, None] = place.key
        self.wrote = True

    def _emptied_districts(self) -> set[Key]:
        holding = {self._parent(key) for key in self.territories if key[0] is MUNICIPALITY}
        districts = {
            key for key, place in self.territories.items() if key[0] is DISTRICT and not place.valid_to
        }
        return districts - holding

    def _follow_seat(self, body: Key) -> None:
        seat = (MUNICIPALITY, self.territories[body].seat_code or "")
        district = self._parent(seat)
        rows = self.current[body, DISTRICT]
        if district is None:
            for row in rows:
                row.valid_to = today()
            return
        within = Within(body, district, rows[0].source, Confidence.LOW)
        put_membership(self.session, self.territories, self.current, within)

    def _parent(self, child: Key) -> Key | None:
        rows = self.current.get((child, DISTRICT), [])
        return (DISTRICT, rows[0].parent.code) if rows else None


def slug(text: str) -> str:
    """A code from a name: words of the folded text with hyphens ("Asti Sud" is asti-sud)."""
    return re.sub(r"\s+", "-", fold(text))[:60]
