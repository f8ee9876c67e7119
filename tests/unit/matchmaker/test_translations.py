"""The English catalogue says everything that the sources say in Italian, with the same placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
CATALOGUE = ROOT / "matchmaker" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
FOLDERS = (ROOT / "matchmaker", ROOT / "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
SAME_IN_BOTH = frozenset({"Partner", "Password", "Token", "File", "Menu", "no"})
"""Words that English and Italian share."""

Id = str | tuple[str, ...] | list[str] | None


@cache
def extracted() -> dict[str | tuple[str, ...], str]:
    """Every text of the sources, with the file it was first found in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    keywords = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}
    found = extract_from_dir(ROOT, methods, options, keywords, directory_filter=_is_a_source)
    return {(text if isinstance(text, str) else tuple(text)): file for file, _line, text, *_rest in found}


def _is_a_source(folder: str | Path) -> bool:
    return any(Path(folder) == top or top in Path(folder).parents for top in FOLDERS)


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


def words(text: Id) -> tuple[str, ...]:
    """The forms of a message: one, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def test_every_text_of_the_sources_is_in_the_catalogue() -> None:
    assert len(extracted()) > 1000
    known = {message.id for message in messages()}
    missing = [f"{file}: {text}" for text, file in extracted().items() if text not in known]
    assert missing == [], "run tools/catalogue, then translate these"


def test_the_catalogue_holds_no_text_that_the_sources_have_dropped() -> None:
    assert [m.id for m in messages() if m.id not in extracted()] == [], "run tools/catalogue"
    assert dict(catalogue().obsolete) == {}


def test_no_text_is_empty_or_only_guessed() -> None:
    assert [m.id for m in messages() if not all(words(m.string)) or m.fuzzy] == []


def test_a_text_with_a_plural_has_its_two_english_forms() -> None:
    plurals = [m for m in messages() if m.pluralizable]
    assert len(plurals) > 20
    assert [m.id for m in plurals if not isinstance(m.string, tuple) or len(m.string) != 2] == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = []
    for message in messages():
        needed = {name for form in words(message.id) for name in PLACEHOLDER.findall(form)}
        given = [set(PLACEHOLDER.findall(form)) for form in words(message.string)]
        always = set.intersection(*(set(PLACEHOLDER.findall(form)) for form in words(message.id)))
        if not all(always <= form <= needed for form in given) or given[-1] != needed:
            wrong.append(message.id)
    assert wrong == []


def test_a_text_ends_and_begins_as_the_italian_one() -> None:
    """Spaces and full stops at the ends join a text to what stands beside it."""
    edges = re.compile(r"^(\s*).*?([.:?!…]?\s*)$", re.DOTALL)
    wrong = [
        m.id
        for m in messages()
        for italian, english in zip(words(m.id), words(m.string), strict=True)
        if edges.fullmatch(italian).groups() != edges.fullmatch(english).groups()  # type: ignore[union-attr]
    ]
    assert wrong == []


def test_only_words_that_both_languages_share_are_left_as_they_are() -> None:
    same = {
        form
        for m in messages()
        for form in words(m.id)
        if form in words(m.string) and re.search(r"[^\W\d_]{2}", PLACEHOLDER.sub("", form))
    }
    assert same <= SAME_IN_BOTH


def test_the_header_holds_no_date_of_its_own_making() -> None:
    """A date that changed at every update would make every change of the catalogue look like a conflict."""
    assert catalogue().locale_identifier == "en"
    assert catalogue().num_plurals == 2
    assert catalogue().revision_date == catalogue().creation_date


def test_every_text_to_translate_stands_in_the_code_as_it_is() -> None:
    """A name or an f-string inside ``_()`` would reach no catalogue."""
    calls = [call for path in sorted((ROOT / "matchmaker").rglob("*.py")) for call in _calls(path)]
    assert len(calls) > 500
    assert [where for where, plain in calls if not plain] == []


def _calls(path: Path) -> Iterator[tuple[str, bool]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        count = {"_": 1, "_l": 1, "gettext": 1, "lazy_gettext": 1, "ngettext": 2}.get(node.func.id)
        if count:
            plain = all(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in node.args[:count])
            yield f"{path.relative_to(ROOT)}:{node.lineno}", plain
