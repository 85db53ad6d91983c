"""The agent's side of a keeper, against a socket that the test answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import keeper_link
from footlight.agent.keeper_link import KeeperLink, read_state
from footlight.errors import Unavailable


class Keeper:
    """Answers each order with the next of `answers`; None is silence, "gone" a cut connection."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: list[dict[str, Any] | str | None] = []
        self.orders: list[dict[str, Any]] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.server: asyncio.Server | None = None

    async def start(self) -> None:
        self.server = await asyncio.start_unix_server(self._serve, self.folder / "keeper.sock")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while line := await reader.readline():
            order = json.loads(line)
            self.orders.append(order)
            answer = self.answers.pop(0) if self.answers else {"ok": True}
            if answer == "gone":
                break
            if isinstance(answer, dict):
                self.say({"id": order["id"], **answer})
        writer.close()

    def say(self, message: dict[str, Any]) -> None:
        self.writers[-1].write(json.dumps(message).encode() + b"\n")


class Told:
    """What a link has told of."""

    def __init__(self) -> None:
        self.states: list[dict[str, Any]] = []
        self.gone = asyncio.Event()

    async def link(self, folder: Path, **how: Any) -> KeeperLink:
        return await KeeperLink.connect(folder, self.states.append, self.gone.set, **how)


@pytest.fixture
async def keeper(tmp_path: Path) -> AsyncIterator[Keeper]:
    made = Keeper(tmp_path)
    await made.start()
    yield made
    assert made.server is not None
    made.server.close()
    for writer in made.writers:
        writer.close()
        await writer.wait_closed()


async def test_orders_are_told_from_each_other_by_their_numbers(keeper: Keeper) -> None:
    link = await Told().link(keeper.folder)
    keeper.answers = [{"ok": True, "pid": 7}, {"ok": True, "state": {"phase": "running"}}]
    assert await link.run(["xterm"]) == 7
    assert await link.status() == {"phase": "running"}
    await link.end("logged off", 5.0)
    await link.linger(2.0)
    await link.kill("enough")
    assert [order["do"] for order in keeper.orders] == ["run", "status", "end", "linger", "kill"]
    assert len({order["id"] for order in keeper.orders}) == 5
    assert keeper.orders[2] == {"id": 3, "do": "end", "reason": "logged off", "polite_s": 5.0}
    await link.close()


async def test_states_come_unasked(keeper: Keeper) -> None:
    told = Told()
    link = await told.link(keeper.folder)
    await link.linger(0)
    keeper.say({"state": {"phase": "ending"}})
    keeper.say({"id": 999, "ok": True})  # nobody asked
    await link.linger(0)
    assert told.states == [{"phase": "ending"}]
    await link.close()
    assert not told.gone.is_set()  # let go, not gone


async def test_refusal_silence_and_death_are_unavailable(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_link, "ANSWER_S", 0.05)
    told = Told()
    link = await told.link(keeper.folder)
    keeper.answers = [{"ok": False, "error": "bad order"}, None, "gone"]
    with pytest.raises(Unavailable, match="bad order"):
        await link.linger(1)
    with pytest.raises(Unavailable, match="does not answer"):
        await link.linger(1)
    with pytest.raises(Unavailable, match="gone"):
        await link.linger(1)
    await asyncio.wait_for(told.gone.wait(), 5)
    with pytest.raises(Unavailable):
        await link.linger(1)


async def test_nonsense_ends_the_link(keeper: Keeper) -> None:
    told = Told()
    link = await told.link(keeper.folder)
    await link.linger(0)
    keeper.writers[-1].write(b"{nonsense\n")
    await asyncio.wait_for(told.gone.wait(), 5)


async def test_a_keeper_that_never_comes_is_not_waited_for_long(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no keeper answers"):
        await Told().link(tmp_path, limit_s=0.05)
    with pytest.raises(Unavailable):
        await Told().link(tmp_path, still_starting=lambda: False)


@pytest.mark.parametrize("text", [None, "", "{", "[]", '"x"'])
def test_a_state_that_can_not_be_read_is_none(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "state.json").write_text(text)
    assert read_state(tmp_path) is None
    (tmp_path / "state.json").write_text('{"phase": "ended"}')
    assert read_state(tmp_path) == {"phase": "ended"}
