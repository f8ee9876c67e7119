"""Where to go back to: only addresses of this site are followed."""

from __future__ import annotations

from urllib.parse import urlsplit


def inside(target: str | None, anchor: str = "") -> str | None:
    """Return the target when it is a path of this site, with an anchor; else None.

    A backslash counts as a slash in browsers, so ``/\\host`` would leave the site.
    """
    if not target or not target.isprintable():
        return None
    path = target.replace("\\", "/")
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//"):
        return None
    address = parts._replace(fragment="").geturl().rstrip("?")
    return f"{address}#{anchor}" if anchor else address
