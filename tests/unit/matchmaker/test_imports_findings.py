"""What a facilitator should look at, found by rule."""

from __future__ import annotations

import time

from matchmaker.imports.directory import Directory, Known
from matchmaker.imports.findings import Finding, findings_of
from matchmaker.imports.places import Place, Places
from matchmaker.organisations.models import NoticeCode, Origin
from matchmaker.vocabularies.names import fold_name

PLACES = Places([Place(1, "001272", "Torino", "TO"), Place(2, "096088", "Valdilana", "BI")], {"TO": "Torino"})


def known(ref: int, name: str, form: str | None = "TS_ALTRO", **values: object) -> Known:
    kind = "public_body" if (form or "").startswith("PB") else "third_sector"
    blank: dict[str, object] = dict.fromkeys(("tax_code", "vat_number", "ipa_code", "place_text"))
    rest = {"municipality_id": 1, "origin": Origin.DIRECTORY, "joined": False, "rank": 20, "kind": kind}
    return Known(ref=ref, name=name, folded_name=fold_name(name), legal_form=form, **blank | rest | values)  # type: ignore[arg-type]


def found_in(*bodies: Known) -> dict[tuple[int, str], tuple[str, int | None]]:
    directory = Directory(PLACES)
    for body in (*bodies, *_others()):
        directory.put(body)
    found = findings_of(directory, PLACES)
    return {(ref, code.value): (finding.detail, finding.other) for (ref, code), finding in found.items()}


def _others() -> list[Known]:
    """Other bodies elsewhere, so that frequent words weigh less than rare ones."""
    words = ("Amici", "Centro", "Casa", "Gruppo", "Insieme")
    return [known(900 + n, f"{word} Unico{n}", municipality_id=None) for n, word in enumerate(words * 4)]


def test_the_same_name_in_the_same_place_is_noticed_on_both() -> None:
    found = found_in(known(1, "ASSOCIAZIONE LA CICOGNA"), known(2, "LA CICOGNA ONLUS"))
    assert found == {
        (1, "possible_duplicate"): ("same_name", 2),
        (2, "possible_duplicate"): ("same_name", 1),
    }


def test_the_same_name_elsewhere_is_another_body() -> None:
    assert found_in(known(1, "LA CICOGNA"), known(2, "LA CICOGNA", municipality_id=2)) == {}


def test_nearly_the_same_name_is_noticed() -> None:
    found = found_in(known(1, "CENTRO AIUTO VITA DI TORINO"), known(2, "CENTRO AIUTO VITA ODV"))
    assert found[1, "possible_duplicate"] == ("similar_name", 2)


def test_names_that_differ_by_their_number_or_family_are_two_bodies() -> None:
    assert found_in(known(1, "QUADRIFOGLIO PINEROLESE"), known(2, "QUADRIFOGLIO PINEROLESE DUE")) == {}
    pair = [known(1, "NUOVA VITA SERENA GIOVANI", "TS_COOP"), known(2, "NUOVA VITA SERENA", "TS_ODV")]
    assert found_in(*pair) == {}


def test_two_social_service_consortia_of_one_seat_are_noticed() -> None:
    pair = [
        known(1, "Consorzio CISS 38", "PB_CONSORZIO_SA"),
        known(2, "Consorzio Intercomunale dei Servizi Socio Assistenziali", "PB_CONSORZIO_SA"),
    ]
    assert found_in(*pair)[1, "possible_duplicate"] == ("same_seat", 2)


def test_a_registered_body_is_pointed_to_but_not_noticed_itself() -> None:
    found = found_in(known(1, "LA CICOGNA"), known(2, "LA CICOGNA", joined=True))
    assert found == {(1, "possible_duplicate"): ("same_name", 2)}


def test_invented_bodies_are_in_no_comparison() -> None:
    assert found_in(known(1, "LA CICOGNA"), known(2, "LA CICOGNA", origin=Origin.DEMO)) == {}


def test_mountain_communities_ended_municipalities_and_known_bodies_may_be_abolished() -> None:
    found = found_in(
        known(1, "Comunità Montana Val Pellice", "PB_COM_MONTANA"),
        known(2, "Comune di Trivero", "PB_COMUNE", municipality_id=2),
        known(3, "Azienda Sanitaria Locale TO1", "PB_ASL", ipa_code="as1_to"),
        known(4, "Comune di Torino", "PB_COMUNE"),
        known(5, "AMICI DELLA PROVINCIA", "TS_ODV", ipa_code="p_to"),
    )
    assert found == {
        (1, "possibly_abolished"): ("form_abolished", None),
        (2, "possibly_abolished"): ("municipality_ended:Valdilana", None),
        (3, "possibly_abolished"): ("followed_by:ASL Città di Torino", None),
    }


def test_an_unknown_place_and_a_cut_name_are_noticed() -> None:
    found = found_in(known(1, 'ALFA "UNO', municipality_id=None, place_text="Milano (MI)"))
    assert found == {(1, "place_unknown"): ("Milano (MI)", None), (1, "truncated_name"): ("unbalanced", None)}


def test_what_is_found_does_not_depend_on_the_order_of_reading() -> None:
    bodies = [known(n, name) for n, name in enumerate(("LA CICOGNA", "LA CICOGNA ODV", "CICOGNA APS"), 1)]
    assert found_in(*bodies) == found_in(*reversed(bodies))


def test_a_place_full_of_bodies_is_compared_in_seconds() -> None:
    directory = Directory(PLACES)
    for number in range(20_000):
        directory.put(known(number, f"Officina Meccanica {number % 7000:x}b Torinese"))
    started = time.process_time()
    found = findings_of(directory, PLACES)
    assert time.process_time() - started < 20
    assert found[7000, NoticeCode.POSSIBLE_DUPLICATE] == Finding("same_name", 0)
