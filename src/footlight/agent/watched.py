"""How an agent and its recorder tell of themselves."""

from __future__ import annotations

from dataclasses import dataclass

from footlight.config import SiteConfig


@dataclass(frozen=True)
class Watched:
    """`traces`: URL of the collector; `metrics`: HOST:PORT on loopback where the agent serves its figures. "" for
    neither."""

    log_level: str = "info"
    log_format: str = "auto"
    traces: str = ""
    metrics: str = ""
    host: str = ""  # the machine's id, on events of the recorder


BY_DEFAULT = Watched()


def watched_of(config: SiteConfig) -> Watched:
    """As it is configured."""
    return Watched(config.log_level, config.log_format, config.traces, config.agent_metrics)
