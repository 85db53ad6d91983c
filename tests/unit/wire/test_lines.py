from __future__ import annotations

from footlight.wire.host import decode, encode
from footlight.wire.lines import Address, DialAnswer, DialOrder


def test_messages_come_back_as_they_were() -> None:
    order = DialOrder(hello=b"\x00hello\xff", way="tunnel", url="https://s", ticket="t")
    answer = DialAnswer(addresses=[Address(host="::1", port=9)], ticket="t", problem="p")
    assert decode(DialOrder, encode(order)) == order
    assert decode(DialAnswer, encode(answer)) == answer


def test_what_is_printed_of_them_holds_neither_tickets_nor_first_messages() -> None:
    order = DialOrder(hello=b"secret-hello", way="direct", ticket="secret-ticket")
    answer = DialAnswer(ticket="secret-ticket")
    assert "secret" not in f"{order!r} {order} {answer!r} {answer}"
