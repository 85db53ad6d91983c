"""The first start: the site's own row, its containers, its sample resources."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from footlight.errors import Conflict
from footlight.ids import new_guid
from footlight.site import icons
from footlight.store import schema
from footlight.store.store import Tx

# Chromium looks for updates and services of its maker unless told not to; sessions shall start quietly.
WEB_BROWSER = [
    "chromium",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",  # there is none: it would be looked for in vain
    "--password-store=basic",
    "--start-maximized",
    "about:blank",
]
TERMINAL = ["xterm", "-fa", "DejaVu Sans Mono", "-fs", "14"]
SAMPLES: list[tuple[str, str, list[str]]] = [
    ("Desktop", "Desktop", []),
    ("Terminal", "Application", TERMINAL),
    ("Text Editor", "Application", ["mousepad"]),
    ("Web Browser", "Application", WEB_BROWSER),
]


@dataclass(frozen=True)
class Site:
    """The site's identity. `token_key` signs bearer and page tokens."""

    id: str
    name: str
    customer_id: str
    token_key: bytes

    def __repr__(self) -> str:
        return f"Site({self.id!r}, {self.name!r})"


def read_site(connection: Connection) -> Site | None:
    """The site, or None before its first start."""
    row = connection.execute(select(schema.site)).first()
    return None if row is None else Site(row.id, row.name, row.customer_id, row.token_key)


def found_site(tx: Tx, name: str, *, samples: bool) -> Site:
    """Make the site with its primary zone, one catalog and one delivery group. Raises Conflict if founded."""
    if read_site(tx.connection) is not None:
        raise Conflict("The site exists already.")
    site = Site(new_guid(), name, secrets.token_hex(6), secrets.token_bytes(32))
    run = tx.connection.execute
    run(
        schema.site.insert().values(
            id=site.id,
            name=name,
            customer_id=site.customer_id,
            token_key=site.token_key,
            created_at_ms=tx.now_ms,
        )
    )
    zone, group = new_guid(), new_guid()
    run(schema.zones.insert().values(id=zone, name="Primary", is_primary=True))
    run(
        schema.catalogs.insert().values(
            id=new_guid(), name="Linux hosts", zone_id=zone, is_sample=True
        )
    )
    run(schema.delivery_groups.insert().values(id=group, name="Everyone", is_sample=True))
    own_icons = icons.found(tx)
    if samples:
        for resource, kind, command in SAMPLES:
            resource_id = new_guid()
            run(
                schema.resources.insert().values(
                    id=resource_id,
                    name=resource,
                    published_name=resource,
                    kind=kind,
                    command=msgspec.json.encode(command).decode(),
                    icon_uid=own_icons[resource],
                    enabled=True,
                )
            )
            run(
                schema.resource_groups.insert().values(
                    resource_id=resource_id, delivery_group_id=group
                )
            )
    return site
