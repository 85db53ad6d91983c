"""Rows to orders: pure."""

from __future__ import annotations

from typing import Any

from footlight.wire.host import Launch, RecordingOrder, SessionOrder, decode


def order_of(session: Any, recording: Any | None) -> SessionOrder:
    """All that is wanted of the session, from its row and the row of the recording that it wants."""
    return SessionOrder(
        session_id=session.id,
        generation=session.generation,
        want=session.wanted,
        launch=decode(Launch, session.launch.encode()),
        end_reason=session.wanted_end_reason,
        disconnects=session.wanted_disconnects,
        known=session.phase != "ordered",
        recording=None
        if recording is None
        else RecordingOrder(
            recording_id=recording.id,
            notify=recording.notify,
            reason=recording.reason,
            ordered_by=recording.ordered_by,
        ),
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
