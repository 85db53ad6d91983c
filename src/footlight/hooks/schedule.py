"""When a delivery that failed is tried again, and when a webhook is given up. Pure."""

from __future__ import annotations

FIRST_MS = 1_000
MOST_MS = 3_600_000
_MOST_DOUBLINGS = 12  # 1 s doubled so often is beyond MOST_MS


def retry_after_ms(failures: int, draw: float) -> int:
    """How long to wait after so many failures in a row (1 or more): 1 s doubled by each, an hour at most, and of
    that a half to the whole as `draw` (0 to 1) says, so that receivers that come back are not met all at once."""
    doublings = min(failures - 1, _MOST_DOUBLINGS)
    whole = min(FIRST_MS << doublings, MOST_MS)
    return whole // 2 + int(whole // 2 * draw)


def given_up(failing_since_ms: int, now_ms: int, days: int) -> bool:
    """Whether a receiver that has failed without a break since then is not tried any more."""
    return now_ms - failing_since_ms >= days * 86_400_000
