"""Token buckets: who has sent too much. Pure: the moment is an argument, milliseconds."""

from __future__ import annotations

import math
from collections import OrderedDict

from footlight.config_rates import Rate

MAX_BUCKETS = 10_000


class Buckets:
    """One bucket a key, all of one rate. At most MAX_BUCKETS: of more, the one longest unused goes, and its key
    starts anew."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()  # (requests left, at ms)

    def take(self, key: str, now_ms: int) -> int | None:
        """None when the request may pass; else the whole seconds until one may."""
        before = self._left.pop(key, (float(self._rate.at_once), now_ms))
        rested_s = max(0, now_ms - before[1]) / 1000  # a clock set back gives nothing
        left = min(self._rate.at_once, before[0] + rested_s * self._rate.per_s)
        passes = left >= 1
        # A refusal leaves the bucket as it was: no rounding adds up over many of them.
        self._left[key] = (left - 1, now_ms) if passes else before
        if len(self._left) > MAX_BUCKETS:
            self._left.popitem(last=False)
        return None if passes else max(1, math.ceil((1 - left) / self._rate.per_s))
