from __future__ import annotations

from pathlib import Path

import pytest

from footlight.bus.credentials import BusKeys
from footlight.bus.nkey import KeyPair
from footlight.errors import Unavailable
from footlight.site import expulsion as module
from footlight.site.expulsion import expulsion


async def test_while_no_bus_runs_its_next_start_knows(tmp_path: Path) -> None:
    keys = BusKeys.open(tmp_path)
    one, other = (KeyPair.generate("user").public for _ in range(2))
    throw_out = expulsion(list, keys, "")
    await throw_out(one)
    await throw_out(other)
    assert set(BusKeys.open(tmp_path).revoked()) == {one, other}


async def test_a_bus_that_runs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    async def revoke(*given: object) -> None:
        told.append(given)
        raise Unavailable("away")

    monkeypatch.setattr(module, "revoke", revoke)
    keys = BusKeys.open(tmp_path)
    with pytest.raises(Unavailable):
        await expulsion(lambda: ["bus:4222"], keys, "pem")("U")
    assert told == [(["bus:4222"], keys, "pem", ["U"])]
