"""How long the main pages take on a filled database, beside the site's cheapest page in the same run.

Usage: python benchmarks/pages.py [--runs 40]     (MATCHMAKER_DATABASE_URL names a database with the demo)

Prints one JSON document: for each page median and 95th percentile in milliseconds, the number of
queries, and how many times the cheapest page (/healthz) it costs. Seconds are this machine's; the
ratios and the query counts travel.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from matchmaker import create_app
from matchmaker.accounts.models import Membership, Person
from matchmaker.config import Settings
from matchmaker.organisations.models import Organisation

PAGES = {
    "cheapest": "/healthz",
    "directory": "/organisations/",
    "directory search": "/organisations/?q=anziani",
    "coverage": "/coverage/",
    "suggestions M1": "/organisations/{body}/suggestions?measure=M1&themes=POVERTA",
    "suggestions M1, calls, text": "/organisations/{body}/suggestions?measure=M1&themes=POVERTA"
    "&ruleset=calls-2017-2019&text=mensa+e+dormitorio+per+persone+senza+dimora",
    "suggestions M2": "/organisations/{body}/suggestions?measure=M2&themes=DEMOGRAFIA",
    "proposals M1": "/organisations/{body}/proposals?measure=M1&themes=POVERTA",
    "proposals M1, calls": "/organisations/{body}/proposals?measure=M1&themes=POVERTA"
    "&ruleset=calls-2017-2019",
    "proposals M2": "/organisations/{body}/proposals?measure=M2&themes=DEMOGRAFIA",
}
READER = "cooperativa@demo.example"


def main() -> None:
    """Measure every page and print the table as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    app = create_app(Settings(testing=True))
    client, body, size = signed_in(app)
    measured = {name: measure(app, client, path.format(body=body), runs) for name, path in PAGES.items()}
    cheapest = measured["cheapest"]["median_ms"]
    for row in measured.values():
        row["times_cheapest"] = round(row["median_ms"] / cheapest, 1)
    json.dump({"organisations": size, "runs": runs, "pages": measured}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def signed_in(app: Flask) -> tuple[FlaskClient, int, int]:
    """Return a browser signed in as the demo's cooperative, its body, and the directory's size."""
    with app.app_context(), Session(app.extensions["engine"]) as session:
        person = session.scalars(select(Person).where(Person.email == READER)).one()
        body = session.scalars(
            select(Membership.organisation_id).where(Membership.person_id == person.id)
        ).one()
        size = session.scalar(select(func.count()).select_from(Organisation)) or 0
    client = app.test_client()
    with client.session_transaction() as cookies:
        cookies["_user_id"] = person.get_id()
    return client, body, size


def measure(app: Flask, client: FlaskClient, path: str, runs: int) -> dict[str, Any]:
    """Ask for a page once to warm up, then ``runs`` times."""
    client.get(path)
    spent = []
    with counted_queries(app) as queries:
        for _run in range(runs):
            start = time.perf_counter()
            status = client.get(path).status_code
            spent.append(1000 * (time.perf_counter() - start))
            if status != 200:
                raise SystemExit(f"{path} answered {status}")
    spent.sort()
    return {
        "median_ms": round(statistics.median(spent), 1),
        "p95_ms": round(spent[int(0.95 * (runs - 1))], 1),
        "queries": len(queries) // runs,
    }


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that run meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
