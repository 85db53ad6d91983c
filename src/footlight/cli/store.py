"""The stored sign-in: one file, readable by its owner only."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from footlight.cli.exits import UsageProblem

MAX_LOGIN_BYTES = 64 * 1024


@dataclass(frozen=True)
class Login:
    """A site and a token for it. The password is never kept."""

    base_url: str
    user: str
    token: str = field(repr=False)
    expires_at_s: float | None = None
    ca_file: str | None = None
    customer_id: str | None = None

    def renewed(self, token: str, expires_at_s: float | None) -> Login:
        """The same sign-in with a newer token."""
        return replace(self, token=token, expires_at_s=expires_at_s)


def login_file(environ: Mapping[str, str]) -> Path:
    """`$XDG_CONFIG_HOME/footlight/login.json`."""
    base = environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "footlight" / "login.json"


def read_login(environ: Mapping[str, str]) -> Login | None:
    """The stored sign-in, None when there is none. Raises UsageProblem when it is damaged."""
    file = login_file(environ)
    try:
        with file.open("rb") as source:
            return Login(**json.loads(source.read(MAX_LOGIN_BYTES)))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        raise UsageProblem(f"{file} is damaged: run `footlight login` again") from None


def forget_login(environ: Mapping[str, str]) -> None:
    """Remove the stored sign-in."""
    login_file(environ).unlink(missing_ok=True)


def save_login(login: Login, environ: Mapping[str, str] = os.environ) -> Path:
    """Store it, replacing the one before; the file's path. It never exists with wider rights than 0600."""
    file = login_file(environ)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".login-")  # made 0600
    try:
        with os.fdopen(handle, "w") as sink:
            json.dump(asdict(login), sink)
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return file
