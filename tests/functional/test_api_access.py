"""Who may call what over the API: every route, every reader, own, foreign, hidden and missing objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask import session as flask_session
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from matchmaker import transactions
from matchmaker.database import utc_now
from matchmaker.permissions import TABLE
from tests.functional.api_callers import API, Caller, caller, person_of, token_of
from tests.functional.trust_world import MISSING, OWN_PEOPLE, READERS, STAFF, TrustWorld, open_trust_world

EVERYONE = frozenset(READERS)
SIGNED_IN = EVERYONE - {"stranger"}
SEEN = {
    "own": EVERYONE,
    "foreign": EVERYONE,
    "directory": EVERYONE,
    "members": SIGNED_IN,
    "hidden": STAFF,
}
READ = {
    "own": OWN_PEOPLE | STAFF,
    "foreign": STAFF | {"outsider"},
    "directory": STAFF,
    "members": STAFF,
    "hidden": STAFF,
}
DRAFT_READ = {"own": OWN_PEOPLE | STAFF, "foreign": STAFF | {"outsider"}}
DRAFT_EDIT = {"own": frozenset({"editor", "manager"}) | STAFF, "foreign": STAFF | {"outsider"}}

Expected = frozenset[str] | dict[str, frozenset[str]]
EXPECTED: dict[str, Expected] = {
    "api.suggest": READ,
    "api.propose": READ,
    "api.check": SIGNED_IN,
    "api.organisations": EVERYONE,
    "api.organisation": SEEN,
    "api.measures": EVERYONE,
    "api.vocabularies": EVERYONE,
    "api.vocabulary": EVERYONE,
    "api.districts": EVERYONE,
    "api.coverage": EVERYONE,
    "api.partnerships": SIGNED_IN,
    "api.create_partnership": SIGNED_IN,
    "api.partnership": DRAFT_READ,
    "api.delete_partnership": DRAFT_EDIT,
    "api.add_member": DRAFT_EDIT,
    "api.change_role": DRAFT_EDIT,
    "api.remove_member": DRAFT_EDIT,
}
ARGUMENTS = {"name": "theme", "organisation_id": 1}
REFUSALS = {401, 403, 404}


@pytest.fixture(scope="module")
def world(shared_database_url: str) -> Iterator[TrustWorld]:
    with pytest.MonkeyPatch.context() as patch:
        # Nothing that the walk writes stays: each question meets the same world.
        patch.setattr(transactions, "_commit", lambda response: response)
        yield from open_trust_world(shared_database_url)


@pytest.fixture(scope="module")
def callers(world: TrustWorld) -> dict[str, Caller]:
    return {name: caller(world.site, None if name == "stranger" else name) for name in READERS}


def path_of(app: Flask, endpoint: str, **arguments: Any) -> str:
    names = next(rule.arguments for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    filled = {name: arguments.get(name, ARGUMENTS.get(name, 1)) for name in names}
    path: str = app.url_map.bind("localhost").build(endpoint, filled)
    return path.removeprefix(API)


def ask(world: TrustWorld, asking: Caller, endpoint: str, state: str | None) -> TestResponse:
    app, kind = world.site.app, TABLE[endpoint][1]
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    arguments = {"organisation_id": world.site.bodies["town"]}
    if kind is not None:
        arguments[f"{kind}_id"] = MISSING if state == "missing" else world.objects[kind][str(state)]
    body = {} if method in ("POST", "PUT") else None
    return asking.ask(method, path_of(app, endpoint, **arguments), body)


def test_every_route_of_the_api_is_expected_here(world: TrustWorld) -> None:
    routes = {rule.endpoint for rule in world.site.app.url_map.iter_rules()}
    assert {endpoint for endpoint in routes if endpoint.startswith("api.")} == EXPECTED.keys()
    assert {endpoint for endpoint in TABLE if endpoint.startswith("api.")} == EXPECTED.keys()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("endpoint", EXPECTED)
def test_each_route_lets_in_whom_it_should(
    world: TrustWorld, callers: dict[str, Caller], endpoint: str, reader: str
) -> None:
    expected = EXPECTED[endpoint]
    cases = expected if isinstance(expected, dict) else {None: expected}
    for state, readers in cases.items():
        response = ask(world, callers[reader], endpoint, state)
        let_in = response.status_code not in REFUSALS
        assert let_in == (reader in readers), (state, response.status_code)
        assert response.status_code < 500
    if None not in cases:
        assert ask(world, callers[reader], endpoint, "missing").status_code in REFUSALS


@pytest.mark.parametrize(
    ("endpoint", "state"),
    [
        ("api.partnership", "foreign"),
        ("api.delete_partnership", "foreign"),
        ("api.add_member", "foreign"),
        ("api.organisation", "hidden"),
        ("api.suggest", "hidden"),
    ],
)
def test_what_may_not_be_known_answers_like_what_is_not_there(
    world: TrustWorld, callers: dict[str, Caller], endpoint: str, state: str
) -> None:
    unknown = ask(world, callers["manager"], endpoint, state)
    missing = ask(world, callers["manager"], endpoint, "missing")
    assert unknown.status_code == missing.status_code == 404
    assert unknown.data == missing.data
    assert dict(unknown.headers).keys() == dict(missing.headers).keys()


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**40])
def test_a_number_that_no_database_holds_is_a_404(callers: dict[str, Caller], number: int) -> None:
    for path in (f"/organisations/{number}", f"/partnerships/{number}"):
        assert callers["manager"].get(path).status_code == 404
    assert callers["manager"].get(f"/partnerships?organisation_id={number}").status_code == 422


def test_the_body_of_a_draft_is_asked_of_the_table_too(world: TrustWorld, callers: dict[str, Caller]) -> None:
    bodies = world.site.bodies

    def listed(reader: str, body: int) -> int:
        return callers[reader].get(f"/partnerships?organisation_id={body}").status_code

    def opened(reader: str, body: int) -> int:
        sent = {"organisation_id": body, "measure": "M1", "members": [bodies["town"]]}
        return callers[reader].post("/partnerships", sent).status_code

    assert [listed("reader", bodies["coop"]), opened("reader", bodies["coop"])] == [200, 403]
    assert opened("editor", bodies["coop"]) == 201
    assert [listed("editor", bodies["firm"]), opened("editor", bodies["firm"])] == [403, 403]
    assert [listed("editor", bodies["hidden"]), opened("editor", bodies["hidden"])] == [404, 404]
    assert [listed("editor", MISSING), opened("editor", MISSING)] == [404, 404]
    assert [listed("facilitator", bodies["hidden"]), opened("facilitator", bodies["hidden"])] == [200, 201]


def test_hidden_bodies_and_private_words_are_in_no_answer(
    world: TrustWorld, callers: dict[str, Caller]
) -> None:
    coop, draft = world.site.bodies["coop"], world.objects["partnership"]["own"]
    asked = {"measure": "M1", "districts": ["pinerolo"], "form": "ATS"}
    manager = callers["manager"]
    answers = [
        manager.get("/organisations"),
        manager.get("/organisations?q=nascosta"),
        manager.get(f"/organisations/{coop}"),
        manager.get(f"/partnerships/{draft}"),
        manager.get("/partnerships"),
        manager.get("/coverage"),
        manager.post(f"/organisations/{coop}/suggestions", {**asked, "top": 100}),
        manager.post(f"/organisations/{coop}/proposals", asked),
        manager.post("/check", {**asked, "members": [coop]}),
    ]
    for answer in answers:
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200
        for secret in ("Nascosta", "NASCOSTI", "CONTATTO", "betulla.example", "BOZZA-ALTRUI"):
            assert secret not in text.replace("www.betulla.example", ""), (answer.request.path, secret)


def test_without_a_token_one_is_told_which_sort_is_wanted(callers: dict[str, Caller]) -> None:
    response = callers["stranger"].get("/partnerships")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="matchmaker"'
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("token", ["", "mm_mai_visto", "è", "a=b, c=d", "x" * 5000])
def test_a_bad_token_opens_nothing_not_even_what_is_open_to_all(world: TrustWorld, token: str) -> None:
    bad = Caller(world.site, {"Authorization": f"Bearer {token}"})
    assert bad.get("/partnerships").status_code == 401
    assert bad.get("/measures").status_code == 401


def test_a_token_that_was_revoked_or_ran_out_opens_nothing(world: TrustWorld) -> None:
    for ended in ({"revoked": True}, {"expired": True}):
        secret = token_of(world.site, "manager", **ended)
        assert (
            Caller(world.site, {"Authorization": f"Bearer {secret}"}).get("/partnerships").status_code == 401
        )


def test_the_token_of_somebody_who_was_disabled_opens_nothing(world: TrustWorld) -> None:
    asking = caller(world.site, "observer")
    assert asking.get("/partnerships").status_code == 200
    with world.site.writing() as session:
        person_of(session, world.site, "observer").disabled_at = utc_now()
    assert asking.get("/partnerships").status_code == 401
    with world.site.writing() as session:
        person_of(session, world.site, "observer").disabled_at = None


def test_a_token_opens_no_page(world: TrustWorld, callers: dict[str, Caller]) -> None:
    client = world.site.app.test_client()
    assert client.get("/account", headers=callers["manager"].headers).status_code == 302


def test_a_token_counts_and_not_the_cookie_beside_it(world: TrustWorld, callers: dict[str, Caller]) -> None:
    draft = f"{API}/partnerships/{world.objects['partnership']['own']}"
    administrator = world.client("administrator")
    assert administrator.get(draft).status_code == 200
    assert administrator.get(draft, headers=callers["outsider"].headers).status_code == 404
    assert administrator.get(draft, headers={"Authorization": "Bearer mm_falso"}).status_code == 401


@pytest.fixture
def forms_need_tokens(world: TrustWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.site.app.config, "WTF_CSRF_ENABLED", True)


def test_a_cookie_writes_only_with_a_form_s_token(world: TrustWorld, forms_need_tokens: None) -> None:
    draft = f"{API}/partnerships/{world.objects['partnership']['own']}"
    client = world.client("manager")
    refused = client.delete(draft)
    assert refused.status_code == 400
    assert "X-CSRFToken" in refused.get_json()["detail"]
    assert client.get(draft).status_code == 200
    with world.site.app.test_request_context():
        token = generate_csrf()
        kept = dict(flask_session)
    with client.session_transaction() as session:
        session.update(kept)
    assert client.delete(draft, headers={"X-CSRFToken": token}).status_code == 204


def test_a_token_writes_without_a_form_s(
    world: TrustWorld, callers: dict[str, Caller], forms_need_tokens: None
) -> None:
    draft = f"/partnerships/{world.objects['partnership']['own']}"
    assert callers["manager"].ask("DELETE", draft).status_code == 204


def test_problems_name_no_address_and_show_no_trace(
    world: TrustWorld, callers: dict[str, Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("SECRET-OF-THE-TRACE")

    monkeypatch.setitem(world.site.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("matchmaker.api.directory_routes.districts_of", broken)
    response = callers["stranger"].get("/territories/districts", headers={"Accept-Language": "en"})
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert "SECRET" not in response.get_data(as_text=True)


def test_a_method_that_is_not_there_says_which_are(callers: dict[str, Caller]) -> None:
    response = callers["stranger"].ask("PATCH", "/check")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]
    assert response.mimetype == "application/problem+json"


def test_an_address_that_is_not_there_is_a_problem_too(callers: dict[str, Caller]) -> None:
    response = callers["stranger"].get("/non-esiste")
    assert response.status_code == 404
    assert response.get_json()["status"] == 404
