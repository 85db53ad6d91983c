"""One session's states and legal moves: pure functions over the row and the host's facts.

Source: design section 2 "State of a session"; rest-api.md section 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from footlight.wire.host import SessionFacts, ViewerFacts

# Phases in the order in which a session goes through them; "ordered" is before the host's first word.
PHASES = ("ordered", "starting", "running", "ending", "ended")
UNKNOWN = "Unknown"  # `State` while the session's host is silent


@dataclass(frozen=True)
class Session:
    """A session's row together with its machine's, as every room but the wire sees it."""

    row: Any  # columns of schema.sessions, by name

    @property
    def id(self) -> str:
        return str(self.row.id)

    @property
    def ended(self) -> bool:
        """Whether it is over: not listed any more."""
        return self.row.ended_at_ms is not None

    @property
    def logging_off(self) -> bool:
        """From acceptance of the log-off until the session is gone."""
        return bool(self.row.wanted == "end" or self.row.phase == "ending")

    @property
    def logging_on(self) -> bool:
        """From acceptance until window manager and program are up."""
        return self.row.established_at_ms is None

    @property
    def can_be_taken_up(self) -> bool:
        """Whether a launch may lead to this session instead of a new one."""
        return not self.ended and not self.logging_off and not self.row.is_hidden


def own_viewer(viewers: list[ViewerFacts]) -> ViewerFacts | None:
    """The viewer through which the session's own user works: the one attached last."""
    if len(viewers) < 2:  # nearly always
        return viewers[0] if viewers and viewers[0].own else None
    return max((v for v in viewers if v.own), key=lambda v: v.attached_at_ms, default=None)


def state_of(facts: SessionFacts) -> str:
    """`State` on the wire. Shadowers and the recorder do not count."""
    if facts.established_at_ms is None:
        return "Connected"
    return "Active" if own_viewer(facts.viewers) is not None else "Disconnected"


def app_state_of(session_type: str, facts: SessionFacts) -> str:
    """`AppState` on the wire."""
    if facts.established_at_ms is None:
        return "PreLogon"
    if session_type == "Desktop":
        return "Desktop"
    return "Active" if facts.application_open else "NoApps"
