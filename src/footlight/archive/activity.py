"""How much changed on a recorded screen, when: a short row of numbers for each recording, for lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from footlight.recording.index import DamageRow

MAX_BUCKETS = 120


class Activity(msgspec.Struct, frozen=True, rename="camel"):
    """Changed pixels by spans of `seconds` each, the first from the recording's start. A span doubles whenever
    there would be more than MAX_BUCKETS."""

    seconds: int = 1
    pixels: tuple[int, ...] = ()


def read(text: str | None) -> Activity:
    """What a row of the catalogue has; nothing yet for None."""
    return Activity() if text is None else msgspec.json.decode(text, type=Activity)


def write(activity: Activity) -> str:
    """As a row keeps it."""
    return msgspec.json.encode(activity).decode()


def added(activity: Activity, rows: Iterable[DamageRow]) -> Activity:
    """With the changes of further seconds (recording/index.py)."""
    seconds, pixels = activity.seconds, list(activity.pixels)
    for second, changed, *_ in rows:
        if second < 0 or changed <= 0:
            continue
        while second // seconds >= MAX_BUCKETS:
            pixels = [sum(pixels[at : at + 2]) for at in range(0, len(pixels), 2)]
            seconds *= 2
        place = second // seconds
        pixels += [0] * (place + 1 - len(pixels))
        pixels[place] += changed
    return Activity(seconds, tuple(pixels))
