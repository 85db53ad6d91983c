"""Every Authorization spelling."""

from __future__ import annotations

import base64

import pytest

from footlight.api.authorization import Basic, Token, Unreadable, parse_authorization


@pytest.mark.parametrize(
    "header",
    [
        "CWSAuth bearer=ey.J-x_1", "CWSAuth Bearer=ey.J-x_1", "CwsAuth bearer=ey.J-x_1",
        "CwsAuth Bearer=ey.J-x_1", "cwsauth BEARER = ey.J-x_1", 'CWSAuth bearer="ey.J-x_1"',
        "CWSAuth  bearer=ey.J-x_1 ", "Bearer ey.J-x_1", "bearer   ey.J-x_1",
    ],
)  # fmt: skip
def test_token_spellings(header: str) -> None:
    assert parse_authorization(header) == Token("ey.J-x_1")


def test_token_is_the_rest_of_the_line() -> None:
    assert parse_authorization("CWSAuth bearer=abc==") == Token("abc==")


@pytest.mark.parametrize("header", [None, "", "   "])
def test_missing(header: str | None) -> None:
    assert parse_authorization(header) is None


@pytest.mark.parametrize(
    ("header", "scheme"),
    [
        ("CWSAuth", "cwsauth"), ("CWSAuth bearer=", "cwsauth"), ("CWSAuth token=x", "cwsauth"),
        ("Bearer", "bearer"), ("Negotiate TlRM", "negotiate"), ("NTLM x", "ntlm"),
        ("Basic !!!", "basic"), ("Basic " + base64.b64encode(b"nocolon").decode(), "basic"),
        ("Basic " + base64.b64encode(b":nobody").decode(), "basic"), ("Bearer \u00e4", "bearer"),
        ("Bearer " + "x" * 9000, "bearer"),
    ],
)  # fmt: skip
def test_unreadable(header: str, scheme: str) -> None:
    assert parse_authorization(header) == Unreadable(scheme)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_basic(encoding: str) -> None:
    raw = base64.b64encode("DOM\\jürgen:p:ä".encode(encoding)).decode()
    for header in (f"Basic {raw}", f"basic {raw.rstrip('=')}"):
        assert parse_authorization(header) == Basic("DOM\\jürgen", "p:ä")


def test_secrets_have_no_repr() -> None:
    assert "hush" not in repr(Token("hush")) + repr(Basic("ada", "hush"))
