"""A running site and a browser that looks at it: every fault the browser notices fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

from flask import Flask
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).parents[1]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30_000  # milliseconds
# A refused form, a page that is not there and a request that the reader left behind are no faults.
ANSWERS = ("status of 422 (UNPROCESSABLE ENTITY)", "status of 404 (NOT FOUND)", "net::ERR_ABORTED")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 700}


class LiveSite:
    """An app served in a thread on a free port of this machine."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.thread = Thread(target=self.server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        """Where the site answers."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        """Start serving."""
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Browsing:
    """A Chromium; each test gets windows of its own.

    Raises:
        RuntimeError: the machine has no Chromium (``./run test`` finds or installs one).
    """

    def __init__(self, program: str | None) -> None:
        found = program or shutil.which("chromium") or shutil.which("google-chrome")
        if found is None:
            raise RuntimeError("no Chromium: start the tests with ./run test, or name one in CHROMIUM")
        self.program = found

    def __enter__(self) -> Self:
        """Start the browser; a busy machine gets the time that it needs."""
        expect.set_options(timeout=PATIENCE)
        self.tool = sync_playwright().start()
        self.browser = self.tool.chromium.launch(executable_path=self.program, args=FLAGS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.browser.close()
        self.tool.stop()

    @contextmanager
    def window(
        self, site: LiveSite, *, phone: bool = False, language: str = "it", scripts: bool = True
    ) -> Iterator[Page]:
        """Open a window on a site; console errors, refused policies and lost requests fail at its end."""
        context = self.browser.new_context(
            base_url=site.address,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            locale={"it": "it-IT", "en": "en-GB"}[language],
            java_script_enabled=scripts,
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("requestfailed", lambda request: faults.append(f"{request.url} {request.failure}"))
        yield page
        context.close()
        told = [fault for fault in faults if not fault.endswith(ANSWERS)]
        assert not told, told


@cache
def _axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on the page as it stands: rule and first place."""
    page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate("axe.run()")["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['target']}" for fault in found]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
