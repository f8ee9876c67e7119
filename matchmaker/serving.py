"""Gunicorn's settings: each worker reads the directory before anyone has to wait for it."""

from __future__ import annotations

import os
from threading import Thread
from typing import Any

from flask import Flask

from matchmaker.cli import main
from matchmaker.database import db
from matchmaker.snapshots import current_snapshot

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True


def on_starting(_server: Any) -> None:
    """Run the command that makes the database ready, once, before any worker is there."""
    command = os.environ.get("MATCHMAKER_PREPARE")
    if command:
        main([command], standalone_mode=False)


def post_worker_init(worker: Any) -> None:
    """Fit the worker's recommender beside its first answers, which are pages that need none."""
    Thread(target=warm_up, args=(worker.wsgi,), daemon=True).start()


def warm_up(app: Flask) -> None:
    """Build the snapshot that suggestions and proposals are asked of."""
    with app.app_context():
        current_snapshot(db.session)
