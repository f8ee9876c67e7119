"""Findings in the reader's language: what is met, what is missing, how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from matchmaker.measures.models import Rule
from matchmaker.suggestions.asking import Asking
from matchmaker.suggestions.reasons import reason_text, terms_text
from matchmaker.suggestions.services import Check
from matchmaker.suggestions.wording import Wording
from matchmaker.vocabularies.catalogue import catalogue
from recommender.types import Finding, Reason, Severity

FIELD_OF_LIST = {
    "themes": "theme",
    "services": "service",
    "actions": "welfare_action",
    "targets": "target_group",
}
MOST_EXAMPLES = 3
Place = Callable[[Reason], tuple[str, str] | None]
"""Where a reader mends something: a label and an address, or None."""


@dataclass(frozen=True)
class Repair:
    """What would mend a finding, and where."""

    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Line:
    """One finding as shown."""

    code: str
    state: str
    mark: str
    word: str
    text: str
    detail: str
    repair: Repair | None
    source: str
    to_confirm: bool


@dataclass(frozen=True)
class TreeGroup:
    """Findings of one state; failing ones are open."""

    state: str
    title: str
    open: bool
    lines: list[Line] = field(default_factory=list)


def tree(check: Check, wording: Wording, place: Place | None = None) -> list[TreeGroup]:
    """Group a check's findings: what is missing, what is not known, what would count, what is met."""
    lines = [(state_of(finding), finding_line(check, finding, wording, place)) for finding in check.findings]
    groups = [
        TreeGroup(state, title(), state in ("missing", "unknown"), [line for s, line in lines if s == state])
        for state, title in STATE_TITLES.items()
    ]
    return [group for group in groups if group.lines]


STATE_TITLES: Mapping[str, Callable[[], str]] = {
    "missing": lambda: _("Manca"),
    "unknown": lambda: _("Da dire o confermare"),
    "should": lambda: _("Conterebbe a vostro favore"),
    "met": lambda: _("A posto"),
    "info": lambda: _("Buono a sapersi"),
}


def state_of(finding: Finding) -> str:
    """The state that a reader sees of a finding."""
    if finding.severity is Severity.INFO:
        return "info"
    if finding.met:
        return "met"
    if finding.severity is Severity.SHOULD:
        return "should"
    return "missing" if finding.met is False else "unknown"


def finding_line(check: Check, finding: Finding, wording: Wording, place: Place | None = None) -> Line:
    """Return one finding in words."""
    state = state_of(finding)
    rule = check.rule(finding)
    return Line(
        code=finding.requirement,
        state=state,
        mark={"missing": "✗", "unknown": "?", "should": "★", "met": "✓", "info": "i"}[state],
        word={
            "missing": _("Manca:"),
            "unknown": _("Non sappiamo:"),
            "should": _("Premialità:"),
            "met": _("Soddisfatto:"),
            "info": _("Nota:"),
        }[state],
        text=wording.rules[rule.code],
        detail="; ".join(
            text for text in (because_text(reason, wording) for reason in finding.because) if text
        ),
        repair=repair_of(check, finding, wording, place),
        source=source_text(rule, wording),
        to_confirm=rule.to_confirm,
    )


def source_text(rule: Rule, wording: Wording) -> str:
    """Where a rule comes from, in words."""
    return rule.source_en if wording.language == "en" else rule.source_it


def because_text(reason: Reason, wording: Wording) -> str:
    """What a verdict rests on."""
    p = reason.parameters
    if reason.code in ("members", "lead"):
        return wording.names(p["members"])
    if reason.code == "districts":
        return ", ".join(wording.district(code) for code in p["districts"])
    if reason.code == "named":
        return _codes(p, wording)
    if reason.code == "declared":
        return declaration_text(p["declaration"], wording)
    raise KeyError(reason.code)


def repair_of(check: Check, finding: Finding, wording: Wording, place: Place | None) -> Repair | None:
    """What would mend a finding: in words, who could, and where to do it."""
    if finding.met is True:
        return None
    texts = [MISSING[reason.code](reason.parameters, wording) for reason in finding.missing]
    fitting = check.fit.get(finding.requirement, ())
    if fitting:
        texts.append(fitting_text(check, finding.requirement, wording))
    places = (place(reason) for reason in finding.missing) if place else iter(())
    label, url = next((found for found in places if found), ("", ""))
    return Repair(" ".join(texts), url, label) if texts else None


def fitting_text(check: Check, code: str, wording: Wording) -> str:
    """How many bodies would mend it, who for instance, and how many of them are busy."""
    local = check.local.get(code, 0)
    fitting = check.fit[code][: local or None]
    text = fitting_count(check, code)
    examples = wording.names(body for body in fitting[:MOST_EXAMPLES])
    if examples:
        text += _(", per esempio %(names)s", names=examples)
    if check.busy:
        busy = sum(check.busy.get(body, 0) >= 2 for body in fitting)
        if busy:
            text += ngettext("; %(num)d è già in due progetti", "; %(num)d sono già in due progetti", busy)
    return f"{text}."


def fitting_count(check: Check, code: str) -> str:
    """How many bodies would mend it: those of the project's districts where there are any."""
    local = check.local.get(code, 0)
    if local:
        return ngettext("%(num)d ente adatto nel distretto", "%(num)d enti adatti nel distretto", local)
    return ngettext("%(num)d ente adatto", "%(num)d enti adatti", len(check.fit[code]))


def gap_title(check: Check, finding: Finding, wording: Wording) -> tuple[str, str]:
    """The heading of the suggestions that fill a gap, and the line under it."""
    lead = repair_of(check, finding, wording, None)
    needs = next((r for r in finding.missing if r.code in GAP_TITLES), None)
    title = GAP_TITLES[needs.code](needs.parameters, wording) if needs else wording.rules[finding.requirement]
    counted = fitting_count(check, finding.requirement) if check.fit.get(finding.requirement) else ""
    return f"{title} ({counted})" if counted else title, "" if lead is None or needs else lead.text


def project_line(asking: Asking, wording: Wording) -> str:
    """Measure, themes and districts on one line: "M1 · povertà · Pinerolo"."""
    project = asking.project
    parts = [
        catalogue()["measure"][asking.measure].label(wording.language),
        terms_text("theme", project.themes, wording),
        terms_text("welfare_action", project.actions, wording),
        ", ".join(
            _("distretto di %(name)s", name=wording.district(code)) for code in sorted(project.districts)
        ),
    ]
    return f"{asking.measure} · " + " · ".join(part for part in parts if part)


def condition_text(condition: Iterable[Iterable[str]], wording: Wording) -> str:
    """A condition on attributes as a noun: "un ente del terzo settore"."""
    alternatives = [
        " ".join(ATTRIBUTE_WORDS[name]() for name in clause if name in ATTRIBUTE_WORDS)
        for clause in condition
    ]
    return _(" oppure ").join(dict.fromkeys(alternatives))


def declaration_text(code: str, wording: Wording) -> str:
    """The short name of a statement."""
    return catalogue()["declaration"][code].label(wording.language)


def _codes(p: Mapping[str, Any], wording: Wording) -> str:
    names = [wording.any_term(code) for code in p["codes"]]
    return ", ".join(names)


def _statements(p: Mapping[str, Any], wording: Wording) -> str:
    names = ", ".join(declaration_text(code, wording) for code in p["declarations"])
    return _("Dite se vale per il vostro progetto: %(names)s.", names=names)


def _budget(p: Mapping[str, Any], wording: Wording) -> str:
    low, high = p["minimum"], p["maximum"]
    if low is not None and high is not None:
        return _(
            "Indicate un valore tra %(low)s e %(high)s euro.",
            low=format_decimal(low),
            high=format_decimal(high),
        )
    if low is not None:
        return _("Indicate un valore di almeno %(low)s euro.", low=format_decimal(low))
    return _("Indicate un valore fino a %(high)s euro.", high=format_decimal(high))


def _districts(p: Mapping[str, Any], wording: Wording) -> str:
    return ", ".join(wording.district(code) for code in p["districts"])


def _needs_members(p: Mapping[str, Any], wording: Wording) -> str:
    condition = condition_text(p["condition"], wording)
    return ngettext("Serve ancora %(what)s.", "Servono ancora %(num)d: %(what)s.", p["count"], what=condition)


def _forms(p: Mapping[str, Any], wording: Wording) -> str:
    names = ", ".join(wording.term("partnership_form", code) for code in p["forms"])
    return _("Scegliete la forma: %(names)s.", names=names)


MISSING: Mapping[str, Callable[[Mapping[str, Any], Wording], str]] = {
    "needs_members": _needs_members,
    "needs_lead": lambda p, w: _("Serve come capofila %(what)s.", what=condition_text(p["condition"], w)),
    "needs_lead_in_district": lambda p, w: _(
        "Serve un capofila che lavori nel distretto: %(where)s.", where=_districts(p, w)
    ),
    "needs_managing_lead": lambda p, w: _(
        "Serve come capofila un ente gestore del distretto: %(where)s.", where=_districts(p, w)
    ),
    "to_confirm": lambda p, w: _("Da confermare per %(who)s.", who=w.names(p["members"])),
    "not_eligible": lambda p, w: _("Non può presentare la domanda: %(who)s.", who=w.names(p["members"])),
    "other_district": lambda p, w: _("È di un altro distretto: %(who)s.", who=w.names(p["members"])),
    "too_many_projects": lambda p, w: _("È già in troppi progetti: %(who)s.", who=w.names(p["members"])),
    "say_district": lambda p, w: _("Dite in quale distretto si svolge il progetto."),
    "declare_aggregation": lambda p, w: _("Scegliete un solo distretto, o dichiarate l’aggregazione."),
    "district_taken": lambda p, w: _(
        "Nel distretto c’è già un progetto della misura: %(where)s.", where=_districts(p, w)
    ),
    "name_one_of": lambda p, w: _("Indicate almeno uno tra: %(names)s.", names=_codes(p, w)),
    "choose_form": _forms,
    "say": _statements,
    "say_budget": _budget,
    "say_own_share": lambda p, w: _(
        "Serve una quota propria di almeno il %(share)s %%.", share=format_decimal(p["minimum"] * 100)
    ),
}

GAP_TITLES: Mapping[str, Callable[[Mapping[str, Any], Wording], str]] = {
    "needs_members": lambda p, w: _("Vi manca %(what)s", what=condition_text(p["condition"], w)),
    "needs_lead": lambda p, w: _("Vi manca come capofila %(what)s", what=condition_text(p["condition"], w)),
    "needs_lead_in_district": lambda p, w: _("Vi manca un capofila del distretto"),
    "needs_managing_lead": lambda p, w: _("Vi manca come capofila un ente gestore del distretto"),
}

ATTRIBUTE_WORDS: Mapping[str, Callable[[], str]] = {
    "public_body": lambda: _("un ente pubblico"),
    "third_sector": lambda: _("un ente del terzo settore"),
    "volunteer": lambda: _("un’organizzazione di volontariato"),
    "social_enterprise": lambda: _("un’impresa sociale"),
    "enterprise": lambda: _("un’impresa"),
    "sme": lambda: _("una PMI"),
    "micro": lambda: _("una microimpresa"),
    "small": lambda: _("una piccola impresa"),
    "medium": lambda: _("una media impresa"),
    "large": lambda: _("una grande impresa"),
    "non_profit": lambda: _("senza fine di lucro"),
    "ente_gestore": lambda: _("un ente gestore"),
    "region:piemonte": lambda: _("con sede in Piemonte"),
}

__all__ = ["Line", "Repair", "TreeGroup", "finding_line", "gap_title", "project_line", "reason_text", "tree"]
