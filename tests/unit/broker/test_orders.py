from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from footlight.archive.terms import Terms, written
from footlight.broker.orders import end_of_stray, order_of
from footlight.wire.host import Account, Launch, RecordingOrder, encode

LAUNCH = Launch(
    resource_id="r", resource_name="Desktop", session_type="Desktop",
    account=Account(kind="managed", account_id="a", name="ada"), user_name="LAB\\ada",
    machine_name="LAB\\DESK1", command=[], environment={"LANG": "de_DE.UTF-8"},
)  # fmt: skip


def row(**changes: Any) -> Any:
    columns = {
        "id": "s", "generation": 7, "wanted": "run", "wanted_end_reason": None,
        "wanted_disconnects": 2, "wanted_manager_restarts": 1, "phase": "running", "end_reason": None,
        "launch": encode(LAUNCH).decode(), "wanted_transaction": "t1", "wanted_trace": None,
        "wanted_pre_roll_s": 0,
    }  # fmt: skip
    return SimpleNamespace(**{**columns, **changes})


def test_an_order_says_all_that_is_wanted() -> None:
    order = order_of(row(), None)
    assert (order.session_id, order.generation, order.want) == ("s", 7, "run")
    assert (order.launch, order.disconnects, order.manager_restarts) == (LAUNCH, 2, 1)
    assert order.recording is None
    assert (order.end_reason, order.known) == (None, True)


def test_an_order_names_the_request_that_wanted_it() -> None:
    order = order_of(row(wanted_trace="00-a-b-01"), None)
    assert (order.transaction, order.trace) == ("t1", "00-a-b-01")


def test_a_recording_is_ordered_with_its_reason() -> None:
    recording = SimpleNamespace(
        id="rec", notify=False, reason="on-demand", ordered_by="LAB\\admin", terms=None
    )
    assert order_of(row(), recording).recording == RecordingOrder(
        recording_id="rec", notify=False, reason="on-demand", ordered_by="LAB\\admin"
    )


def test_an_order_tells_the_terms_of_its_recording_and_what_is_kept_before_one() -> None:
    wanted = Terms(
        notify=True, events_only=True, if_lost="end", pre_roll_s=30, bytes_per_s=5000,
        clipboard_text=True, arguments=False, retention_class="audit", roll_over_s=600, policy_id="p",
    )  # fmt: skip
    recording = SimpleNamespace(
        id="rec", notify=True, reason="Accounting", ordered_by="p", terms=written(wanted)
    )
    order = order_of(row(wanted_pre_roll_s=30), recording)
    assert order.pre_roll_s == 30
    assert order.recording == RecordingOrder(
        recording_id="rec", notify=True, reason="Accounting", ordered_by="p", content="events",
        if_lost="end", pre_roll_s=30, bytes_per_s=5000, clipboard_text=True,
        arguments=False,
    )  # fmt: skip


@pytest.mark.parametrize(("phase", "known"), [("ordered", False), ("starting", True)])
def test_only_what_no_host_has_reported_may_be_launched(phase: str, known: bool) -> None:
    assert order_of(row(phase=phase), None).known is known


def test_an_end_is_ordered_with_its_reason() -> None:
    order = order_of(row(wanted="end", wanted_end_reason="logged off"), None)
    assert (order.want, order.end_reason) == ("end", "logged off")


def test_a_stray_is_ended_by_a_newer_order_than_the_hosts() -> None:
    order = end_of_stray(row(end_reason="lost"), 41)
    assert (order.want, order.generation, order.end_reason) == ("end", 42, "lost")
