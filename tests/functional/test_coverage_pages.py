"""Coverage: computed, kept, shown, and never telling of bodies that the reader may not see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from matchmaker.audit.models import AuditEntry
from matchmaker.coverage.commands import coverage_command
from matchmaker.coverage.models import CoverageCell
from matchmaker.coverage.services import compute_coverage
from matchmaker.measures.services import rule_set_named
from matchmaker.organisations.models import Organisation, Visibility
from matchmaker.organisations.services import mark_changed
from matchmaker.territories.models import Territory
from tests.functional.small_directory import Site, add_body, open_site


@pytest.fixture
def site(database_url: str) -> Iterator[Site]:
    yield from open_site(database_url)


@pytest.fixture(scope="module")
def computed(shared_database_url: str) -> Iterator[Site]:
    """A site whose coverage has been computed; its tests only read."""
    for site in open_site(shared_database_url):
        compute(site)
        yield site


def compute(site: Site, rule_set: str = "wecare-2017") -> dict[tuple[str, str], CoverageCell]:
    with site.writing() as session:
        cells = compute_coverage(session, rule_set_named(session, rule_set))
    return {(cell.district, cell.measure): cell for cell in cells}


def row_of(page: str, district: str) -> list[str]:
    """The words of a district's row, measure by measure."""
    row = page.split(f'href="/coverage/{district}?')[1].split("</tr>", maxsplit=1)[0]
    return re.findall(r"<span>([A-Z][^<]+)<", row)


def join(site: Site, body: str, *, visibility: Visibility = Visibility.PUBLIC) -> None:
    """The body comes onto the platform."""
    with site.writing() as session:
        organisation = session.get_one(Organisation, site.bodies[body])
        organisation.joined_at = organisation.created_at
        organisation.visibility = visibility
        mark_changed(session, organisation)


def test_every_district_and_measure_gets_an_answer(site: Site) -> None:
    cells = compute(site)
    assert set(cells) == {(d, m) for d in ("pinerolo", "cuneo") for m in ("M1", "M2", "M3", "M4")}


def test_an_invitation_to_the_managing_body_makes_measure_1_possible(site: Site) -> None:
    cell = compute(site)["pinerolo", "M1"]
    assert cell.answer.value == "directory"
    (place,) = cell.blocked
    # Two public bodies could lead; the consortium manages the social services, so it is asked first.
    assert place["invite"] == [site.bodies["consortium"]]
    assert place["role"] == "lead"


def test_once_a_public_body_has_joined_the_platform_is_enough(site: Site) -> None:
    compute(site)
    join(site, "town")
    cell = compute(site)["pinerolo", "M1"]
    assert (cell.answer.value, cell.blocked) == ("platform", [])


def test_what_is_missing_where_nothing_is_possible(site: Site) -> None:
    cells = compute(site)
    # In Cuneo stands one firm, and the cooperative works there: no public body, and one firm is no group.
    m1, m4 = cells["cuneo", "M1"], cells["cuneo", "M4"]
    assert m1.answer.value == "no"
    assert {entry["rule"] for entry in m1.blocked} == {"M1.public_body", "M1.public_lead"}
    assert m4.answer.value != "no"


def test_a_firm_alone_in_its_district_forms_no_group(site: Site) -> None:
    with site.writing() as session:
        coop = session.get_one(Organisation, site.bodies["coop"])
        coop.work_territories.clear()
        mark_changed(session, coop)
    cell = compute(site)["cuneo", "M4"]
    assert cell.answer.value == "no"
    assert cell.blocked == [{"rule": "M4.group", "met": False}]


def test_what_nobody_knows_of_the_members_is_marked_to_be_confirmed(computed: Site) -> None:
    # Whether the cooperative is small enough is not said: with it, two firms may stand.
    page = computed.page("/coverage/cuneo")
    assert "Che cosa va confermato" in page
    assert "da confermare" in computed.page("/coverage/")


def test_hidden_and_members_only_bodies_do_not_count(site: Site) -> None:
    cells = compute(site)
    assert (cells["pinerolo", "M1"].bodies, cells["pinerolo", "M1"].on_platform) == (4, 1)
    join(site, "town", visibility=Visibility.HIDDEN)
    join(site, "consortium", visibility=Visibility.MEMBERS)
    cell = compute(site)["pinerolo", "M1"]
    assert cell.answer.value == "no"
    assert cell.bodies == 2


def test_computing_again_replaces_what_was_computed(site: Site) -> None:
    compute(site)
    compute(site)
    compute(site, "calls-2017-2019")
    with site.writing() as session:
        kept = session.scalars(select(CoverageCell.rule_set)).all()
    assert sorted(kept) == ["calls-2017-2019"] * 8 + ["wecare-2017"] * 8


def test_before_anything_is_computed_the_page_says_so_and_who_can(site: Site) -> None:
    page = site.page("/coverage/")
    assert "Non ancora calcolato" in page
    assert "Lo avvia un facilitatore" in page
    assert "<table" not in page
    assert "Calcolate di nuovo" in site.page("/coverage/", "facilitator")


def test_the_table_shows_what_was_computed_with_its_date(computed: Site) -> None:
    page = computed.page("/coverage/")
    assert row_of(page, "pinerolo")[0] == "Possibile con inviti"
    assert row_of(page, "cuneo")[0] == "Non ancora possibile"
    assert "Calcolato il" in page
    assert "l’elenco è cambiato" not in page


def test_a_changed_directory_makes_the_table_stale_and_is_said(site: Site) -> None:
    compute(site)
    join(site, "town")
    page = site.page("/coverage/")
    assert "l’elenco è cambiato" in page
    assert row_of(page, "pinerolo")[0] == "Possibile con inviti"


@pytest.mark.parametrize(
    ("filters", "districts"),
    [
        ("measure=M1&answer=no", ["cuneo"]),
        ("measure=M1&answer=directory", ["pinerolo"]),
        ("answer=platform", ["cuneo", "pinerolo"]),
        ("measure=nonsense&answer=nonsense", []),
    ],
)
def test_the_table_is_narrowed_by_measure_and_answer(
    computed: Site, filters: str, districts: list[str]
) -> None:
    page = computed.page(f"/coverage/?{filters}")
    assert re.findall(r'<th scope="row"><a href="/coverage/(\w+)\?', page) == districts
    assert ("Nessun distretto ha questa risposta" in page) == (not districts)


def test_another_rule_set_has_its_own_answers(computed: Site) -> None:
    assert "Non ancora calcolato" in computed.page("/coverage/?ruleset=calls-2017-2019")
    assert computed.client().get("/coverage/?ruleset=none").status_code == 404


def test_a_district_s_page_names_whom_to_invite_and_what_is_missing(computed: Site) -> None:
    page = computed.page("/coverage/pinerolo")
    assert "Basta un invito" in page
    assert "Consorzio servizi sociali" in page
    missing = computed.page("/coverage/cuneo")
    assert "Che cosa manca" in missing
    assert computed.client().get("/coverage/nowhere").status_code == 404


def test_whoever_has_hidden_since_is_no_longer_named(site: Site) -> None:
    compute(site)
    join(site, "consortium", visibility=Visibility.HIDDEN)
    assert "Consorzio servizi sociali" not in site.page("/coverage/pinerolo")
    assert "Consorzio servizi sociali" in site.page("/coverage/pinerolo", "facilitator")


def test_only_facilitators_compute_and_it_leaves_a_trace(site: Site) -> None:
    assert site.client("member").post("/coverage/compute").status_code == 403
    answer = site.client("facilitator").post("/coverage/compute", data={"ruleset": "wecare-2017"})
    assert answer.status_code == 303
    with site.writing() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "coverage.computed")).one()
        assert entry.detail == {"ruleset": "wecare-2017"}
        assert session.scalar(select(CoverageCell.id).limit(1)) is not None


def test_the_front_page_counts_the_districts_covered(computed: Site) -> None:
    page = computed.page("/")
    assert "distretti con un partenariato possibile, su 2</dt><dd>2<" in page


def test_the_table_s_queries_do_not_grow_with_the_bodies(site: Site) -> None:
    compute(site)
    with site.counting_queries() as before:
        site.page("/coverage/")
    with site.writing() as session:
        for number in range(30):
            add_body(session, f"Ente {number}", "other", None)
    with site.counting_queries() as after:
        site.page("/coverage/")
    assert len(after) == len(before) <= 12


def drawn(page: str) -> dict[str, list[tuple[float, float]]]:
    """The dots of the map's districts, by name: across and down."""
    found = re.findall(r"<title>([^<]+)</title><path d=\"([^\"]+)\"/>", page)
    return {
        name: [(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", path)]
        for name, path in found
    }


def test_the_map_has_a_dot_per_municipality_north_up_and_east_to_the_right(computed: Site) -> None:
    dots = drawn(computed.page("/coverage/?measure=M1"))
    (cavour, pinerolo), (cuneo,) = dots["Pinerolo"], dots["Cuneo"]
    assert pinerolo[1] < cavour[1] < cuneo[1]
    assert pinerolo[0] < cavour[0] < cuneo[0]
    assert all(0 <= x <= 360 for points in dots.values() for x, _y in points)


def test_the_map_shows_each_district_s_answer_and_a_district_s_page_where_it_lies(computed: Site) -> None:
    page = computed.page("/coverage/?measure=M1")
    assert '<g class="mm-dots-directory"><title>Pinerolo<' in page
    assert '<g class="mm-dots-no"><title>Cuneo<' in page
    own = computed.page("/coverage/cuneo")
    assert '<g class="mm-dots-here"><title>Cuneo<' in own
    assert '<g class="mm-dots-elsewhere"><title>Pinerolo<' in own


def test_without_coordinates_there_is_no_map(site: Site) -> None:
    compute(site)
    with site.writing() as session:
        session.execute(update(Territory).values(lat=None))
    assert "mm-dots" not in site.page("/coverage/")


def run(site: Site, *arguments: str) -> tuple[int, str]:
    with site.app.app_context():
        result = CliRunner().invoke(coverage_command, arguments)
    return result.exit_code, result.output


def test_the_command_prints_a_line_per_district_and_measure(site: Site) -> None:
    code, output = run(site)
    assert code == 0
    assert len(output.splitlines()) == 8
    assert "M1  Pinerolo: Possibile con inviti" in output


def test_the_command_prints_one_json_document(site: Site) -> None:
    code, output = run(site, "--json", "--ruleset", "calls-2017-2019")
    document = json.loads(output)
    assert (code, document["ruleset"], len(document["cells"])) == (0, "calls-2017-2019", 8)
    cell = document["cells"][0]
    assert set(cell) == {"district", "name", "measure", "answer", "bodies", "on_platform", "blocked"}


def test_the_command_refuses_a_rule_set_that_is_not_there(site: Site) -> None:
    code, output = run(site, "--ruleset", "none")
    assert code == 1
    assert "none" in output
