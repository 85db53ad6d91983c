"""Where live session state is: sockets, cookies, the keepers' facts."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from footlight.errors import Unavailable


def run_folder(site_id: str, base: Path | None = None) -> Path:
    """The site's run folder, made if need be: below `/run/footlight` as root, else below XDG_RUNTIME_DIR or a
    private folder in /tmp. As root others may pass through it, not list it. Raises Unavailable."""
    as_root = os.geteuid() == 0
    if base is None:
        base = Path("/run/footlight") if as_root else _private_base()
    mode = 0o711 if as_root else 0o700
    folder = base / site_id[:8]
    try:
        for path in (base, folder):
            path.mkdir(mode=mode, parents=True, exist_ok=True)
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                raise Unavailable(f"{path} is not a folder of our own")
            path.chmod(mode)
    except OSError as error:
        raise Unavailable(f"no run folder: {error}") from None
    return folder


def _private_base() -> Path:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.access(runtime, os.W_OK):
        return Path(runtime) / "footlight"
    return Path(f"/tmp/footlight-{os.geteuid()}")
