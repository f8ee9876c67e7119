"""What everybody may read over the API: the directory, rules, words, districts, what is possible where."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matchmaker.coverage.services import compute_coverage
from matchmaker.measures.services import rule_set_named
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.queries import PAGE_LENGTH
from matchmaker.territories.models import Territory
from tests.functional.api_callers import Caller, caller, fields_of
from tests.functional.small_directory import Site, add_body, open_site


@pytest.fixture(scope="module")
def site(shared_database_url: str) -> Iterator[Site]:
    yield from open_site(shared_database_url)


@pytest.fixture
def anyone(site: Site) -> Caller:
    return caller(site)


def names(asking: Caller, query: str = "") -> list[str]:
    return [body["name"] for body in asking.read(f"/organisations{query}")["organisations"]]


def test_the_directory_shows_each_reader_their_own(site: Site, anyone: Caller) -> None:
    assert len(names(anyone)) == 5
    assert "Associazione Riservata" in names(caller(site, "member"))
    assert "Fondazione Nascosta" not in names(caller(site, "member"))
    assert "Fondazione Nascosta" in names(caller(site, "facilitator"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=betulle", ["Cooperativa sociale La Betulla"]),
        ("?q=01750860015", ["Comune di Pinerolo"]),
        ("?kind=enterprise", ["Officine Stura"]),
        ("?form=TS_ODV", ["Croce Verde"]),
        ("?province=CN", ["Officine Stura"]),
        ("?district=cuneo", ["Officine Stura"]),
        ("?theme=SALUTE", ["Croce Verde"]),
        ("?platform=yes&sort=name", ["Cooperativa sociale La Betulla", "Officine Stura"]),
        ("?q=%00", None),
        ("?q=nessuno+si+chiama+così", []),
    ],
)
def test_it_is_searched_as_on_its_page(anyone: Caller, query: str, found: list[str] | None) -> None:
    if found is None:
        assert fields_of(anyone.get(f"/organisations{query}")) == ["q"]
    else:
        assert names(anyone, query) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=1.5", "page"),
        ("page=%C2%B2", "page"),
        ("page=" + "9" * 5000, "page"),
        ("platform=maybe", "platform"),
        ("sort=size", "sort"),
        ("kind=non_c_e", "kind"),
        ("distretto=cuneo", "distretto"),
        ("theme=", "theme"),
        ("q=" + "x" * 500, "q"),
    ],
)
def test_a_wrong_parameter_is_named(anyone: Caller, query: str, field: str) -> None:
    response = anyone.get(f"/organisations?{query}")
    assert response.status_code == 422
    assert fields_of(response) == [field]


def test_pages_say_where_one_is_and_what_comes_next(site: Site) -> None:
    with site.writing() as session:
        cuneo = session.query(Territory).filter_by(name="Cuneo", kind="municipality").one()
        for number in range(PAGE_LENGTH):
            add_body(session, f"Ditta Numerata {number:02}", "enterprise", cuneo)
    anyone = caller(site)
    first = anyone.read("/organisations?kind=enterprise&sort=name")
    assert [first[name] for name in ("page", "pages", "total", "next_page")] == [1, 2, PAGE_LENGTH + 1, 2]
    last = anyone.read("/organisations?kind=enterprise&sort=name&page=2")
    assert [body["name"] for body in last["organisations"]] == ["Officine Stura"]
    assert last["next_page"] is None
    beyond = anyone.read("/organisations?kind=enterprise&sort=name&page=2000000")
    assert beyond == last
    with site.writing() as session:
        session.query(Organisation).filter(Organisation.name.startswith("Ditta Numerata")).delete()


def test_the_number_of_queries_does_not_grow_with_the_list(site: Site, anyone: Caller) -> None:
    anyone.read("/organisations")
    with site.counting_queries() as one:
        anyone.read("/organisations?q=betulla")
    with site.counting_queries() as many:
        anyone.read("/organisations")
    assert len(many) == len(one)


def test_facets_count_what_each_value_leaves(anyone: Caller) -> None:
    facets = anyone.read("/organisations")["facets"]
    assert {value["code"]: value["count"] for value in facets["kind"]} == {
        "public_body": 2,
        "third_sector": 2,
        "enterprise": 1,
    }


def test_a_body_s_facts_say_what_it_said_and_what_was_inferred(site: Site, anyone: Caller) -> None:
    coop = anyone.read(f"/organisations/{site.bodies['coop']}")
    assert coop["themes"] == {"said": ["POVERTA"], "inferred": []}
    assert coop["offers"]["said"] == ["SPAZI"]
    assert coop["needs"]["said"] == ["VOLONTARI"]
    assert coop["website"] == "https://www.betulla.example"
    assert coop["districts"] == ["cuneo", "pinerolo"]
    assert coop["district"] == "pinerolo"
    ambulance = anyone.read(f"/organisations/{site.bodies['ambulance']}")
    assert ambulance["themes"] == {"said": [], "inferred": ["SALUTE"]}
    assert ambulance["on_platform"] is False


def test_a_body_s_partners_are_those_that_the_reader_may_see(site: Site) -> None:
    def partners(person: str | None) -> list[str]:
        projects = caller(site, person).read(f"/organisations/{site.bodies['coop']}")["projects"]
        return sorted(partner["name"] for project in projects for partner in project["partners"])

    assert partners(None) == ["Comune di Pinerolo"]
    assert partners("member") == ["Associazione Riservata", "Comune di Pinerolo"]


def test_contacts_are_told_to_nobody_not_even_to_the_body_itself(site: Site) -> None:
    for person in (None, "member", "facilitator"):
        for path in ("/organisations", f"/organisations/{site.bodies['coop']}"):
            text = caller(site, person).get(path).get_data(as_text=True)
            assert "CONTATTO-SEGRETO" not in text
            assert "segreta@" not in text


def test_the_tax_code_of_a_person_stays_out(site: Site) -> None:
    with site.writing() as session:
        firm = session.get(Organisation, site.bodies["firm"])
        firm.tax_code = "RSSMRA80A01H501U"
    body = caller(site, "member").read(f"/organisations/{site.bodies['firm']}")
    assert body["tax_code"] is None


def test_measures_come_with_both_rule_sets_and_their_sources(anyone: Caller, site: Site) -> None:
    answer = anyone.read("/measures")
    assert [measure["code"] for measure in answer["measures"]] == ["M1", "M2", "M3", "M4"]
    assert [each["code"] for each in answer["rulesets"]] == ["wecare-2017", "calls-2017-2019"]
    rule = next(rule for rule in answer["rulesets"][0]["rules"] if rule["code"] == "M1.public_body")
    assert rule["text"] == "Nel partenariato c'è almeno un ente pubblico."
    assert rule["severity"] == "must"
    assert rule["source_kind"] == "S"
    assert caller(site, language="en").read("/measures") != answer


def test_vocabularies_are_listed_and_read_in_both_languages(anyone: Caller) -> None:
    listed = anyone.read("/vocabularies")["vocabularies"]
    assert {"theme", "service", "asset", "declaration"} <= {each["code"] for each in listed}
    theme = anyone.read("/vocabularies/theme")
    poverty = next(term for term in theme["terms"] if term["code"] == "POVERTA")
    assert poverty["label_it"]
    assert poverty["label_en"]
    for name in ("non_c_e", "%00", "..", "è"):
        assert anyone.get(f"/vocabularies/{name}").status_code == 404


def test_districts_say_when_they_have_to_be_confirmed(anyone: Caller) -> None:
    districts = {
        district["code"]: district for district in anyone.read("/territories/districts")["districts"]
    }
    assert districts["pinerolo"] == {
        "code": "pinerolo",
        "name": "Pinerolo",
        "municipalities": 2,
        "to_confirm": True,
    }


def test_coverage_is_empty_until_computed_and_names_only_visible_bodies(site: Site) -> None:
    anyone = caller(site)
    before = anyone.read("/coverage")
    assert before["computed_at"] is None
    assert all(district["measures"] == {} for district in before["districts"])
    with site.writing() as session:
        compute_coverage(session, rule_set_named(session, "wecare-2017"))
    after = anyone.read("/coverage?measure=M1")
    pinerolo = next(district for district in after["districts"] if district["code"] == "pinerolo")
    assert pinerolo["measures"].keys() == {"M1"}
    assert pinerolo["measures"]["M1"]["answer"] in ("platform", "directory", "no")
    invited = {
        body
        for district in anyone.read("/coverage")["districts"]
        for answer in district["measures"].values()
        for place in answer["invite"]
        for body in place["organisations"]
    }
    assert invited
    assert site.bodies["hidden"] not in invited
    assert site.bodies["members_only"] not in invited


def test_coverage_can_be_narrowed_to_an_answer(site: Site, anyone: Caller) -> None:
    with site.writing() as session:
        compute_coverage(session, rule_set_named(session, "wecare-2017"))
    everything = anyone.read("/coverage?measure=M1")["districts"]
    for answer in ("platform", "directory", "no"):
        found = anyone.read(f"/coverage?measure=M1&answer={answer}")["districts"]
        assert found == [d for d in everything if d["measures"]["M1"]["answer"] == answer]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("ruleset=nessuno", "ruleset"),
        ("ruleset=%00", "ruleset"),
        ("measure=M9", "measure"),
        ("answer=x", "answer"),
    ],
)
def test_coverage_names_what_it_does_not_know(anyone: Caller, query: str, field: str) -> None:
    assert fields_of(anyone.get(f"/coverage?{query}")) == [field]
