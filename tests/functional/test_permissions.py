"""Every route, asked by every sort of reader, for an own, a foreign, a hidden and a missing object.

What each route should answer is written here a second time, by hand: a change of the permission
table has to be made in both places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Response
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from matchmaker import permissions, transactions
from matchmaker.database import db
from matchmaker.permissions import TABLE
from tests.functional.trust_world import MISSING, OWN_PEOPLE, READERS, STAFF, TrustWorld, open_trust_world

EVERYONE = frozenset(READERS)
SIGNED_IN = EVERYONE - {"stranger"}
EDITORS = frozenset({"editor", "manager"})
NOBODY: frozenset[str] = frozenset()

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
EDIT = {**READ, "own": EDITORS | STAFF}
DRAFT_READ = {"own": OWN_PEOPLE | STAFF, "foreign": STAFF | {"outsider"}}
DRAFT_EDIT = {"own": EDITORS | STAFF, "foreign": STAFF | {"outsider"}}
TOKENS = {"own": frozenset({"manager"}), "foreign": frozenset({"outsider"})}
CLAIMS = {"waiting": STAFF}
RUNS = {"uploaded": STAFF}

EXPECTED: dict[str, frozenset[str] | dict[str, frozenset[str]]] = {
    "home.index": EVERYONE,
    "home.health": EVERYONE,
    "home.choose_language": EVERYONE,
    "home.accessibility": EVERYONE,
    "home.privacy": EVERYONE,
    "measures.index": EVERYONE,
    "measures.show": EVERYONE,
    "accounts.sign_in": EVERYONE,
    "accounts.sign_out": SIGNED_IN,
    "accounts.find": EVERYONE,
    "accounts.register": EVERYONE,
    "accounts.claim": SEEN,
    "accounts.account": SIGNED_IN,
    "accounts.save_password": SIGNED_IN,
    "accounts.create_token": SIGNED_IN,
    "accounts.revoke_token": TOKENS,
    "accounts.claims": STAFF,
    "accounts.confirm_claim": CLAIMS,
    "accounts.refuse_claim": CLAIMS,
    "organisations.index": EVERYONE,
    "organisations.show": SEEN,
    "organisations.profile": EDIT,
    "organisations.save_profile": EDIT,
    "suggestions.index": READ,
    "suggestions.show": READ,
    "suggestions.shortlist": READ,
    "suggestions.add_to_shortlist": EDIT,
    "suggestions.remove_from_shortlist": EDIT,
    "partnerships.proposals": READ,
    "partnerships.index": READ,
    "partnerships.create": EDIT,
    "partnerships.show": DRAFT_READ,
    "partnerships.declare": DRAFT_EDIT,
    "partnerships.add_member": DRAFT_EDIT,
    "partnerships.remove_member": DRAFT_EDIT,
    "partnerships.change_role": DRAFT_EDIT,
    "partnerships.delete": DRAFT_EDIT,
    "coverage.index": EVERYONE,
    "coverage.district": EVERYONE,
    "coverage.compute": STAFF,
    "imports.index": STAFF,
    "imports.upload": STAFF,
    "imports.template": STAFF,
    "imports.show": RUNS,
    "imports.load": RUNS,
}
# Words of an address that name no object of the table.
PLAIN_ARGUMENTS = {
    "code": "M1",
    "measure": "M1",
    "district": "pinerolo",
    "preset": "unified",
    "filename": "x",
}
STARTS_A_JOB = {"imports.upload", "imports.load"}
ARGUMENTS_OF_GET = {"suggestions.show": "?measure=M1", "suggestions.index": "?measure=M1"}


@pytest.fixture(scope="module")
def world(shared_database_url: str) -> Iterator[TrustWorld]:
    with pytest.MonkeyPatch.context() as patch:
        # Nothing that the walk writes stays: each question meets the same world.
        patch.setattr(transactions, "_commit", _roll_back)
        yield from open_trust_world(shared_database_url)


def _roll_back(response: Response) -> Response:
    if "database_session" in transactions.g:
        db.session.rollback()
    return response


def _rules(world: TrustWorld) -> list[Rule]:
    rules = world.site.app.url_map.iter_rules()
    return [
        rule
        for rule in rules
        if rule.endpoint != "static" and not rule.endpoint.startswith(("api", "openapi"))
    ]


def test_every_page_is_expected_here_and_stands_in_the_table(world: TrustWorld) -> None:
    endpoints = {rule.endpoint for rule in _rules(world)}
    assert endpoints == EXPECTED.keys()
    assert endpoints <= TABLE.keys()


@pytest.mark.parametrize("reader", READERS)
def test_each_route_lets_in_whom_it_should_and_nobody_else(world: TrustWorld, reader: str) -> None:
    wrong = list(_violations(world, reader))
    assert not wrong, "\n".join(wrong)


def test_without_the_guard_the_walk_finds_violations(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The negative control: what the walk relies on is the guard, not luck.
    hooks = world.site.app.before_request_funcs[None]
    position = hooks.index(permissions.guard)
    monkeypatch.setitem(
        world.site.app.before_request_funcs, None, [*hooks[:position], _let_in, *hooks[position + 1 :]]
    )
    assert any("let in" in line for line in _violations(world, "stranger"))
    assert any("let in" in line for line in _violations(world, "outsider"))


def _let_in() -> None:
    endpoint = str(permissions.request.endpoint)
    _who, kind = TABLE[endpoint]
    arguments = permissions.request.view_args or {}
    permissions.g.subject = permissions.load_subject(db.session, kind, arguments) if kind else None


def _violations(world: TrustWorld, reader: str) -> Iterator[str]:
    world.site.app.config["PROPAGATE_EXCEPTIONS"] = False
    for rule in _rules(world):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield from _violations_of(world, reader, rule, method)


def _violations_of(world: TrustWorld, reader: str, rule: Rule, method: str) -> Iterator[str]:
    expected = EXPECTED[rule.endpoint]
    if not isinstance(expected, dict):
        yield from _compare(world, reader, rule, method, None, reader in expected)
        return
    for state, readers in expected.items():
        yield from _compare(world, reader, rule, method, state, reader in readers)
    yield from _compare(world, reader, rule, method, "missing", should=False)


def _compare(
    world: TrustWorld, reader: str, rule: Rule, method: str, state: str | None, should: bool
) -> Iterator[str]:
    if should and rule.endpoint in STARTS_A_JOB and method == "POST":
        return
    response = _ask(world, reader, rule, method, state)
    name = f"{reader} {method} {rule.endpoint} {state or ''}: {response.status_code}"
    if response.status_code == 500:
        yield f"{name} broke"
    elif _is_in(response) != should:
        yield f"{name} {'kept out' if should else 'let in'}"


def _ask(world: TrustWorld, reader: str, rule: Rule, method: str, state: str | None) -> TestResponse:
    kind = TABLE[rule.endpoint][1]
    arguments: dict[str, object] = {name: PLAIN_ARGUMENTS.get(name, 1) for name in rule.arguments}
    if kind is not None:
        arguments[f"{kind}_id"] = MISSING if state == "missing" else world.objects[kind][str(state)]
    if "candidate" in arguments:
        arguments["candidate"] = world.site.bodies["town"]
    with world.site.app.test_request_context():
        path = str(world.site.app.url_map.bind("localhost").build(rule.endpoint, arguments))
    query = ARGUMENTS_OF_GET.get(rule.endpoint, "") if method == "GET" else ""
    data = {
        "candidate": world.site.bodies["town"],
        "organisation": world.site.bodies["town"],
        "language": "it",
    }
    return world.client(reader).open(path + query, method=method, data=data if method == "POST" else None)


def _is_in(response: TestResponse) -> bool:
    if response.status_code in (401, 403, 404):
        return False
    location = response.headers.get("Location", "")
    return not (response.status_code in (302, 303) and "/login" in location)


@pytest.mark.parametrize("reader", READERS)
def test_a_hidden_object_answers_like_a_missing_one(world: TrustWorld, reader: str) -> None:
    if reader in STAFF:
        return
    for rule in _rules(world):
        if TABLE[rule.endpoint][1] != "organisation":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            hidden = _ask(world, reader, rule, method, "hidden")
            missing = _ask(world, reader, rule, method, "missing")
            assert hidden.status_code == missing.status_code, rule.endpoint
            assert _without_noise(hidden, world.objects["organisation"]["hidden"]) == _without_noise(
                missing, MISSING
            )


def _without_noise(response: TestResponse, identifier: int) -> str:
    text = response.get_data(as_text=True) + response.headers.get("Location", "")
    text = re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", text)
    text = re.sub(r'nonce="[^"]*"', "", text)
    return text.replace(str(identifier), "N")


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_meets_a_secret_that_is_not_theirs(world: TrustWorld, reader: str) -> None:
    leaked = [
        f"{secret} on {rule.endpoint} {state}"
        for rule, state, text in _everything_shown_to(world, reader)
        for secret, readers in world.secrets.items()
        if reader not in readers and secret.lower() in text.lower()
    ]
    assert not leaked, "\n".join(leaked)


def test_secrets_are_shown_to_those_who_may_see_them(world: TrustWorld) -> None:
    # The negative control: a scan that never meets a secret would prove nothing.
    shown = "".join(text for _rule, _state, text in _everything_shown_to(world, "administrator"))
    met = {secret for secret in world.secrets if secret.lower() in shown.lower()}
    assert {"SEGRETO-BOZZA-PROPRIA", "SEGRETO-RICHIESTA", "SEGRETO-FILE", "Fondazione Nascosta"} <= met


def _everything_shown_to(world: TrustWorld, reader: str) -> Iterator[tuple[Rule, str, str]]:
    for rule in _rules(world):
        kind = TABLE[rule.endpoint][1]
        states = [*world.objects[kind], "missing"] if kind else [""]
        for state in states:
            if "GET" in (rule.methods or set()):
                response = _ask(world, reader, rule, "GET", state)
                yield rule, state, response.get_data(as_text=True) + str(response.headers)
