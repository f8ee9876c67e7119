"""What every response says to the browser."""

from __future__ import annotations

import pytest

from matchmaker import create_app
from matchmaker.config import Settings


@pytest.mark.parametrize("https", [True, False])
def test_browsers_are_told_to_stay_on_https_only_where_the_site_is_served_so(
    tmp_path: object, https: bool
) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/a.sqlite", secret_key="prova", https=https)
    app = create_app(settings)
    answer = app.test_client().get("/static/css/ground.css")
    assert ("Strict-Transport-Security" in answer.headers) is https
    answer.close()
    app.extensions["engine"].dispose()


def test_a_page_loads_nothing_from_elsewhere_and_is_kept_by_no_shared_cache(tmp_path: object) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/a.sqlite", secret_key="prova"))
    answer = app.test_client().get("/accessibility")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    app.extensions["engine"].dispose()
