"""Reasons in the reader's language: one sentence per code of the recommender."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from matchmaker.suggestions.wording import Wording
from recommender.types import Reason

Sentence = Callable[[Mapping[str, Any], Wording], str]
MOST_CODES = 4


def reason_text(reason: Reason, wording: Wording) -> str:
    """Return the sentence of one reason."""
    if reason.code == "kind" and reason.weight < 0:
        return _other_kind(reason.parameters, wording)
    return SENTENCES[reason.code](reason.parameters, wording)


def terms_text(field: str, codes: Iterable[str], wording: Wording) -> str:
    """Name some codes of one list, lower-cased to stand within a sentence."""
    names = [_within(wording.term(field, code)) for code in sorted(codes)]
    rest = len(names) - MOST_CODES
    return ", ".join(names[:MOST_CODES]) + (f" +{rest}" if rest > 0 else "")


def distance_text(kilometres: float | None) -> str:
    """A distance as people say it."""
    if kilometres is None:
        return _("A una distanza che non conosciamo")
    if kilometres < 1:
        return _("A meno di un chilometro")
    return _("A %(distance)s km", distance=format_decimal(round(kilometres)))


def _within(label: str) -> str:
    # "Sostegno alla genitorialità" reads on as "sostegno..."; an acronym keeps its capitals.
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _list(template: Callable[[], str], field: str) -> Sentence:
    return lambda p, wording: template() % {"what": terms_text(field, p["codes"], wording)}


def _rules(p: Mapping[str, Any], wording: Wording, template: str) -> str:
    texts = [wording.rules.get(code, code).rstrip(".") for code in p["rules"]]
    return template % {"rules": "; ".join(texts)}


def _related(p: Mapping[str, Any], wording: Wording) -> str:
    names = [_within(wording.term(field, code)) for field, code in p["terms"]]
    return _("Fa cose vicine ai temi del progetto: %(what)s", what=", ".join(names[:MOST_CODES]))


def _text(p: Mapping[str, Any], wording: Wording) -> str:
    names = [_within(wording.term(field, code)) for field, code in p["terms"]][:MOST_CODES]
    words = [f"«{word}»" for word in p["words"]] if not names else []
    return _(
        "Il suo nome o profilo parla di %(what)s, come il vostro progetto", what=", ".join(names or words)
    )


def _district(p: Mapping[str, Any], wording: Wording) -> str:
    names = ", ".join(wording.district(code) for code in p["districts"])
    templates = {
        "manages": _("Gestisce i servizi sociali nel distretto di %(district)s", district=names),
        "seat": _("Ha sede nel distretto di %(district)s", district=names),
        "works": _("Lavora nel distretto di %(district)s", district=names),
    }
    return templates[p["how"]]


def _distance(p: Mapping[str, Any], wording: Wording) -> str:
    where = distance_text(p["km"])
    if p.get("origin") == "project":
        return _("%(distance)s dal territorio del progetto", distance=where)
    return _("%(distance)s da voi", distance=where)


def _worked(p: Mapping[str, Any], wording: Wording) -> str:
    return _(
        "Ha già lavorato con %(who)s in %(projects)s",
        who=wording.names(p["members"]),
        projects=wording.titles(p["projects"]),
    )


def _shared(p: Mapping[str, Any], wording: Wording) -> str:
    number = len(p["partners"])
    return ngettext(
        "Ha lavorato con %(num)d vostro partner: %(who)s",
        "Ha lavorato con %(num)d vostri partner: %(who)s",
        number,
        who=wording.names(p["partners"]),
    )


def _near_projects(p: Mapping[str, Any], wording: Wording) -> str:
    return _(
        "Ha partecipato a progetti vicini al vostro: %(projects)s", projects=wording.titles(p["projects"])
    )


def _near_partners(p: Mapping[str, Any], wording: Wording) -> str:
    return _("I suoi partner hanno lavorato a progetti vicini al vostro: %(projects)s",
             projects=wording.titles(p["projects"]))  # fmt: skip


def _kind(p: Mapping[str, Any], wording: Wording) -> str:
    form = wording.term("legal_form", p["legal_form"]) if p["legal_form"] else wording.term("kind", p["kind"])
    return _("È un ente del tipo che di solito entra in questi partenariati: %(form)s", form=_within(form))


def _other_kind(p: Mapping[str, Any], wording: Wording) -> str:
    form = wording.term("legal_form", p["legal_form"]) if p["legal_form"] else wording.term("kind", p["kind"])
    return _("È un tipo di ente che entra di rado in questi partenariati: %(form)s", form=_within(form))


def _capacity(p: Mapping[str, Any], wording: Wording) -> str:
    if p["capacity"] == "lead":
        return _("Può entrare ora, anche come capofila")
    return _("Può entrare ora come partner")


def _busy(p: Mapping[str, Any], wording: Wording) -> str:
    return ngettext("È già in %(num)d progetto", "È già in %(num)d progetti", p["count"])


def _other_field(p: Mapping[str, Any], wording: Wording) -> str:
    return _("Si occupa d’altro: %(what)s", what=terms_text("theme", p["themes"], wording))


def _similar(p: Mapping[str, Any], wording: Wording) -> str:
    return _("Simile a %(who)s, già più in alto", who=wording.names(p["candidates"]))


def _filled(p: Mapping[str, Any], wording: Wording) -> str:
    return ngettext(
        "%(num)d ente più in alto soddisfa già le stesse regole",
        "%(num)d enti più in alto soddisfano già le stesse regole",
        p["count"],
    )


def _breaks(p: Mapping[str, Any], wording: Wording) -> str:
    return _rules(p, wording, _("Con questo ente il partenariato non rispetterebbe: %(rules)s"))


def _you_share(p: Mapping[str, Any], wording: Wording) -> str:
    what = terms_text("theme", p["codes"], wording)
    if p.get("inferred"):
        return _("Forse vi occupate degli stessi temi (dedotto dal nome): %(what)s", what=what)
    return _("Vi occupate degli stessi temi: %(what)s", what=what)


SENTENCES: dict[str, Sentence] = {
    "meets_rules": lambda p, w: _rules(p, w, _("Soddisfa una regola che vi manca: %(rules)s")),
    "bonus_rules": lambda p, w: _rules(p, w, _("Aiuta a ottenere una premialità: %(rules)s")),
    "themes": _list(lambda: _("Si occupa di %(what)s"), "theme"),
    "targets": _list(lambda: _("Lavora con %(what)s"), "target_group"),
    "services": _list(lambda: _("Offre servizi che servono al progetto: %(what)s"), "service"),
    "actions": _list(lambda: _("Si occupa di welfare aziendale: %(what)s"), "welfare_action"),
    "themes_inferred": _list(lambda: _("Dal nome, si occupa probabilmente di %(what)s"), "theme"),
    "targets_inferred": _list(lambda: _("Dal nome, lavora probabilmente con %(what)s"), "target_group"),
    "services_inferred": _list(lambda: _("Dal nome, offre probabilmente %(what)s"), "service"),
    "actions_inferred": _list(lambda: _("Dal nome, si occupa probabilmente di %(what)s"), "welfare_action"),
    "related": _related,
    "text": _text,
    "offers_needed": _list(lambda: _("Offre ciò che cercate: %(what)s"), "asset"),
    "offers_inferred": _list(lambda: _("Dal nome, offre probabilmente ciò che cercate: %(what)s"), "asset"),
    "needs_offered": _list(lambda: _("Cerca ciò che offrite: %(what)s"), "asset"),
    "district": _district,
    "same_municipality": lambda p, w: _("Ha sede nel vostro stesso comune"),
    "distance": _distance,
    "worked_together": _worked,
    "shared_partners": _shared,
    "reached": lambda p, w: _("È vicino a voi nella rete delle collaborazioni"),
    "near_projects": _near_projects,
    "near_partners": _near_partners,
    "kind": _kind,
    "capacity": _capacity,
    "on_platform": lambda p, w: _("È già sulla piattaforma"),
    "busy": _busy,
    "other_field": _other_field,
    "little_known": lambda p, w: _("Poco conosciuto: conta come nella media dove non sappiamo"),
    "gap_filled_above": _filled,
    "similar_above": _similar,
    "you_offer": _list(lambda: _("Offrite ciò che cerca: %(what)s"), "asset"),
    "you_share": _you_share,
    "itself": lambda p, w: _("Siete voi"),
    "in_team": lambda p, w: _("È già nel partenariato"),
    "excluded": lambda p, w: _("Avete chiesto di non vederlo"),
    "filter_kind": lambda p, w: _("Non è del tipo che avete chiesto"),
    "filter_district": lambda p, w: _("Non ha sede e non lavora nel distretto che avete chiesto"),
    "filter_distance": lambda p, w: _(
        "%(distance)s: oltre la distanza che avete chiesto", distance=distance_text(p["km"])
    ),
    "filter_platform": lambda p, w: _("Non è ancora sulla piattaforma"),
    "not_now": lambda p, w: _("Ha detto che ora non può entrare in un partenariato"),
    "breaks_rule": _breaks,
    "out_of_reach": lambda p, w: _(
        "%(distance)s: troppo lontano per questa misura", distance=distance_text(p["km"])
    ),
}
