"""The transaction against a libpam of the tests' own."""

from __future__ import annotations

import pytest

from fake_pam import FakePam
from footlight.agent import pam
from footlight.agent.pam import PamFailed, Transaction


def test_the_password_is_given_once_and_wiped() -> None:
    library, secret = (
        FakePam([(pam.INFO_TEXT, b"hello"), (pam.PROMPT_HIDDEN, b"Password: ")]),
        bytearray(b"p\xc3\xa4ss"),
    )
    transaction = Transaction(library, "footlight", "pia", secret, "192.0.2.1")
    transaction.authenticate()
    transaction.check_account()
    assert library.heard == [None, b"p\xc3\xa4ss"]
    assert secret == bytes(5)
    assert library.steps == ["start", "authenticate", "acct_mgmt"]
    assert {item for name, item in library.calls if name == "item"} == {
        pam.ITEM_TTY, pam.ITEM_REMOTE_HOST, pam.ITEM_FAIL_DELAY,
    }  # fmt: skip
    assert all(
        flags & pam.NO_EMPTY_PASSWORD
        for name, flags in library.calls
        if name in ("authenticate", "acct_mgmt")
    )


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ([(pam.PROMPT_HIDDEN, b"Password: "), (pam.PROMPT_HIDDEN, b"Code: ")], "Code:"),
        ([(pam.PROMPT_SHOWN, b"Name of your cat? ")], "Name of your cat?"),
        ([(7, b"\x01")], "\x01"),
        ([(pam.PROMPT_SHOWN, b"")], "something more"),
    ],
)
def test_any_other_prompt_is_refused(script: list[tuple[int, bytes]], asked: str) -> None:
    secret = bytearray(b"secret")
    transaction = Transaction(FakePam(script), "footlight", "pia", secret)
    with pytest.raises(PamFailed) as caught:
        transaction.authenticate()
    assert (caught.value.step, caught.value.code) == ("authenticate", pam.CONVERSATION_ERROR)
    assert transaction.refusal == asked
    assert secret == bytes(6)


def test_several_prompts_at_once_are_refused_without_the_password() -> None:
    library = FakePam([])
    transaction = Transaction(library, "footlight", "pia", bytearray(b"secret"))
    both = [(pam.PROMPT_HIDDEN, b"Password: "), (pam.PROMPT_HIDDEN, b"New password: ")]
    assert library.ask(*both) == pam.CONVERSATION_ERROR
    assert library.heard == []
    assert transaction.refusal == "New password:"
    assert library.ask(*both * 20) == pam.CONVERSATION_ERROR


def test_without_a_password_nothing_is_answered() -> None:
    transaction = Transaction(FakePam(), "footlight", "pia")
    with pytest.raises(PamFailed):
        transaction.authenticate()
    assert transaction.refusal == "Password:"


def test_what_was_begun_is_undone_in_order_and_once() -> None:
    library = FakePam()
    transaction = Transaction(library, "footlight", "pia")
    transaction.open()
    transaction.end()
    transaction.end()
    assert library.steps == ["start", "setcred", "open_session", "close_session", "setcred", "end"]
    flags = [flags for name, flags in library.calls if name == "setcred"]
    assert [flag & (pam.ESTABLISH | pam.DELETE) for flag in flags] == [pam.ESTABLISH, pam.DELETE]


def test_a_session_that_does_not_open_is_not_closed() -> None:
    library = FakePam(codes={"open_session": 14})
    transaction = Transaction(library, "footlight", "pia")
    with pytest.raises(PamFailed, match="open_session: reason 14"):
        transaction.open()
    transaction.end()
    assert library.steps == ["start", "setcred", "open_session", "setcred", "end"]


def test_the_environment_is_read_within_bounds() -> None:
    entries = [b"KRB5CCNAME=FILE:/tmp/x=y", b"=nameless", b"EMPTY=", b"broken"]
    library = FakePam(environment=[*entries, b"LONG=" + b"x" * (pam.LONGEST_VARIABLE + 1)])
    found = Transaction(library, "footlight", "pia").environment()
    assert found == {"KRB5CCNAME": "FILE:/tmp/x=y", "EMPTY": ""}
    assert Transaction(FakePam(), "footlight", "pia").environment() == {}


def test_a_service_that_cannot_start_says_so() -> None:
    with pytest.raises(PamFailed) as caught:
        Transaction(FakePam(codes={"start": 4}), "footlight", "pia")
    assert (caught.value.step, caught.value.code) == ("start", 4)


def test_whom_it_is_about_may_change() -> None:
    assert Transaction(FakePam(user=b"other"), "footlight", "pia").user() == "other"
