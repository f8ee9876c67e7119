"""Programs that call the API of a small site, each with a person's token."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from matchmaker.accounts.models import Person
from matchmaker.accounts.services import create_api_token
from matchmaker.database import utc_now
from tests.functional.small_directory import Site

API = "/api/v1"


@dataclass
class Caller:
    """A program with a token, or without one."""

    site: Site
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = self.headers | options.pop("headers", {})
        given = {"json": body} if body is not None else {}
        client = self.site.app.test_client(use_cookies=False)
        return client.open(API + path, method=method, headers=headers, **given, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.ask("POST", path, body, **options)

    def read(self, path: str) -> Any:
        """The JSON of something that has to be there."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.get_data(as_text=True))
        return response.get_json()


def caller(site: Site, person: str | None = None, language: str | None = None) -> Caller:
    """A program that asks in a person's name, or in nobody's."""
    headers = {"Accept-Language": language} if language else {}
    if person is not None:
        headers["Authorization"] = f"Bearer {token_of(site, person)}"
    return Caller(site, headers)


def token_of(site: Site, person: str, *, revoked: bool = False, expired: bool = False) -> str:
    """The secret of a new token."""
    with site.writing() as session:
        row, secret = create_api_token(session, person_of(session, site, person), "prova", 30)
        if revoked:
            row.revoked_at = utc_now()
        if expired:
            row.expires_at = utc_now() - timedelta(seconds=1)
    return secret


def person_of(session: Any, site: Site, person: str) -> Person:
    """The row of one of the site's people."""
    found: Person = session.get(Person, int(site.people[person].partition(".")[0]))
    return found


def fields_of(response: TestResponse) -> list[str]:
    """The fields that a problem complains about."""
    assert response.mimetype == "application/problem+json"
    return [error["field"] for error in response.get_json().get("errors", [])]
