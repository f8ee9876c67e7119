"""Questions over the API get the documents of the command line, and wrong ones name the field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click
import pytest
from click.testing import CliRunner

from matchmaker.database import Database
from matchmaker.suggestions.commands import check_command, propose_command, suggest_command
from tests.functional.api_callers import Caller, caller, fields_of
from tests.functional.small_directory import Site, open_site

ASKED = {"measure": "M1", "themes": ["POVERTA"], "districts": ["pinerolo"], "text": "famiglie fragili"}
OPTIONS = "--measure M1 --theme POVERTA --district pinerolo --json".split()
OPTIONS += ["--text", "famiglie fragili"]


@pytest.fixture(scope="module")
def site(shared_database_url: str) -> Iterator[Site]:
    yield from open_site(shared_database_url)


@pytest.fixture
def coop(site: Site) -> Caller:
    return caller(site, "member")


def shell(site: Site, command: click.Command, *arguments: str) -> Any:
    with site.app.app_context():
        result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def own(site: Site, what: str) -> str:
    return f"/organisations/{site.bodies['coop']}/{what}"


def test_suggestions_are_the_command_line_s(site: Site, coop: Caller) -> None:
    answer = coop.post(own(site, "suggestions"), {**ASKED, "top": 3}).get_json()
    assert answer == shell(site, suggest_command, f"id:{site.bodies['coop']}", "--top", "3", *OPTIONS)
    assert answer["suggestions"]
    assert answer["suggestions"][0]["reasons"]


def test_no_more_suggestions_than_were_wanted(site: Site, coop: Caller) -> None:
    assert len(coop.post(own(site, "suggestions"), {**ASKED, "top": 1}).get_json()["suggestions"]) == 1


@pytest.mark.parametrize("measure", ["M1", "M2", "M4"])
def test_proposals_are_the_command_line_s(site: Site, coop: Caller, measure: str) -> None:
    answer = coop.post(own(site, "proposals"), {**ASKED, "measure": measure, "form": "ATS"}).get_json()
    options = ["--form", "ATS", *OPTIONS]
    options[options.index("M1")] = measure
    assert answer == shell(site, propose_command, f"id:{site.bodies['coop']}", *options)
    assert answer["proposals"] or answer["blocked"]


def test_a_check_is_the_command_line_s(site: Site, coop: Caller) -> None:
    body = {**ASKED, "members": ["ipa:C_G674", site.bodies["coop"]], "lead": "cf:01750860015"}
    answer = coop.post("/check", body).get_json()
    members = f"ipa:c_g674,id:{site.bodies['coop']}"
    arguments = ("--members", members, "--lead", "ipa:c_g674", *OPTIONS)
    assert answer == shell(site, check_command, *arguments)
    assert {finding["met"] for finding in answer["findings"]} >= {True}


def test_what_a_project_says_reaches_the_rules(site: Site, coop: Caller) -> None:
    body = {"measure": "M4", "members": [site.bodies["firm"]], "budget": 50_000, "own_share": 0.2}
    options = f"--measure M4 --budget 50000 --own-share 0.2 --json --members id:{site.bodies['firm']}".split()
    said = {**body, "declared": {"open_to_residents": True}}
    assert coop.post("/check", said).get_json() == shell(site, check_command, *options, "--open-to-residents")
    assert coop.post("/check", body).get_json() == shell(site, check_command, *options)


def test_a_network_member_is_no_applicant(site: Site, coop: Caller) -> None:
    def third_sector(role: str) -> Any:
        members = ["ipa:c_g674", {"organisation": site.bodies["coop"], "role": role}]
        findings = coop.post("/check", {**ASKED, "members": members}).get_json()["findings"]
        return next(finding["met"] for finding in findings if finding["rule"] == "M1.third_sector")

    assert third_sector("partner") is True
    assert third_sector("network") is False


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"measure": "M9"}, "measure"),
        ({"measure": None}, "measure"),
        ({"themes": ["NON_C_E"]}, "themes"),
        ({"themes": "POVERTA"}, "themes"),
        ({"themes": ["A"] * 61}, "themes"),
        ({"districts": ["atlantide"]}, "districts"),
        ({"ruleset": "atlantide"}, "ruleset"),
        ({"ruleset": "a\x00b"}, "ruleset"),
        ({"form": "CLUB"}, "form"),
        ({"declared": {"mai_detto": True}}, "declared"),
        ({"declared": {"open_to_residents": "yes"}}, "declared.open_to_residents"),
        ({"text": "mezzo carattere \ud800"}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": 5}, "text"),
        ({"budget": 0}, "budget"),
        ({"budget": "12"}, "budget"),
        ({"budget": 10**400}, "budget"),
        ({"own_share": 1.5}, "own_share"),
        ({"aggregation": 1}, "aggregation"),
        ({"top": 0}, "top"),
        ({"top": True}, "top"),
        ({"top": 2.5}, "top"),
        ({"tema": []}, "tema"),
    ],
)
def test_a_wrong_field_is_named(site: Site, coop: Caller, change: dict[str, Any], field: str) -> None:
    response = coop.post(own(site, "suggestions"), {**ASKED, **change})
    assert response.status_code == 422
    assert fields_of(response) == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"members": ["ipa:nessuno"]}, "members.0"),
        ({"members": [2**31]}, "members.0"),
        ({"members": [10**30]}, "members.0"),
        ({"members": [-1]}, "members.0"),
        ({"members": [True]}, "members.0"),
        ({"members": ["x\x00"]}, "members.0"),
        ({"members": [{"role": "lead"}]}, "members.0.organisation"),
        ({"members": [{"organisation": "ipa:c_g674", "role": "boss"}]}, "members.0.role"),
        ({"members": []}, "members"),
        ({"members": 5}, "members"),
        ({"members": ["ipa:c_g674"] * 41}, "members"),
        ({"lead": "ipa:nessuno"}, "lead"),
    ],
)
def test_a_wrong_member_is_named(coop: Caller, change: dict[str, Any], field: str) -> None:
    response = coop.post("/check", {**ASKED, "members": ["ipa:c_g674"], **change})
    assert response.status_code == 422
    assert fields_of(response) == [field]


def test_the_lead_is_one_and_stands_among_the_members(site: Site, coop: Caller) -> None:
    outside = {**ASKED, "members": ["ipa:c_g674"], "lead": site.bodies["coop"]}
    assert fields_of(coop.post("/check", outside)) == ["lead"]
    two = [{"organisation": site.bodies[name], "role": "lead"} for name in ("coop", "town")]
    assert fields_of(coop.post("/check", {**ASKED, "members": two})) == ["members"]


def test_a_hidden_member_is_a_member_that_is_not_there(site: Site, coop: Caller) -> None:
    def message(body_id: int) -> str:
        response = coop.post("/check", {**ASKED, "members": [body_id]})
        assert response.status_code == 422
        return response.get_data(as_text=True).replace(str(body_id), "N")

    assert message(site.bodies["hidden"]) == message(1_999_999)


@pytest.mark.parametrize("body", [b"\xff\xfe{", b"{", b"[" * 100_000, b"9" * 10_000, b'"' + b"a" * 300_000])
def test_a_body_that_cannot_be_read_is_refused_in_words(coop: Caller, body: bytes) -> None:
    response = coop.ask("POST", "/check", data=body, content_type="application/json")
    assert response.status_code == (413 if len(body) > 256 * 1024 else 400)
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("body", [b"[]", b"5", b"null"])
def test_json_that_is_no_object_is_refused_in_words(coop: Caller, body: bytes) -> None:
    response = coop.ask("POST", "/check", data=body, content_type="application/json")
    assert response.status_code == 422
    assert response.get_json()["errors"]


def test_a_question_does_not_wait_for_a_writer(
    site: Site, coop: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[bool] = []
    original = Database.new_session

    def noting(self: Database, *, writing: bool) -> Any:
        modes.append(writing)
        return original(self, writing=writing)

    monkeypatch.setattr(Database, "new_session", noting)
    for path in (own(site, "suggestions"), own(site, "proposals")):
        assert coop.post(path, ASKED).status_code == 200
    assert coop.post("/check", {**ASKED, "members": ["ipa:c_g674"]}).status_code == 200
    assert modes == [False, False, False]


def test_answers_come_in_the_language_asked_for(site: Site) -> None:
    def text(language: str) -> str:
        answer = caller(site, "member", language).post("/check", {**ASKED, "members": ["ipa:c_g674"]})
        return str(answer.get_json()["findings"][0]["text"])

    assert text("it") == "Nel partenariato c'è almeno un ente pubblico."
    assert text("en") != text("it")
    assert text("fr, en;q=0.5") == text("en")


def test_the_answers_are_not_kept_by_shared_caches(site: Site, coop: Caller) -> None:
    for response in (coop.post(own(site, "suggestions"), ASKED), coop.post("/check", {})):
        assert response.headers["Cache-Control"] == "private, no-store"
