"""One file from opening to report: examined while reading, written in one short transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.orm import Session

from matchmaker.database import db, utc_now
from matchmaker.imports.examination import UNWATCHED, Examination, Progress, examine
from matchmaker.imports.models import ImportRun, ImportState
from matchmaker.imports.presets import Preset, choose_preset
from matchmaker.imports.problems import FileRefused
from matchmaker.imports.reports import Report
from matchmaker.imports.services import PlanOutdated, load_examined
from matchmaker.imports.spool import Spool
from matchmaker.imports.tables import Table, open_table

KEPT_IN_REPORT = 500
"""Of each list of problems, how many a stored report keeps; the counts are of all."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with a file, and for whom. ``run_id`` names the run that it belongs to."""

    filename: str
    dry_run: bool = False
    strict: bool = False
    actor_id: int | None = None
    run_id: int | None = None

    def report(self, preset: Preset | None = None) -> Report:
        """An empty report for this task."""
        return Report(self.filename, preset.code if preset else "", dry_run=self.dry_run, strict=self.strict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that can be read: its table, and which column is what."""

    table: Table
    preset: Preset


def open_file(stream: BinaryIO, preset: str | None = None) -> Opened:
    """Open a file and choose how it is read.

    Raises:
        FileRefused: it cannot be read, or lacks columns.
    """
    table = open_table(stream)
    return Opened(table, choose_preset(table.header, preset))


def import_file(task: Task, stream: BinaryIO, preset: str | None = None) -> Report:
    """Import a file; a file that is refused is told in the report."""
    try:
        opened = open_file(stream, preset)
    except FileRefused as refusal:
        report = task.report()
        report.refuse(refusal)
        return report
    return import_opened(task, opened)


def import_opened(task: Task, opened: Opened, progress: Progress = UNWATCHED) -> Report:
    """Examine an open file and, unless it is only tried, load it. All of it is written, or nothing.

    The examination takes no lock. What it planned is written only if the world has not moved
    since; otherwise it is made anew within the writing transaction.
    """
    report = task.report(opened.preset)
    try:
        with Spool() as spool:
            with db.new_session(writing=False) as session:
                examination = examine(session, opened.table, opened.preset, report, spool, progress)
            if report.loads:
                progress.writing()
                return _load(task, opened, examination)
    except FileRefused as refusal:
        report.refuse(refusal)
    return report


def _load(task: Task, opened: Opened, examination: Examination) -> Report:
    with db.writing() as session:
        run = _run(session, task, opened)
        try:
            load_examined(session, examination, task.actor_id, run)
        except PlanOutdated:
            examination = _load_anew(session, task, opened, run)
        finish_run(run, examination.report)
    return examination.report


def _load_anew(session: Session, task: Task, opened: Opened, run: ImportRun) -> Examination:
    with Spool() as spool:
        report = task.report(opened.preset)
        examination = examine(session, opened.table, opened.preset, report, spool, UNWATCHED)
        load_examined(session, examination, task.actor_id, run)
    return examination


def _run(session: Session, task: Task, opened: Opened) -> ImportRun:
    """The run that a load belongs to; one from the shell is entered, so that facilitators see it."""
    run = session.get(ImportRun, task.run_id) if task.run_id else None
    if run is None:
        run = ImportRun(filename=task.filename[:200], preset=opened.preset.code, created_by_id=task.actor_id)
        session.add(run)
        session.flush()
    return run


def finish_run(run: ImportRun, report: Report) -> None:
    """Note in a run what came of it; the file is kept only while it may still be loaded."""
    refusal = report.refusal
    tried = ImportState.TRIED if report.dry_run else ImportState.LOADED
    run.state = ImportState.REFUSED if refusal else tried
    run.preset = report.preset or run.preset
    run.rows_done = run.rows_total = report.rows
    run.lease_until = None
    run.finished_at = utc_now()
    run.refusal = refusal.code if refusal else ""
    run.report = {**(run.report or {}), **report.as_json(KEPT_IN_REPORT)}
    if refusal:
        run.report = {**run.report, "refusal": refusal.details}
    if run.state is not ImportState.TRIED:
        run.content = None
