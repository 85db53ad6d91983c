"""The site's keys as its database knows them: the public halves, by which a server is one of the site."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, update

from footlight.errors import Invalid
from footlight.store import schema
from footlight.store.store import Tx

_s = schema.site


def claim(tx: Tx, public_key: str, ca_fingerprint: str, keys: Path) -> None:
    """Go on if these (hex) are the site's keys; the first server's become so. Raises Invalid naming their folder
    when they are others."""
    row = tx.connection.execute(select(_s.c.public_key, _s.c.ca_fingerprint)).one()
    if row.public_key is None:
        adopt(tx, public_key, ca_fingerprint)
        return
    wrong = [
        name
        for name, known, here in (
            ("site-key.pem", row.public_key, public_key),
            ("ca.pem and ca-key.pem", row.ca_fingerprint, ca_fingerprint),
        )
        if known != here
    ]
    if wrong:
        raise Invalid(
            f"{' and '.join(wrong)} in {keys} are not the site's own: copy the folder of keys of another server of the "
            "site, or of a backup, to this place. If they are lost for good, `footlight admin replace-keys` makes "
            "these the site's; every enrolled host then has to be enrolled again.",
            name="keys_dir",
        )


def adopt(tx: Tx, public_key: str, ca_fingerprint: str) -> None:
    """These are the site's keys from now on."""
    tx.connection.execute(update(_s).values(public_key=public_key, ca_fingerprint=ca_fingerprint))
