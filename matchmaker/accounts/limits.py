"""How often a sign-in may fail: per account and per network, counted in the database.

An attempt is counted before the password is looked at, and forgiven when it was right: rows
stay locked meanwhile, so many attempts at once cannot all pass the count.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import case, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matchmaker.accounts.models import LoginAttempt
from matchmaker.database import UtcDateTime

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 5
MOST_PER_NETWORK = 50
KEPT = timedelta(days=1)
NETWORK_BITS = {4: 24, 6: 64}


class TooManyAttempts(Exception):
    """Too many sign-ins have failed lately; says nothing of whether the account exists."""


def account_key(email: str) -> str:
    """The key of an account, whether or not anybody has it."""
    return _hashed(f"account:{email}")


def network_key(address: str | None) -> str | None:
    """The key of the network that a connection came from; None where networks are not told apart.

    ``address`` is the connection's own, never one that a header claims. Addresses that are not
    public are those of a proxy or of one office: they are not counted, everybody would share them.
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return None
    if not parsed.is_global:
        return None
    return _hashed(f"network:{ip_network((parsed, NETWORK_BITS[parsed.version]), strict=False)}")


def count_attempt(session: Session, email: str, address: str | None, now: datetime) -> None:
    """Count one attempt on an account from a network.

    Raises:
        TooManyAttempts: either has had its share within the window.
    """
    forget_old(session, now)
    of_account = _counted(session, account_key(email), now)
    network = network_key(address)
    of_network = _counted(session, network, now) if network else 0
    if of_account > MOST_PER_ACCOUNT or of_network > MOST_PER_NETWORK:
        raise TooManyAttempts


def forgive(session: Session, email: str, address: str | None) -> None:
    """Take back the attempt that turned out right, and the account's earlier mistakes."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == account_key(email)))
    session.execute(
        update(LoginAttempt)
        .where(LoginAttempt.key == network_key(address), LoginAttempt.failures > 0)
        .values(failures=LoginAttempt.failures - 1)
    )


def forget_old(session: Session, now: datetime) -> None:
    """Delete windows closed for a day; a row that somebody is counting in is left for the next time."""
    old = select(LoginAttempt).where(LoginAttempt.started_at < now - KEPT).limit(100)
    for row in session.scalars(old.with_for_update(skip_locked=True)):
        session.delete(row)
    session.flush()


def _counted(session: Session, key: str, now: datetime) -> int:
    """Raise the key's count, in a new window when the last one is over, and return it."""
    # Both dialects spell "insert or update" the same way; the generic insert has none.
    dialect: Any = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    running = LoginAttempt.started_at > now - WINDOW
    statement = dialect.insert(LoginAttempt).values(key=key, started_at=now, failures=1)
    statement = statement.on_conflict_do_update(
        index_elements=[LoginAttempt.key],
        set_={
            "failures": case((running, LoginAttempt.failures + 1), else_=1),
            "started_at": case((running, LoginAttempt.started_at), else_=literal(now, UtcDateTime())),
        },
    ).returning(LoginAttempt.failures)
    return int(session.execute(statement).scalar_one())


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
