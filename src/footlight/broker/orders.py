"""Rows to orders: pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from footlight.archive import terms
from footlight.archive.keys import RecordingKeys
from footlight.wire.host import Launch, MessageOrder, RecordingOrder, SessionOrder, decode


def order_of(
    session: Any,
    recording: Any | None,
    messages: Sequence[Any] = (),
    keys: RecordingKeys | None = None,
) -> SessionOrder:
    """All that is wanted of the session, from its row and the rows of the recording that it wants and of the
    messages that it waits for. `keys` None: recordings are kept in the clear."""
    return SessionOrder(
        session_id=session.id,
        generation=session.generation,
        want=session.wanted,
        launch=decode(Launch, session.launch.encode()),
        end_reason=session.wanted_end_reason,
        disconnects=session.wanted_disconnects,
        manager_restarts=session.wanted_manager_restarts,
        known=session.phase != "ordered",
        transaction=session.wanted_transaction,
        trace=session.wanted_trace,
        recording=None if recording is None else _recording_order(recording, keys),
        pre_roll_s=session.wanted_pre_roll_s,
        messages=[
            MessageOrder(
                message_id=message.id,
                style=message.style,
                title=message.title,
                text=message.text,
                ordered_by=message.ordered_by,
            )
            for message in messages
        ],
    )


def _recording_order(recording: Any, keys: RecordingKeys | None) -> RecordingOrder:
    wanted = terms.of_row(recording.terms, notify=recording.notify)
    return RecordingOrder(
        recording_id=recording.id,
        notify=wanted.notify,
        reason=recording.reason,
        ordered_by=recording.ordered_by,
        key=None if keys is None else keys.order_key(recording.id),
        content="events" if wanted.events_only else "screen",
        if_lost=wanted.if_lost,
        pre_roll_s=wanted.pre_roll_s,
        bytes_per_s=wanted.bytes_per_s,
        clipboard_text=wanted.clipboard_text,
        arguments=wanted.arguments,
    )


def end_of_stray(session: Any, generation: int) -> SessionOrder:
    """The order that ends a session which the host still runs though its row is over."""
    return SessionOrder(
        session_id=session.id,
        generation=generation + 1,
        want="end",
        launch=decode(Launch, session.launch.encode()),
        end_reason=session.end_reason,
    )
