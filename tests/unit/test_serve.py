"""The parts of the embedded site that stand without sockets and hosts; the whole is in tests/e2e."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footlight import serve
from footlight.access.access import Access
from footlight.access.tokens import TokenPolicy
from footlight.clock import SystemClock
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.errors import Invalid
from footlight.first_start import enter
from footlight.site.founding import read_site
from footlight.store.store import Store


async def test_the_ready_file_tells_all_and_the_site_file_a_token(
    store: Store, tmp_path: Path
) -> None:
    site, secrets = await enter(store, SiteConfig())
    data = DataDir(tmp_path / "data")
    config = SiteConfig(data_dir=data.root, ready_file=tmp_path / "ready.json")
    access = Access(store, SystemClock(), site.name, site.token_key, TokenPolicy(1000, 1000))
    parts: Any = SimpleNamespace(site=site, store=store, access=access, site_public_key=b"\1" * 32)
    await serve._announce(config, data, parts, secrets, "https://x:1", tmp_path / "ca.pem")
    ready = json.loads((tmp_path / "ready.json").read_text())
    assert set(ready) == {
        "base_url", "site_id", "customer_id", "admin_user", "admin_password", "client_id",
        "client_secret", "ca_file", "pid",
    }  # fmt: skip
    assert (ready["base_url"], ready["site_id"]) == ("https://x:1", site.id)
    assert ready["admin_password"] == secrets.admin_password
    local = json.loads(data.site_file.read_text())
    assert (await access.caller(local["token"], "", "")).name == "admin"
    assert local["site_public_key"] == "01" * 32
    assert secrets.admin_password not in data.site_file.read_text()
    for file in (tmp_path / "ready.json", data.site_file):
        assert file.stat().st_mode & 0o777 == 0o600
    assert await store.read(read_site) == site


def test_a_server_among_several_refuses_a_file_and_simulated_hosts(tmp_path: Path) -> None:
    async def none(*_: Any) -> Any:
        raise AssertionError("not reached")

    with pytest.raises(Invalid, match="needs a PostgreSQL database"):
        serve.run_server(SiteConfig(data_dir=tmp_path), none)
    config = SiteConfig(data_dir=tmp_path, database="postgresql:///x", sim="1,1")
    with pytest.raises(Invalid, match="simulated hosts"):
        serve.run_server(config, none)
    assert not list(tmp_path.iterdir())
