"""The whole HTTP application over a server's rooms, in process."""

from __future__ import annotations

import functools
import json
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar.di import Provide

from enrolling import make_desk
from footlight.access import accounts, passwords
from footlight.access.access import Access
from footlight.access.host_accounts import HostAccounts
from footlight.access.tokens import TokenPolicy
from footlight.api import app
from footlight.api.framework import Framework
from footlight.api.parts import Parts
from footlight.api.routing import Bound
from footlight.archive.deletion import Undertaker
from footlight.archive.keys import RecordingKeys
from footlight.archive.uploads import FolderEntrance
from footlight.audit.head import HeadFile
from footlight.audit.openings import Openings
from footlight.authority import open_authority
from footlight.bus.host_bus import GivenBus
from footlight.bus.tunnel import TunnelDoor
from footlight.config import SiteConfig
from footlight.hooks.courier import Courier
from footlight.hooks.delivery import Post
from footlight.hooks.destination import Destinations
from footlight.jobs.jobs import Jobs
from footlight.objects.folder import FolderObjects
from footlight.playback.kept import Kept

RECORDING_KEYS = RecordingKeys(b"r" * 32)
PASSWORD = "correct horse"
SITE_KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
V1 = "/footlight/v1"
GOLDEN = Path(__file__).parents[2] / "data" / "golden-0"
GOLDEN_FACTS = json.loads((GOLDEN / "expected.json").read_text())


@dataclass
class Door:
    """The application, its parts, and a client that is signed in as the administrator."""

    parts: Parts
    rooms: Any
    client: httpx.AsyncClient
    headers: dict[str, str]

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, headers=self.headers, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.post(path, headers=self.headers, **options)

    async def sign_in_as(self, name: str) -> dict[str, str]:
        """The headers of a new account without any permission."""
        await self.post(f"{V1}/accounts", json={"name": name, "password": PASSWORD})
        signed = await self.client.post("/cvad/manage/tokens", auth=(name, PASSWORD))
        return {"Authorization": f"Bearer {signed.json()['Token']}"}


_kept: dict[str, Any] = {}


def one_framework(routes: Sequence[Bound], dependencies: Mapping[str, Provide]) -> Framework:
    """The handlers, made once for all tests, which get the parts of the test that runs: making them takes
    longer than most tests."""
    _kept["parts"] = dependencies["parts"].dependency

    async def provide_parts() -> Parts:
        parts: Parts = await _kept["parts"]()
        return parts

    if "framework" not in _kept:
        _kept["framework"] = Framework(routes, {**dependencies, "parts": Provide(provide_parts)})
    return _kept["framework"]  # type: ignore[no-any-return]


@functools.cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the system's certificates takes longer than most tests."""
    return ssl.create_default_context()


@pytest.fixture
async def door(rooms: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    monkeypatch.setattr(app, "Framework", one_framework)
    config = SiteConfig(data_dir=tmp_path)
    access = Access(
        rooms.store,
        rooms.clock,
        rooms.site.name,
        rooms.site.token_key,
        TokenPolicy(3_600_000, 7_200_000),
    )
    objects = FolderObjects(tmp_path / "recordings")
    kept = Kept(tmp_path / "copies", objects, rooms.bus, RECORDING_KEYS)
    await kept.start()
    jobs = Jobs(rooms.store, tmp_path / "jobs", rooms.clock, objects)
    post = Post(Destinations.parse("public,127.0.0.0/8"), _tls())
    parts = Parts(
        config=config,
        site=rooms.site,
        store=rooms.store,
        bus=rooms.bus,
        tunnels=TunnelDoor(rooms.clock),
        clock=rooms.clock,
        access=access,
        hosts=HostAccounts(rooms.store, rooms.bus),
        watch=rooms.watch,
        actions=rooms.actions,
        launcher=rooms.launcher,
        objects=objects,
        undertaker=Undertaker(rooms.site.id, SITE_KEY),
        kept=kept,
        recording_keys=RECORDING_KEYS,
        jobs=jobs,
        openings=Openings(rooms.store, rooms.clock),
        courier=Courier(rooms.store, access.holder, rooms.clock, post, 3),
        desk=make_desk(rooms, tmp_path / "keys"),
        host_bus=GivenBus(["bus.test:4222"], None),
        outside_url="https://hub.test",
        trust=open_authority(tmp_path / "keys").pem,
        audit_head=HeadFile(
            tmp_path / "audit-head.json", rooms.site.id, bytes.fromhex(GOLDEN_FACTS["siteKey"])
        ),
        console_dir=tmp_path / "console",
        site_public_key=bytes.fromhex(GOLDEN_FACTS["siteKey"]),
        secure=True,
        entrance=FolderEntrance(objects, rooms.site.token_key, rooms.clock),
    )
    stored = await passwords.hash_password(PASSWORD)
    await rooms.store.write(lambda tx: accounts.set_password(tx, rooms.admin_account.id, stored))
    signed_in = await access.sign_in("admin", PASSWORD)
    transport = httpx.ASGITransport(app.build_app(parts))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="https://site.test") as client:
        headers = {
            "Authorization": f"CWSAuth bearer={signed_in.text}",
            "Citrix-CustomerId": "loy6oujtu6a4",
            "Citrix-InstanceId": rooms.site.id,
            "Accept": "application/json",
        }
        yield Door(parts, rooms, client, headers)
    await jobs.stop()
    await post.close()
