"""Where options are read from: file, then environment, then flag."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from footlight.config import SiteConfig
from footlight.config_check import check
from footlight.errors import Invalid

MAX_CONFIG_BYTES = 1024 * 1024


def load_config(
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> SiteConfig:
    """The configuration from a TOML file (if any), FOOTLIGHT_* and flags (None: not given), the later winning.
    Raises Invalid naming the option and where it came from."""
    values: dict[str, Any] = {}
    known = {f.name: f for f in fields(SiteConfig)}
    for name, value in _from_file(file).items():
        if name not in known:
            raise Invalid(f"{file}: there is no option {name!r}", name=name)
        values[name] = _convert(known[name].type, name, value, str(file))
    for name, spec in known.items():
        variable = f"FOOTLIGHT_{name.upper()}"
        if environment is not None and variable in environment:
            values[name] = _convert(spec.type, name, environment[variable], variable)
    for name, value in (flags or {}).items():
        if value is not None:
            values[name] = _convert(known[name].type, name, value, f"--{name.replace('_', '-')}")
    config = SiteConfig(**values)
    check(config)
    if (flags or {}).get("database") and _holds_password(str(config.database)):
        raise Invalid(
            "a password on the command line can be read by everyone on this machine: give it by "
            "--database-password-file, FOOTLIGHT_DATABASE or ~/.pgpass",
            name="database",
        )
    return config


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        with file.open("rb") as source:
            return _flat(tomllib.loads(source.read(MAX_CONFIG_BYTES).decode()))
    except (OSError, ValueError) as error:
        raise Invalid(f"cannot read configuration {file}: {error}") from error


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Options of a table go by its name too: `issuer` of [oidc] is oidc_issuer."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= {f"{name}_{inner}": one for inner, one in value.items()}
        else:
            found[name] = value
    return found


def _convert(kind: Any, name: str, value: Any, where: str) -> Any:
    kind = str(kind)
    try:
        if "Path" in kind:
            return Path(value).expanduser()
        if kind == "bool":
            if isinstance(value, bool):
                return value
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[
                str(value).lower()
            ]
        if kind == "int":
            return int(value)
        return str(value)
    except (KeyError, TypeError, ValueError):
        raise Invalid(f"{where}: {value!r} is no value for {name} ({kind})", name=name) from None


def _holds_password(url: str) -> bool:
    authority, _, rest = url.partition("://")[2].partition("/")
    user = authority.rpartition("@")[0]
    # An @ further on: a password with a slash in it.
    return ":" in user or "@" in rest or "password=" in rest
