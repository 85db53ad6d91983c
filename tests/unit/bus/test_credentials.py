from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest

from footlight.bus.credentials import BusKeys, claims_of, inbox_of, revoked_of, sign
from footlight.bus.nkey import KeyPair
from footlight.errors import Invalid

MACHINE = "aaaaaaaa-0000-4000-8000-000000000000"


@pytest.fixture
def keys(tmp_path: Path) -> BusKeys:
    return BusKeys.open(tmp_path / "bus")


def test_keys_are_made_once_and_for_their_owner_only(keys: BusKeys) -> None:
    again = BusKeys.open(keys.folder)
    assert again.account.public == keys.account.public
    assert len({keys.operator.seed, keys.account.seed, keys.system.seed}) == 3
    modes = {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700


def test_a_folder_that_is_not_whole_is_refused_and_not_filled_up(keys: BusKeys) -> None:
    (keys.folder / "account.seed").unlink()
    with pytest.raises(Invalid, match=r"account\.seed"):
        BusKeys.open(keys.folder)
    (keys.folder / "account.seed").write_text(keys.operator.seed)
    with pytest.raises(Invalid, match="another role"):
        BusKeys.open(keys.folder)
    (keys.folder / "account.seed").write_text("nothing")
    with pytest.raises(Invalid, match="not the seed"):
        BusKeys.open(keys.folder)


def test_who_signs_whom(keys: BusKeys) -> None:
    operator = claims_of(keys.operator_jwt())
    assert operator.iss == operator.sub == keys.operator.public
    assert operator.nats["system_account"] == keys.system.public
    for jwt, account in [(keys.account_jwt(), keys.account), (keys.system_jwt(), keys.system)]:
        said = claims_of(jwt)
        assert (said.iss, said.sub) == (keys.operator.public, account.public)
    assert claims_of(keys.server_user()[0]).iss == keys.account.public
    assert claims_of(keys.system_user()[0]).iss == keys.system.public


def test_an_agent_may_what_its_machine_may(keys: BusKeys) -> None:
    until = int(time.time()) + 3600
    public = KeyPair.generate("user").public
    said = claims_of(keys.issue_agent(public, MACHINE, until))
    assert (said.iss, said.sub, said.exp) == (keys.account.public, public, until)
    assert said.nats["pub"] == {"allow": [f"host.{MACHINE}.>"]}
    assert said.nats["sub"] == {"allow": [f"agent.{MACHINE}.>", f"{inbox_of(MACHINE)}.>"]}


@pytest.mark.parametrize("machine_id", ["", "*", ">", "a.b", "a b", "x" * 65])
def test_a_machine_s_id_is_no_wildcard(keys: BusKeys, machine_id: str) -> None:
    with pytest.raises(Invalid):
        keys.issue_agent(KeyPair.generate("user").public, machine_id, 2**31)


def test_only_user_keys_are_let_in(keys: BusKeys) -> None:
    with pytest.raises(Invalid):
        keys.issue_agent(keys.account.public, MACHINE, 2**31)


def test_what_was_changed_is_no_credential(keys: BusKeys) -> None:
    jwt = keys.account_jwt()
    head, body, signature = jwt.split(".")
    other = keys.system_jwt().split(".")[1]
    for broken in ("", jwt[:-8], f"{head}.{other}.{signature}", f"{head}.!.{signature}", body):
        with pytest.raises(Invalid):
            claims_of(broken)


def test_who_is_thrown_out_is_remembered(keys: BusKeys) -> None:
    assert keys.revoked() == {}
    account = {"type": "account", "version": 2, "revocations": {"U1": 5}}
    keys.keep_account(sign(keys.operator, keys.account.public, "site", account))
    assert BusKeys.open(keys.folder).revoked() == {"U1": 5}
    assert revoked_of(keys.account_jwt()) == {"U1": 5}
