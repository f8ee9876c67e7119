"""Alembic's environment: always run by code, on the connection it is handed."""

from typing import Any, Literal

from alembic import context

from matchmaker.database import UtcDateTime
from matchmaker.models import Base


def render_item(kind: str, item: Any, _autogen: object) -> str | Literal[False]:
    """Write our own column type as the plain one: a migration must not change with our code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
