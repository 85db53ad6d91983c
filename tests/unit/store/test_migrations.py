"""Each step up keeps what a database of the release before holds."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from footlight.store.migrate import migrate


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
