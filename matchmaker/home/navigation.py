"""The links at the top of every page: who reads decides which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from matchmaker.permissions import Reader, current_reader


@dataclass(frozen=True)
class Link:
    """One link: its words, its address, and whether the reader is there."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Navigation:
    """Links of the main bar, the one about the reader, and the address to come back to."""

    main: list[Link]
    account: Link
    here: str


def navigation() -> Navigation:
    """Return the links for the reader of this request."""
    reader = current_reader()
    return Navigation(_main_links(reader), _account_link(reader), _here())


def _main_links(reader: Reader) -> list[Link]:
    links = [
        _link("measures.index", _("Misure")),
        _link("organisations.index", _("Enti")),
        _link("coverage.index", _("Territori")),
    ]
    if reader.memberships:
        own = {"organisation_id": reader.memberships[0][0]}
        links += [
            _link("suggestions.index", _("Trova partner"), own),
            _link("partnerships.index", _("I vostri partenariati"), own),
            _link("organisations.show", _("Il vostro ente"), own),
        ]
    if reader.is_staff:
        links += [_link("accounts.claims", _("Richieste")), _link("imports.index", _("Importazioni"))]
    return links


def _account_link(reader: Reader) -> Link:
    if reader.person is None:
        return _link("accounts.sign_in", _("Accedi"))
    return _link("accounts.account", reader.person.name)


def _here() -> str:
    # An address that only takes POST cannot be gone back to.
    rule = request.url_rule
    readable = rule is not None and "GET" in (rule.methods or ())
    return request.full_path.rstrip("?") if readable else url_for("home.index")


def _link(endpoint: str, label: str, arguments: dict[str, Any] | None = None) -> Link:
    arguments = arguments or {}
    current = request.endpoint == endpoint and (request.view_args or {}) == arguments
    return Link(label, url_for(endpoint, **arguments), current)
