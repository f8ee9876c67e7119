"""Runs in the background: started after the request's commit, watched through the database.

Several server processes may show a run that one of them works on, so its progress lives in its row:
written in short transactions of their own, each of which renews the lease. A run whose lease has
passed broke off with its process, and says so.
"""

from __future__ import annotations

import re
import time
from datetime import timedelta
from io import BytesIO
from itertools import islice
from threading import Thread
from typing import Any

from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from matchmaker.audit.services import record
from matchmaker.database import db, utc_now
from matchmaker.imports.cleaning import clean_text
from matchmaker.imports.examination import Progress
from matchmaker.imports.jobs import Opened, Task, finish_run, import_opened, open_file
from matchmaker.imports.models import WORKING, ImportRun, ImportState
from matchmaker.imports.places import Places
from matchmaker.imports.problems import FileRefused
from matchmaker.imports.reports import Report
from matchmaker.imports.rows import RowReader

LEASE = timedelta(minutes=2)
WRITING_LEASE = timedelta(minutes=10)
"""Writing is one transaction, which on SQLite keeps every other one waiting: nothing is reported from it."""
REPORT_EVERY_SECONDS = 1.0
PREVIEW_ROWS = 10


def upload_file(
    session: Session, actor_id: int | None, filename: str, content: bytes, preset: str
) -> ImportRun:
    """Keep an uploaded file and enter its run; :func:`start_after_commit` sets it going."""
    name = clean_text(re.split(r"[/\\]", filename)[-1])[:200]
    run = ImportRun(
        filename=name or "?",
        preset=preset,
        content=content,
        created_by_id=actor_id,
        lease_until=utc_now() + LEASE,
    )
    session.add(run)
    session.flush()
    record(session, actor_id, "import.uploaded", run, bytes=len(content))
    return run


def confirm_run(session: Session, actor_id: int | None, run: ImportRun) -> bool:
    """Set a run that has been tried to loading, or one that broke off to trying or loading again.

    Returns:
        False when somebody else was faster, or there is nothing to be done any more.
    """
    now = utc_now()
    before, state = run.state, run.state_at(now)
    if state not in (ImportState.TRIED, ImportState.FAILED):
        return False
    tried = "counts" in run.report
    claimed = session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.state == before)
        .values(
            state=ImportState.LOADING if tried else ImportState.TRYING,
            lease_until=now + LEASE,
            rows_done=0,
            finished_at=None,
        )
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    session.refresh(run)
    record(session, actor_id, "import.confirmed", run)
    return True


def start_after_commit(app: Flask, session: Session, run_id: int, actor_id: int | None) -> None:
    """Work on a run as soon as the request that asked for it has been committed."""

    def start(_session: Session) -> None:
        Thread(target=work_on, args=(app, run_id, actor_id), name=f"import-{run_id}", daemon=True).start()

    event.listen(session, "after_commit", start, once=True)


def work_on(app: Flask, run_id: int, actor_id: int | None) -> None:
    """Try or load the file of a run, from a thread of its own."""
    with app.app_context():
        done = False
        try:
            _work_on(run_id, actor_id)
            done = True
        finally:
            # Whatever happened goes on to the log; the page must not wait for this run.
            if not done:
                _note(run_id, state=ImportState.FAILED, lease_until=None, finished_at=utc_now())


def _work_on(run_id: int, actor_id: int | None) -> None:
    with db.new_session(writing=False) as session:
        columns = select(ImportRun.filename, ImportRun.preset, ImportRun.state, ImportRun.content)
        row = session.execute(columns.where(ImportRun.id == run_id)).one()
    if row.state not in WORKING or row.content is None:
        return
    trying = row.state is ImportState.TRYING
    task = Task(row.filename, dry_run=trying, actor_id=actor_id, run_id=run_id)
    report = _import(task, BytesIO(row.content), row.preset)
    if trying or report.refusal:
        with db.writing() as session:
            finish_run(session.get_one(ImportRun, run_id), report)


def _import(task: Task, stream: BytesIO, preset: str) -> Report:
    run_id = task.run_id or 0
    try:
        opened = open_file(stream, preset or None)
        _note(run_id, rows_total=opened.table.rows_expected, report=preview_of(opened))
    except FileRefused as refusal:
        report = task.report()
        report.refuse(refusal)
        return report
    return import_opened(task, opened, _Reporter(run_id))


def preview_of(opened: Opened) -> dict[str, Any]:
    """The first rows by field, with the header each field stands under and the headers of no use."""
    reader = RowReader(opened.preset, opened.table.header, Places([], {}))
    rows = [
        {"line": record.line, "cells": reader.texts(record)}
        for record in islice(opened.table.records(), PREVIEW_ROWS)
    ]
    used = set(reader.headers.values())
    unused = [name for name in opened.table.header if name and name not in used]
    return {"columns": reader.headers, "unused": unused, "preview": rows}


class _Reporter(Progress):
    """Writes a run's progress once a second, and before the long write at the end."""

    def __init__(self, run_id: int) -> None:
        self._run_id, self._last = run_id, 0.0

    def rows(self, done: int) -> None:
        """So many rows have been read."""
        now = time.monotonic()
        if now - self._last >= REPORT_EVERY_SECONDS:
            self._last = now
            _note(self._run_id, rows_done=done, lease_until=utc_now() + LEASE)

    def writing(self) -> None:
        """All rows have been read; now they are written."""
        _note(self._run_id, rows_done=ImportRun.rows_total, lease_until=utc_now() + WRITING_LEASE)


def _note(run_id: int, **values: Any) -> None:
    with db.writing() as session:
        session.execute(update(ImportRun).where(ImportRun.id == run_id).values(**values))
