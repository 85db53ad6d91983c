"""What programs of ended sessions printed, kept on the host for a day. Blocking."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from footlight.wire.host import MAX_MESSAGE_BYTES, SessionOutputs, decode

KEPT_S = 24 * 3600
MOST_KEPT = 500
FILE = "outputs.json"  # in a session's folder, written by its keeper


def read(path: Path) -> SessionOutputs:
    """What a file of a keeper says; not found where there is nothing readable."""
    try:
        with path.open("rb") as file:
            return decode(SessionOutputs, file.read(MAX_MESSAGE_BYTES))
    except (OSError, ValueError):
        return SessionOutputs(found=False)


class KeptOutputs:
    """A folder of them, by session id; made when first needed. `now_s`: seconds since 1970."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, session_id: str, path: Path, now_s: float) -> None:
        """Take the file of an ended session, if there is one, and drop what is old or too much."""
        outputs = read(path)
        if not outputs.found:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = self._folder / f"{session_id}.json"
        kept.touch(0o600)
        kept.write_bytes(path.read_bytes())
        os.utime(kept, (now_s, now_s))
        self._drop_old(now_s)

    def of(self, session_id: str) -> SessionOutputs:
        """What the session's programs printed."""
        return read(self._folder / f"{session_id}.json")

    def _drop_old(self, now_s: float) -> None:
        with contextlib.suppress(OSError):
            files = [(path.stat().st_mtime, path) for path in self._folder.glob("*.json")]
            files.sort(reverse=True)
            for place, (at_s, path) in enumerate(files):
                if place >= MOST_KEPT or at_s < now_s - KEPT_S:
                    path.unlink(missing_ok=True)
