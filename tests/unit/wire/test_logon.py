from __future__ import annotations

from typing import Any

import pytest

from footlight.wire.host import decode, encode
from footlight.wire.logon import (
    CheckPassword,
    Hold,
    HostAccount,
    LetGo,
    LogonAnswer,
    LogonOrder,
    LookUp,
)

CHECK = CheckPassword(name="pia", password=b"korrekt\0Pferd", address="192.0.2.1", hold_s=1.5)


@pytest.mark.parametrize(
    "order", [CHECK, Hold(logon_id="x", hold_s=3), LetGo(logon_id="x"), LookUp(name="pia")]
)
def test_what_is_said_is_what_is_heard(order: Any) -> None:
    assert decode(LogonOrder, encode(order)) == order  # type: ignore[arg-type]


def test_answers() -> None:
    account = HostAccount(name="pia", uid=1000, display_name="Pia", groups=["pia"])
    for answer in (LogonAnswer(account=account, logon_id="x"), LogonAnswer(refusal="busy")):
        assert decode(LogonAnswer, encode(answer)) == answer


def test_no_text_of_an_order_holds_the_password() -> None:
    for text in (repr(CHECK), str(CHECK), f"{CHECK}", repr([CHECK]), str(CHECK.__rich_repr__())):
        assert "Pferd" not in text
