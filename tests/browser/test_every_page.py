"""Each page in both languages, on a desktop and on a phone of 320 px: axe finds nothing, nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Membership, Person
from matchmaker.demo.people import DEMO_PASSWORD
from matchmaker.partnerships.models import Partnership
from tests.browsing import Browsing, LiveSite, sideways, violations

pytestmark = pytest.mark.browser

OPEN_PAGES = (
    "/",
    "/measures/",
    "/measures/M1",
    "/measures/M4?ruleset=calls-2017-2019",
    "/organisations/",
    "/organisations/?q=nulladitutto",
    "/organisations/{body}",
    "/coverage/",
    "/coverage/pinerolo",
    "/login",
    "/register",
    "/register/new",
    "/accessibility",
    "/privacy",
    "/nowhere",
)
MEMBER_PAGES = (
    "/account",
    "/organisations/{body}/profile?step=identity",
    "/organisations/{body}/profile?step=fields",
    "/organisations/{body}/profile?step=joining",
    "/organisations/{body}/suggestions",
    "/organisations/{body}/suggestions?measure=M1&themes=POVERTA",
    "/organisations/{body}/suggestions?measure=M2&kind=other",
    "/organisations/{body}/proposals?measure=M1&themes=POVERTA",
    "/organisations/{body}/partnerships",
    "/organisations/{body}/shortlist",
)
STAFF_PAGES = ("/imports/", "/claims", "/coverage/", "/partnerships/{draft}")


@pytest.fixture
def places(live_site: LiveSite) -> dict[str, int]:
    with live_site.app.app_context(), Session(live_site.app.extensions["engine"]) as session:
        own = (
            select(Membership.organisation_id).join(Person).where(Person.email == "cooperativa@demo.example")
        )
        return {
            "body": session.scalars(own).one(),
            "draft": session.scalars(select(Partnership.id)).first() or 0,
        }


@pytest.fixture(params=[("it", False), ("it", True), ("en", False), ("en", True)], ids=str)
def window(request: pytest.FixtureRequest, live_site: LiveSite, browsing: Browsing) -> Iterator[Page]:
    language, phone = request.param
    with browsing.window(live_site, language=language, phone=phone) as page:
        yield page


def enter(page: Page, name: str) -> None:
    page.goto("/login")
    page.locator("#email").fill(f"{name}@demo.example")
    page.locator("#password").fill(DEMO_PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state()


def faults(page: Page, paths: tuple[str, ...], places: dict[str, int]) -> Iterator[str]:
    for path in paths:
        page.goto(path.format(**places))
        yield from (f"{path}: {violation}" for violation in violations(page))
        if (over := sideways(page)) > 0:
            yield f"{path}: {over} px too wide"


@pytest.mark.parametrize(
    ("reader", "paths"),
    [(None, OPEN_PAGES), ("cooperativa", MEMBER_PAGES), ("facilitatrice", STAFF_PAGES)],
    ids=["strangers", "members", "staff"],
)
def test_pages_are_accessible_and_fit(
    window: Page, places: dict[str, int], reader: str | None, paths: tuple[str, ...]
) -> None:
    if reader:
        enter(window, reader)
    found = [fault for fault in faults(window, paths, places) if "nowhere" not in fault or "px" in fault]
    assert not found, "\n".join(found)
