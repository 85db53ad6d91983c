"""`footlight audit verify`, accept and export."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footlight.audit.head import HeadFile, newest
from footlight.audit.lines import line
from footlight.audit.log import Act, record_of_site
from footlight.clock import SystemClock
from footlight.datadir import DataDir
from footlight.site.founding import found_site
from footlight.store import schema
from footlight.store.migrate import migrate
from footlight.store.sqlite import SqliteStore
from footlight.store.store import Tx


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `data`, made once."""
    made = DataDir(tmp_path_factory.mktemp("audit") / "data")
    made.root.mkdir()
    migrate(made.database)
    asyncio.run(_fill(made))
    return made.root


@pytest.fixture
def data(template: Path, tmp_path: Path) -> DataDir:
    """A site's folder: five entries, the last but one signed."""
    return DataDir(Path(shutil.copytree(template, tmp_path / "data")))


async def _fill(data: DataDir) -> None:
    store, key = SqliteStore(data.database, SystemClock()), data.site_key()
    site = await store.write(lambda tx: found_site(tx, "SITE", samples=False))
    head = HeadFile(data.audit_head, site.id, key.public_key().public_bytes_raw())

    def write(tx: Tx, names: str) -> None:
        for name in names:
            record_of_site(tx, Act(text=name, target_type="Tag"))

    await store.write(lambda tx: write(tx, "abcd"))
    head.write(await store.read(lambda c: newest(c, site.id, 1)), key)
    await store.write(lambda tx: write(tx, "é"))
    await store.close()


def change(data: DataDir, statement: str) -> None:
    with closing(sqlite3.connect(data.database)) as opened, opened:
        opened.execute(statement)


def pages(data: DataDir) -> list[dict[str, Any]]:
    """The entries as the API gives them, two on a page."""

    async def read() -> list[Any]:
        store = SqliteStore(data.database, SystemClock())
        rows = await store.read(lambda c: list(c.execute(schema.audit.select())))
        await store.close()
        return [json.loads(msgspec.json.encode(line(row))) for row in rows]

    entries = asyncio.run(read())
    starts = range(0, len(entries), 2)
    return [
        {"items": entries[n : n + 2], "continuationToken": f"t{n}" if n + 2 < 5 else None}
        for n in starts
    ]


@pytest.fixture
def scripted(site: Any, data: DataDir, data_dir: Path) -> Any:
    """A site that gives these entries."""
    given = pages(data)
    site.on(
        "GET",
        "/footlight/v1/audit",
        lambda asked: given[int(asked.query.get("continuationToken", "t-2")[1:]) // 2 + 1],
    )
    return site


def test_a_whole_chain_is_told_and_nothing_is_changed(run: Any, data: DataDir) -> None:
    before = data.database.read_bytes()
    where = ("--data-dir", str(data.root))
    with data.held():  # a site runs
        ended = run("audit", "verify", *where)
    assert (ended.code, ended.out) == (0, "whole: 5 entries, signed up to entry 4\n"), ended.err
    told = run("audit", "verify", *where, "--json").json
    assert (told["whole"], told["entries"], told["problems"]) == (True, 5, [])
    assert data.database.read_bytes() == before


def test_what_is_wrong_is_told_with_its_place(run: Any, data: DataDir) -> None:
    change(data, "UPDATE audit SET text = 'x' WHERE seq = 2")
    change(data, "DELETE FROM audit WHERE seq > 3")
    ended = run("audit", "verify", "--data-dir", str(data.root))
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "not whole: 3 entries, signed up to entry 4",
        "  altered: entry 2: the columns beside the entry do not say what it says",
        "  cut: the chain lacks the entry that the site has signed as its head",
    ]
    told = run("audit", "verify", "--data-dir", str(data.root), "--json")
    assert [one["fault"] for one in told.json["problems"]] == ["altered", "cut"]
    assert told.code == 1


def test_recordings_are_looked_for_on_the_disk(run: Any, data: DataDir) -> None:
    async def tell() -> None:
        store = SqliteStore(data.database, SystemClock())
        parameters = {"Head": "h", "SealedSegments": "1"}
        act = Act(
            text="t", kind="RecordingHead", target_type="Recording", object_id="r",
            parameters=parameters,
        )  # fmt: skip
        await store.write(lambda tx: record_of_site(tx, act))
        await store.close()

    asyncio.run(tell())
    change(
        data,
        "INSERT INTO recordings (id, session_id, account_id, user_name, machine_id, machine_name,"
        " resource_name, reason, ordered_by, notify, ordered_at_ms, status, sealed_count, head)"
        " VALUES ('r','s','a','u','m','m','r','r','o',1,1,'completed',1,'h')",
    )
    gone = run("audit", "verify", "--data-dir", str(data.root))
    assert (gone.code, "1 of 1 sealed segments of recording r are gone" in gone.out) == (1, True)
    (data.root / "recordings" / "r").mkdir(parents=True)
    (data.root / "recordings" / "r" / "000000.flseg").touch()
    assert run("audit", "verify", "--data-dir", str(data.root)).code == 0


def test_with_a_key_of_ones_own_the_folder_s_is_not_believed(
    run: Any, data: DataDir, tmp_path: Path
) -> None:
    pinned = tmp_path / "site.hex"
    pinned.write_text(data.site_key().public_key().public_bytes_raw().hex())
    where = ("--data-dir", str(data.root), "--key", str(pinned))
    data.site_key_file.unlink()
    assert run("audit", "verify", *where).code == 0
    assert run("audit", "verify", "--data-dir", str(data.root)).code == 4
    pinned.write_text("00" * 32)
    other = run("audit", "verify", *where)
    assert (other.code, "head: " in other.out) == (1, True)


def test_where_there_is_no_site(run: Any, data: DataDir, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    assert run("audit", "verify", "--data-dir", str(empty)).code == 4
    assert not empty.exists()
    data.database.write_bytes(b"no database at all" * 100)
    broken = run("audit", "verify", "--data-dir", str(data.root))
    assert (broken.code, "cannot be read" in broken.err) == (1, True)


def test_a_break_that_was_looked_into_is_accepted(run: Any, data: DataDir) -> None:
    change(data, "DELETE FROM audit WHERE seq > 3")
    where = ("--data-dir", str(data.root))
    with data.held():
        assert run("audit", "accept", *where).code == 1
    told = run("audit", "accept", *where, "--json").json
    assert ([one["fault"] for one in told["problems"]], told["whole"]) == (["cut"], False)
    assert Path(told["oldHead"]).exists()
    after = run("audit", "verify", *where)
    assert (after.code, after.out) == (0, "whole: 4 entries, signed up to entry 6\n")
    again = run("audit", "accept", *where)
    assert "signed anew; the old head is " in again.err


def test_what_is_exported_verifies_without_the_site(
    run: Any, scripted: Any, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    done = run("audit", "export", "--out", str(file), "--since", "2020-01-01T00:00:00Z", "--json")
    assert done.json == {"file": str(file), "entries": 5, "first": 1, "last": 5}, done.err
    queries = [one.query for one in scripted.asked]
    assert {(q["after"], q["since"], q["limit"]) for q in queries} == {
        ("0", "2020-01-01T00:00:00Z", "1000")
    }
    assert len(queries) == 3
    printed = run("audit", "export")
    assert printed.out == file.read_text()
    assert "é" in printed.out
    assert run("audit", "verify", str(file)).out == "whole: 5 entries\n"
    assert run("audit", "verify", "-", stdin=printed.out).code == 0
    file.write_text(printed.out.replace('"text":"c"', '"text":"C"'))
    changed = run("audit", "verify", str(file), "--json")
    assert (changed.code, changed.json["problems"][0]["seq"]) == (1, 3)
    file.write_text("x" * 1024 * 1024 + "x")
    assert run("audit", "verify", str(file)).code == 1
    assert run("audit", "verify", str(tmp_path / "absent")).code == 1


def test_an_altered_entry_is_not_exported(
    run: Any, site: Any, data: DataDir, data_dir: Path
) -> None:
    (first, *_) = pages(data)
    first["items"][1]["entry"]["text"] = "harmless"
    site.on("GET", "/footlight/v1/audit", {**first, "continuationToken": None})
    file = data.root / "log.jsonl"
    refused = run("audit", "export", "--out", str(file))
    assert (refused.code, "entry 2 is not the one that was written" in refused.err) == (1, True)
    assert not file.exists()
