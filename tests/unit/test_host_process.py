"""The host's process where it stands without a site; with one: tests/stores/test_enrolment.py."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.unit.agent.test_identity import ID, identity

from enrolling import make_issuer
from footlight import host_process
from footlight.agent.enrolling import Refused
from footlight.agent.identity import HostFolder, Identity, PrivateKeys
from footlight.clock import SystemClock
from footlight.config import SiteConfig
from footlight.errors import Invalid, Unavailable
from footlight.host_process import Door, HostOptions, default_data_dir, joined
from footlight.wire.enrolment import Standing


def options(tmp_path: Path, **given: Any) -> HostOptions:
    return HostOptions(site=SiteConfig(data_dir=tmp_path), **given)


def test_a_host_of_no_site_says_how_to_become_one(tmp_path: Path) -> None:
    folder = HostFolder(tmp_path)
    with pytest.raises(Invalid, match="footlight hosts enroll"):
        joined(folder, options(tmp_path))
    with pytest.raises(Invalid, match="--server"):
        joined(folder, options(tmp_path, enroll="fle1-x"))


async def test_a_host_that_is_known_needs_no_code(rooms: Any, tmp_path: Path) -> None:
    folder, known = HostFolder(tmp_path / "agent"), identity(rooms, tmp_path)
    folder.save(known)
    folder.signing_key.unlink()
    assert joined(folder, options(tmp_path)) == known
    assert folder.signing_key.exists()


@pytest.mark.parametrize(("standing", "enrols"), [("enrolled", 0), ("revoked", 1), (None, 1)])
async def test_a_code_is_used_where_the_site_does_not_know_the_host(
    rooms: Any, tmp_path: Path, monkeypatch: Any, standing: str | None, enrols: int
) -> None:
    folder, known = HostFolder(tmp_path / "agent"), identity(rooms, tmp_path)
    folder.save(known)
    used: list[Any] = []

    def ask(*_: Any) -> Standing:
        if standing is None:
            raise Unavailable("away")
        return Standing(standing=standing, now_ms=0, server_version="1")

    def enrol(*given: Any) -> Identity:
        used.append(given[1:])
        return known

    monkeypatch.setattr(host_process, "ask_standing", ask)
    monkeypatch.setattr(host_process, "enrol", enrol)
    wanted = options(tmp_path, server="https://x:1", enroll="fle1-x", name="desk8")
    assert joined(folder, wanted) == known
    assert used == [("https://x:1", "fle1-x", "desk8", None)] * enrols


def test_the_sites_refusal_is_told(tmp_path: Path, monkeypatch: Any) -> None:
    def enrol(*_: Any) -> Identity:
        raise Refused("The enrolment code has been used.")

    monkeypatch.setattr(host_process, "enrol", enrol)
    with pytest.raises(Invalid, match=r"refuses this host: The enrolment code has been used\."):
        joined(HostFolder(tmp_path), options(tmp_path, server="https://x:1", enroll="fle1-x"))


def test_a_start_with_new_keys_leaves_the_code_behind() -> None:
    given = ["agent", "--server", "https://x", "--enroll", "fle1-a", "--name", "b"]
    assert host_process._again(given) == ["agent", "--server", "https://x", "--name", "b"]
    assert host_process._again(["agent", "--enroll=fle1-a"]) == ["agent"]


def test_what_is_given_is_not_shown_by_accident(tmp_path: Path) -> None:
    assert "fle1" not in repr(options(tmp_path, enroll="fle1-x"))


def test_a_host_has_a_folder_of_its_own(monkeypatch: Any) -> None:
    monkeypatch.setattr(host_process.os, "geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/footlight-agent")
    monkeypatch.setattr(host_process.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/zoe/data")
    assert default_data_dir() == Path("/home/zoe/data/footlight-agent")


async def test_the_door_shows_the_newest_certificate(rooms: Any, tmp_path: Path) -> None:
    folder = HostFolder(tmp_path / "agent")
    known = identity(rooms, tmp_path)
    folder.save(known)
    door = Door("127.0.0.1:0", folder, rooms.clock)
    await door.open()
    try:
        assert door.listener is not None
        shown = await shown_at(door.listener.port, known)
        keys = PrivateKeys.make()
        issuer = make_issuer(rooms, tmp_path / "keys")
        name = known.credentials.machine_name
        given = issuer.issue(ID, name, keys.public(), rooms.clock.now_ms())
        newer = msgspec.structs.replace(known, keys=keys, credentials=given)
        folder.save(newer)
        door.show_newer()
        assert await shown_at(door.listener.port, newer) != shown
    finally:
        await door.close()


async def shown_at(port: int, known: Identity) -> bytes:
    """The certificate, which holds for the machine's id."""
    trust = ssl.create_default_context(cadata=known.credentials.ca_certificate)
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname=ID)
    try:
        return bytes(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("listen", ["here", ":1", "127.0.0.1:99999", "127.0.0.1:x"])
def test_a_door_that_is_nowhere(tmp_path: Path, listen: str) -> None:
    with pytest.raises(Invalid, match="--listen"):
        Door(listen, HostFolder(tmp_path), SystemClock())


async def test_no_door_where_none_is_wanted(tmp_path: Path) -> None:
    door = Door("off", HostFolder(tmp_path), SystemClock())
    await door.open()
    door.show_newer()
    assert door.listener is None
    await door.close()
