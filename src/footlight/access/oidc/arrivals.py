"""The account of somebody for whom the provider vouches: found by issuer and subject, made when he first comes.

The name is the provider's word and gives nothing by itself: when it is an account's already, of whatever source, the
newcomer is called by it with a print of its own (`ada-3f9c2a`), and has nothing of the other's.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from footlight.access import accounts
from footlight.access.accounts import Account
from footlight.access.oidc.settings import OidcSettings
from footlight.audit.log import Act, append
from footlight.errors import Forbidden
from footlight.store.store import Tx

LONGEST_NAME = 64
PRINT_CHARACTERS = 6


def arrive(
    tx: Tx,
    claims: Mapping[str, Any],
    settings: OidcSettings,
    site_name: str,
    address: str,
) -> Account:
    """The account for checked claims, with what they say of display name and groups. Raises Forbidden when they tell
    no name that can be used."""
    external_id = f"{settings.issuer} {claims['sub']}"
    account = accounts.by_external(tx.connection, "oidc", external_id)
    shown = _text(claims.get("name"))
    if account is None:
        account = _made(tx, claims, settings, external_id, shown)
        act = Act(
            text=f"Create account '{account.name}' at its first sign-in",
            target_type="Account",
            object_id=account.id,
            object_name=account.name,
            parameters={"Issuer": settings.issuer, "Subject": str(claims["sub"])},
        )
        append(tx, account.id, accounts.user_name(site_name, account), address, act)
    elif shown and shown[:128] != account.display_name:
        accounts.set_display_name(tx, account.id, shown[:128])
    accounts.set_groups(tx, account.id, "oidc", groups_in(claims, settings.groups_claim))
    return accounts.by_id(tx.connection, account.id) or account


def groups_in(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The groups that a claim tells: a list of names, or one. A name with dots leads into objects
    (`realm_access.roles`)."""
    found = claim_in(claims, claim)
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, str)]


def claim_in(claims: Mapping[str, Any], path: str) -> Any:
    """The claim of that name, or what the path of names leads to; None when there is none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def clean_name(text: str) -> str:
    """An account name from what a provider calls somebody; "" when nothing of it can be used."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    clean = re.sub(r"[^A-Za-z0-9._@-]+", "-", plain).strip("-._@")
    return clean[:LONGEST_NAME]


def _made(
    tx: Tx, claims: Mapping[str, Any], settings: OidcSettings, external_id: str, shown: str
) -> Account:
    name = clean_name(_text(claim_in(claims, settings.name_claim)))
    if not name:
        raise Forbidden(
            f"The provider tells no name that can be used (claim {settings.name_claim}). "
            "An administrator of the site can choose another claim by the option oidc_name_claim."
        )
    if accounts.by_name(tx.connection, name) is not None:
        mark = hashlib.sha256(external_id.encode()).hexdigest()[:PRINT_CHARACTERS]
        name = f"{name[: LONGEST_NAME - PRINT_CHARACTERS - 1]}-{mark}"
    return accounts.create(
        tx, name, display_name=shown or None, source="oidc", external_id=external_id
    )


def _text(found: Any) -> str:
    return found.strip() if isinstance(found, str) and found.isprintable() else ""
