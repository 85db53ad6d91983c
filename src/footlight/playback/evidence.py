"""A recording as one evidence file: its stored segments unchanged, manifest, the site's key, who opened it, and a
player that checks and plays it in a browser without a network (recording/evidence.py)."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from footlight.errors import Conflict, NotFound
from footlight.playback.timeline import read_timeline
from footlight.recording.evidence import FACTS, MAX_EVIDENCE_BYTES, block
from footlight.recording.format import MANIFEST_NAME, segment_name
from footlight.recording.source import Source

Progress = Callable[[float], None]

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "canvas{max-width:100%;background:#222;display:block}#bar{display:flex;gap:1rem;margin:.5rem 0}"
    "#seek{flex:1}pre{white-space:pre-wrap}.good{color:#066e2b}.bad{color:#b00020;font-weight:600}"
    "table{border-collapse:collapse}td,th{padding:.1rem .8rem .1rem 0;text-align:left}"
)
_HOW = """<h2>How to check this file</h2>
<p>The page above checks the file by itself, with nothing but this browser; whoever could change the file could change
that page, too. To be sure, check it with a program of your own:</p>
<ul>
<li>with Footlight: <code>footlight recordings verify FILE.html --key SITE-KEY</code>, where SITE-KEY is the site's
public key as you got it from the site, not from this file;</li>
<li>by hand: each block <code>data-name</code> below is a file in base64. Decode <code>manifest.json</code>; its
<code>signature</code> is an Ed25519 signature of the recording host's key, which <code>certificate</code> in it names
and the site's key signs; <code>segments</code> in it have the SHA-256 of each file. The format is described in
docs/format.md of Footlight.</li>
</ul>
<p>The log of openings tells who had seen the recording before this file was made. Each entry has the hash of the one
before it in the site's audit chain, which <code>footlight audit verify</code> checks on the site.</p>
"""


@dataclass(frozen=True)
class Told:
    """What the file says beside the recording. `site_key`: raw Ed25519; `data_key`: opens encrypted segments, None:
    they are not; `openings`: entries of the audit chain, as its lines."""

    recording_id: str
    user_name: str
    exported_at: str
    exported_by: str
    site_name: str
    site_key: bytes
    data_key: bytes | None
    openings: Sequence[msgspec.Struct]


def write_evidence(
    source: Source, out: Path, told: Told, player: str, progress: Progress | None = None
) -> None:
    """Write the file. Raises Conflict for a recording that has not ended or is too large, NotFound for one without
    segments. Blocks; memory is bounded by the manifest and a piece of a segment."""
    manifest = source.manifest()
    files = source.segments()
    if manifest is None or any(file.open for file in files):
        raise Conflict("The recording has not ended, or not all of it is stored yet.")
    if not files:
        raise NotFound("The recording has no segments.")
    total = sum(file.size_bytes for file in files)
    if total + len(manifest) + (1 << 24) > MAX_EVIDENCE_BYTES:
        raise Conflict(
            f"The recording has {total} bytes; an evidence file holds {MAX_EVIDENCE_BYTES} at most."
        )
    facts = _facts(source, told)
    with out.open("xb") as sink:
        sink.write(_head(told, player))
        parts = [(FACTS, facts), (MANIFEST_NAME, manifest)]
        for name, data in parts:
            sink.writelines(block(name, len(data), io.BytesIO(data)))
        done = 0
        for file in files:
            with source.open(file.number) as opened:
                sink.writelines(block(segment_name(file.number), file.size_bytes, opened))
            done += file.size_bytes
            if progress is not None:
                progress(done / max(1, total))
        sink.write(f"<script>{player}</script>\n</body></html>\n".encode())


def script_hash(player: str) -> str:
    """What a content security policy allows this script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(player.encode()).digest()).decode()


def read_player(folder: Path) -> str:
    """The player's one script, as the console was built. Raises NotFound."""
    try:
        text = (folder / "evidence" / "player.js").read_text()
    except FileNotFoundError:
        raise NotFound("The console was built without the player of evidence files.") from None
    return text.replace("</script", "<\\/script").replace("\r", "")


def _facts(source: Source, told: Told) -> bytes:
    timeline: dict[str, Any] = msgspec.to_builtins(read_timeline(source))
    events = timeline.pop("events")
    value = {
        "recordingId": told.recording_id,
        "siteName": told.site_name,
        "siteKey": told.site_key.hex(),
        "exportedAt": told.exported_at,
        "exportedBy": told.exported_by,
        "dataKey": None if told.data_key is None else base64.b64encode(told.data_key).decode(),
        "manifest": {**timeline, "open": False, "durationMs": timeline["durationNs"] // 1_000_000},
        "events": events,
        "openings": json.loads(msgspec.json.encode(list(told.openings))),
    }
    return json.dumps(value, ensure_ascii=False).encode()


def _head(told: Told, player: str) -> bytes:
    policy = (
        f"default-src 'none'; script-src '{script_hash(player)}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; connect-src 'none'; form-action 'none'; base-uri 'none'"
    )
    key = (
        "<p><b>This file holds the key that decrypts the recording:</b> whoever has the file can watch it.</p>"
        if told.data_key is not None
        else ""
    )
    title = html.escape(f"Recording of {told.user_name}, {told.recording_id}")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title><style>{_STYLE}</style></head><body>
<h1>{title}</h1>
<p>Exported {html.escape(told.exported_at)} by {html.escape(told.exported_by)} from the site
{html.escape(told.site_name)}, whose public key (Ed25519) is <code>{told.site_key.hex()}</code>.</p>
{key}<p id="verdict" role="status">Not checked yet: this page needs scripts to check and play the recording.</p>
<ul id="findings"></ul>
<canvas id="screen" width="640" height="400"></canvas>
<div id="bar"><button id="play" type="button">Play</button>
<input id="seek" type="range" min="0" max="0" value="0" aria-label="Moment"><span id="at">0:00</span></div>
<h2>Events</h2><table id="events"></table>
<h2>Openings before the export</h2><table id="openings"></table>
{_HOW}""".encode()
