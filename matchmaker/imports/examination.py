"""Reading a file through against the directory: what is new, what changes, what is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from matchmaker.imports.bodies import BodyState, apply_entry
from matchmaker.imports.directory import Directory, Known, Mismatch
from matchmaker.imports.findings import Finding, Key, findings_of
from matchmaker.imports.places import Places
from matchmaker.imports.presets import Preset
from matchmaker.imports.problems import CellProblem, FileRefused, RowProblem
from matchmaker.imports.queries import body_states
from matchmaker.imports.reports import Noticed, Report
from matchmaker.imports.rows import Entry, RowReader
from matchmaker.imports.spool import Change, Spool
from matchmaker.imports.tables import Record, Table
from matchmaker.organisations.services import current_revision

BATCH = 500


class Progress:
    """Is told how far an import is; this one keeps it to itself."""

    def rows(self, done: int) -> None:
        """So many rows have been read."""

    def writing(self) -> None:
        """All rows have been read; now they are written."""


UNWATCHED = Progress()


@dataclass(slots=True)
class Examination:
    """A file read through: its report, and what has to be written to load it."""

    report: Report
    spool: Spool
    places: Places
    findings: dict[Key, Finding]
    revision: int
    """The world's revision that the plan was made against: at another one it has to be made anew."""


def examine(
    session: Session, table: Table, preset: Preset, report: Report, spool: Spool, progress: Progress
) -> Examination:
    """Read a whole file and plan what loading it would write.

    Raises:
        FileRefused: the file turns out broken, too long or empty on the way.
    """
    revision = current_revision(session)
    places = Places.load(session)
    directory = Directory.load(session, places)
    examiner = _Examiner(session, preset, table.header, places, directory, report, spool)
    records = table.records()
    while batch := list(islice(records, BATCH)):
        examiner.read(batch)
        progress.rows(report.rows)
    # A row that stands twice is told only once its batch has been read.
    report.refused.sort(key=lambda problem: problem.line)
    if not report.rows:
        raise FileRefused("no_rows")
    if report.strict and report.refused:
        raise FileRefused("strict", refused=len(report.refused))
    findings = findings_of(directory, places)
    _report_findings(report, findings, directory, places, examiner.touched)
    return Examination(report, spool, places, findings, revision)


class _Examiner:
    """Goes through the rows in order; each is seen against the directory with those before it."""

    def __init__(
        self,
        session: Session,
        preset: Preset,
        header: list[str],
        places: Places,
        directory: Directory,
        report: Report,
        spool: Spool,
    ) -> None:
        self._session, self._directory, self._report, self._spool = session, directory, report, spool
        self._reader = RowReader(preset, header, places)
        self._said: dict[tuple[int, int], int] = {}
        """For a body and the weight of a list: the line that spoke of it."""

    @property
    def touched(self) -> set[int]:
        """The bodies that the file speaks of."""
        return {ref for ref, _rank in self._said}

    def read(self, records: list[Record]) -> None:
        """Take in a batch of rows."""
        entries = list(self._entries(records))
        states = self._states(entries)
        for entry in entries:
            self._hear(entry, states)

    def _entries(self, records: list[Record]) -> Iterator[Entry]:
        for record in records:
            self._report.rows += 1
            read, left_out = self._reader.read(record)
            self._report.left_out.extend(left_out)
            if isinstance(read, RowProblem):
                self._report.refused.append(read)
            else:
                yield read

    def _states(self, entries: list[Entry]) -> dict[int, BodyState]:
        """Load the bodies that the batch meets, all at once."""
        refs = set()
        for entry in entries:
            known = self._find(entry, tell=False)
            if known is not None and known.ref > 0:
                refs.add(known.ref)
        return body_states(self._session, refs)

    def _find(self, entry: Entry, *, tell: bool) -> Known | None:
        try:
            return self._directory.find(entry)
        except Mismatch as mismatch:
            if tell:
                value = str(getattr(entry, mismatch.field) or "")
                self._refuse(entry, mismatch.field, mismatch.code, value)
            return None

    def _hear(self, entry: Entry, states: dict[int, BodyState]) -> None:
        refused = len(self._report.refused)
        known = self._find(entry, tell=True)
        if len(self._report.refused) > refused:
            return
        ref = known.ref if known else self._directory.new_ref()
        earlier = self._said.setdefault((ref, entry.source.rank), entry.line)
        if earlier != entry.line:
            self._refuse(entry, "tax_code" if entry.tax_code else "ipa_code", "duplicate_row", str(earlier))
            return
        before = self._spool.state(ref) or states.get(ref)
        if known is not None and before is None:
            # Met only after an earlier row of the batch had filled in a code.
            before = body_states(self._session, {ref})[ref]
        self._plan(ref, before, apply_entry(before, entry))

    def _plan(self, ref: int, before: BodyState | None, after: BodyState) -> None:
        change = Change.between(ref, before, after)
        if not change:
            self._report.unchanged += 1
            return
        self._report.created += change.created
        self._report.updated += not change.created
        self._spool.add(change)
        self._directory.put(Known.of(ref, after))

    def _refuse(self, entry: Entry, field: str, code: str, value: str) -> None:
        column = self._reader.headers.get(field, "")
        self._report.refused.append(RowProblem(entry.line, (CellProblem.of(column, code, value),)))


def _report_findings(
    report: Report,
    findings: dict[Key, Finding],
    directory: Directory,
    places: Places,
    touched: set[int],
) -> None:
    """Tell those findings that are about bodies of this file, by the names that the file gave them."""
    for (ref, code), finding in findings.items():
        if ref not in touched:
            continue
        known = directory[ref]
        place = places.name(known.municipality_id) or known.place_text or ""
        other = directory[finding.other].name if finding.other is not None else ""
        report.notices[code.value] += 1
        report.noticed.append(Noticed(code.value, finding.detail, known.name, place, other))
