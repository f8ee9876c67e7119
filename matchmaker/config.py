"""Every setting: its name, type and default, read from MATCHMAKER_* variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

INSTANCE = Path.cwd() / "instance"


class Settings(BaseSettings):
    """The platform's settings; an environment variable MATCHMAKER_<NAME> sets each."""

    model_config = SettingsConfigDict(env_prefix="MATCHMAKER_", extra="ignore")

    database_url: str = Field(default_factory=lambda: f"sqlite:///{INSTANCE / 'matchmaker.sqlite'}")
    secret_key: str | None = None
    """Signs sessions and forms. Without one, a key is made once and kept beside the database."""
    https: bool = False
    """Set when the site is served over HTTPS: cookies become Secure and HSTS is sent."""
    trusted_hosts: list[str] = []
    """Host names the site answers to; empty means any (development)."""
    upload_limit_bytes: int = 20 * 1024 * 1024
    default_ruleset: str = "wecare-2017"
    testing: bool = False
