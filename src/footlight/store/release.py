"""Which releases may be at work on a database at the same time.

Releases are counted, each that changes the schema. A release's migrations only add to what the one before reads and
writes (CONTRIBUTING.md), so that servers of both work side by side while a site is upgraded one server after the
other. An older one than that no longer knows what its rows mean.
"""

from __future__ import annotations

from importlib.metadata import version

from sqlalchemy import Connection, inspect, select

from footlight.errors import Invalid
from footlight.store import schema

# Counted up with the first migration after a release. 1 was 0.1, which kept no count.
RELEASE = 2

_r = schema.schema_release


def is_ahead(connection: Connection) -> bool:
    """Whether the next release has migrated the database already: then it is used as it is. Raises Invalid when a
    later one has."""
    if not inspect(connection).has_table(_r.name):
        return False
    row = connection.execute(select(_r).order_by(_r.c.release.desc()).limit(1)).first()
    if row is None or row.release <= RELEASE:
        return False
    if row.release > RELEASE + 1:
        raise Invalid(
            f"the database was brought to the schema of release {row.version}, and this is {version('footlight')}: "
            "only the release before works beside it; upgrade this server first",
            name="database",
        )
    return True


def note(connection: Connection) -> None:
    """This release has been here."""
    mine = (RELEASE, version("footlight")[:64])
    if [tuple(row) for row in connection.execute(select(_r))] != [mine]:
        connection.execute(_r.delete())
        connection.execute(_r.insert().values(release=mine[0], version=mine[1]))
