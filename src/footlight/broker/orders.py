"""Rows to orders: pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from footlight.wire.host import Launch, MessageOrder, RecordingOrder, SessionOrder, decode


def order_of(session: Any, recording: Any | None, messages: Sequence[Any] = ()) -> SessionOrder:
    """All that is wanted of the session, from its row and the rows of the recording that it wants and of the
    messages that it waits for."""
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
        recording=None
        if recording is None
        else RecordingOrder(
            recording_id=recording.id,
            notify=recording.notify,
            reason=recording.reason,
            ordered_by=recording.ordered_by,
        ),
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


def end_of_stray(session: Any, generation: int) -> SessionOrder:
    """The order that ends a session which the host still runs though its row is over."""
    return SessionOrder(
        session_id=session.id,
        generation=generation + 1,
        want="end",
        launch=decode(Launch, session.launch.encode()),
        end_reason=session.end_reason,
    )
