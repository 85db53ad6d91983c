from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

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
