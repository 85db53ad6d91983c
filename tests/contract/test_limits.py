"""Wrong sign-ins are locked out, too many requests are refused, and what ends a token ends it at once."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.long

TOKENS = "/cvad/manage/tokens"
ME = "/cvad/manage/me"
CLOUD = "/cctrustoauth2/root/tokens/clients"
PASSWORD = "correct horse"
SAME = ("Content-Type", "WWW-Authenticate", "Server", "Content-Length")


@pytest.fixture
def strict(own_site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site that locks out for a day after three wrong ones."""
    monkeypatch.setenv("FOOTLIGHT_SIGN_IN_ATTEMPTS", "3")
    monkeypatch.setenv("FOOTLIGHT_SIGN_IN_LOCK_SECONDS", "86400")
    return own_site()


@pytest.fixture
def slow(own_site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site that takes five requests at once of an account and of an address, then two a second."""
    monkeypatch.setenv("FOOTLIGHT_SIGN_IN_RATE", "2,5")
    return own_site("--rate-limit", "2,5")


def add_account(client: httpx.Client, name: str) -> None:
    body = {"name": name, "password": PASSWORD}
    assert client.post("/footlight/v1/accounts", json=body).status_code == 201


@pytest.mark.covers("POST /tokens", 200, 401)
def test_a_locked_name_learns_nothing_until_an_administrator_resets_it(
    strict: Any, own_site: Any
) -> None:
    with strict.client() as admin, strict.bare_client() as made:
        add_account(admin, "zoe")
        held = made.post(TOKENS, auth=("zoe", PASSWORD)).json()["Token"]
        answers = [
            made.post(TOKENS, auth=(name, password))
            for name in ("zoe", "nobody")
            for password in ("wrong", "wrong", "wrong", PASSWORD, PASSWORD)
        ]
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.text for answer in answers}) == 1
        assert len({tuple(map(answer.headers.get, SAME)) for answer in answers}) == 1
        assert made.post(TOKENS, auth=("FOOTLIGHT\\ZOE", PASSWORD)).status_code == 401
        # A token is no attempt: those that were given go on.
        shown = made.get(ME, headers={"Authorization": f"Bearer {held}"})
        assert shown.status_code == 200
    again = own_site()
    with again.client() as admin, again.bare_client() as made:
        assert made.post(TOKENS, auth=("zoe", PASSWORD)).status_code == 401, "kept over a restart"
        signing_in = {"user": "zoe", "password": PASSWORD}
        assert made.post("/footlight/v1/sign-in", json=signing_in).status_code == 401
        reset = admin.post("/footlight/v1/accounts/zoe/password", json={"password": PASSWORD})
        assert reset.status_code == 200
        assert made.post(TOKENS, auth=("zoe", PASSWORD)).status_code == 200
        assert made.post("/footlight/v1/sign-in", json=signing_in).status_code == 200


@pytest.mark.covers("POST /cctrustoauth2/{customer}/tokens/clients", 200, 400)
def test_a_locked_client_learns_nothing(strict: Any) -> None:
    form = {"grant_type": "client_credentials", "client_id": strict.client_id}
    right = {**form, "client_secret": strict.client_secret}
    with strict.bare_client() as made:
        assert made.post(CLOUD, data=right).status_code == 200
        answers = [made.post(CLOUD, data={**form, "client_secret": "wrong"}) for _ in range(3)]
        answers.append(made.post(CLOUD, data=right))
        assert {answer.status_code for answer in answers} == {400}
        assert {answer.json()["error"] for answer in answers} == {"invalid_client"}
        assert len({answer.text for answer in answers}) == 1
        # Its account's own name is another matter.
        signed_in = made.post(TOKENS, auth=(strict.admin_user, strict.admin_password))
        assert signed_in.status_code == 200


@pytest.mark.covers("GET /me", 429)
@pytest.mark.covers("POST /tokens", 429)
@pytest.mark.covers("POST /cctrustoauth2/{customer}/tokens/clients", 429)
def test_too_many_requests_are_refused_and_pass_later(slow: Any) -> None:
    with slow.client() as client, slow.bare_client() as bare:
        for send in (
            lambda: client.get(ME),
            lambda: client.get("/footlight/v1/me"),
            lambda: bare.post(TOKENS, headers={"Authorization": "Basic"}),
            lambda: bare.post(CLOUD, data={"grant_type": "client_credentials"}),
        ):
            refused = next(
                answer for answer in (send() for _ in range(60)) if answer.status_code == 429
            )
            assert int(refused.headers["Retry-After"]) >= 1
            body = refused.json()
            assert body["type"].endswith("common/rateLimitExceeded")
            delay = {"name": "retryDelay", "value": refused.headers["Retry-After"]}
            assert delay in body["parameters"]
            assert refused.headers["Citrix-TransactionId"]
        assert bare.get("/").status_code != 429
        assert bare.get("/healthz").status_code == 200
        time.sleep(int(refused.headers["Retry-After"]))
        assert client.get(ME).status_code == 200
        assert bare.post(CLOUD, data={"grant_type": "client_credentials"}).status_code == 400


@pytest.mark.covers("POST /tokens/$refresh", 200, 401)
@pytest.mark.covers("DELETE /tokens", 204)
def test_a_refreshed_token_outlives_the_one_that_is_logged_off(site: Any) -> None:
    with site.bare_client() as made:
        first = made.post(TOKENS, auth=(site.admin_user, site.admin_password)).json()["Token"]
        old = {"Authorization": f"CWSAuth bearer={first}"}
        fresh = made.post(f"{TOKENS}/$refresh", headers=old).json()["Token"]
        new = {"Authorization": f"CWSAuth bearer={fresh}"}
        assert made.delete(TOKENS, headers=old).status_code == 204
        assert made.get(ME, headers=old).status_code == 401
        assert made.post(f"{TOKENS}/$refresh", headers=old).status_code == 401
        assert made.get(ME, headers=new).status_code == 200
