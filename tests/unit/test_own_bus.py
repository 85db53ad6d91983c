"""Where the embedded site's bus is; what it does is in tests/stores/test_own_bus.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from footlight import own_bus
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.errors import Conflict


def test_it_listens_where_the_site_does_on_the_port_that_it_had(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    site = SiteConfig(listen="192.0.2.1:8443")
    assert own_bus.address_of(site, data) == ("192.0.2.1", 0)
    (tmp_path / "bus").mkdir()
    for text, port in [("4711\n", 4711), ("nonsense", 0), ("99999", 0)]:
        (tmp_path / "bus" / "port").write_text(text)
        assert own_bus.address_of(site, data) == ("192.0.2.1", port)


def test_it_listens_where_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "bus").mkdir()
    (tmp_path / "bus" / "port").write_text("4711")
    for listen, there in [("[::1]:5", ("::1", 5)), ("0.0.0.0:0", ("0.0.0.0", 4711))]:
        config = SiteConfig(bus_listen=listen)
        assert own_bus.address_of(config, DataDir(tmp_path)) == there


def test_hosts_are_told_what_means_this_machine_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["hub.example.test", *(f"2001:db8::{n}" for n in range(9))]
    monkeypatch.setattr(own_bus, "names_outside", lambda: names)
    assert own_bus.told_of("0.0.0.0", 1) == [
        "hub.example.test:1",
        *(f"[{n}]:1" for n in names[1:4]),
    ]
    assert own_bus.told_of("192.0.2.7", 1) == ["192.0.2.7:1"]
    assert own_bus.told_of("2001:db8::7", 1) == ["[2001:db8::7]:1"]
    monkeypatch.setattr(own_bus, "names_outside", list)
    assert own_bus.told_of("::", 1) == ["[::1]:1"]


def test_one_bus_runs_on_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "bus"
    with own_bus.held(folder), pytest.raises(Conflict, match="running"), own_bus.held(folder):
        raise AssertionError("not reached")
    with own_bus.held(tmp_path / "bus"):
        pass
