from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.organisations.profile_services import ChangedMeanwhile, marks_of, merge, plain_text

SEEN = {"name": "La Scintilla", "website": None, "theme": ["POVERTA"]}


def test_what_a_person_changed_is_written_and_the_rest_is_not() -> None:
    wanted = SEEN | {"website": "https://scintilla.example"}
    assert merge(SEEN, wanted, marks_of(SEEN)) == {"website": "https://scintilla.example"}


def test_nothing_changed_is_nothing_to_write() -> None:
    assert merge(SEEN, dict(SEEN), marks_of(SEEN)) == {}


def test_a_field_that_a_colleague_changed_meanwhile_is_kept() -> None:
    now = SEEN | {"name": "La Scintilla odv"}
    wanted = SEEN | {"theme": ["ABITARE"]}
    assert merge(now, wanted, marks_of(SEEN)) == {"theme": ["ABITARE"]}


def test_two_changes_of_one_field_clash_and_nothing_typed_is_lost() -> None:
    now = SEEN | {"name": "La Scintilla odv", "website": "https://altro.example"}
    wanted = SEEN | {"name": "Scintilla onlus", "theme": ["ABITARE"]}
    with pytest.raises(ChangedMeanwhile) as clash:
        merge(now, wanted, marks_of(SEEN))
    assert clash.value.clashing == ["name"]
    assert clash.value.wanted == {
        "name": "Scintilla onlus",
        "website": "https://altro.example",
        "theme": ["ABITARE"],
    }


def test_saving_again_after_the_clash_writes_what_was_typed() -> None:
    now = SEEN | {"name": "La Scintilla odv"}
    wanted = now | {"name": "Scintilla onlus"}
    assert merge(now, wanted, marks_of(now)) == {"name": "Scintilla onlus"}


def test_the_same_change_sent_twice_is_no_clash() -> None:
    changed = SEEN | {"name": "Scintilla onlus"}
    assert merge(changed, changed, marks_of(SEEN)) == {}


def test_marks_that_were_tampered_with_never_overwrite_in_silence() -> None:
    with pytest.raises(ChangedMeanwhile):
        merge(SEEN, SEEN | {"name": "Altro"}, "name,,:;theme")


VALUES = st.fixed_dictionaries(
    {name: st.none() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=3) for name in SEEN}
)


@given(VALUES, VALUES, VALUES)
def test_merging_is_three_way(seen: dict[str, Any], present: dict[str, Any], typed: dict[str, Any]) -> None:
    changed_by_both = {
        name
        for name in seen
        if typed[name] != seen[name] and present[name] != seen[name] and typed[name] != present[name]
    }
    try:
        changes = merge(present, typed, marks_of(seen))
    except ChangedMeanwhile as clash:
        assert set(clash.clashing) == changed_by_both  # noqa: PT017 - both ways are checked
        return
    assert not changed_by_both
    after = present | changes
    assert all(after[name] == (typed if typed[name] != seen[name] else present)[name] for name in seen)


def test_a_text_is_kept_without_blanks_around_it_and_with_one_kind_of_line_ends() -> None:
    assert plain_text("  due\r\nrighe \r\n") == "due\nrighe"
    assert plain_text("   ") is None
    assert plain_text(None) is None
