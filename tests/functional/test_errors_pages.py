"""When something goes wrong, people read what happened and what to do: never a trace, never a blank."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from matchmaker.database import Database
from matchmaker.errors import OTHER, WORDS, show_error
from matchmaker.permissions import TABLE, Who
from tests.functional.small_directory import Site, open_site

BROKEN = "broken.now"


@pytest.fixture(scope="module")
def site(shared_database_url: str) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TABLE, BROKEN, (Who.ANYONE, None))
        for site in open_site(shared_database_url):
            site.app.config["PROPAGATE_EXCEPTIONS"] = False
            site.app.add_url_rule("/broken/<int:code>", BROKEN, break_now)
            yield site


def break_now(code: int) -> str:
    if code == 500:
        raise ZeroDivisionError("SECRET-OF-THE-TRACE")
    abort(code)


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 429, 500, 503, 418])
@pytest.mark.parametrize("language", ["it", "en"])
def test_each_error_is_said_in_the_reader_s_language(site: Site, code: int, language: str) -> None:
    response = site.client(language=language).get(f"/broken/{code}")
    page = response.get_data(as_text=True)
    assert response.status_code == code
    assert f'<html lang="{language}">' in page
    if language == "it":
        assert str(WORDS.get(code, OTHER).title) in page
    assert page.count("<h1") == 1


def test_no_trace_reaches_a_person(site: Site) -> None:
    page = site.client().get("/broken/500").get_data(as_text=True)
    assert "SECRET-OF-THE-TRACE" not in page
    assert "Traceback" not in page


def test_an_error_of_ours_is_shown_even_when_the_database_is_gone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.client("member", language="en")

    def gone(*_arguments: object, **_options: object) -> None:
        raise OperationalError("SELECT", {}, ConnectionError("SECRET-OF-THE-TRACE"))

    monkeypatch.setattr(Database, "new_session", gone)
    response = client.get("/organisations/")
    page = response.get_data(as_text=True)
    assert response.status_code == 500
    assert '<html lang="en">' in page
    assert "SECRET-OF-THE-TRACE" not in page


def test_an_address_that_is_not_there_is_a_friendly_404_with_ways_on(site: Site) -> None:
    response = site.client().get("/non-esiste")
    page = response.get_data(as_text=True)
    assert response.status_code == 404
    assert "Qui non c’è nulla" in page
    assert 'href="/organisations/"' in page


def test_after_a_refused_post_the_language_switch_does_not_lead_back_to_it(site: Site) -> None:
    page = site.client().post("/language", data={"language": "xx"}).get_data(as_text=True)
    assert 'name="next" value="/"' in page


def test_a_form_without_its_token_is_refused_in_words(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(site.app.config, "WTF_CSRF_ENABLED", True)
    response = site.client().post("/language", data={"language": "en"})
    assert response.status_code == 400
    assert "La richiesta non si capisce" in response.get_data(as_text=True)


def test_replies_made_on_purpose_and_redirects_pass_through() -> None:
    on_purpose = HTTPException(response=Response("teapot", 418))
    assert show_error(on_purpose) is on_purpose
    not_an_error = HTTPException()
    assert show_error(not_an_error) is not_an_error
