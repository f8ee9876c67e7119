"""Where to go next: only to a page of this site that can be opened."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def inside(target: str | None, anchor: str = "") -> str | None:
    r"""Return an address of this site that a browser can open, or None for anything else.

    Refused: another scheme or host, ``//host`` and what browsers read as it (a backslash, a blank or
    a control character inside), and addresses that only take forms.

    Args:
        anchor: the place in the page, instead of any that the target names.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) <= 32 or ord(character) == 127 for character in target):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not _opens(parts.path):
        return None
    return parts._replace(fragment=anchor).geturl().replace("?#", "#") if anchor else target


def _opens(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and adapter.match(path, method="GET") is not None
    except RequestRedirect:
        return True
    except HTTPException:
        return False
