"""What money there is, and what exactly each measure demands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from matchmaker.measures.models import Rule, RuleSet
from matchmaker.measures.services import rule_set_named, rules_of
from tests.functional.small_directory import Site, open_site


@pytest.fixture(scope="module")
def site(shared_database_url: str) -> Iterator[Site]:
    yield from open_site(shared_database_url)


def stored(site: Site, rule_set: str, measure: str) -> list[Rule]:
    with site.writing() as session:
        return rules_of(rule_set_named(session, rule_set), measure)


def shown_rules(page: str) -> list[str]:
    """Codes of the rules, in the order of the page."""
    return re.findall(r'<li id="(M\d\.[\w.]+)">', page)


def test_four_cards_say_who_with_whom_on_what_and_how_much(site: Site) -> None:
    page = site.page("/measures/")
    assert re.findall(r'mm-measure-number">([^<]+)<', page) == [f"Misura {n}" for n in (1, 2, 3, 4)]
    for question in ("Chi", "Con chi", "Per che cosa", "Quanto"):
        assert page.count(f"<dt>{question}</dt>") == 4
    for number in (1, 2, 3, 4):
        assert f'href="/measures/M{number}"' in page


@pytest.mark.parametrize("rule_set", ["wecare-2017", "calls-2017-2019"])
@pytest.mark.parametrize("measure", ["M1", "M2", "M3", "M4"])
def test_every_rule_stands_on_the_page_once_as_its_sentence(site: Site, rule_set: str, measure: str) -> None:
    page = site.page(f"/measures/{measure}?ruleset={rule_set}")
    rules = stored(site, rule_set, measure)
    assert sorted(shown_rules(page)) == sorted(rule.code for rule in rules)
    assert page.count('mm-badge-confirm">') == sum(rule.to_confirm for rule in rules)


def test_what_blocks_comes_before_what_helps_and_what_is_only_told(site: Site) -> None:
    page = site.page("/measures/M1?ruleset=calls-2017-2019")
    severity = {rule.code: rule.severity.value for rule in stored(site, "calls-2017-2019", "M1")}
    order = [severity[code] for code in shown_rules(page)]
    assert order == sorted(order, key=["must", "should", "info"].index)
    assert set(order) == {"must", "should", "info"}


def test_the_strategy_is_the_default_and_the_other_rule_set_is_one_link_away(site: Site) -> None:
    page = site.page("/measures/M4")
    assert re.search(r'href="/measures/M4\?ruleset=wecare-2017" aria-current="true"', page)
    assert 'href="/measures/M4?ruleset=calls-2017-2019"' in page


def test_each_rule_names_its_source_and_the_badges_are_explained(site: Site) -> None:
    page = site.page("/measures/M1?ruleset=calls-2017-2019")
    for word in ("Strategia", "Nostra lettura", "Bando"):
        assert f'mm-badge-source">{word}<' in page
        assert f"<dt>{word}</dt>" in page


def test_unsure_districts_are_said_to_be_so_where_they_matter(site: Site) -> None:
    assert "Distretti da confermare" in site.page("/measures/M1")
    assert "Distretti da confermare" not in site.page("/measures/M2")


def test_rules_are_read_in_english_too(site: Site) -> None:
    page = site.page("/measures/M2", language="en")
    assert all(rule.text_en in page.replace("&#39;", "'") for rule in stored(site, "wecare-2017", "M2"))


@pytest.mark.parametrize("path", ["/measures/M9", "/measures/m1", "/measures/M1?ruleset=none"])
def test_a_measure_or_rule_set_that_is_not_there_is_not_found(site: Site, path: str) -> None:
    assert site.client().get(path).status_code == 404


def test_a_member_is_led_to_the_own_body_s_partners(site: Site) -> None:
    page = site.page("/measures/M3", "member")
    assert f"/organisations/{site.bodies['coop']}/suggestions?measure=M3" in page
    assert "Cercate il vostro ente" in site.page("/measures/M3")


def test_a_newer_version_of_a_rule_set_takes_its_place_and_a_draft_does_not(site: Site) -> None:
    with site.writing() as session:
        old = rule_set_named(session, "calls-2017-2019")
        for version, state in ((2, "published"), (3, "draft")):
            session.add(
                RuleSet(
                    code=old.code, version=version, title_it=f"Bandi, versione {version}", title_en="Calls",
                    valid_from=old.valid_from, state=state, rules=[],
                )
            )  # fmt: skip
    page = site.page("/measures/M1?ruleset=calls-2017-2019")
    assert "Bandi, versione 2" in page
    assert "Bandi, versione 3" not in page
    assert "non dice nulla di questa misura" in page
