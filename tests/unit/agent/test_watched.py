from __future__ import annotations

from footlight.agent.watched import BY_DEFAULT, Watched, watched_of
from footlight.config import SiteConfig


def test_an_agent_is_watched_as_its_site_is() -> None:
    assert watched_of(SiteConfig()) == BY_DEFAULT
    config = SiteConfig(
        log_level="debug", log_format="json", traces="http://c:4318", agent_metrics="127.0.0.1:9"
    )
    assert watched_of(config) == Watched("debug", "json", "http://c:4318", "127.0.0.1:9")
