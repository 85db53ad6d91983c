"""Which provider people sign in at, and what is read from what it says."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from footlight.config import SiteConfig
from footlight.errors import Invalid

MAX_SECRET_BYTES = 4096


@dataclass(frozen=True)
class OidcSettings:
    """The provider, and this site as its client."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)  # None: a public client
    name_claim: str = "preferred_username"
    groups_claim: str = "groups"
    scopes: str = "openid profile email"
    ca_file: Path | None = None  # trusted besides the system's own
    label: str = "Sign in with OpenID Connect"
    redirect_url: str | None = None  # None: from the address that the browser used


def settings_of(config: SiteConfig) -> OidcSettings | None:
    """The provider that the options name; None without one. Raises Invalid naming the option."""
    if config.oidc_issuer is None:
        return None
    if not config.oidc_client_id:
        raise Invalid("oidc_issuer needs oidc_client_id", name="oidc_client_id")
    if not is_safe(config.oidc_issuer):
        raise Invalid("oidc_issuer is an https address (http on loopback only)", name="oidc_issuer")
    if config.site_name.upper() == "OIDC":
        raise Invalid("a site named OIDC can't tell its users from the provider's groups")
    scopes = config.oidc_scopes.split()
    if "openid" not in scopes:
        raise Invalid("oidc_scopes holds openid", name="oidc_scopes")
    if config.oidc_ca_file is not None and not config.oidc_ca_file.is_file():
        raise Invalid(f"oidc_ca_file: there is no {config.oidc_ca_file}", name="oidc_ca_file")
    return OidcSettings(
        issuer=config.oidc_issuer,
        client_id=config.oidc_client_id,
        client_secret=_secret_of(config.oidc_client_secret_file),
        name_claim=config.oidc_name_claim,
        groups_claim=config.oidc_groups_claim,
        scopes=" ".join(scopes),
        ca_file=config.oidc_ca_file,
        label=config.oidc_label,
        redirect_url=config.oidc_redirect_url,
    )


def is_safe(url: str) -> bool:
    """Whether what goes there can't be read on the way: https, or http to a loopback address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            return bool(host)
        return parts.scheme == "http" and (
            host == "localhost" or ipaddress.ip_address(host).is_loopback
        )
    except ValueError:
        return False


def _secret_of(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        with file.open("rb") as source:
            text = source.read(MAX_SECRET_BYTES).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"cannot read oidc_client_secret_file: {error}") from None
    if not text:
        raise Invalid("oidc_client_secret_file is empty", name="oidc_client_secret_file")
    return text
