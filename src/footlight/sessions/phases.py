"""A launch from the request to the first picture, in phases that follow one another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# In their order; each ends at its moment, and begins at the end of the one before.
# `turn` and `held` are waits for others that are launched at the same time.
ON_HOST = (
    *("taken", "account", "turn", "keeper", "x_server", "held"),
    *("bus", "window_manager", "program"),
)
LONGEST_MS = 1 << 53


@dataclass(frozen=True)
class Phase:
    """`ms` from the end of the phase before."""

    name: str
    ms: int


def written(moments: Mapping[str, int]) -> str | None:
    """The host's moments (ms since 1970) as the session's row keeps them; None for none. What is no phase is left
    out."""
    if not moments:  # of most reports
        return None
    known = {name: moments[name] for name in ON_HOST if 0 <= moments.get(name, -1) < LONGEST_MS}
    return json.dumps(known) if known else None


def in_line_ms(row: Any, now_ms: int) -> int:
    """How long the host lets, or has let, the session wait for others that it starts; 0 before it has taken the
    order. `row` None: there is no such session."""
    moments = {} if row is None else json.loads(row.launch_moments or "{}")
    if "taken" not in moments:
        return 0
    return max(0, int(moments.get("turn", now_ms)) - int(moments["taken"]))


def of_session(row: Any) -> list[Phase]:
    """The phases that are through. `brokering` is the server's; `taken` is the way to the host, by two clocks where
    the host is another machine; `first_picture` waits for a viewer."""
    found = [] if row.brokering_ms is None else [Phase("brokering", row.brokering_ms)]
    before_ms = row.brokered_at_ms
    moments = json.loads(row.launch_moments or "{}")
    for name in ON_HOST:
        if name in moments:
            found.append(Phase(name, max(0, moments[name] - before_ms)))
            before_ms = moments[name]
    if row.first_picture_ms is not None and moments:
        found.append(Phase("first_picture", max(0, row.first_picture_ms - before_ms)))
    return found
