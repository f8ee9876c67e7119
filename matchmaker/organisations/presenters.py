"""The directory and a body's page in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import lazy_gettext as _l

from matchmaker.i18n import term_label
from matchmaker.organisations.models import NoticeCode, Organisation, ProfileTerm, TermField
from matchmaker.organisations.queries import Directory
from matchmaker.organisations.search import NOT_YET, ON_PLATFORM, Search
from matchmaker.vocabularies.words import vocabulary_of

FACETS = {
    "kind": _l("Tipo di ente"),
    "platform": _l("Sulla piattaforma"),
    "theme": _l("Tema"),
    "district": _l("Distretto della sede"),
    "province": _l("Provincia"),
    "form": _l("Forma giuridica"),
}
PLATFORM_WORDS = {ON_PLATFORM: _l("Già iscritti"), NOT_YET: _l("Non ancora iscritti")}
VOCABULARY_OF_FACET = {"kind": "kind", "form": "legal_form", "theme": "theme"}
SORT_WORDS = {"": _l("Iscritti per primi"), "name": _l("Nome"), "place": _l("Comune")}
LISTS = {
    TermField.THEME: _l("Temi"),
    TermField.TARGET: _l("Persone a cui si rivolge"),
    TermField.SERVICE: _l("Servizi"),
    TermField.WELFARE_ACTION: _l("Azioni di welfare aziendale"),
}
EXCHANGE = {TermField.OFFER: _l("Che cosa offre"), TermField.NEED: _l("Che cosa cerca")}
NOTICES = {
    NoticeCode.POSSIBLE_DUPLICATE: _l("Forse è già nell’elenco con un altro nome"),
    NoticeCode.TRUNCATED_NAME: _l("Il nome sembra tagliato nella fonte"),
    NoticeCode.POSSIBLY_ABOLISHED: _l("L’ente potrebbe non esistere più"),
    NoticeCode.PLACE_UNKNOWN: _l("Il comune della fonte non è stato riconosciuto"),
}
TAX_CODE_OF_A_BODY = 11


@dataclass(frozen=True)
class FacetLink:
    """A value to click: its words, how many bodies, where it leads, whether it is in use."""

    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet of the directory with its values."""

    field: str
    title: str
    links: list[FacetLink]
    in_use: bool


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in use, where dropping it leads, and how many bodies that would bring back."""

    title: str
    label: str
    url: str
    brings_back: int


@dataclass(frozen=True)
class TermList:
    """One list of a profile: what the body said, and what was read off its name."""

    title: str
    said: list[str]
    inferred: list[tuple[str, str]]


def facets(directory: Directory) -> list[Facet]:
    """Return the facets that have something to choose from."""
    shown = [_facet(directory, field, str(title)) for field, title in FACETS.items()]
    return [facet for facet in shown if facet.links]


def _facet(directory: Directory, field: str, title: str) -> Facet:
    chosen = getattr(directory.search, field)
    links = [
        FacetLink(
            label=value_label(directory, field, value.code),
            count=value.count,
            url=_url(directory.search.having(field, "" if value.code == chosen else value.code)),
            chosen=value.code == chosen,
        )
        for value in directory.facets[field]
    ]
    return Facet(field, title, links, bool(chosen))


def active_filters(directory: Directory) -> list[ActiveFilter]:
    """Return the filters in use, the one that would bring back most first."""
    filters = [
        ActiveFilter(
            title=str(FACETS.get(field, _l("Parole cercate"))),
            label=value_label(directory, field, value),
            url=_url(directory.search.having(field, "")),
            brings_back=directory.without.get(field, 0),
        )
        for field, value in directory.search.filters.items()
    ]
    return sorted(filters, key=lambda used: -used.brings_back)


def value_label(directory: Directory, field: str, code: str) -> str:
    """Return the words of a facet's value: a place's name, a vocabulary's label."""
    if field == "platform":
        return str(PLATFORM_WORDS.get(code, code))
    vocabulary = VOCABULARY_OF_FACET.get(field)
    return term_label(code, vocabulary) if vocabulary else directory.places.get(code, code)


def sort_links(search: Search) -> list[FacetLink]:
    """Return the ways to sort the directory."""
    return [
        FacetLink(str(words), 0, _url(search.having("sort", sort)), sort == search.sort)
        for sort, words in SORT_WORDS.items()
    ]


def _url(search: Search) -> str:
    return url_for("organisations.index", **search.arguments)


def term_lists(organisation: Organisation) -> list[TermList]:
    """Return what the body does, list by list; empty lists are left out."""
    return _lists(organisation, LISTS)


def exchange_lists(organisation: Organisation) -> list[TermList]:
    """Return what the body offers and what it seeks."""
    return _lists(organisation, EXCHANGE)


def _lists(organisation: Organisation, titles: Mapping[TermField, object]) -> list[TermList]:
    lists = [
        _term_list(str(title), [term for term in organisation.terms if term.field is field])
        for field, title in titles.items()
    ]
    return [found for found in lists if found.said or found.inferred]


def _term_list(title: str, terms: list[ProfileTerm]) -> TermList:
    def label(term: ProfileTerm) -> str:
        return term_label(term.code, vocabulary_of(term.field.value))

    said = sorted(label(term) for term in terms if term.inference_rule is None)
    inferred = sorted((label(term), term.evidence or "") for term in terms if term.inference_rule)
    return TermList(title, said, inferred)


def theme_words(organisation: Organisation, most: int = 3) -> tuple[list[str], bool]:
    """Return the first themes of a body for a list, and whether they were only inferred."""
    (themes,) = _lists(organisation, {TermField.THEME: ""}) or [TermList("", [], [])]
    if themes.said:
        return themes.said[:most], False
    return [label for label, _evidence in themes.inferred][:most], True


def notice_words(code: NoticeCode) -> str:
    """Return what a notice says."""
    return str(NOTICES[code])


def shown_tax_code(organisation: Organisation) -> str | None:
    """Return the tax code of a body; the longer one of a sole trader is a person's, and stays out."""
    code = organisation.tax_code
    return code if code and len(code) == TAX_CODE_OF_A_BODY else None


def web_address(organisation: Organisation) -> str | None:
    """Return the body's site as an address that may be linked; None for anything else."""
    written = (organisation.website or "").strip()
    address = written if "://" in written else f"https://{written}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and "." in parts.netloc else None
