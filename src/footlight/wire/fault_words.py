"""Faults on purpose as a command line or a configuration names them."""

from __future__ import annotations

import msgspec

from footlight.errors import Invalid
from footlight.wire.stand_in import Delay, FaultSwitches


def read_switches(text: str) -> FaultSwitches:
    """The switches that a command line or a configuration names: `throttle=0.1` (share), `throttle=20/s` (rate),
    `retry-after=5`, `errors=0.05`, `delay=200` or `delay=200+100` (ms, jitter), `expired-tokens=0.1`,
    `drop=0.01`, `seed=7`, with commas between them. Raises Invalid naming the one that is wrong."""
    found: dict[str, object] = {}
    for word in filter(None, (word.strip() for word in text.split(","))):
        name, equals, value = word.partition("=")
        try:
            if not equals:
                raise ValueError("it has no value")
            _read(found, name.strip(), value.strip())
            switches = msgspec.convert(found, FaultSwitches)
        except (ValueError, KeyError, msgspec.ValidationError) as error:
            raise Invalid(f"fault {word!r} is none: {error}", name="fault") from None
    return switches if found else FaultSwitches()


def _read(found: dict[str, object], name: str, value: str) -> None:
    match name:
        case "throttle" if value.endswith("/s"):
            _member(found, "throttle")["perSecond"] = float(value.removesuffix("/s"))
        case "throttle":
            _member(found, "throttle")["share"] = float(value)
        case "retry-after":
            _member(found, "throttle")["retryAfterS"] = int(value)
        case "errors":
            _member(found, "errors")["share"] = float(value)
        case "delay":
            ms, _, jitter = value.partition("+")
            found["delay"] = msgspec.to_builtins(Delay(ms=int(ms), jitter_ms=int(jitter or 0)))
        case "expired-tokens":
            found["expiredTokens"] = float(value)
        case "drop":
            found["droppedConnections"] = float(value)
        case "seed":
            found["seed"] = int(value)
        case _:
            raise ValueError("there is no such switch")


def _member(found: dict[str, object], name: str) -> dict[str, object]:
    member = found.setdefault(name, {})
    assert isinstance(member, dict)
    return member
