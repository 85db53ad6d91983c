"""The site's keys as its database knows them: the public halves and ids, by which a server is one of the site."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select, update

from footlight.errors import Invalid
from footlight.store import schema
from footlight.store.store import Tx

_s = schema.site


class Marks(NamedTuple):
    """What tells a site's keys from others'; no secrets."""

    public_key: str  # hex, of site-key.pem
    ca_fingerprint: str  # hex, of ca.pem
    recording_key_id: str  # of recording-key


_FILES = Marks("site-key.pem", "ca.pem and ca-key.pem", "recording-key")


def claim(tx: Tx, here: Marks, keys: Path) -> None:
    """Go on if these are the site's keys; the first server's become so, and the first of a kind that the site did not
    have before. Raises Invalid naming their folder when they are others."""
    row = tx.connection.execute(select(*(_s.c[name] for name in Marks._fields))).one()
    known = Marks(*row)
    wrong = [
        file
        for file, before, now in zip(_FILES, known, here, strict=True)
        if before not in (None, now)
    ]
    if wrong:
        raise Invalid(
            f"{' and '.join(wrong)} in {keys} are not the site's own: copy the folder of keys of another server of the "
            "site, or of a backup, to this place. If they are lost for good, `footlight admin replace-keys` makes "
            "these the site's; every enrolled host then has to be enrolled again, and recordings encrypted under "
            "another recording-key stay closed.",
            name="keys_dir",
        )
    if None in known:
        adopt(tx, here)


def adopt(tx: Tx, here: Marks) -> None:
    """These are the site's keys from now on."""
    tx.connection.execute(update(_s).values(here._asdict()))
