"""Order dialogues with a session whose keeper and recorder are played by the test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footlight.agent import accounts, session, session_plan, session_start, surroundings
from footlight.agent.accounts import LinuxUser
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.session import HostedSession
from footlight.agent.surroundings import Surroundings, read_order
from footlight.clock import FakeClock
from footlight.errors import Unavailable
from footlight.wire.host import Account, Launch, RecordingFacts, RecordingOrder, SessionOrder

SESSION = "5e551044-0000-4000-8000-000000000001"
ORDER = SessionOrder(
    session_id=SESSION,
    generation=1,
    want="run",
    launch=Launch(
        resource_id="r",
        resource_name="Terminal",
        session_type="Application",
        account=Account(kind="managed", account_id="a", name="ada"),
        user_name="TEST\\ada",
        machine_name="TEST\\HOST",
        command=["xterm"],
    ),
)
RECORDING = RecordingOrder(recording_id="r1", notify=False, reason="on-demand", ordered_by="T\\r")


class FakeRecorders:
    """Begins at once and ends when asked, unless it is `silent`."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.silent = False
        self.known: dict[str, RecordingFacts] = {}
        self.begun: list[BeginRecording] = []

    async def begin(self, order: BeginRecording) -> None:
        self.asked.append(("begin", order.recording_id))
        self.begun.append(order)
        self.known[order.recording_id] = RecordingFacts(
            recording_id=order.recording_id,
            session_id=order.session_id,
            status="starting" if self.silent else "recording",
        )

    async def end(self, recording_id: str, reason: str) -> None:
        self.asked.append(("end", recording_id, reason))
        if self.silent:
            raise Unavailable("the recorder does not answer")

    async def suspend(self, recording_id: str, cause: str) -> None:
        self.asked.append(("suspend", recording_id, cause))

    async def keep_pre_roll(self, session_id: str, rfb_path: str, seconds: int) -> None:
        self.asked.append(("pre-roll", rfb_path[-6:], str(seconds)))

    async def event(self, recording_id: str, kind: str, members: dict[str, object]) -> None:
        self.asked.append(("event", recording_id, kind))

    def facts(self) -> list[RecordingFacts]:
        return list(self.known.values())


class FakeKeeper:
    """A keeper's socket in the session's folder: runs at once, ends when told to. The socket's path must
    be short, so the folder is the caller's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.orders: list[dict[str, Any]] = []
        self.ends_when_told = True
        self.state: dict[str, Any] = {
            "phase": "running",
            "display": ":77",
            "linux_user": "fl-ada",
            "linux_uid": 2001,
            "started_at_ms": 10,
            "established_at_ms": 20,
            "programs_gone": False,
        }
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "log").touch()
        (self.folder / "state.json").write_text(json.dumps(self.state))
        self._server = await asyncio.start_unix_server(self._serve, self.folder / "keeper.sock")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self._tell(writer, {"state": self.state})
        while line := await reader.readline():
            order = json.loads(line)
            self.orders.append(order)
            self._tell(writer, {"id": order["id"], "ok": True, "state": self.state})
            if order["do"] == "end" and self.ends_when_told:
                self.change(phase="ending", programs_gone=True)
                await self.end(order["reason"])
        writer.close()

    @staticmethod
    def _tell(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
        writer.write(json.dumps(message).encode() + b"\n")

    def change(self, **facts: Any) -> None:
        """Tell the agent of it."""
        self.state = {**self.state, **facts}
        for writer in self._writers:
            self._tell(writer, {"state": self.state})

    async def end(self, reason: str, code: int = 0) -> None:
        """The session is over: say so, on disk too, and go."""
        self.change(phase="ended", end_reason=reason, exit_code=code, ended_at_ms=30)
        (self.folder / "state.json").write_text(json.dumps(self.state))
        await self.vanish()

    async def vanish(self) -> None:
        if self._server is not None:
            self._server.close()
            (self.folder / "keeper.sock").unlink(missing_ok=True)
        for writer in self._writers:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def told(self, what: str) -> list[dict[str, Any]]:
        return [order for order in self.orders if order["do"] == what]


class Story:
    """One session, its surroundings, and everything that it says of itself."""

    def __init__(self, root: Path) -> None:
        self.recorders = FakeRecorders()
        self.changes = 0
        self.around = Surroundings(
            site_id="517e0000-0000-4000-8000-000000000001",
            run_root=root,
            recorders=self.recorders,
            clock=FakeClock(),
            changed=self._changed,
        )
        self.folder = self.around.free_folder(SESSION, set())
        self.keeper = FakeKeeper(self.folder)
        self.session = HostedSession(ORDER, self.folder, self.around)
        self.generation = 1

    def _changed(self, session_id: str) -> None:
        assert session_id == SESSION
        self.changes += 1

    def order(self, **wanted: Any) -> SessionOrder:
        """The next generation of the order, given to the session."""
        self.generation += 1
        order = msgspec.structs.replace(self.session.order, generation=self.generation, **wanted)
        self.session.take(order)
        return order

    def again(self, order: SessionOrder) -> HostedSession:
        """The session as the next agent finds it."""
        self.session = HostedSession(order, self.folder, self.around)
        return self.session

    async def until(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - whatever is looked at tells nobody
                await asyncio.sleep(0.005)

    async def settled(self) -> None:
        await self.until(lambda: self.session.generation == self.session.order.generation)

    async def running(self) -> None:
        self.session.start()
        await self.settled()
        assert self.session.phase == "running"


@pytest.fixture
async def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Story]:
    made = Story(tmp_path)
    user = LinuxUser("fl-ada", 2001, 2001, "/nowhere", "/bin/sh")
    monkeypatch.setattr(accounts, "resolve", lambda account, site_id: user)
    monkeypatch.setattr(session_start.xvnc, "make_x_folder", lambda: None)
    monkeypatch.setattr(session_plan, "prepare", lambda folder, user, cookie: None)
    monkeypatch.setattr(session_plan, "plan", lambda *facts, **more: {})
    monkeypatch.setattr(surroundings.processes, "cgroup_root", lambda: None)
    monkeypatch.setattr(session, "FIRST_RETRY_S", 0.01)
    loop = asyncio.get_running_loop()

    def start_keeper(folder: Path, plan: dict[str, Any]) -> int:
        asyncio.run_coroutine_threadsafe(made.keeper.start(), loop).result(5)
        return 2**22 + 1  # nobody's child

    monkeypatch.setattr(session_start.keeper_link, "start_keeper", start_keeper)
    yield made
    await made.keeper.vanish()
    await made.session.close()


# --- run and end ----------------------------------------------------------------------------------


async def test_an_order_to_run_is_noted_then_acted_on(story: Story) -> None:
    story.session.start()
    await story.settled()
    facts = story.session.facts()
    assert (facts.phase, facts.generation, facts.display) == ("running", 1, ":77")
    assert (facts.linux_user, facts.linux_uid) == ("fl-ada", 2001)
    assert read_order(story.folder) == ORDER
    assert (story.folder / "order.json").stat().st_mode & 0o777 == 0o600
    assert story.changes > 0


async def test_an_order_to_end_ends_it_once(story: Story) -> None:
    await story.running()
    story.order(want="end", end_reason="logged off")
    story.order(want="end", end_reason="logged off again")
    await asyncio.wait_for(story.session.gone(), 5)
    facts = story.session.facts()
    assert (facts.phase, facts.end_reason, facts.exit_code) == ("ended", "logged off again", 0)
    assert facts.generation == 3
    assert len(story.keeper.told("end")) == 1
    assert not (story.folder / "keeper.sock").exists()
    await story.session.forget()
    assert not story.folder.exists()


async def test_older_and_repeated_orders_change_nothing(story: Story) -> None:
    await story.running()
    newer = story.order(disconnects=1)
    await story.settled()
    story.session.take(ORDER)
    story.session.take(msgspec.structs.replace(newer, want="end"))
    await asyncio.sleep(0.05)
    assert story.session.facts().phase == "running"
    assert story.session.order == newer
    assert not story.keeper.told("end")


async def test_an_order_to_end_that_comes_first_starts_nothing(story: Story) -> None:
    story.session.order = msgspec.structs.replace(ORDER, want="end", end_reason="never mind")
    story.session.start()
    await story.settled()
    assert story.session.facts().end_reason == "never mind"
    assert not story.keeper.orders


async def test_a_session_that_was_known_and_is_lost_is_not_launched_anew(story: Story) -> None:
    story.session.order = msgspec.structs.replace(ORDER, known=True)
    story.session.start()
    await story.settled()
    facts = story.session.facts()
    assert (facts.phase, facts.end_reason) == ("ended", "the host no longer has it")
    assert not story.keeper.orders


async def test_what_can_not_start_ends_with_the_reason(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(account: Account, site_id: str) -> LinuxUser:
        raise Unavailable("useradd: no space left")

    monkeypatch.setattr(accounts, "resolve", refuse)
    story.session.start()
    await story.settled()
    assert story.session.facts().end_reason == "session could not start: useradd: no space left"


async def test_a_newer_order_while_one_is_acted_on_is_done_next(story: Story) -> None:
    """The launch waits for its account; meanwhile the log-off comes."""
    released = asyncio.Event()
    real = story.keeper.start

    async def slow_start() -> None:
        await released.wait()
        await real()

    story.keeper.start = slow_start  # type: ignore[method-assign]
    story.session.start()
    await asyncio.sleep(0.02)
    story.order(want="end", end_reason="changed my mind")
    released.set()
    await asyncio.wait_for(story.session.gone(), 5)
    assert story.session.facts().end_reason == "changed my mind"
    assert story.session.generation == 2


async def test_a_program_that_ends_by_itself_is_told(story: Story) -> None:
    await story.running()
    await story.keeper.end("program ended", 3)
    await asyncio.wait_for(story.session.gone(), 5)
    facts = story.session.facts()
    assert (facts.phase, facts.end_reason, facts.exit_code) == ("ended", "program ended", 3)


async def test_a_keeper_that_vanishes_ends_the_session(story: Story) -> None:
    await story.running()
    await story.keeper.vanish()
    await asyncio.wait_for(story.session.gone(), 5)
    assert story.session.facts().end_reason == "host lost the keeper"


async def test_the_hosts_own_end_needs_no_order(story: Story) -> None:
    await story.running()
    story.session.end_now("site stopped")
    await asyncio.wait_for(story.session.gone(), 5)
    assert story.keeper.told("end")[0]["reason"] == "site stopped"


# --- viewers --------------------------------------------------------------------------------------


async def test_disconnects_are_counted_not_repeated(story: Story) -> None:
    await story.running()
    story.order(disconnects=2)
    await story.settled()
    assert story.session.facts().disconnects == 2
    assert story.session.audience.rfb_path() == f"{story.folder}/x/rfb"
    await story.keeper.end("over")
    await asyncio.wait_for(story.session.gone(), 5)
    assert story.session.audience.rfb_path() is None


# --- recording ------------------------------------------------------------------------------------


async def test_recording_on_and_off(story: Story) -> None:
    await story.running()
    story.order(recording=RECORDING)
    await story.settled()
    facts = story.session.facts()
    assert facts.recording is not None
    assert (facts.recording.recording_id, facts.recording.status) == ("r1", "recording")
    assert story.recorders.begun[0].user_name == "TEST\\ada"
    assert story.keeper.told("linger")[-1]["s"] > 0  # the last picture is waited for
    story.order(recording=None)
    await story.settled()
    assert ("end", "r1", "stopped") in story.recorders.asked
    assert story.session.facts().recording is None
    assert story.keeper.told("linger")[-1]["s"] == 0


async def test_another_recording_takes_the_place_of_the_first(story: Story) -> None:
    await story.running()
    story.order(recording=RECORDING)
    await story.settled()
    story.order(recording=msgspec.structs.replace(RECORDING, recording_id="r2"))
    await story.settled()
    kinds = [asked[:2] for asked in story.recorders.asked]
    assert kinds == [("begin", "r1"), ("begin", "r2"), ("end", "r1")]


async def test_the_last_seconds_are_kept_until_a_recording_takes_them(story: Story) -> None:
    await story.running()
    story.order(pre_roll_s=30)
    await story.settled()
    story.order(pre_roll_s=30, recording=msgspec.structs.replace(RECORDING, pre_roll_s=20))
    await story.settled()
    story.order(pre_roll_s=30, recording=None)
    await story.settled()
    story.order(pre_roll_s=0)
    await story.settled()
    assert [asked for asked in story.recorders.asked if asked[0] != "event"] == [
        ("pre-roll", "/x/rfb", "30"),
        ("begin", "r1"),
        ("end", "r1", "stopped"),
        ("pre-roll", "/x/rfb", "30"),
        ("pre-roll", "/x/rfb", "0"),
    ]
    assert story.recorders.begun[0].pre_roll_s == 20


@pytest.mark.expects_errors
async def test_files_do_not_pass_while_a_session_is_covered(story: Story) -> None:
    await story.running()
    assert story.session.linux_user() is not None
    story.recorders.silent = True
    story.order(recording=msgspec.structs.replace(RECORDING, if_lost="cover"))
    async with asyncio.timeout(10):
        while not story.session.facts().covered:  # noqa: ASYNC110 - time alone brings it
            await asyncio.sleep(0.02)
    assert story.session.linux_user() is None
    assert story.session.audience.cover.cause == "starting"


async def test_a_recording_that_has_not_begun_leaves_the_order_unsettled(story: Story) -> None:
    await story.running()
    story.recorders.silent = True
    story.order(recording=RECORDING)
    await story.until(lambda: story.recorders.begun)
    await asyncio.sleep(0.05)
    assert story.session.generation == 1
    recording = story.session.facts().recording
    assert recording is not None
    story.session.recording_changed(msgspec.structs.replace(recording, status="recording"))
    await story.settled()


async def test_a_recording_that_fails_settles_the_order_with_its_error(story: Story) -> None:
    await story.running()
    story.recorders.silent = True
    story.order(recording=RECORDING)
    await story.until(lambda: story.recorders.begun)
    story.session.recording_changed(
        RecordingFacts(
            recording_id="r1", session_id=SESSION, status="failed", error="the disk is full"
        )
    )
    await story.settled()
    facts = story.session.facts().recording
    assert facts is not None
    assert facts.error == "the disk is full"


async def test_a_silent_recorder_holds_a_stop_up_and_not_the_sessions_end(story: Story) -> None:
    await story.running()
    story.order(recording=RECORDING)
    await story.settled()
    story.recorders.silent = True
    story.order(recording=None)
    await story.until(lambda: len([a for a in story.recorders.asked if a[0] == "end"]) >= 2)
    assert story.session.generation == 2  # the stop is tried again and again
    story.order(want="end", end_reason="logged off")
    await story.keeper.end("logged off")
    await asyncio.wait_for(story.session.gone(), 5)
    assert story.session.facts().recording is None


async def test_a_sessions_end_is_noted_in_its_recording(story: Story) -> None:
    await story.running()
    story.order(recording=RECORDING)
    await story.settled()
    story.order(want="end", end_reason="logged off")
    await asyncio.wait_for(story.session.gone(), 5)
    assert ("event", "r1", "session-ending") in story.recorders.asked
    ends = [asked for asked in story.recorders.asked if asked[0] == "end"]
    assert ends == [("end", "r1", "session ended: logged off")]


# --- adoption -------------------------------------------------------------------------------------


async def test_a_living_keeper_is_adopted_and_obeys(story: Story) -> None:
    await story.running()
    order = story.session.order
    await story.session.suspend("site stopped")
    again = story.again(order)
    await again.adopt()
    assert again.phase == "running"
    again.start()
    await story.settled()
    story.order(want="end", end_reason="logged off")
    await asyncio.wait_for(again.gone(), 5)
    assert again.facts().end_reason == "logged off"


async def test_a_suspended_recording_is_begun_again(story: Story) -> None:
    await story.running()
    order = story.order(recording=RECORDING)
    await story.settled()
    await story.session.suspend("site stopped")
    assert ("suspend", "r1", "site stopped") in story.recorders.asked
    again = story.again(order)
    await again.adopt()
    again.start()
    await story.settled()
    assert [asked[:2] for asked in story.recorders.asked].count(("begin", "r1")) == 2


async def test_a_session_that_ended_meanwhile_keeps_its_own_reason(story: Story) -> None:
    story.folder.mkdir()
    state = {**story.keeper.state, "phase": "ended", "end_reason": "program ended", "exit_code": 4}
    (story.folder / "state.json").write_text(json.dumps(state))
    await story.session.adopt()
    story.session.start()
    await asyncio.wait_for(story.session.gone(), 5)
    facts = story.session.facts()
    assert (facts.phase, facts.end_reason, facts.exit_code) == ("ended", "program ended", 4)


async def test_a_session_whose_keeper_is_lost_has_ended(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.folder.mkdir()
    (story.folder / "state.json").write_text(json.dumps(story.keeper.state))
    await story.session.adopt()
    story.session.start()
    await asyncio.wait_for(story.session.gone(), 5)
    facts = story.session.facts()
    assert (facts.phase, facts.end_reason, facts.display) == (
        *("ended", "host lost the keeper"),
        ":77",
    )
    noted = json.loads((story.folder / "state.json").read_text())
    assert noted["end_reason"] == "host lost the keeper"


async def test_an_order_that_was_noted_and_not_begun_is_begun_now(story: Story) -> None:
    story.folder.mkdir()
    await story.session.adopt()
    assert story.session.phase is None
    await story.running()


def test_the_keepers_number_is_nobodys() -> None:
    with pytest.raises(ProcessLookupError):
        os.kill(2**22 + 1, 0)


async def test_one_that_is_ended_in_line_never_starts(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Path] = []
    monkeypatch.setattr(
        session_start.keeper_link, "start_keeper", lambda *plan: started.append(plan[0])
    )
    monkeypatch.setattr(session.leftovers, "clear", lambda *where: None)
    starts = story.around.starts
    while not starts.crowded:
        await starts.enter()
    story.session.start()
    await story.until(lambda: "account" in story.session.facts().moments)
    story.order(want="end", end_reason="logged off")
    assert story.session.phase is None
    starts.leave()
    await story.until(lambda: story.session.phase == "ended")
    assert story.session.facts().end_reason == "logged off"
    assert started == []
    assert not starts.crowded


async def test_a_turn_is_given_back_when_the_x_server_answers(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = story.around.starts
    await story.running()
    assert not starts.crowded
    await asyncio.wait_for(starts.calm(), 1)
    story.session._start._undressed = True
    story.session._start._has_turn = True
    await starts.enter()
    story.session._keeper.state = {**story.keeper.state, "phase": "starting"}
    story.session._start.give_turn_back()
    await story.until(lambda: story.keeper.told("go-on"))
