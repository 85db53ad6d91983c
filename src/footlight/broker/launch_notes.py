"""What a user is told of his session before it begins: what will be missing in it."""

from __future__ import annotations

from footlight.access.accounts import Source

NO_PASSWORD = (
    "You signed in without a password of this site, so none is available in the session: keyrings, Kerberos tickets "
    "and network homes that a password opens stay closed until you unlock them yourself."
)


def of_source(source: Source) -> tuple[str, ...]:
    """Notes for a session of an account that comes from there."""
    return (NO_PASSWORD,) if source == "oidc" else ()
