from __future__ import annotations

import pytest

from footlight.wire.enrolment import Code, HostKeys, read_code

ID = "11111111-1111-4111-8111-111111111111"
CODE = Code(ID, b"s" * 20, "ab" * 32)


@pytest.mark.parametrize("code", [CODE, Code(ID, b"\0" * 20)])
def test_a_code_is_one_string(code: Code) -> None:
    assert read_code(f" {code.text()}\n") == code
    assert code.text().isascii()
    assert len(code.text()) == 96


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no enrolment code"),
        ("hunter2", "no enrolment code"),
        ("fle1-" + "A" * 300, "no enrolment code"),
        (CODE.text()[:-1], "not whole"),
        (CODE.text() + "AA", "not whole"),
        ("fle1-ää", "not whole"),
    ],
)
def test_what_is_none_is_not_repeated(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        read_code(text)
    assert text == "" or text not in str(refusal.value)


def test_the_secret_is_not_shown_by_accident() -> None:
    assert "sss" not in repr(CODE)
    assert CODE.secret_hash not in CODE.text()


def test_other_keys_have_another_print() -> None:
    keys = HostKeys(signing_key="a", bus_key="b", tls_key="c")
    assert keys.print() == HostKeys(signing_key="a", bus_key="b", tls_key="c").print()
    assert keys.print() != HostKeys(signing_key="a", bus_key="b", tls_key="d").print()
