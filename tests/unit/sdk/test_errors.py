from __future__ import annotations

from typing import Any

import httpx
import pytest

from footlight.sdk import errors
from footlight.sdk.errors import StatusError, error_for, retry_after_s


def answer(status: int = 409, **options: Any) -> httpx.Response:
    return httpx.Response(status, **options)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequest), (401, errors.Unauthorized), (403, errors.Forbidden),
        (404, errors.NotFound), (405, errors.MethodNotAllowed), (406, errors.NotAcceptable),
        (409, errors.Conflict), (415, errors.UnsupportedMediaType),
        (429, errors.TooManyRequests), (500, errors.ServerFault), (501, errors.NotSupported),
        (503, errors.Unavailable), (418, StatusError), (502, StatusError),
    ],
)  # fmt: skip
def test_a_class_for_each_status(status: int, kind: type[StatusError]) -> None:
    error = error_for(answer(status))
    assert type(error) is kind
    assert error.status_code == status


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"detail": "new", "ErrorMessage": "old"}, "new"),
        ({"ErrorMessage": "old"}, "old"),
        ({"errormessage": "any case"}, "any case"),
        ({"error": "invalid_client", "error_description": "cloud"}, "cloud"),
        ({"detail": "", "message": "rest"}, "rest"),
        ({"detail": 5}, "409 Conflict"),
        (["x"], "409 Conflict"),
    ],
)
def test_the_message_is_the_sites_own(body: Any, message: str) -> None:
    assert str(error_for(answer(json=body))) == message


def test_code_transaction_and_body_are_kept() -> None:
    body = {"SdkErrorId": "UnknownSession", "detail": "gone"}
    error = error_for(answer(json=body, headers={"citrix-transactionid": "t-1"}))
    assert (error.code, error.transaction_id, error.body) == ("UnknownSession", "t-1", body)
    bare = error_for(answer(text="<html>"))
    assert (bare.code, bare.transaction_id, bare.body) == ("", None, "<html>")


@pytest.mark.parametrize(
    ("header", "seconds"), [("5", 5.0), ("0.5", 0.5), ("-3", 0.0), ("soon", None), (None, None)]
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    headers = {} if header is None else {"Retry-After": header}
    assert retry_after_s(answer(503, headers=headers)) == seconds
    assert error_for(answer(429, headers=headers)).retry_after_s == seconds


def test_one_except_catches_all() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, Exception)]
    assert len(kinds) > 15
    assert all(issubclass(kind, errors.SdkError) for kind in kinds)
    assert issubclass(errors.TimedOut, errors.ConnectionFailed)
