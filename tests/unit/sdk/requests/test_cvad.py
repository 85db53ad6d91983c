from __future__ import annotations

import pytest

from footlight.api.app import route_table
from footlight.sdk.requests import cvad, own
from footlight.sdk.requests.request import Request

ALL = [
    cvad.sign_in("a", "b"),
    cvad.sign_in_client("i", "s", "root"),
    cvad.refresh_token("t"),
    cvad.revoke_token(),
    cvad.me(),
    cvad.sessions(5, "Id", None),
    cvad.session("s", None, None),
    cvad.recording_status("s", None),
    *(cvad.session_action("s", verb, None) for verb in
      ("startRecording", "stopRecording", "disconnect", "logoff")),
    own.launch("D", machine=None, user=None, new=False, wait_s=None, idempotency_key="k", timeout_s=None),
    own.ticket("s", "view"),
    own.session_view("s"),
    own.resources(),
    own.accounts(),
    own.create_account("a", None, None, None),
    own.set_password("a", None),
    own.recordings(None, None, None),
    *(own.recording("r", part) for part in
      ("", "manifest", "events", "verification", "frame", "contact-sheet")),
    own.segment_range("r", 3, 0, None),
    own.export("r"),
    own.job("j"),
    own.job_result("j"),
]  # fmt: skip


@pytest.mark.parametrize("request_", ALL, ids=lambda r: f"{r.method} {r.path}")
def test_the_server_has_a_route_for_each_request(request_: Request) -> None:
    matched = route_table().match(request_.path)
    assert matched is not None
    assert request_.method in matched.methods
    assert request_.path == matched.path, "in the canonical spelling"


def test_sign_ins_carry_no_token_and_their_secrets_in_no_url() -> None:
    for asked in (
        cvad.sign_in("a", "secret"),
        cvad.sign_in_client("i", "secret", "c/d"),
        cvad.refresh_token("secret"),
    ):
        assert not asked.signed
        assert "secret" not in asked.path + str(asked.query)
    form = cvad.sign_in_client("i", "s", "c/d")
    assert form.path == "/cctrustoauth2/c%2Fd/tokens/clients"
    assert form.form == {"grant_type": "client_credentials", "client_id": "i", "client_secret": "s"}


def test_a_following_page_keeps_the_query() -> None:
    first = cvad.sessions(5, "Id", 9)
    after = cvad.following(first, "t")
    assert after.query == {"limit": "5", "fields": "Id", "continuationToken": "t"}
    assert (after.path, after.timeout_s) == (first.path, 9)
    assert cvad.following(after, "u").query["continuationToken"] == "u"
    assert "continuationToken" not in first.query


def test_session_verbs_may_be_repeated() -> None:
    asked = cvad.session_action("a/b", "startRecording", 3, notifyUser=False)
    assert asked.path == "/cvad/manage/Sessions/a%2Fb/$startRecording"
    assert (asked.query, asked.repeatable, asked.json) == ({"notifyUser": "false"}, True, None)
