"""Codes of the import as words: reports for the shell, pages for the browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from matchmaker.imports.jobs import KEPT_IN_REPORT
from matchmaker.imports.models import WORKING, ImportRun, ImportState
from matchmaker.imports.problems import FileRefused, RowProblem
from matchmaker.imports.reports import Report
from matchmaker.imports.words import (
    CELL_PROBLEMS,
    COUNT_NAMES,
    FIELD_NAMES,
    FILE_REFUSALS,
    NOTICE_DETAILS,
    PRESET_NAMES,
    STATE_NAMES,
)
from matchmaker.organisations.models import NoticeCode
from matchmaker.organisations.presenters import notice_words

LONGEST_PREVIEW = 60


def refusal_words(code: str, details: Mapping[str, Any]) -> str:
    """Say why a whole file was refused."""
    values = dict(details)
    if "preset" in values:
        values["preset"] = PRESET_NAMES[values["preset"]]
    if "columns" in values:
        values["columns"] = ", ".join(values["columns"])
    return str(FILE_REFUSALS[code]) % values


def problem_words(code: str, value: str) -> str:
    """Say what is wrong in a cell."""
    return str(CELL_PROBLEMS[code]) % {"value": value}


def notice_detail(detail: str) -> str:
    """Say why a body was noticed; a detail that is no code (a place as a list wrote it) stands for itself."""
    reason, _colon, value = detail.partition(":")
    words = NOTICE_DETAILS.get(reason)
    return str(words) % {"value": value} if words else detail


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A row's first problem in words, for a table or for JSON."""

    line: int
    column: str
    reason: str
    code: str
    also: tuple[str, ...] = ()


def problem_lines(stored: Sequence[Mapping[str, Any]]) -> Iterator[ProblemLine]:
    """Put the problems of a report (see RowProblem.as_json) into words."""
    for row in stored:
        (column, code, value), *others = row["problems"]
        also = tuple(f"{name}: {problem_words(other, text)}" for name, other, text in others)
        yield ProblemLine(row["line"], column, problem_words(code, value), code, also)


def _lines(problems: Sequence[RowProblem]) -> Iterator[ProblemLine]:
    return problem_lines([problem.as_json() for problem in problems])


def report_json(report: Report) -> dict[str, Any]:
    """Return a report as the one JSON document of the command."""
    refusal = report.refusal
    return {
        "file": report.filename,
        "preset": report.preset or None,
        "dry_run": report.dry_run,
        "strict": report.strict,
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "refused": [_as_json(line) for line in _lines(report.refused)],
        "left_out": [_as_json(line) for line in _lines(report.left_out)],
        "notices": {code.value: report.notices[code.value] for code in NoticeCode},
        "error": None if refusal is None else _refusal_json(refusal),
    }


def _as_json(line: ProblemLine) -> dict[str, Any]:
    plain = {"line": line.line, "column": line.column, "reason": line.reason, "code": line.code}
    return plain | ({"also": list(line.also)} if line.also else {})


def _refusal_json(refusal: FileRefused) -> dict[str, Any]:
    return {"code": refusal.code, "message": refusal_words(refusal.code, refusal.details)}


def report_text(report: Report) -> Iterator[str]:
    """Say a report in lines, for a terminal."""
    yield _("File: %(name)s, letto come «%(preset)s»", name=report.filename, preset=_named(report.preset))
    counts = report.counts()
    for name, label in COUNT_NAMES.items():
        yield f"  {label}: {counts[name]}"
    for line in (*_lines(report.refused), *_lines(report.left_out)):
        where = _("riga %(line)s", line=line.line) + (f", {line.column}" if line.column else "")
        yield f"  {where}: {'; '.join((line.reason, *line.also))}"
    for code, count in sorted(report.notices.items()):
        yield f"  {notice_words(NoticeCode(code))}: {count}"
    if report.dry_run:
        yield _("Prova: non è stato scritto nulla.")


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A body that was noticed, in words."""

    name: str
    place: str
    reason: str
    other: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list of runs."""

    run: ImportRun
    state: str
    preset: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with all that its page shows. columns: field and header; unused: headers that are not read."""

    run: ImportRun
    state: ImportState
    words: str
    preset: str
    refusal: str
    columns: list[tuple[str, str]]
    unused: list[str]
    preview: list[tuple[int, list[str]]]
    counts: list[tuple[str, int]]
    refused: list[ProblemLine]
    left_out: list[ProblemLine]
    noticed: list[NoticeLine]
    most: int

    @property
    def working(self) -> bool:
        """True while somebody works on it."""
        return self.state in WORKING

    @property
    def changes(self) -> int:
        """How many bodies loading the file would make or change."""
        counts = self.run.report.get("counts", {})
        return int(counts.get("created", 0) + counts.get("updated", 0))


def run_line(run: ImportRun, now: datetime) -> RunLine:
    """Present a run in one line."""
    return RunLine(run, str(STATE_NAMES[run.state_at(now)]), _named(run.preset))


def run_page(run: ImportRun, now: datetime) -> RunPage:
    """Present a run on its page."""
    report = run.report
    state = run.state_at(now)
    columns = report.get("columns", {})
    counts = report.get("counts", {})
    return RunPage(
        run=run,
        state=state,
        words=str(STATE_NAMES[state]),
        preset=_named(run.preset),
        refusal=refusal_words(run.refusal, report.get("refusal", {})) if run.refusal else "",
        columns=[(str(FIELD_NAMES[field]), header) for field, header in columns.items()],
        unused=report.get("unused", []),
        preview=[(row["line"], _cells(columns, row["cells"])) for row in report.get("preview", [])],
        counts=[(str(label), counts[name]) for name, label in COUNT_NAMES.items() if name in counts],
        refused=list(problem_lines(report.get("refused", []))),
        left_out=list(problem_lines(report.get("left_out", []))),
        noticed=[_notice_line(*values) for values in report.get("noticed", [])],
        most=KEPT_IN_REPORT,
    )


def _named(preset: str) -> str:
    return str(PRESET_NAMES[preset]) if preset else ""


def _cells(columns: Mapping[str, str], cells: Mapping[str, str]) -> list[str]:
    texts = (cells.get(field, "") for field in columns)
    return [text if len(text) <= LONGEST_PREVIEW else f"{text[:LONGEST_PREVIEW]}…" for text in texts]


def _notice_line(code: str, detail: str, name: str, place: str, other: str) -> NoticeLine:
    reason = f"{notice_words(NoticeCode(code))}: {notice_detail(detail)}"
    return NoticeLine(name, place, reason, other)
