"""Who has a session's display open: what the tap asks of a session (tap.Watched), and what is told of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from footlight.agent import consent
from footlight.agent.cover import Cover
from footlight.agent.tap import Viewer, send_round
from footlight.clock import Clock
from footlight.rfb.clipboard import lets_out
from footlight.rfb.cut_text import Carried


class Audience:
    """The viewers of one session."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        display: Callable[[], str | None],
        note: Callable[[str, dict[str, object]], None],
        told: Callable[[], None],
        attached: Callable[[str], None],
        text_wanted: Callable[[], bool] = lambda: False,
    ) -> None:
        """`display`: its name while the X server answers. `note` puts an event into a running recording; `told`: the
        facts have changed; `attached`: a viewer of that user has come; `text_wanted`: whether a running recording is
        to have the texts of clipboards."""
        self.viewers: list[Viewer] = []
        self.cover = Cover()
        self.changed_at_ms: int | None = None
        self.first_picture_ms: int | None = None
        self._folder = folder
        self._clock = clock
        self._display = display
        self._note = note
        self._told = told
        self._attached = attached
        self._text_wanted = text_wanted
        self._asking = False

    def rfb_path(self) -> str | None:
        """The X server's RFB socket while it answers."""
        return None if self._display() is None else f"{self._folder}/x/rfb"

    async def consents(self, viewer: Viewer) -> bool:
        """Asked is who works in the session now, by one question at a time; without him the answer is no."""
        display = self._display()
        if self._asking or display is None or not self._attended():
            return False
        self._asking = True
        try:
            agreed = await consent.ask(self._folder, display, viewer.facts)
        finally:
            self._asking = False
        return agreed and self._attended()

    def viewer_attached(self, viewer: Viewer) -> None:
        """Told to the server, to the recording, and by the notice to the viewer."""
        self._moved("viewer-attached", viewer)
        self._attached(viewer.facts.user_name)

    def covered_by(self, cause: str) -> None:
        """Whether they see the session ("") or its cover, because of that. Whoever is there is sent round."""
        if cause == self.cover.cause:
            return
        was_covered = bool(self.cover.cause)
        if cause:
            self.cover.put(cause)
        else:
            self.cover.lift()
        if was_covered != bool(cause):
            send_round(self)
            self._told()

    def line_measured(self) -> None:
        """Told to the server."""
        self._told()

    def copied(self, viewer: Viewer, carried: Carried) -> None:
        """Told to the recording: the text itself only where it asks for that."""
        members: dict[str, object] = {
            "direction": carried.direction,
            "selection": "clipboard",
            "formats": list(carried.formats),
            "userName": viewer.facts.user_name,
            "address": viewer.facts.address,
        }
        if carried.sha256 is not None:
            members |= {"format": "text", "bytes": carried.size, "sha256": carried.sha256}
        if carried.text is not None and self._text_wanted():
            members["text"] = carried.text
        self._note("clipboard", members)

    def offered_to(self) -> list[str]:
        """Names of the viewers to whom the X server tells of what is copied in the session."""
        return sorted({one.facts.user_name for one in self.viewers if lets_out(one.clipboard)})

    def picture_sent(self) -> None:
        """The first one of the session itself ends the launch's phases."""
        if self.first_picture_ms is None and not self.cover.cause:
            self.first_picture_ms = self._clock.now_ms()
            self._told()

    def viewer_left(self, viewer: Viewer) -> None:
        """Told to the server and to the recording."""
        self._moved("viewer-left", viewer)

    def _attended(self) -> bool:
        return any(one.facts.own for one in self.viewers)

    def _moved(self, kind: str, viewer: Viewer) -> None:
        self.changed_at_ms = self._clock.now_ms()
        facts = viewer.facts
        members: dict[str, object] = {
            "userName": facts.user_name,
            "address": facts.address,
            "mode": facts.mode,
            "own": facts.own,
        }
        self._note(kind, members)
        self._told()
