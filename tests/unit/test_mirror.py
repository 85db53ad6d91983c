"""One test file per source file. What has none is named here with the reason; the list may only shrink."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "footlight"
UNIT = ROOT / "tests" / "unit"

DATA = "data only"  # shapes and types, no rule of their own
INSTEAD = {  # source file: where it is tested instead, and why there
    "__main__.py": ("tests/e2e/test_demo.py", "one call; the demo starts its site by it"),
    "agent/embedded.py": (
        "tests/host/test_sessions.py",
        "joins the agent's parts around real ones",
    ),
    "agent/keeper.py": ("tests/host/test_keeper.py", "a process with real children"),
    "agent/logons.py": ("tests/host/test_logons.py", "processes at a real PAM"),
    "agent/throwaway.py": ("tests/host/test_visitors.py", "makes and removes real accounts"),
    "agent/message_window.py": ("tests/host/test_messages.py", "windows of a real X server"),
    "agent/messages.py": ("tests/host/test_messages.py", "runs windows on a real X server"),
    "agent/notice_window.py": ("tests/host/test_notice.py", "a window of a real X server"),
    "agent/recorder.py": ("tests/host/test_recorder.py", "a process at a real X server"),
    "agent/sealer_messages.py": DATA,
    "agent/session_recording.py": ("tests/unit/agent/test_session.py", "seen through its session"),
    "agent/session_start.py": ("tests/unit/agent/test_session.py", "seen through its session"),
    "agent/keeper_watch.py": ("tests/host/test_watch.py", "hears a real X server"),
    "agent/xprobe.py": ("tests/host/test_sessions.py", "asks a real X server"),
    "api/asgi.py": DATA,
    "api/body_pieces.py": (
        "tests/unit/api/test_session_files.py",
        "bodies that stall and end early",
    ),
    "api/given.py": DATA,
    "api/parts.py": DATA,
    "api/streams.py": ("tests/stores/test_streams.py", "the end of every tunnel of the suite"),
    "bus/carriers.py": ("tests/stores/test_streams.py", "carries every stream of the suite"),
    "assembly.py": ("tests/stores/test_servers.py", "two servers of one site"),
    "bus/bus.py": DATA,
    "bus_process.py": ("tests/stores/test_bus_process.py", "a process and its child"),
    "bus/answering.py": ("tests/stores/test_bus_messages.py", "one suite for every transport"),
    "bus/inprocess.py": ("tests/stores/test_bus_messages.py", "one suite for every transport"),
    "bus/link.py": ("tests/stores/test_nats.py", "at a real server"),
    "bus/nats.py": ("tests/stores/test_bus_messages.py", "one suite for every transport"),
    "bus/nats_server.py": ("tests/stores/test_nats.py", "starts a process"),
    "bus/posts.py": ("tests/stores/test_nats.py", "at a real server"),
    "bus/revocation.py": ("tests/stores/test_nats.py", "at a real server"),
    "embedded.py": ("tests/stores/test_servers.py", "and the whole in tests/e2e"),
    "hosts_door.py": ("tests/stores/test_servers.py", "two servers of one site"),
    "site_duties.py": ("tests/stores/test_servers.py", "two servers of one site"),
    "objects/folder.py": ("tests/stores/test_objects.py", "one suite for every store"),
    "objects/keys.py": ("tests/stores/test_objects.py", "one suite for every store"),
    "objects/objects.py": DATA,
    "objects/s3.py": ("tests/stores/test_objects.py", "one suite for every store"),
    "sdk/__init__.py": DATA,
    "sdk/resources/administration.py": DATA,
    "sdk/resources/groups.py": DATA,
    "sdk/resources/hosts.py": DATA,
    "sdk/resources/identity.py": DATA,
    "sdk/resources/inventory.py": DATA,
    "sdk/resources/recording_policies.py": DATA,
    "sdk/types/job.py": DATA,
    "sdk/types/application.py": DATA,
    "sdk/types/machine.py": DATA,
    "sdk/types/own.py": DATA,
    "sdk/types/search.py": DATA,
    "sdk/types/session.py": DATA,
    "sdk/types/site.py": DATA,
    "sdk/types/recordings.py": DATA,
    "store/schema_keeping.py": DATA,
    "store/migrations/versions/0020_keeping_recordings.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0021_what_lists_know_of_recordings.py": (
        "tests/unit/sessions/test_pieces.py",
        "what it writes beside sessions is compared with them",
    ),
    "store/engines.py": ("tests/unit/store/test_store.py", "opens every store of a test"),
    "store/notices.py": ("tests/stores/test_postgres.py", "two servers of one database"),
    "store/postgres.py": ("tests/stores/test_postgres.py", "a real PostgreSQL"),
    "store/postgres_backup.py": ("tests/stores/test_postgres_backup.py", "a real PostgreSQL"),
    "store/sqlite_backup.py": ("tests/unit/store/test_backup.py", "one suite for both engines"),
    "store/sqlite.py": ("tests/unit/store/test_store.py", "one suite for both engines"),
    "store/migrations/versions/0014_several_servers.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/env.py": ("tests/unit/store/test_migrate.py", "run by Alembic only"),
    "store/migrations/versions/0001_the_first_schema.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0002_jobs_and_messages.py": (
        "tests/unit/store/test_migrate.py",
        "run over rows of the release before",
    ),
    "store/migrations/versions/0005_what_is_done_in_sessions.py": (
        "tests/unit/store/test_migrate.py",
        "run on databases of each revision",
    ),
    "store/migrations/versions/0004_what_lists_and_searches_read.py": (
        "tests/unit/store/test_migrate.py",
        "run over rows of the release before; what its triggers keep: sessions/test_pieces.py",
    ),
    "store/migrations/versions/0006_limits_of_time.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0008_places_for_sessions.py": (
        "tests/unit/store/test_migrate.py",
        "up from every revision, with rows",
    ),
    "store/migrations/versions/0007_access_rules.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0009_webhooks.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0011_where_accounts_come_from.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0010_files_of_sessions.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0012_accounts_of_hosts_and_visitors.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0015_what_waits_in_spools.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0013_enrolled_hosts.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/migrations/versions/0003_inventory_and_rights.py": (
        "tests/unit/store/test_migrate.py",
        "run over rows of the release before",
    ),
    "store/migrations/versions/0016_figures.py": (
        "tests/unit/store/test_migrate.py",
        "up from every revision, with rows; what its triggers keep: site/test_figures.py",
    ),
    "store/migrations/versions/0018_markers.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/metadata.py": ("tests/unit/store/test_schema.py", "seen through what shares it"),
    "store/schema_markers.py": ("tests/unit/store/test_migrate.py", "a part of the schema"),
    "agent/events/windows.py": ("tests/host/test_events.py", "hears a real X server"),
    "agent/events/selections.py": ("tests/host/test_events.py", "hears a real X server"),
    "agent/events/screen_events.py": ("tests/host/test_events.py", "hears a real X server"),
    "agent/events/watcher.py": ("tests/host/test_events.py", "a process at a real X server"),
    "agent/events/sources.py": ("tests/host/test_events.py", "starts a process"),
    "wire/markers.py": DATA,
    "store/migrations/versions/0017_key_of_recordings.py": (
        "tests/unit/store/test_migrate.py",
        "up from every revision, with rows",
    ),
    "wire/recordings.py": DATA,
    "store/migrations/versions/0019_recording_policies.py": (
        "tests/unit/store/test_migrate.py",
        "its end is compared with the schema",
    ),
    "store/schema_policies.py": ("tests/unit/store/test_schema.py", "a part of the schema"),
    "wire/policies.py": DATA,
    "wire/overview.py": DATA,
    "wire/session_rows.py": DATA,
    "wire/rest/application_request.py": DATA,
    "wire/rest/admin.py": DATA,
    "wire/rest/config_log.py": DATA,
    "wire/rest/folder.py": DATA,
    "wire/rest/icon.py": DATA,
    "wire/rest/catalog.py": DATA,
    "wire/rest/delivery_group.py": DATA,
    "wire/rest/identity.py": DATA,
    "wire/rest/job.py": DATA,
    "sdk/requests/stand_in.py": (
        "tests/unit/sdk/resources/test_stand_in.py",
        "each is one call of a resource",
    ),
    "sdk/types/stand_in.py": DATA,
    "simulation/fleet.py": (
        "tests/unit/simulation/test_simulation.py",
        "seen through the simulation that it is of",
    ),
    "simulation/host.py": ("tests/host/test_simulated.py", "in one dialogue with a real one"),
    "simulation/names.py": DATA,
    "simulation/recorder.py": ("tests/host/test_simulated.py", "starts a process"),
    "simulation/session.py": ("tests/host/test_simulated.py", "in one dialogue with a real one"),
    "wire/files.py": DATA,
    "wire/fleet.py": DATA,
    "wire/stand_in.py": DATA,
    "wire/uploads.py": DATA,
    "wire/rest/machine_request.py": DATA,
    "wire/rest/reference.py": DATA,
    "wire/rest/scope.py": ("tests/unit/wire/rest/test_session.py", "a part of every session"),
    "wire/rest/tag.py": DATA,
    "wire/rest/site.py": DATA,
    "wire/rest/user.py": DATA,
    "wire/rest/zone.py": DATA,
}


def with_code() -> list[str]:
    """Every source file that holds more than a docstring, below src/footlight."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        body = ast.parse(path.read_text()).body
        if any(not isinstance(node, ast.Expr) for node in body):
            found.append(path.relative_to(SOURCE).as_posix())
    return found


def file_for(name: str) -> Path:
    """A package's own code is tested beside the package."""
    path = Path(name)
    if path.name == "__init__.py" and len(path.parts) > 1:
        path = path.parent
    return UNIT / path.parent / f"test_{path.stem}.py"


FILES = with_code()


def test_every_source_file_has_a_test_file() -> None:
    missing = [name for name in FILES if name not in INSTEAD and not file_for(name).exists()]
    assert missing == []


def test_what_has_a_test_file_is_no_exception_any_more() -> None:
    assert [name for name in INSTEAD if file_for(name).exists()] == []


def test_exceptions_are_files_that_exist_and_so_are_their_tests() -> None:
    assert [name for name in INSTEAD if name not in FILES] == []
    elsewhere = [reason[0] for reason in INSTEAD.values() if reason != DATA]
    assert [test for test in elsewhere if not (ROOT / test).is_file()] == []


@pytest.mark.parametrize("name", [name for name, reason in INSTEAD.items() if reason == DATA])
def test_data_holds_no_rules(name: str) -> None:
    """Functions of a Protocol are declarations: a docstring, or nothing."""
    rules = [
        node.name
        for node in ast.walk(ast.parse((SOURCE / name).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(not isinstance(statement, ast.Expr) for statement in node.body)
    ]
    assert rules == []


def test_every_test_file_has_its_source_file() -> None:
    """Left behind by a source file that moved, or about the repository as a whole."""
    wanted = {file_for(name) for name in FILES}
    strays = {
        path.relative_to(UNIT).as_posix() for path in UNIT.rglob("test_*.py") if path not in wanted
    }
    assert strays == {
        "test_docs.py",
        "test_imports.py",  # what each kind of process does without
        "test_mirror.py",
        "test_observability.py",  # deploy/observability
        "playback/test_golden.py",  # the golden files, by every reader
        "recording/test_fuzz.py",  # fuzz/reader.py
        "wire/test_releases.py",  # messages of the release before
    }
