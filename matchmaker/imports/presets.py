"""Which column of a file is which field: mappings as data, one preset per kind of list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matchmaker.imports.problems import FileRefused
from matchmaker.imports.sources import FIRMS, FIVE_PER_THOUSAND, IPA, Source
from matchmaker.vocabularies.names import fold

Headers = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """How one kind of list is read.

    columns: per field, the headers it may stand under, the usual one first.
    required: fields without which no row could be used; of ``one_of``, one is enough.
    signature: headers that together tell this kind of list from the others.
    source: where its rows come from; None when a column says it row by row.
    sector: what every row is, for the inference; None when a column says it or nobody knows.
    """

    code: str
    columns: Mapping[str, Headers]
    required: frozenset[str]
    one_of: frozenset[str]
    signature: frozenset[str]
    source: Source | None = None
    sector: str | None = None

    def missing(self, header: Sequence[str]) -> list[str]:
        """Return the usual headers of the required fields that a file does not have."""
        found = self.positions(header)
        names = [self.columns[field][0] for field in self.columns if field in self.required - found.keys()]
        if self.one_of and not self.one_of & found.keys():
            names.append("/".join(self.columns[field][0] for field in self.columns if field in self.one_of))
        return names

    def positions(self, header: Sequence[str]) -> dict[str, int]:
        """Return where each field stands in a file with this header.

        Raises:
            FileRefused: two columns claim to be the same field.
        """
        fields = {name: field for field, names in self.columns.items() for name in names}
        found: dict[str, int] = {}
        for position, name in enumerate(map(normal, header)):
            field = fields.get(name)
            if field is None:
                continue
            if field in found:
                raise FileRefused("duplicate_columns", columns=[header[found[field]], header[position]])
            found[field] = position
        return found

    @property
    def template(self) -> list[str]:
        """The header of an empty file of this kind."""
        return [names[0] for names in self.columns.values()]


def normal(header: str) -> str:
    """A header without case, accents and punctuation: "Codice fiscale" is "codice_fiscale"."""
    return fold(header).replace(" ", "_")


NAME = ("name", "denominazione", "denominazione_ente", "ragione_sociale", "nome")
TAX_CODE = ("tax_code", "codice_fiscale", "codice_fiscale_ente", "cf")
IPA_CODE = ("ipa_code", "codice_ipa", "cod_amm")
MUNICIPALITY = ("comune", "municipality", "citta")
PROVINCE = ("prov", "provincia", "province", "sigla_provincia")
ISTAT = ("istat", "codice_istat", "codice_comune_istat")
WEBSITE = ("url", "sito", "sito_web", "sito_istituzionale", "website")
EMAIL = ("email", "pec", "mail1", "posta_elettronica")


def _italian_first(names: Headers) -> Headers:
    """The template of a list that people fill in themselves speaks Italian."""
    return (*names[1:], names[0])


PRESETS: Mapping[str, Preset] = {
    preset.code: preset
    for preset in (
        Preset(
            code="unified",
            columns={
                "source": ("source",),
                "name": NAME,
                "type_guess": ("type_guess",),
                "sector": ("sector",),
                "tax_code": TAX_CODE,
                "ipa_code": IPA_CODE,
                "municipality": MUNICIPALITY,
                "province": PROVINCE,
                "istat": ISTAT,
                "website": WEBSITE,
                "email": EMAIL,
            },
            required=frozenset({"source", "name", "sector", "municipality", "province"}),
            one_of=frozenset({"tax_code", "ipa_code"}),
            signature=frozenset({"source", "ext_id", "sector"}),
        ),
        Preset(
            code="ipa",
            columns={
                "ipa_code": IPA_CODE,
                "name": NAME,
                "ipa_category": ("ipa_category", "tipologia", "codice_categoria"),
                "type_guess": ("type_guess",),
                "tax_code": TAX_CODE,
                "address": ("address", "indirizzo"),
                "postcode": ("cap",),
                "municipality": MUNICIPALITY,
                "province": PROVINCE,
                "istat": ISTAT,
                "website": WEBSITE,
                "email": EMAIL,
            },
            required=frozenset({"ipa_code", "name"}),
            one_of=frozenset({"municipality", "istat"}),
            signature=frozenset({"ipa_code", "ipa_category"}),
            source=IPA,
            sector="public",
        ),
        Preset(
            code="5x1000",
            columns={
                "tax_code": TAX_CODE,
                "name": NAME,
                "province": PROVINCE,
                "municipality": MUNICIPALITY,
                "istat": ISTAT,
                "categories": ("categories_5x1000", "categorie"),
                "type_guess": ("type_guess",),
            },
            required=frozenset({"tax_code", "name", "municipality", "province"}),
            one_of=frozenset(),
            signature=frozenset({"tax_code", "categories_5x1000"}),
            source=FIVE_PER_THOUSAND,
        ),
        Preset(
            code="firms",
            columns={
                "name": ("ragione_sociale", *(name for name in NAME if name != "ragione_sociale")),
                "tax_code": _italian_first(TAX_CODE),
                "vat_number": ("partita_iva", "p_iva", "piva", "vat", "vat_number"),
                "municipality": MUNICIPALITY,
                "province": _italian_first(PROVINCE),
                "istat": _italian_first(ISTAT),
                "address": ("indirizzo", "address"),
                "size_class": ("classe_dimensionale", "dimensione", "size", "size_class"),
                "website": ("sito_web", "sito", "url", "website"),
                "email": EMAIL,
                "description": ("descrizione", "attivita", "description"),
            },
            required=frozenset({"name", "municipality"}),
            one_of=frozenset({"tax_code", "vat_number"}),
            signature=frozenset(),
            source=FIRMS,
            sector="enterprise",
        ),
    )
}


def choose_preset(header: Sequence[str], code: str | None = None) -> Preset:
    """Return the preset asked for, or the one that a header tells of.

    Raises:
        FileRefused: the file lacks columns that it needs; ``missing_columns`` names them.
    """
    preset = PRESETS[code] if code else _recognised(header)
    missing = preset.missing(header)
    if missing:
        raise FileRefused("missing_columns", preset=preset.code, columns=missing)
    return preset


def _recognised(header: Sequence[str]) -> Preset:
    names = set(map(normal, header))
    signed = [preset for preset in PRESETS.values() if preset.signature and preset.signature <= names]
    if signed:
        return signed[0]
    # None signs it: the one that it lacks least of, a plain list of firms when several fit.
    return min(reversed(list(PRESETS.values())), key=lambda preset: len(preset.missing(header)))


_KNOWN = frozenset(name for preset in PRESETS.values() for names in preset.columns.values() for name in names)


def known_headers(header: Sequence[str]) -> int:
    """Count the headers that some preset knows."""
    return sum(normal(name) in _KNOWN for name in header)


def template_file(preset: Preset) -> bytes:
    """Return an empty file with a preset's header, with the mark by which Excel knows UTF-8."""
    return (";".join(preset.template) + "\r\n").encode("utf-8-sig")
