from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.access.accounts import Account
from footlight.broker.linux_accounts import linux_account
from footlight.errors import Conflict
from footlight.site.machines import Machine


def _machine(**columns: Any) -> Machine:
    fields: dict[str, Any] = dict.fromkeys(Machine._fields)
    return Machine(**{**fields, "id": "m1", "name": "FOOTLIGHT\\DESK1", "as_root": True, **columns})


def _account(name: str = "pia", **more: Any) -> Account:
    return Account("a1", name, name, True, 0, None, **more)


OF_HOST = _account(source="os", domain="DESK1", external_id="m1/1000")


@given(
    st.sampled_from(["root", "postgres", "pia", "fl-pia", "DESK1\\pia"]),
    st.sampled_from(["site", "oidc"]),
)
def test_a_name_of_the_site_is_never_one_of_the_host(name: str, source: Any) -> None:
    """Nor does the log-on of somebody help."""
    for logon in ("", "m1/l1"):
        chosen = linux_account(_account(name, source=source), _machine(), logon)
        assert (chosen.kind, chosen.account_id, chosen.logon_id) == ("managed", "a1", None)


def test_an_account_of_a_host_takes_its_own_log_on_with_it() -> None:
    chosen = linux_account(OF_HOST, _machine(), "m1/l1")
    assert (chosen.kind, chosen.name, chosen.logon_id) == ("os", "pia", "l1")
    assert linux_account(OF_HOST, _machine(), "m2/l1").logon_id is None


@pytest.mark.parametrize("logon", ["", "m1/", "m1"])
def test_without_a_log_on_it_is_refused(logon: str) -> None:
    with pytest.raises(Conflict, match=r"DESK1\\pia are launched by itself"):
        linux_account(OF_HOST, _machine(), logon)


def test_it_has_no_sessions_on_another_host() -> None:
    with pytest.raises(Conflict, match="no account on DESK2"):
        linux_account(OF_HOST, _machine(name="FOOTLIGHT\\DESK2"), "m1/l1")


def test_a_mapped_account_runs_as_an_administrator_said() -> None:
    mapped = _account("ada", os_name="pia")
    chosen = linux_account(mapped, _machine(), "m1/l1")
    assert (chosen.kind, chosen.name, chosen.account_id, chosen.logon_id) == (
        "os",
        "pia",
        "a1",
        None,
    )
    assert linux_account(mapped, _machine(as_root=False)).kind == "invoker"


def test_visitors_need_root() -> None:
    visitor = _account("Anon001", source="visitor")
    assert linux_account(visitor, _machine()).kind == "anonymous"
    with pytest.raises(Conflict, match="root"):
        linux_account(visitor, _machine(as_root=False))


def test_without_root_everybody_is_the_invoker() -> None:
    for account in (_account(), replace(OF_HOST, source="site")):
        assert linux_account(account, _machine(as_root=False)).kind == "invoker"
