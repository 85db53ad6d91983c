"""`footlight audit`: verify, accept, export. What else the group has is made from the SDK (inventory.py)."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TypeVar

import msgspec
import typer

from footlight.cli.call import Call, command, end
from footlight.cli.exits import ExitCode, Failed, NoSite, UsageProblem
from footlight.cli.output import print_json, print_line, printable, say
from footlight.cli.recordings import replacing
from footlight.cli.verify import read_key

if TYPE_CHECKING:  # every other command does without the store
    from footlight.audit.head import HeadFile
    from footlight.audit.verification import Result
    from footlight.config import SiteConfig
    from footlight.store.store import Store

T = TypeVar("T")

AsJson = Annotated[bool, typer.Option("--json", help="The result as JSON, on one line.")]
DataFolder = Annotated[Path | None, typer.Option("--data-dir", help="Data folder of the site.")]
Url = Annotated[
    str | None, typer.Option("--database", help="postgresql://USER@HOST:PORT/NAME; else SQLite.")
]
PasswordFile = Annotated[
    Path | None, typer.Option("--database-password-file", help="Holds the database's password.")
]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="TOML file of options.")]
Moment = Annotated[str | None, typer.Option(metavar="TIME", help="RFC 3339.")]
_AT_ONCE = 1000  # entries on a page


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("verify")(verify)
    app.command("accept")(accept)
    command(app, "export")(export)


def verify(
    lines: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="Exported lines, - for standard input.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The site's public key (PEM, or hex); else the data folder's."),
    ] = None,
    data_dir: DataFolder = None,
    database: Url = None,
    database_password_file: PasswordFile = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Verify the audit log. Ends with 0 only when it is whole.

    Reads the database of a site, which may run meanwhile, its signed head and its recordings; with FILE only lines
    that were exported."""

    def work() -> ExitCode:
        if lines is not None:
            return _tell(_verify_lines(lines), as_json)
        loaded = _load(config, data_dir, database, database_password_file)
        return _tell(asyncio.run(_verify_site(loaded, key)), as_json)

    end(work)


def accept(
    data_dir: DataFolder = None,
    database: Url = None,
    database_password_file: PasswordFile = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Sign the audit log as it is now, while no site runs: after a restored backup, or when a break was looked into.

    What is wrong stays to be seen: the old head is kept beside the new one, and an entry tells of it."""

    def work() -> None:
        from footlight.datadir import data_of

        loaded = _load(config, data_dir, database, database_password_file)
        with data_of(loaded).held():
            result, kept = asyncio.run(_accept(loaded))
        facts = {**msgspec.to_builtins(result), "oldHead": None if kept is None else str(kept)}
        if as_json:
            print_json(facts)
        else:
            _print(result)
            say("signed anew" + ("" if kept is None else f"; the old head is {kept}"))

    end(work)


def export(
    call: Call,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; else standard output.")
    ] = None,
    after: Annotated[int, typer.Option(min=0, help="Only entries beyond this number.")] = 0,
    since: Moment = None,
    until: Moment = None,
) -> None:
    """Write entries as lines of JSON, the oldest first.

    Each is compared with its hash; `footlight audit verify FILE` verifies what was written."""
    entries = call.client.audit.list(after=after, since=since, until=until, limit=_AT_ONCE)
    with ExitStack() as stack:
        stdout = getattr(sys.stdout, "buffer", None)
        sink: BinaryIO | None = stdout if out is None else stack.enter_context(replacing(out))
        if sink is None:
            raise UsageProblem("standard output takes no bytes here: give --out")
        facts = _write_lines(entries, sink)
        sink.flush()
    if out is not None:
        facts = {"file": str(out), **facts}
        call.show(facts, lambda: say(f"{out}: {facts['entries']} entries"))


def _write_lines(entries: Iterable[dict[str, Any]], sink: BinaryIO) -> dict[str, Any]:
    """How many, and the numbers of the first and the last. Raises Failed."""
    from footlight.audit.log import link

    count, first, last = 0, None, None
    for entry in entries:
        # Read and written by the same rules as at the site, the entry has the bytes that were hashed.
        raw = msgspec.json.encode(entry["entry"])
        if link(entry["previousHash"], raw) != entry["hash"]:
            raise Failed(f"entry {entry['seq']} is not the one that was written")
        sink.write(msgspec.json.encode({**entry, "entry": msgspec.Raw(raw)}) + b"\n")
        count, last = count + 1, entry["seq"]
        first = last if first is None else first
    return {"entries": count, "first": first, "last": last}


def _load(
    config: Path | None, data_dir: Path | None, database: str | None, password_file: Path | None
) -> SiteConfig:
    from footlight.config_sources import load_config

    flags = {
        "data_dir": data_dir,
        "database": database,
        "database_password_file": password_file,
    }
    return load_config(config, os.environ, flags)


def _verify_lines(name: str) -> Result:
    from footlight.audit.lines import verify_lines

    if name == "-":
        return verify_lines(_read_lines(sys.stdin.buffer))
    with Path(name).open("rb") as source:
        return verify_lines(_read_lines(source))


def _read_lines(source: BinaryIO) -> Iterator[bytes]:
    from footlight.audit.lines import MAX_LINE_BYTES

    while line := source.readline(MAX_LINE_BYTES + 1):
        if len(line) > MAX_LINE_BYTES:
            raise Failed(f"a line is longer than {MAX_LINE_BYTES} bytes")
        yield line


async def _verify_site(config: SiteConfig, key: Path | None) -> Result:
    from footlight.archive.place import is_bucket, open_bucket
    from footlight.audit.files import missing_in, names_in
    from footlight.audit.verification import verify_store
    from footlight.datadir import data_of

    data = data_of(config)
    public = read_key(key) if key is not None else _public_key(data.site_key_file)
    places = [names_in(folder) for folder in (data.root / "spool", data.fleet / "spool")]
    if is_bucket(config.objects):
        places.append(open_bucket(config, os.environ).names_in)
    else:
        places.append(names_in(config.objects_folder))
    missing = missing_in(places)

    async def work(store: Store, head: HeadFile) -> Result:
        return await verify_store(store, head, missing)

    return await _on_store(config, public, work, read_only=True)


async def _accept(config: SiteConfig) -> tuple[Result, Path | None]:
    from getpass import getuser

    from footlight.audit.acceptance import accept as sign_anew
    from footlight.clock import SystemClock
    from footlight.datadir import data_of

    data = data_of(config)
    public = _public_key(data.site_key_file)

    async def work(store: Store, head: HeadFile) -> tuple[Result, Path | None]:
        return await sign_anew(store, head, data.site_key(), SystemClock(), getuser())

    return await _on_store(config, public, work, read_only=False)


async def _on_store(
    config: SiteConfig,
    public_key: bytes,
    work: Callable[[Store, HeadFile], Awaitable[T]],
    *,
    read_only: bool,
) -> T:
    """The work's result, given the site's store and the file of its head. Raises NoSite, Failed."""
    from sqlalchemy.exc import DBAPIError

    from footlight.audit.head import HeadFile
    from footlight.clock import SystemClock
    from footlight.datadir import data_of, database_of
    from footlight.site.founding import read_site
    from footlight.store.engines import open_store

    data, database = data_of(config), database_of(config)
    if isinstance(database, Path) and not database.is_file():
        raise NoSite(f"there is no site's database at {database}")
    store = await open_store(database, SystemClock(), read_only=read_only)
    try:
        site = await store.read(read_site)
        if site is None:
            raise NoSite("the database holds no site yet")
        return await work(store, HeadFile(data.audit_head, site.id, public_key))
    except DBAPIError as error:
        raise Failed(f"the database cannot be read: {error.orig}") from error
    finally:
        await store.close()


def _public_key(file: Path) -> bytes:
    from footlight.recording.chain import load_private_key

    try:
        return load_private_key(file.read_bytes()).public_key().public_bytes_raw()
    except FileNotFoundError:
        raise NoSite(f"{file} is missing: name the site's data folder, or give --key") from None
    except ValueError as error:
        raise Failed(f"{file} holds no key: {error}") from None


def _tell(result: Result, as_json: bool) -> ExitCode:
    if as_json:
        print_json(msgspec.to_builtins(result))
    else:
        _print(result)
    return ExitCode.DONE if result.whole else ExitCode.FAILED


def _print(result: Result) -> None:
    signed = "" if result.signed_seq is None else f", signed up to entry {result.signed_seq}"
    print_line(f"{'whole' if result.whole else 'not whole'}: {result.entries} entries{signed}")
    for one in result.problems:
        place = "" if one.seq is None else f"entry {one.seq}: "
        print_line(f"  {one.fault}: {place}{printable(one.detail)}")
    if result.more_problems:
        print_line(f"  and {result.more_problems} more")
