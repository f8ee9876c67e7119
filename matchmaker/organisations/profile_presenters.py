"""What the profile's pages say: what each step is for, how complete it is, what is worth adding next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from matchmaker.i18n import day, language, term_label
from matchmaker.organisations.models import Organisation, TermField
from matchmaker.organisations.places import place_label
from matchmaker.organisations.profile_services import TERMS_OF_STEP, inferred_terms, said_terms
from matchmaker.vocabularies.catalogue import catalogue
from matchmaker.vocabularies.words import vocabulary_of
from recommender.types import Capacity


@dataclass(frozen=True)
class StepWords:
    """A step: its title, what to do in it, and what filling it brings."""

    title: Any
    help: Any
    effect: Any


STEP_WORDS: dict[str, StepWords] = {
    "identity": StepWords(
        _l("Chi siete"),
        _l("Nome, forma e codici, come stanno nello statuto o nella visura."),
        _l(
            "Le regole delle misure guardano la forma giuridica: se manca, la verifica resta «da confermare»."
        ),
    ),
    "place": StepWords(
        _l("Dove siete"),
        _l("La sede, e i territori in cui lavorate anche senza sede."),
        _l("Quasi ogni partenariato è di un distretto: chi dice dove lavora è proposto anche lì."),
    ),
    "fields": StepWords(
        _l("Di che cosa vi occupate"),
        _l("Spuntate solo ciò che fate davvero: pochi segni veri valgono più di molti."),
        _l("Sono i segni su cui vi confrontiamo con i progetti degli altri."),
    ),
    "welfare": StepWords(
        _l("Che cosa portate e che cosa cercate"),
        _l("Risorse che mettete a disposizione, risorse che vi mancano, welfare per chi lavora."),
        _l("Chi cerca ciò che offrite vi trova per primi, e voi trovate chi offre ciò che cercate."),
    ),
    "about": StepWords(
        _l("Raccontatevi"),
        _l("Qualche riga con le vostre parole, e i progetti già fatti con altri."),
        _l("Il testo trova chi fa cose vicine; i progetti dicono con chi sapete già lavorare."),
    ),
    "joining": StepWords(
        _l("Se potete entrare ora"),
        _l("Dite se potete entrare in un partenariato, e chi vede il vostro ente."),
        _l("Chi può fare da capofila è proposto come capofila; chi non può ora non è disturbato."),
    ),
    "contacts": StepWords(
        _l("Chi chiamare"),
        _l("Una persona o un ufficio. Non compare in elenchi, ricerche o file."),
        _l("Senza un contatto un invito non arriva a nessuno."),
    ),
}
EXAMPLES = {
    "about": _l(
        "Esempio: «Gestiamo due centri diurni e l’assistenza a domicilio per 140 anziani tra Pinerolo e la "
        "val Chisone. Abbiamo otto educatori, un pulmino attrezzato e una cucina. "
        "Cerchiamo chi fa inserimenti lavorativi.»"
    ),
    "fields": _l("Esempio: un centro anziani spunta «Anziani», «Servizi diurni», e un solo tema."),
    "welfare": _l(
        "Esempio: «Portiamo un pulmino e volontari. Cerchiamo chi sa scrivere progetti e rendicontare.»"
    ),
    "joining": _l(
        "Esempio: «Come partner, dal 1º marzo», se fino ad allora siete presi da un altro progetto."
    ),
}
INFERRED_LISTS = frozenset(field.value for fields in TERMS_OF_STEP.values() for field in fields)
PLACE_LISTS = ("provinces", "districts", "municipalities")
SERVICE_GROUPS = {
    "LIVEAS": _l("Livelli essenziali di assistenza sociale"),
    "M2": _l("Innovazione di comunità (misura 2)"),
}


@dataclass(frozen=True)
class Gain:
    """Something worth adding: where, how much it weighs in the ring, what to do and what it brings."""

    step: str
    field: str
    weight: int
    act: Any
    brings: Any
    done: Callable[[Organisation], bool]


def _said(field: TermField) -> Callable[[Organisation], bool]:
    return lambda body: bool(said_terms(body, field))


def _form_said(body: Organisation) -> bool:
    return bool(body.legal_form and not body.legal_form_rule)


# The order settles ties; the weights are shares of the ring, out of a hundred.
GAINS = (
    Gain("fields", "theme", 14, _l("Dite di quali temi vi occupate"),
         _l("entrate nei suggerimenti di chi cerca su quei temi"), _said(TermField.THEME)),
    Gain("identity", "legal_form", 12, _l("Dite la vostra forma giuridica"),
         _l("la verifica sa quali regole soddisfate"), _form_said),
    Gain("fields", "service", 10, _l("Dite quali servizi fate"),
         _l("chi cerca quel servizio vi trova"), _said(TermField.SERVICE)),
    Gain("welfare", "offer", 10, _l("Dite che cosa potete portare"),
         _l("diventate il pezzo che manca a un altro progetto"), _said(TermField.OFFER)),
    Gain("joining", "capacity", 10, _l("Dite se potete entrare in un partenariato"),
         _l("siete proposti nel ruolo giusto"), lambda body: body.capacity is not Capacity.UNSAID),
    Gain("about", "description", 10, _l("Scrivete due righe su di voi"),
         _l("vi trovano anche con parole che nessun elenco prevede"), lambda body: bool(body.description)),
    Gain("contacts", "contacts", 8, _l("Aggiungete un contatto"),
         _l("un invito arriva a qualcuno"), lambda body: bool(body.contacts)),
    Gain("fields", "target_group", 8, _l("Dite a chi vi rivolgete"),
         _l("i suggerimenti guardano le stesse persone"), _said(TermField.TARGET)),
    Gain("welfare", "need", 6, _l("Dite che cosa cercate"),
         _l("vi mostriamo chi lo offre"), _said(TermField.NEED)),
    Gain("place", "municipality", 6, _l("Dite dove avete la sede"),
         _l("sappiamo di quale distretto siete"), lambda body: body.municipality_id is not None),
    Gain("place", "districts", 3, _l("Dite in quali altri territori lavorate"),
         _l("siete proposti anche lì"), lambda body: bool(body.work_territories)),
    Gain("about", "project_title", 3, _l("Aggiungete un progetto fatto con altri"),
         _l("i vostri legami contano nelle proposte"), lambda body: bool(body.participations)),
)  # fmt: skip


@dataclass(frozen=True)
class Completeness:
    """How much of a profile is there, in percent; what to add next; the steps where something lacks."""

    percent: int
    next_gain: Gain | None
    open_steps: frozenset[str]


def completeness(organisation: Organisation) -> Completeness:
    """Weigh what a body has said; the next thing worth adding is the heaviest that lacks."""
    missing = [gain for gain in GAINS if not gain.done(organisation)]
    whole = sum(gain.weight for gain in GAINS)
    percent = round(100 * (whole - sum(gain.weight for gain in missing)) / whole)
    heaviest = max(missing, key=lambda gain: gain.weight, default=None)
    return Completeness(percent, heaviest, frozenset(gain.step for gain in missing))


@dataclass(frozen=True)
class InferredWord:
    """A code read off the name, to be confirmed with one tap: its list, its word and what it rests on."""

    field: str
    code: str
    label: str
    evidence: str


def inferred_words(organisation: Organisation, field: str) -> list[InferredWord]:
    """What one list of the profile holds that was only inferred."""
    if field == "legal_form":
        return _inferred_form(organisation)
    if field not in INFERRED_LISTS:
        return []
    terms = inferred_terms(organisation, TermField(field))
    vocabulary = vocabulary_of(field)
    return [InferredWord(field, t.code, term_label(t.code, vocabulary), t.evidence or "") for t in terms]


def _inferred_form(organisation: Organisation) -> list[InferredWord]:
    code = organisation.legal_form
    if not code or not organisation.legal_form_rule:
        return []
    return [InferredWord("legal_form", code, term_label(code, "legal_form"), "")]


def theme_groups() -> list[tuple[str, list[SelectChoice]]]:
    """Themes in two groups: those that the measures ask for, and the others."""
    return _grouped("theme", lambda term: _("Temi delle misure") if term.welfare else _("Altri temi"))


def service_groups() -> list[tuple[str, list[SelectChoice]]]:
    """Services by what they are part of."""
    return _grouped(
        "service", lambda term: str(SERVICE_GROUPS.get(term.facts.get("group", ""), _("Altri servizi")))
    )


def _grouped(vocabulary: str, group_of: Callable[[Any], str]) -> list[tuple[str, list[SelectChoice]]]:
    groups: dict[str, list[SelectChoice]] = {}
    for term in catalogue()[vocabulary].values():
        groups.setdefault(group_of(term), []).append(SelectChoice(term.code, term.label(language())))
    return list(groups.items())


def field_label(form: Any, name: str) -> str:
    """What a field of the step is called on the page."""
    return str(_("Dove altro lavorate")) if name == "territories" else str(form[name].label.text)


def in_words(organisation: Organisation, form: Any, name: str, value: Any) -> str:
    """What a field holds now, for a person who must choose between two versions of it."""
    if not value:
        return str(_("niente"))
    if name == "municipality":
        return place_label(organisation.municipality) if organisation.municipality else ""
    if name == "contacts":
        return "; ".join(", ".join(part for part in row if part) for row in value)
    if name == "capacity_from":
        return day(date.fromisoformat(value))
    offered = _offered(form, name)
    wanted = value if isinstance(value, list) else [value]
    return ", ".join(offered[code] for code in wanted if code in offered) if offered else str(value)


def _offered(form: Any, name: str) -> dict[Any, str]:
    fields = PLACE_LISTS if name == "territories" else (name,)
    choices = [choice for field in fields for choice in getattr(form[field], "choices", ())]
    pairs = [(c.value, c.label) if isinstance(c, SelectChoice) else c for c in choices]
    return {value: str(label) for value, label in pairs}
