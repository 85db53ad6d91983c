"""On which terms a recording is made, as its row keeps them and its order tells them."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from footlight.wire.policies import IfLost


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a recording besides whom it is of. `pre_roll_s`: of what the host has kept in memory, so much
    goes in front. `policy_id` None: no policy asked for it."""

    notify: bool
    events_only: bool = False
    if_lost: IfLost = "go-on"
    pre_roll_s: int = 0
    bytes_per_s: int | None = None
    clipboard_text: bool = False
    arguments: bool = True
    retention_class: str | None = None
    roll_over_bytes: int | None = None
    roll_over_s: int | None = None
    policy_id: str | None = None

    def alike(self, other: Terms) -> bool:
        """Whether a recording on those terms goes on as it is when these are wanted: where the next begins, and what
        went in front of it, are no reason to hand over."""
        plain = {"pre_roll_s": 0, "roll_over_bytes": None, "roll_over_s": None, "policy_id": None}
        changed = msgspec.structs.replace(self, **plain)
        return changed == msgspec.structs.replace(other, **plain)


def written(terms: Terms) -> str:
    """As it is in the row."""
    return msgspec.json.encode(terms).decode()


@lru_cache(maxsize=1024)
def read(text: str) -> Terms:
    """From the row. Raises ValueError."""
    return msgspec.json.decode(text, type=Terms)


def of_row(terms: str | None, *, notify: bool) -> Terms:
    """Those of a recording's row; of an earlier release they are plain."""
    return Terms(notify=notify) if terms is None else read(terms)
