"""Rates of requests, as options give them."""

from __future__ import annotations

from dataclasses import dataclass

from footlight.errors import Invalid

MAX_PER_S = 1_000_000
MAX_AT_ONCE = 10_000_000


@dataclass(frozen=True)
class Rate:
    """`per_s` requests a second in the long run, `at_once` after a rest."""

    per_s: float
    at_once: int
    spares_loopback: bool = False


AUTO_RATES = {
    "rate_limit": Rate(200, 400, spares_loopback=True),
    "sign_in_rate": Rate(20, 100, spares_loopback=True),
}


def parse_rate(name: str, text: str, auto: Rate) -> Rate | None:
    """The rate that an option means; without AT_ONCE two seconds' worth. Raises Invalid naming the option."""
    if text in ("auto", "off"):
        return auto if text == "auto" else None
    per_second, comma, at_once = text.partition(",")
    try:
        per_s = float(per_second)
        burst = int(at_once) if comma else max(1, round(2 * per_s))
    except (ValueError, OverflowError):
        per_s, burst = 0.0, 0
    if not 0 < per_s <= MAX_PER_S or not 1 <= burst <= MAX_AT_ONCE:
        raise Invalid(f"{name}: {text!r} is not auto, off or PER_SECOND[,AT_ONCE]", name=name)
    return Rate(per_s, burst)
