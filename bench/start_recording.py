"""start-recording: from the call to its answer, which comes when the first key frame is on disk."""

from __future__ import annotations

import statistics
import time

from bench.figure import Figure
from bench.live_site import live_site

BAR_MS = 150.0
PAUSE_S = 1.0


def measure(quick: bool) -> Figure:
    """Median over recordings of one desktop session, notice shown, with a client on loopback over TLS."""
    rounds = 15 if quick else 60
    took_ms: list[float] = []
    with live_site() as (_, client):
        session_id = client.launches.create("Desktop")["sessionId"]
        for _ in range(rounds):
            begun = time.perf_counter()
            client.sessions.start_recording(session_id)
            took_ms.append((time.perf_counter() - begun) * 1000)
            client.sessions.stop_recording(session_id)
            time.sleep(PAUSE_S)  # the notice of one round must not start within the next
    value = statistics.median(took_ms)
    details = {
        "rounds": rounds,
        "worst_ms": round(max(took_ms), 1),
        "first_ms": round(took_ms[0], 1),
    }
    return Figure("start-recording", round(value, 1), "ms", BAR_MS, value <= BAR_MS, details)
