"""console-player: the player in a browser on an 8-hour recording: seeks, CPU at 1x, the highest speed that it keeps.

The recording is that of `seek`; page and answers come from a server of the bench's own, out of memory, so that the
figures are the player's.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.figure import Figure
from bench.launch import CHROMIUM, FLAGS
from bench.seek import HOURS, SEED, LongRecording
from bench.taped_typing import taped_typing
from playwright.sync_api import Page, sync_playwright

from footlight.assembly import CONSOLE_DIR
from footlight.recording.index import stored_index

BAR_MS = 200.0
SPEEDS = (16, 8, 4, 2, 1)
DROPPED_AT_MOST = 0.01
PAGE_S = 60.0
SIZE: Any = {"width": 1280, "height": 800}
_TICKS = os.sysconf("SC_CLK_TCK")
_KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}


class Answers:
    """What the site would answer about one recording, and the pages."""

    def __init__(self, source: LongRecording) -> None:
        self.id = str(uuid4())
        self._source = source

    def get(self, path: str) -> tuple[str, bytes] | None:
        """Media type and body; None: there is no such thing."""
        base = f"/footlight/v1/recordings/{self.id}"
        if path.startswith(f"{base}/segments/"):
            with self._source.open(int(path.rpartition("/")[2])) as file:
                return "application/octet-stream", file.read()
        if path.startswith(base) or path.startswith("/footlight/v1/me"):
            told = self._told.get(path.removeprefix(base))
            return None if told is None else ("application/json", told)
        file_path = CONSOLE_DIR / ("index.html" if path.startswith("/r/") else path.lstrip("/"))
        if not file_path.is_file():
            return None
        return _KINDS.get(file_path.suffix, "application/octet-stream"), file_path.read_bytes()

    @cached_property
    def _told(self) -> dict[str, bytes]:
        items: list[dict[str, Any]] = [
            {"atMs": at_ms, "type": "window-title", "title": f"Window {at_ms}"}
            for at_ms in range(0, self._source.duration_ns // 1_000_000, 20_000)
        ]
        told: dict[str, Any] = {
            "/footlight/v1/me": {
                "accountId": "a",
                "userName": "BENCH\\ada",
                "displayName": "Ada",
                "permissions": ["Recording_View"],
            },
            "": self._recording(),
            "/manifest": self._manifest(),
            "/events": {"items": items, "continuationToken": None},
            "/markers": {"items": []},
        }
        return {path: json.dumps(body).encode() for path, body in told.items()}

    def _recording(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "sessionId": self.id,
            "userName": "BENCH\\ada",
            "machineName": "BENCH\\one",
            "resourceName": "Desktop",
            "reason": "on-demand",
            "orderedBy": "",
            "startedAt": "2026-01-01T00:00:00Z",
            "endedAt": "2026-01-01T08:00:00Z",
            "state": "completed",
        }

    def _manifest(self) -> dict[str, Any]:
        with self._source.open(0) as file:
            first = stored_index(file, None).damage
        length_s = max(1, self._source.entries[1].start_ns // 1_000_000_000)
        damage = [
            [row[0] + turn * length_s, *row[1:]]
            for turn in range(self._source.duration_ns // 1_000_000_000 // length_s)
            for row in first
            if row[0] < length_s
        ]
        segments = [
            {
                "number": entry.number,
                "open": False,
                "sizeBytes": entry.size_bytes,
                "startNs": entry.start_ns,
                "endNs": entry.end_ns,
                "width": entry.width,
                "height": entry.height,
            }
            for entry in self._source.entries
        ]
        return {
            "open": False,
            "durationMs": self._source.duration_ns / 1e6,
            "segments": segments,
            "gaps": [],
            "damage": damage,
        }


@contextmanager
def served(answers: Answers) -> Iterator[str]:
    """Its address on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = answers.get(self.path.partition("?")[0])
            kind, body = found or ("application/json", b"{}")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with suppress(ConnectionError):  # of a browser that has ended
                super().handle()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def player_figures(quick: bool) -> dict[str, Any]:
    """`seekMedianMs`, `seekWorstMs` until the picture is drawn, `seekCpuMs` of the browser for each on average;
    `cpuAt1x` and `cpuPaused` in cores over all processes of the browser; `highestSpeed` with at most 1 % of the due
    pictures late (None: not even 1x), `droppedAt` each."""
    with (
        taped_typing(15.0 if quick else 60.0, drags=10 if quick else 40) as folder,
        sync_playwright() as playwright,
    ):
        source = LongRecording(folder, HOURS * 3_600_000_000_000)
        answers = Answers(source)
        with served(answers) as address:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{address}/r/{answers.id}")
            page.wait_for_function(
                "window.footlightPlayer && window.footlightPlayer.state === 'paused'",
                timeout=PAGE_S * 1000,
            )
            figures = {
                "hours": HOURS,
                "segments": len(source.entries),
                **seeks(page, source, 40 if quick else 100),
                **cpu(page, 5.0 if quick else 20.0),
                **speeds(page, 4.0 if quick else 10.0),
            }
            browser.close()
    return figures


def seeks(page: Page, source: LongRecording, count: int) -> dict[str, Any]:
    """Random moments; every fourth is the last of a segment, which costs the most."""
    rng = random.Random(SEED)
    moments = [
        (rng.choice(source.entries).end_ns - 1 if n % 4 == 0 else rng.randrange(source.duration_ns))
        / 1e6
        for n in range(count)
    ]
    before = _browser_cpu_s()
    took: list[float] = page.evaluate(
        """async (moments) => {
          const took = [];
          for (const at of moments) {
            const began = performance.now();
            await window.footlightPlayer.seek(at);
            took.push(performance.now() - began);
          }
          return took;
        }""",
        moments,
    )
    took.sort()
    return {
        "seeks": count,
        "seekMedianMs": round(took[count // 2], 1),
        "seekWorstMs": round(took[-1], 1),
        "seekCpuMs": round((_browser_cpu_s() - before) * 1000 / count, 1),
    }


def cpu(page: Page, seconds: float) -> dict[str, Any]:
    """Paused, and playing what changes all the time."""
    page.evaluate("window.footlightPlayer.seek(1000)")
    paused = _cores(page, seconds)
    page.evaluate("window.footlightPlayer.setSpeed(1); window.footlightPlayer.play()")
    playing = _cores(page, seconds)
    page.evaluate("window.footlightPlayer.pause()")
    return {"cpuPaused": round(paused, 3), "cpuAt1x": round(playing, 3)}


def speeds(page: Page, seconds: float) -> dict[str, Any]:
    """From the highest down to the first that is kept."""
    dropped: dict[str, float] = {}
    for speed in SPEEDS:
        page.evaluate(
            "speed => { const p = window.footlightPlayer; p.setSpeed(speed); p.play();"
            " p.frames.due = p.frames.dropped = 0; }",
            speed,
        )
        page.wait_for_timeout(seconds * 1000)
        frames = page.evaluate("({...window.footlightPlayer.frames})")
        page.evaluate("window.footlightPlayer.pause()")
        share = frames["dropped"] / max(frames["due"], 1)
        dropped[str(speed)] = round(share, 4)
        if share <= DROPPED_AT_MOST:
            return {"highestSpeed": speed, "droppedAt": dropped}
    return {"highestSpeed": None, "droppedAt": dropped}


def _cores(page: Page, seconds: float) -> float:
    began, before = time.monotonic(), _browser_cpu_s()
    page.wait_for_timeout(seconds * 1000)
    return (_browser_cpu_s() - before) / (time.monotonic() - began)


def _browser_cpu_s() -> float:
    """Of all processes of browsers below this one."""
    parents: dict[int, tuple[int, str, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue  # it has ended
        fields = rest.split()
        pid, _, name = head.partition(" (")
        parents[int(pid)] = (int(fields[1]), name, (int(fields[11]) + int(fields[12])) / _TICKS)

    def ours(pid: int) -> bool:
        while pid in parents:
            if pid == os.getpid():
                return True
            pid = parents[pid][0]
        return False

    return sum(cpu_s for pid, (_, name, cpu_s) in parents.items() if "chrom" in name and ours(pid))


def measure(quick: bool) -> Figure:
    """The slowest seek, in ms; the others are details."""
    figures = player_figures(quick)
    return Figure(
        name="console-player",
        value=figures["seekWorstMs"],
        unit="ms",
        bar=BAR_MS,
        holds=figures["seekWorstMs"] <= BAR_MS,
        details=figures,
    )
