"""Logs are events with fields, to standard error: one line each, JSON or for people."""

from __future__ import annotations

import logging
import sys
from typing import Any, cast

import structlog
from structlog.typing import FilteringBoundLogger


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger whose events carry their source room as `room`."""
    return cast(FilteringBoundLogger, structlog.get_logger(room=name.removeprefix("footlight.")))


def bind(**fields: Any) -> None:
    """Put fields (session, host, transaction) on every event logged in this task, and in those that it starts; one
    that is None is taken off."""
    structlog.contextvars.bind_contextvars(**fields)
    missing = [name for name, value in fields.items() if value is None]
    if missing:
        structlog.contextvars.unbind_contextvars(*missing)


def configure(*, level: str = "info", form: str = "auto", as_json: bool | None = None) -> None:
    """Set up logging once, at the root of a process. `form`: text, json, or auto: JSON unless standard error is a
    terminal. `as_json` says the same."""
    if as_json is None:
        as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    renderer: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if as_json else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
