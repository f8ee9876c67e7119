"""What a row may change of a body, and which body it meets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchmaker.imports.bodies import BodyState, apply_entry, changed_columns
from matchmaker.imports.directory import Directory, Known, Mismatch
from matchmaker.imports.places import Place, Places
from matchmaker.imports.readings import Reading, read_body
from matchmaker.imports.rows import Entry
from matchmaker.imports.sources import FIRMS, FIVE_PER_THOUSAND, IPA, Source
from matchmaker.imports.spool import Change, Spool
from matchmaker.organisations.models import Origin
from tests.import_files import tax_code

TORINO = Place(1, "001272", "Torino", "TO")
VALDILANA = Place(2, "096088", "Valdilana", "BI")
PLACES = Places([TORINO, VALDILANA], {})


def entry(name: str = "Alfa S.r.l.", source: Source = FIRMS, line: int = 2, **values: object) -> Entry:
    sector = {IPA: "public", FIRMS: "enterprise"}.get(source, "third_sector")
    place = values.get("place", TORINO)
    body = read_body(name, place, {"sector": sector})  # type: ignore[arg-type]
    plain: dict[str, object] = dict.fromkeys(
        ("tax_code", "vat_number", "ipa_code", "place_text", "address", "website", "email", "size_class")
    )
    return Entry(**plain | {"place": TORINO, "description": ""} | values, line=line, source=source, body=body)  # type: ignore[arg-type]


def test_a_new_body_is_what_its_row_says() -> None:
    state = apply_entry(None, entry(tax_code=tax_code(1), email="a@b.it", website="http://a.it"))
    assert (state.name, state.kind, state.municipality_id) == ("Alfa S.r.l.", "enterprise", 1)
    assert (state.source, state.email, state.email_source) == (FIRMS.name, "a@b.it", FIRMS.name)


def test_the_same_row_again_changes_nothing() -> None:
    row = entry(tax_code=tax_code(1), email="a@b.it", size_class="MICRO")
    state = apply_entry(None, row)
    assert not Change.between(1, state, apply_entry(state, row))


def test_the_same_list_corrects_itself_but_never_with_a_blank() -> None:
    before = apply_entry(None, entry(website="http://old.it", size_class="MICRO"))
    after = apply_entry(before, entry("Beta S.r.l.", website="http://new.it"))
    assert (after.name, after.website, after.size_class) == ("Beta S.r.l.", "http://new.it", "MICRO")


def test_a_lesser_list_fills_blanks_and_corrects_nothing() -> None:
    before = apply_entry(None, entry("Casa Alfa", IPA, ipa_code="alfa", website="http://ipa.it"))
    row = entry("CASA ALFA ODV", FIVE_PER_THOUSAND, tax_code=tax_code(1), website="http://other.it")
    after = apply_entry(before, row)
    assert after == replace(before, tax_code=tax_code(1))


def test_the_order_of_two_lists_does_not_matter() -> None:
    rows = [
        entry("Casa Alfa", IPA, ipa_code="alfa", address="Via Po 1", email="ipa@a.it"),
        entry("CASA ALFA ODV", FIVE_PER_THOUSAND, tax_code=tax_code(1), email="five@a.it"),
    ]
    one_way = apply_entry(apply_entry(None, rows[0]), rows[1])
    assert apply_entry(apply_entry(None, rows[1]), rows[0]) == one_way
    assert (one_way.name, one_way.email, one_way.tax_code) == ("Casa Alfa", "ipa@a.it", tax_code(1))


def test_a_body_on_the_platform_only_has_its_blanks_filled() -> None:
    said = (("theme", "X"),)
    before = BodyState("Noi Stessi", "noi stessi", "third_sector", "TS_ODV", joined=True, said=said)
    row = entry("ALTRO NOME", IPA, tax_code=tax_code(1), email="a@b.it", address="Via Po 1")
    after = apply_entry(before, row)
    assert after == replace(before, tax_code=tax_code(1), address="Via Po 1", municipality_id=1)


def test_a_body_of_the_reference_data_keeps_its_name_and_is_read_for_its_fields() -> None:
    before = BodyState(
        "Consorzio Servizi Sociali Pinerolo",
        "x",
        "public_body",
        "PB_CONSORZIO_SA",
        ipa_code="cisspito",
        municipality_id=1,
        origin=Origin.REFERENCE,
    )
    after = apply_entry(before, entry("CISS", IPA, ipa_code="cisspito", website="http://ciss.it"))
    assert (after.name, after.website, after.source) == (before.name, "http://ciss.it", "")
    assert apply_entry(after, entry("CISS", IPA, ipa_code="cisspito")) == after


def test_lists_that_a_body_has_spoken_of_take_nothing_from_its_name() -> None:
    row = entry("CROCE VERDE DI TORINO ODV", FIVE_PER_THOUSAND)
    fields = {field for field, *_ in row.body.inferred}
    assert len(fields) > 1
    spoken = next(iter(sorted(fields)))
    before = replace(apply_entry(None, row), said=((spoken, "OTHER"),))
    assert {field for field, *_ in apply_entry(before, row).inferred} == fields - {spoken}


def test_a_renamed_body_is_read_anew() -> None:
    before = apply_entry(None, entry("CROCE VERDE DI TORINO ODV", FIVE_PER_THOUSAND))
    after = apply_entry(before, entry("SCI CLUB TORINO A.S.D.", FIVE_PER_THOUSAND))
    assert before.inferred
    assert after.inferred
    assert not set(before.inferred) & set(after.inferred)
    assert after.legal_form == "TS_ASD"


def test_a_place_that_is_found_takes_the_text_away() -> None:
    before = apply_entry(None, entry(place=None, place_text="Tronzano (TO)"))
    after = apply_entry(before, entry())
    assert (before.municipality_id, before.place_text) == (None, "Tronzano (TO)")
    assert (after.municipality_id, after.place_text) == (1, None)


def directory(*states: tuple[int, BodyState]) -> Directory:
    made = Directory(PLACES)
    for ref, state in states:
        made.put(Known.of(ref, state))
    return made


def ref_of(made: Directory, row: Entry) -> int | None:
    found = made.find(row)
    return found.ref if found else None


def test_a_body_is_met_by_its_tax_code_whatever_it_is_called() -> None:
    made = directory((5, apply_entry(None, entry(tax_code=tax_code(1)))))
    assert ref_of(made, entry("Beta", tax_code=tax_code(1), place=None)) == 5
    assert ref_of(made, entry("Beta", tax_code=tax_code(2))) is None


def test_a_firm_is_met_by_its_vat_number_when_no_tax_code_speaks_against_it() -> None:
    made = directory((5, apply_entry(None, entry(tax_code=tax_code(1), vat_number=tax_code(7)))))
    assert ref_of(made, entry("Beta", vat_number=tax_code(7))) == 5
    assert ref_of(made, entry("Beta", vat_number=tax_code(1))) == 5
    assert ref_of(made, entry("Beta", tax_code=tax_code(2), vat_number=tax_code(7))) is None


def test_a_municipality_meets_itself_between_the_lists() -> None:
    made = directory((5, apply_entry(None, entry("Comune di Torino", IPA, ipa_code="c_l219"))))
    assert ref_of(made, entry("Comune di Torino", IPA, tax_code=tax_code(1))) == 5


def test_municipalities_that_were_merged_are_not_taken_for_the_new_one() -> None:
    rows = {
        number: apply_entry(None, entry(name, IPA, ipa_code=f"c_{number}", place=VALDILANA))
        for number, name in enumerate(("Comune di Valdilana", "Comune di Trivero", "Comune di Mosso"))
    }
    made = directory(*rows.items())
    for number, state in rows.items():
        assert ref_of(made, entry(state.name, IPA, tax_code=tax_code(number), place=VALDILANA)) == number


def test_bodies_of_one_name_and_place_meet_unless_their_codes_differ() -> None:
    known = apply_entry(None, entry("Ente Parco Alfa", IPA, ipa_code="alfa"))
    made = directory((5, known))
    assert ref_of(made, entry("ENTE PARCO ALFA", IPA, tax_code=tax_code(1))) == 5
    assert ref_of(made, entry("ENTE PARCO ALFA", IPA, ipa_code="beta")) is None
    assert ref_of(made, entry("ENTE PARCO ALFA", IPA, tax_code=tax_code(1), place=VALDILANA)) is None
    assert ref_of(made, entry("ENTE PARCO ALFA", FIVE_PER_THOUSAND, tax_code=tax_code(1))) is None


def test_of_two_bodies_that_fit_neither_is_chosen() -> None:
    state = apply_entry(None, entry("Ente Parco Alfa", IPA, ipa_code="alfa"))
    made = directory((5, state), (6, replace(state, ipa_code="beta")))
    assert ref_of(made, entry("Ente Parco Alfa", IPA, tax_code=tax_code(1))) is None


def test_nobody_on_the_platform_is_given_codes_by_name_alone() -> None:
    state = replace(apply_entry(None, entry("Comune di Torino", IPA)), joined=True)
    assert ref_of(directory((5, state)), entry("Comune di Torino", IPA, tax_code=tax_code(1))) is None


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({"tax_code": tax_code(1), "ipa_code": "beta"}, "ipa_code", "codes_of_two_bodies"),
        ({"tax_code": tax_code(9), "ipa_code": "beta"}, "tax_code", "other_code"),
        ({"tax_code": tax_code(1), "ipa_code": "gamma"}, "ipa_code", "other_code"),
        ({"tax_code": tax_code(3)}, "tax_code", "demo_body"),
    ],
)
def test_codes_that_do_not_go_together_are_refused(row: dict[str, str], field: str, code: str) -> None:
    one = apply_entry(None, entry("Uno", IPA, tax_code=tax_code(1), ipa_code="alfa"))
    two = apply_entry(None, entry("Due", IPA, tax_code=tax_code(2), ipa_code="beta"))
    invented = replace(one, tax_code=tax_code(3), ipa_code=None, origin=Origin.DEMO)
    made = directory((1, one), (2, two), (3, invented))
    with pytest.raises(Mismatch) as mismatch:
        made.find(entry("Tre", IPA, **row))
    assert (mismatch.value.field, mismatch.value.code) == (field, code)


def test_a_body_that_changed_is_no_longer_met_by_what_it_was() -> None:
    before = apply_entry(None, entry("Ente Parco Alfa", IPA, ipa_code="alfa"))
    made = directory((5, before))
    made.put(Known.of(5, replace(before, name="Ente Beta", folded_name="beta")))
    assert ref_of(made, entry("Ente Parco Alfa", IPA, tax_code=tax_code(1))) is None


def test_changes_come_back_from_the_spool_in_order_and_each_body_once_per_batch() -> None:
    first = apply_entry(None, entry("CROCE VERDE DI TORINO ODV", FIVE_PER_THOUSAND, tax_code=tax_code(1)))
    second = replace(first, website="http://a.it", said=(("theme", "X"),))
    other = apply_entry(None, entry(tax_code=tax_code(2)))
    with Spool() as spool:
        spool.add(Change.between(-2, None, first))
        spool.add(Change.between(-3, None, other))
        assert spool.state(-2) == first
        spool.add(Change.between(-2, first, second))
        assert (spool.state(-2), spool.state(7), len(spool)) == (second, None, 2)
        [batch] = spool.batches(10)
        assert [(change.ref, change.created, change.state) for change in batch] == [
            (-2, True, second),
            (-3, True, other),
        ]
        assert {"website", "name", "tax_code"} <= set(batch[0].columns)
        assert [len(batch) for batch in spool.batches(2)] == [2, 1]


def test_the_columns_of_a_change_are_those_that_differ() -> None:
    state = apply_entry(None, entry(tax_code=tax_code(1)))
    assert changed_columns(state, replace(state, website="http://a.it")) == ["website"]
    assert not Change.between(1, state, state)
    assert isinstance(entry().body, Reading)
