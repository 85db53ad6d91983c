from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import audience
from footlight.agent.audience import Audience
from footlight.agent.tap import Viewer
from footlight.clock import FakeClock
from footlight.rfb.cut_text import Carried
from footlight.wire.host import ViewerFacts


def viewer(user: str = "LAB\\ada", *, own: bool = True) -> Viewer:
    return Viewer(
        ViewerFacts(
            viewer_id=user, user_name=user, own=own, mode="interactive", address="192.0.2.7", via_address=None,
            client_name="", platform="Linux", version="1", attached_at_ms=1,
        )
    )  # fmt: skip


class Told:
    """A session as its audience knows it."""

    def __init__(self, folder: Path) -> None:
        self.display: str | None = ":7"
        self.events: list[tuple[str, object]] = []
        self.told = 0
        self.come: list[str] = []
        self.clock = FakeClock()
        self.audience = Audience(
            *(folder, self.clock, lambda: self.display),
            note=lambda kind, members: self.events.append((kind, members["userName"])),
            told=self._told,
            attached=self.come.append,
        )

    def _told(self) -> None:
        self.told += 1


@pytest.fixture
def session(tmp_path: Path) -> Told:
    return Told(tmp_path)


def test_the_display_is_there_while_the_x_server_answers(session: Told, tmp_path: Path) -> None:
    assert session.audience.rfb_path() == f"{tmp_path}/x/rfb"
    session.display = None
    assert session.audience.rfb_path() is None


def test_who_comes_and_goes_is_told_and_noted(session: Told) -> None:
    assert session.audience.changed_at_ms is None
    session.audience.viewer_attached(viewer())
    assert (session.events, session.come) == ([("viewer-attached", "LAB\\ada")], ["LAB\\ada"])
    came_at_ms = session.audience.changed_at_ms
    session.clock.advance(1000)
    session.audience.viewer_left(viewer())
    assert session.events[1:] == [("viewer-left", "LAB\\ada")]
    assert session.come == ["LAB\\ada"]
    assert came_at_ms is not None
    assert session.audience.changed_at_ms == came_at_ms + 1000
    assert session.told == 2


def test_what_a_viewer_copies_is_noted_with_its_text_only_where_that_is_wanted(
    tmp_path: Path,
) -> None:
    noted: list[dict[str, object]] = []
    wanted = False
    one = Audience(
        *(tmp_path, FakeClock(), lambda: ":7"),
        note=lambda kind, members: noted.append(members),
        told=lambda: None,
        attached=lambda _: None,
        text_wanted=lambda: wanted,
    )
    one.copied(viewer(), Carried("in", ("text",), 5, "ab", "hello"))
    one.copied(viewer(), Carried("out", ("text",)))
    wanted = True
    one.copied(viewer(), Carried("in", ("text",), 5, "ab", "hello"))
    plain = {
        "direction": "in", "selection": "clipboard", "formats": ["text"], "format": "text",
        "bytes": 5, "sha256": "ab", "userName": "LAB\\ada", "address": "192.0.2.7",
    }  # fmt: skip
    assert noted[0] == plain
    assert noted[1]["direction"] == "out"
    assert "bytes" not in noted[1]
    assert noted[2] == {**plain, "text": "hello"}


def test_what_is_copied_inside_is_offered_to_whom_it_may_leave_to(session: Told) -> None:
    held = viewer("LAB\\eve")
    held.clipboard = "in"
    session.audience.viewers += [viewer(), viewer(), held]
    assert session.audience.offered_to() == ["LAB\\ada"]


def test_only_the_first_picture_counts(session: Told) -> None:
    session.audience.picture_sent()
    first_ms = session.audience.first_picture_ms
    session.clock.advance(1000)
    session.audience.picture_sent()
    assert session.audience.first_picture_ms == first_ms is not None
    assert session.told == 1


async def test_who_works_in_it_is_asked_one_at_a_time(
    session: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[asyncio.Future[bool]] = []

    async def ask(folder: Path, display: str, of: Any) -> bool:
        assert (display, of.user_name) == (":7", "LAB\\boss")
        answers.append(asyncio.get_running_loop().create_future())
        return await answers[-1]

    monkeypatch.setattr(audience.consent, "ask", ask)
    boss = viewer("LAB\\boss", own=False)
    assert not await session.audience.consents(boss)  # nobody is there
    session.audience.viewers.append(viewer())
    asked = asyncio.ensure_future(session.audience.consents(boss))
    await asyncio.sleep(0)
    assert not await session.audience.consents(boss)  # the question is open
    answers[0].set_result(True)
    assert await asked
    asked = asyncio.ensure_future(session.audience.consents(boss))
    await asyncio.sleep(0)
    session.audience.viewers.clear()
    answers[1].set_result(True)
    assert not await asked  # who has agreed is gone
    session.display = None
    assert not await session.audience.consents(boss)
