from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from footlight.access.roles import FULL
from footlight.ids import ZERO_GUID
from footlight.store import schema
from footlight.store.migrate import migrate


def test_a_migrated_database_is_what_the_schema_says(tmp_path: Path) -> None:
    migrate(tmp_path / "site.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'site.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
        names = set(inspect(connection).get_table_names())
    engine.dispose()
    assert names == {*schema.metadata.tables, "alembic_version"}


def test_the_file_is_its_owners_only_and_migrating_again_keeps_rows(tmp_path: Path) -> None:
    file = tmp_path / "site.db"
    migrate(file)
    assert file.stat().st_mode & 0o777 == 0o600
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(schema.zones.insert().values(id="z", name="Z", is_primary=True))
    engine.dispose()
    before = file.read_bytes()
    migrate(file)
    assert file.read_bytes() == before
    with engine.connect() as connection:
        assert [row.id for row in connection.execute(schema.zones.select())] == ["z"]
    engine.dispose()


def test_0002_keeps_jobs_and_their_times(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    migrate(path, "0001")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO jobs (id, kind, account_id, object_id, state, created_at_ms,"
                " ended_at_ms, expires_at_ms) VALUES ('j', 'export', 'a', 'r', 'done', 5, 6, 7)"
            )
        )
    migrate(path)
    with engine.begin() as connection:
        job = connection.execute(text("SELECT * FROM jobs")).one()
        made = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'sessions'")
        ).scalar_one()
    engine.dispose()
    assert (job.id, job.state, job.created_at_ms, job.started_at_ms) == ("j", "done", 5, 5)
    assert (job.parameters, job.action, job.error_code) == ("{}", None, None)
    assert "AUTOINCREMENT" in made  # a uid is never used twice


def test_0003_keeps_administrators_and_who_gives_what(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    migrate(path, "0002")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for name, administrator in (("boss", 1), ("ada", 0)):
            connection.execute(
                text(
                    "INSERT INTO accounts (id, name, name_key, display_name, administrator, enabled,"
                    f" created_at_ms) VALUES ('{name}', '{name}', '{name}', '', {administrator}, 1, 5)"
                )
            )
        for statement in (
            "INSERT INTO zones (id, name, is_primary) VALUES ('z', 'Primary', 1)",
            "INSERT INTO catalogs (id, name, zone_id) VALUES ('c', 'Hosts', 'z')",
            "INSERT INTO delivery_groups (id, name) VALUES ('g', 'Everyone')",
            "INSERT INTO resources (id, name, kind, command, delivery_group_id, enabled)"
            " VALUES ('r', 'Desktop', 'Desktop', '[]', 'g', 1)",
            "INSERT INTO machines (id, name, dns_name, os_type, os_version, agent_version, as_root,"
            " agent_public_key, catalog_id, delivery_group_id, zone_id, registered, last_seen_ms)"
            " VALUES ('m', 'L\\M', '', '', '', '', 1, '', 'c', 'g', 'z', 1, 5)",
        ):
            connection.execute(text(statement))
    migrate(path)
    with engine.begin() as connection:

        def rows(query: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(text(query))]

        assert rows("SELECT account_id, role_id, scope_id FROM administrator_rights") == [
            ("boss", FULL.id, ZERO_GUID)
        ]
        assert rows("SELECT name, published_name FROM resources") == [("Desktop", "Desktop")]
        assert rows("SELECT resource_id, delivery_group_id FROM resource_groups") == [("r", "g")]
        assert rows("SELECT is_sample FROM catalogs") == rows(
            "SELECT is_sample FROM delivery_groups"
        )
        assert rows("SELECT catalog_id, delivery_group_id FROM machines") == [("c", "g")]
        assert rows("SELECT is_sample, session_support FROM catalogs") == [(1, "MultiSession")]
    engine.dispose()
