"""What every test may ask for: databases of both sorts, an app over them, a browser on a running site.

Tests that take ``database_url`` run twice, on SQLite and on PostgreSQL. A socket to anywhere but
this machine fails the test that opens it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy.orm import Session

from matchmaker import create_app, migrations
from matchmaker.config import Settings
from matchmaker.database import make_engine
from matchmaker.demo.services import load_demo
from matchmaker.measures.services import load_rule_sets
from matchmaker.organisations.reference import load_managing_bodies
from matchmaker.territories.services import load_default_territories
from tests.browsing import Browsing, LiveSite
from tests.databases import BACKENDS, KNOWN, Databases, stop_server
from tests.sockets import stay_near

FOLDER, OWNER = "MATCHMAKER_TEST_FOLDER", "MATCHMAKER_TEST_OWNER"

# The same examples on each run, so that a red build is red again; HYPOTHESIS_PROFILE=explore looks further.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", max_examples=1000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_configure(config: pytest.Config) -> None:
    """Forget the machine's settings; make the run's folder, which workers find in the environment."""
    if not hasattr(config, "workerinput"):
        for name in Settings.model_fields:
            os.environ.pop(f"MATCHMAKER_{name.upper()}", None)
        os.environ[OWNER] = str(os.getpid())
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="matchmaker-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the database server and remove the folder."""
    folder = os.environ.get(FOLDER)
    if not hasattr(config, "workerinput") and folder and Path(folder).exists():
        stop_server(Path(folder))
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(worker_id: str) -> dict[str, Databases]:
    """Makers of databases, by backend."""
    fillers = {"schema": _fill_schema, "reference": _fill_reference, "demo": _fill_demo}
    folder = Path(os.environ[FOLDER])
    return {backend: Databases(backend, folder, worker_id, fillers) for backend in KNOWN}


def _fill_schema(url: str) -> None:
    engine = make_engine(url)
    migrations.upgrade(engine)
    engine.dispose()


def _fill_reference(url: str) -> None:
    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        load_default_territories(session)
        load_rule_sets(session)
        load_managing_bodies(session)
    engine.dispose()


def _fill_demo(url: str) -> None:
    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        load_demo(session)
    engine.dispose()


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[str]:
    """An empty database with every table, on each backend in turn."""
    yield from _made(databases[request.param], "schema")


@pytest.fixture(scope="module", params=BACKENDS)
def shared_database_url(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[str]:
    """The same, one for all the tests of a file."""
    yield from _made(databases[request.param], "schema")


@pytest.fixture(params=BACKENDS)
def blank_url(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[str]:
    """A database with nothing in it."""
    yield from _made(databases[request.param], "blank")


@pytest.fixture(scope="module", params=BACKENDS)
def reference_url(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[str]:
    """What ``matchmaker init`` loads, one for all the tests of a file."""
    yield from _made(databases[request.param], "reference")


@pytest.fixture(params=BACKENDS)
def demo_url(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[str]:
    """The demonstration on top of the reference data."""
    yield from _made(databases[request.param], "demo")


def _made(databases: Databases, kind: str) -> Iterator[str]:
    url = databases.make(kind)
    yield url
    databases.drop(url)


@pytest.fixture
def live_site(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[LiveSite]:
    """The demonstration, served to a browser on a free port; on SQLite unless a test says otherwise."""
    maker = databases[getattr(request, "param", "sqlite")]
    url = maker.make("demo")
    app = create_app(Settings(database_url=url, testing=False, secret_key="only for tests"))
    with LiveSite(app) as site:
        yield site
    app.extensions["engine"].dispose()
    maker.drop(url)


@pytest.fixture(scope="session")
def browsing() -> Iterator[Browsing]:
    """One browser for all the tests of a worker."""
    with Browsing(os.environ.get("CHROMIUM")) as browsing:
        yield browsing


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from stay_near(monkeypatch)
