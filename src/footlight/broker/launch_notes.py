"""What a user is told of his session before it begins: what will be missing in it."""

from __future__ import annotations

from footlight.access.accounts import Source

NO_PASSWORD = (
    "You signed in without a password of this site, so none is available in the session: keyrings, Kerberos tickets "
    "and network homes that a password opens stay closed until you unlock them yourself."
)


OPENED_WITHOUT_PASSWORD = (
    "This session was opened without your password, which is used for the first session after signing in: Kerberos "
    "tickets, keyrings and network homes that it opens may be missing. To have them, sign out, sign in and start anew."
)
MAPPED = (
    "This session runs as an account of the host without its password: Kerberos tickets, keyrings and network homes "
    "that it opens are missing."
)


def of_session(source: Source, logon: str | None) -> tuple[str, ...]:
    """Notes for a session of an account that comes from there. `logon`: what PAM opened it with: password, none; None:
    no PAM."""
    if logon == "none":
        return (OPENED_WITHOUT_PASSWORD if source == "os" else MAPPED,)
    return (NO_PASSWORD,) if source == "oidc" else ()
