"""The pre-rolls of a recorder process, by session."""

from __future__ import annotations

from footlight.agent.pre_roll import Memory, PreRoll
from footlight.agent.recorder_messages import BeginRecording, KeepPreRoll
from footlight.clock import Clock
from footlight.recording.writer import Members
from footlight.tasks import spawn

MOST_PRE_ROLL_S = 600


class PreRolls:
    """Of all sessions of a host of which something is kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._memory = Memory()
        self._by_session: dict[str, PreRoll] = {}

    def keep(self, wanted: KeepPreRoll) -> None:
        """Begin, or stop. Another length begins anew."""
        seconds = min(wanted.seconds, MOST_PRE_ROLL_S)
        known = self._by_session.get(wanted.session_id)
        if known is not None:
            if known.seconds == seconds and not known.over:
                return
            del self._by_session[wanted.session_id]
            known.stop()
        if seconds > 0:
            made = PreRoll(self._clock, self._memory, wanted.rfb_path, seconds)
            self._by_session[wanted.session_id] = made
            spawn(f"pre-roll {wanted.session_id}", made.run())

    def take(self, order: BeginRecording) -> PreRoll | None:
        """What a recording that begins has in front of it; nothing is kept beside a recording."""
        known = self._by_session.pop(order.session_id, None)
        if known is not None and (order.pre_roll_s <= 0 or order.content == "events"):
            known.stop()
            return None
        return known

    def event(self, session_id: str, kind: str, members: Members) -> None:
        """Something happened in a session; kept only where something of it is."""
        if (known := self._by_session.get(session_id)) is not None:
            known.event(kind, members)

    def stop(self) -> None:
        """All of them."""
        for one in self._by_session.values():
            one.stop()
        self._by_session.clear()
