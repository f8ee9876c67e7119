"""Which body a row meets, and what it may say of it, on real databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from matchmaker.database import utc_now
from matchmaker.organisations.models import (
    Contact,
    Organisation,
    Origin,
    ProfileTerm,
    TermField,
)
from matchmaker.organisations.services import mark_changed
from matchmaker.territories.models import Territory
from tests.databases import BACKENDS, Databases
from tests.import_files import COMMUNES, FIRMS, FIVE, IPA, UNIFIED, csv_bytes, firm, tax_code
from tests.import_world import World


@pytest.fixture(params=BACKENDS)
def world(request: pytest.FixtureRequest, databases: dict[str, Databases]) -> Iterator[World]:
    """The reference data: municipalities, districts, enti gestori."""
    yield from _world(databases[request.param])


def _world(made: Databases) -> Iterator[World]:
    url = made.make("reference")
    world = World(url)
    yield world
    world.app.extensions["engine"].dispose()
    made.drop(url)


def five(number: int, name: str, place: str = "TORINO") -> list[str]:
    """A row of the 5x1000 list."""
    return [tax_code(number), name, "TO", place, "", "volontariato_ets", "ALTRO_ENP", "True", "1"]


def commune(code: str, name: str, place: str, province: str = "TO", site: str = "") -> list[str]:
    """A municipality in the index of public bodies."""
    where = ["Via Roma 1", "10100", place, province, ""]
    return [code, name, COMMUNES, "COMUNE", *where, site, "protocollo@pec.it"]


def counts(report: object) -> tuple[int, int, int, int]:
    figures = report.counts()  # type: ignore[attr-defined]
    return figures["created"], figures["updated"], figures["unchanged"], figures["refused"]


def join(world: World, **values: object) -> int:
    """Somebody of the body with tax code 1 comes onto the platform and speaks for it."""
    with world.writing() as session:
        body = session.scalars(select(Organisation).where(Organisation.tax_code == tax_code(1))).one()
        body.joined_at = utc_now()
        body.terms = [ProfileTerm(field=TermField.THEME, code="TH_POVERTY")]
        body.contacts = [Contact(name="Ada", email="ada@alfa.it")]
        for name, value in values.items():
            setattr(body, name, value)
        mark_changed(session, body)
        return body.id


def test_a_municipality_of_the_public_index_gets_its_tax_code_from_the_other_list(world: World) -> None:
    public = csv_bytes(IPA, commune("c_f351", "Comune di Mondovi'", "Mondovi'", "CN", "www.mondovi.it"))
    taxed = [tax_code(1, "004"), "MONDOVI'", "CN", "MONDOVI'", "", "comuni", "COMUNE", "True", "1"]
    assert counts(world.load(public)) == (1, 0, 0, 0)
    assert counts(world.load(csv_bytes(FIVE, taxed))) == (0, 1, 0, 0)
    body = world.body(ipa_code="c_f351")
    assert (body.name, body.tax_code) == ("Comune di Mondovì", tax_code(1, "004"))
    [contact] = body.contacts
    assert (contact.email, contact.source[:6]) == ("protocollo@pec.it", "Indice")
    assert counts(world.load(public)) == (0, 0, 1, 0)
    assert counts(world.load(csv_bytes(FIVE, taxed))) == (0, 0, 1, 0)


def test_lists_give_the_same_directory_in_any_order(databases: dict[str, Databases]) -> None:
    public = csv_bytes(
        IPA,
        commune("c_f351", "Comune di Mondovi'", "Mondovi'", "CN"),
        commune("c_l436", "Comune di Trivero", "Trivero", "BI"),
        ["pr_a", "Ente Parco Alfa", "Parchi", "ALTRO_PUBBLICO", "", "", "Torino", "TO", "", "", "a@parco.it"],
    )
    taxed = csv_bytes(
        FIVE,
        [tax_code(1, "004"), "MONDOVI'", "CN", "MONDOVI'", "", "comuni", "COMUNE", "True", "1"],
        [tax_code(2, "002"), "TRIVERO", "BI", "TRIVERO", "", "beni_culturali", "COMUNE", "True", "1"],
        [tax_code(3), "ENTE PARCO ALFA", "TO", "TORINO", "", "aree_protette", "ALTRO_ENP", "True", "1"],
        five(4, "CROCE VERDE ODV"),
    )
    found = []
    for order in ((public, taxed), (taxed, public)):
        for world in _world(databases["sqlite"]):
            for content in order:
                world.load(content)
            found.append(world.everything())
    assert found[0] == found[1]
    assert sum("Ente Parco Alfa" in row for row in found[0]["bodies"]) == 1


def test_an_ente_gestore_of_the_reference_data_is_met_by_its_ipa_code(world: World) -> None:
    reference = world.body(ipa_code="cisspito")
    row = ["CISSPITO", "CISS Pinerolo", "Consorzi tra Amministrazioni Locali", "CONSORZIO_SOCIOASS"]
    place = ["Via Montebello 39", "10064", "Pinerolo", "TO", ""]
    content = csv_bytes(IPA, [*row, *place, "www.ciss.it", "a@ciss.it"])
    assert counts(world.load(content)) == (0, 1, 0, 0)
    body = world.body(ipa_code="cisspito")
    assert (body.id, body.name, body.manages_id) == (reference.id, reference.name, reference.manages_id)
    assert (body.website, body.origin) == ("http://www.ciss.it", Origin.REFERENCE)
    assert counts(world.load(content)) == (0, 0, 1, 0)


def test_what_a_body_on_the_platform_has_said_is_never_touched(world: World) -> None:
    world.load(csv_bytes(FIVE, five(1, "CROCE VERDE DI TORINO ODV")))
    join(world, name="Croce Verde, noi", website="https://noi.it")
    rows = [["IPA_via_publicbodies_2013", "x", "ALTRO", "", "public", tax_code(1), "xx", "Torino", "TO", ""]]
    report = world.load(csv_bytes(UNIFIED, [*rows[0], "http://altro.it", "altro@x.it", ""]))
    assert counts(report) == (0, 1, 0, 0)
    body = world.body(tax_code=tax_code(1))
    assert (body.name, body.website, body.kind) == ("Croce Verde, noi", "https://noi.it", "third_sector")
    assert [(term.code, term.inference_rule) for term in body.terms] == [("TH_POVERTY", None)]
    assert [contact.email for contact in body.contacts] == ["ada@alfa.it"]
    assert body.ipa_code == "xx"


def test_terms_that_were_said_for_a_directory_body_beat_those_of_its_name(world: World) -> None:
    content = csv_bytes(FIVE, five(1, "CROCE VERDE DI TORINO ODV"))
    world.load(content)
    join(world, joined_at=None)
    world.load(content)
    terms = world.body(tax_code=tax_code(1)).terms
    assert [term.code for term in terms if term.field is TermField.THEME] == ["TH_POVERTY"]
    assert any(term.inference_rule for term in terms)


def test_a_renamed_body_has_its_inferred_terms_and_words_done_anew(world: World) -> None:
    world.load(csv_bytes(FIVE, five(1, "CROCE VERDE DI TORINO ODV")))
    before = world.everything()
    assert counts(world.load(csv_bytes(FIVE, five(1, "SCI CLUB BOREALE A.S.D.")))) == (0, 1, 0, 0)
    body, after = world.body(tax_code=tax_code(1)), world.everything()
    assert body.legal_form == "TS_ASD"
    assert not {row[1:] for row in before["terms"]} & {row[1:] for row in after["terms"]}
    assert not [row for row in after["tokens"] if row[0] == body.name and row[1].startswith("croc")]


def test_the_same_body_twice_in_a_file_is_refused_the_second_time(world: World) -> None:
    content = csv_bytes(FIRMS, firm(1, "Alfa S.r.l."), firm(1, "Alfa di nuovo"))
    for expected in ((1, 0, 0, 1), (0, 0, 1, 1)):
        report = world.load(content)
        assert counts(report) == expected
        assert (report.refused[0].line, report.refused[0].problems[0].code) == (3, "duplicate_row")
        assert report.refused[0].problems[0].value == "2"
    assert world.body(tax_code=tax_code(1)).name == "Alfa S.r.l."


def test_two_lists_in_one_file_may_each_speak_of_a_body(world: World) -> None:
    head = ["ext", "Ente Parco Alfa", "ALTRO_PUBBLICO", "public"]
    tail = ["Torino", "TO", "", "", "", ""]
    rows = [
        ["AdE_5x1000_2020", *head, tax_code(1), "", *tail],
        ["IPA_via_publicbodies_2013", *head, "", "pr_a", *tail],
    ]
    assert counts(world.load(csv_bytes(UNIFIED, *rows))) == (1, 1, 0, 0)
    body = world.body(ipa_code="pr_a")
    assert body.tax_code == tax_code(1)
    before = world.everything()
    assert counts(world.load(csv_bytes(UNIFIED, *rows))) == (0, 0, 2, 0)
    assert counts(world.load(csv_bytes(UNIFIED, *reversed(rows)))) == (0, 0, 2, 0)
    assert world.everything() == before


def test_codes_of_two_bodies_refuse_the_row_and_name_the_column(world: World) -> None:
    world.load(csv_bytes(FIVE, five(1, "LA MELA")))
    world.load(csv_bytes(IPA, commune("c_f351", "Comune di Mondovi'", "Mondovi'", "CN")))
    row = ["IPA_via_publicbodies_2013", "x", "ALTRO", "", "public", tax_code(1), "c_f351", "Torino", "TO"]
    report = world.load(csv_bytes(UNIFIED, [*row, "", "", "", ""]))
    [refused] = report.refused
    assert (refused.problems[0].column, refused.problems[0].code) == ("ipa_code", "codes_of_two_bodies")
    assert report.rows == 1


def unified(source: str, name: str, tax: str = "", ipa: str = "") -> list[str]:
    """A row of a public body in the unified list."""
    return [source, "x", name, "ALTRO_PUBBLICO", "public", tax, ipa, "Torino", "TO", "", "", "", ""]


def test_a_body_that_becomes_the_only_one_of_its_name_within_a_file_is_met(world: World) -> None:
    ipa, five_per_thousand = "IPA_via_publicbodies_2013", "AdE_5x1000_2020"
    pair = [unified(ipa, "Ente Parco Alfa", ipa="alfa"), unified(ipa, "Ente Parco Alfa", ipa="beta")]
    world.load(csv_bytes(UNIFIED, *pair))
    renamed = unified(ipa, "Ente Parco Nuovo", ipa="alfa")
    taxed = unified(five_per_thousand, "ENTE PARCO ALFA", tax=tax_code(1))
    assert counts(world.load(csv_bytes(UNIFIED, renamed, taxed))) == (0, 2, 0, 0)
    assert world.body(ipa_code="beta").tax_code == tax_code(1)


def test_a_municipality_called_none_is_a_place(world: World) -> None:
    world.load(csv_bytes(FIRMS, firm(1, place="None")))
    municipality = world.body(tax_code=tax_code(1)).municipality
    assert isinstance(municipality, Territory)
    assert municipality.name == "None"
