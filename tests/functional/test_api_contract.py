"""What the API says of itself holds: no error of ours, and no answer that its description does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from matchmaker import transactions
from matchmaker.measures.services import rule_set_named
from matchmaker.partnerships.models import Partnership, PartnershipMember
from matchmaker.permissions import TABLE, Who
from recommender.types import Role
from tests.functional.api_callers import API, token_of
from tests.functional.small_directory import Site, open_site

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
"""Not "every allowed request is accepted": which codes are known, the database says."""
EXAMPLES = 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        # What one example writes is gone before the next: none of them depends on another.
        patch.setattr(transactions, "_commit", lambda response: response)
        yield from open_site(f"sqlite:///{tmp_path_factory.mktemp('api')}/contract.sqlite")


@pytest.fixture(scope="module")
def described(site: Site) -> Any:
    return schemathesis.openapi.from_wsgi(f"{API}/openapi.json", site.app)


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    return token_of(site, "facilitator")


def ids_of(site: Site) -> dict[str, Any]:
    """Objects of the site that an address can name."""
    with site.writing() as session:
        draft = Partnership(
            title="Bozza",
            measure="M1",
            rule_set=rule_set_named(session, "wecare-2017"),
            owner_id=site.bodies["coop"],
            members=[PartnershipMember(organisation_id=site.bodies["coop"], role=Role.PARTNER)],
        )
        session.add(draft)
        session.flush()
        return {"organisation_id": site.bodies["coop"], "partnership_id": draft.id, "name": "theme"}


PLAN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_answers_are_what_the_description_says(
    site: Site, described: Any, token: str, mode: GenerationMode
) -> None:
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    known = ids_of(site)
    operations = [found.ok() for found in described.get_all_operations()]
    assert operations
    for operation in operations:
        if mode is GenerationMode.POSITIVE or operation.body or operation.query:
            cases = operation.as_strategy(
                generation_mode=mode,
                headers={"Authorization": f"Bearer {token}"},
                path_parameters=there_of(operation, known),
            )
            PLAN(given(case=cases)(holds))()


def there_of(operation: Any, known: dict[str, Any]) -> dict[str, Any] | None:
    """Objects that are there, for what the operation's address names."""
    named = {parameter.name for parameter in operation.path_parameters}
    return {name: value for name, value in known.items() if name in named} or None


def test_the_description_names_every_route_and_whom_it_is_for(site: Site) -> None:
    spec = site.app.test_client().get(f"{API}/openapi.json").get_json()
    operations = [operation for path in spec["paths"].values() for operation in path.values()]
    assert spec["openapi"].startswith("3.1")
    assert len(operations) == sum(endpoint.startswith("api.") for endpoint in TABLE)
    assert all(path.startswith(f"{API}/") for path in spec["paths"])
    assert all(operation["summary"] and operation["x-who"] in set(Who) for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from references(inner)


def test_whatever_the_description_refers_to_is_in_it(site: Site) -> None:
    spec = site.app.test_client().get(f"{API}/openapi.json").get_json()
    there = {f"#/components/schemas/{name}" for name in spec["components"]["schemas"]}
    assert set(references(spec)) <= there
    assert "#/components/schemas/Problem" in set(references(spec))


def test_the_description_says_where_a_token_is_needed(site: Site) -> None:
    paths = site.app.test_client().get(f"{API}/openapi.json").get_json()["paths"]
    assert paths[f"{API}/partnerships"]["get"]["security"] == [{"token": []}]
    assert {} in paths[f"{API}/organisations"]["get"]["security"]


def test_the_description_does_not_repeat_who_asked_for_it(site: Site) -> None:
    client = site.app.test_client()
    spec = client.get(f"{API}/openapi.json", headers={"Host": "elsewhere.example"}).get_json()
    assert spec["servers"] == [{"url": "/"}]


def test_nothing_of_the_description_comes_from_elsewhere(site: Site) -> None:
    rules = {rule.endpoint for rule in site.app.url_map.iter_rules() if rule.endpoint.startswith("openapi")}
    assert rules == {"openapi.spec"}


def test_the_guide_s_paths_are_paths_of_the_description(site: Site) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    spec = site.app.test_client().get(f"{API}/openapi.json").get_json()
    for path in spec["paths"]:
        assert path.removeprefix(API).replace("{", "<").replace("}", ">") in guide
