"""One fault of a site under light load: what is there before, what happens meanwhile, what must be so after."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread

from tests.cluster.faults import Fault
from tests.cluster.flushed import flushed_now, lost
from tests.cluster.ground import Ground, Server, until
from tests.cluster.scene import (
    CALL_S,
    ONE_TRY_S,
    REFUSED,
    SAME,
    Live,
    draw,
    end_program,
    launch,
    record,
    saved,
    states,
)

from footlight.sdk import Footlight

TRUE_WITHIN_S = 10.0
SERVES_WITHIN_S = 10.0  # another server, after a fault of one
END_S = 60.0
GONE_S = 30.0
MESSAGE_S = 3.0
LAUNCH_S = 8.0


@dataclass
class Outcome:
    """Of one round, in seconds. `lasted_s`: from the fault to the beginning of the repair. `served_s`: until an order
    from a server that was left alone was carried out on a host; from the fault where that was before the repair, else
    from the repair's beginning. `ready_s`: what the repair itself took. `true_s`: from its end until everything was
    so. `gap_s`: the longest time that lists were not answered, by server. `wrong`: what was not as it must be; `late`:
    what was so only after its time, which says as much of the machine."""

    fault: Fault
    wrong: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    served_s: float | None = None
    lasted_s: float = 0.0
    ready_s: float = 0.0
    true_s: float | None = None
    gap_s: dict[str, float] = field(default_factory=dict)
    duty: bool = False  # the server had the duty of speaking to hosts
    hit: str = ""  # the server that the fault happened to

    @property
    def others_gap_s(self) -> list[float]:
        """Of the servers that were left alone."""
        return [gap for name, gap in self.gap_s.items() if name != self.hit]


class Round:
    """What one fault is to show: `prepare`, the fault, `endure`, the repair, `check`, `finish`; `leave` in any case.
    `lasting`: sessions that live through all rounds; one of them gets a new recording."""

    def __init__(self, ground: Ground, lasting: list[Live], number: int, outcome: Outcome) -> None:
        self._ground = ground
        self._lasting = lasting
        self._number = number
        self._outcome = outcome
        self._said: dict[
            str, bool
        ] = {}  # texts of messages, and whether the site said that they were shown
        self._guest: Live | None = None
        self.drawing: subprocess.Popen[bytes] | None = None
        self._begun = 0.0
        self._copies = ground.folder / "copies"
        self._launches: list[Thread] = []
        self._launched: set[str] = set()  # what was answered to them
        self._new_user = f"new{number}"

    # --- before -------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """A guest that is recorded, one that will end, and all that can be read of recordings."""
        fault, ground = self._outcome.fault, self._ground
        client = self._other.client()
        host = ground.hosts[
            fault.which if fault.who == "agent" else self._number % len(ground.hosts)
        ]
        self._doomed = launch(client, host, f"doomed{self._number}")
        self._guest = launch(client, host, f"guest{self._number}")
        self.drawing = draw(self._guest)
        record(client, self._guest)
        for live in self._recorded:
            saved(client, live.recording_id, self._copies)
            live.flushed = flushed_now(live.recording_id, self._copies, self._copies)
        if fault.who == "server":
            self._outcome.hit = ground.servers[fault.which].name
            self._outcome.duty = self._holder("hosts") == ground.servers[fault.which].name

    # --- meanwhile ----------------------------------------------------------------------------------

    def endure(self) -> None:
        """Until the repair: a program ends, a launch is tried at each server that can be, messages are sent."""
        fault, servers = self._outcome.fault, self._ground.servers
        self._begun = time.monotonic()
        end_program(self._doomed)
        tried = [one for one in servers if one is not servers[fault.which] or fault.who != "server"]
        self._launches = [Thread(target=self._launch, args=(server,)) for server in tried]
        for launching in self._launches:
            launching.start()
        while self.since_s() < fault.lasts_s or self._is_awaited():
            self._message(self._begun)
            time.sleep(0.2)

    def _is_awaited(self) -> bool:
        """Whether another server is still to show that it can do what the one that was hit did."""
        of_server = self._outcome.fault.who == "server" and self._outcome.served_s is None
        return of_server and self.since_s() < SERVES_WITHIN_S

    def since_s(self) -> float:
        """Since the fault."""
        return time.monotonic() - self._begun

    def _message(self, since: float) -> None:
        """Once it is shown, the site serves: the order went from a server to a host, and its report back."""
        assert self._guest is not None
        text = f"{self._number}.{len(self._said)}"
        client = self._other.client(MESSAGE_S, max_retries=0)
        try:
            client.sessions.send_message(self._guest.session_id, "Fault", text)
        except REFUSED:
            self._said[text] = False
            return
        finally:
            client.close()
            self._other.clients.remove(client)
        self._said[text] = True
        if self._outcome.served_s is None:
            self._outcome.served_s = round(time.monotonic() - since, 2)

    def _launch(self, server: Server) -> None:
        """Tries one launch, which has the same key everywhere; whatever is answered, it must become one session."""
        host = self._ground.hosts[(self._number + 1) % len(self._ground.hosts)]
        client = server.client(LAUNCH_S, max_retries=3)
        try:
            made = client.launches.create(
                *("Terminal",),
                user=self._new_user,
                machine=host.id,
                new=True,
                idempotency_key=self._new_user,
                timeout_s=LAUNCH_S,
            )
            self._launched.add(str(made["sessionId"]))
        except REFUSED:
            pass  # that it is refused is right while nothing works
        finally:
            client.close()
            server.clients.remove(client)

    # --- after --------------------------------------------------------------------------------------

    def check(self, repaired: float) -> None:
        """Everything is so, late or in its time; messages are carried out again; nothing that was flushed is lost.
        `repaired`: the moment at which the repair began."""
        begun = time.monotonic()
        wrong: list[str] = []

        def right() -> bool:
            wrong[:] = self._untrue()
            return not wrong

        try:
            until(right, "true", TRUE_WITHIN_S)
        except AssertionError:
            self._outcome.late += [f"not within {TRUE_WITHIN_S:g} s: {one}" for one in wrong]
            until(right, "; ".join(wrong), END_S)
        self._outcome.true_s = round(time.monotonic() - begun, 2)
        while self._outcome.served_s is None and time.monotonic() - begun < END_S:
            self._message(repaired)
        served_s = self._outcome.served_s
        if served_s is None:
            self._outcome.wrong.append("no message is shown after the repair")
        elif self._outcome.fault.who == "server" and served_s > SERVES_WITHIN_S:
            self._outcome.late.append("the other server does not serve in time")
        self._look_at_flushed()

    def _untrue(self) -> list[str]:
        """What the site says at each server that is not what hosts know."""
        found = []
        for server in self._ground.servers:
            client = server.client(ONE_TRY_S, max_retries=0)
            try:
                found += [f"{server.name}: {one}" for one in self._untrue_at(client)]
            except REFUSED as error:
                found.append(f"{server.name}: {type(error).__name__}: {error}")
            finally:
                client.close()
                server.clients.remove(client)
        return found

    def _untrue_at(self, client: Footlight) -> Iterator[str]:
        listed = {one["Id"]: one for one in client.sessions.list(limit=1000)}
        living = {name for host in self._ground.hosts for name in states(host)}
        for session_id in listed.keys() ^ living:
            row = listed.get(session_id)
            where = f"listed ({row['State']}, {row['User']['SamName']})" if row else "running"
            yield f"session {session_id} is only {where}"
        for live in self._recorded:
            row = listed.get(live.session_id, {})
            now = {name: row.get(name) for name in SAME}
            if now != live.before:
                yield f"{live.user} is {now}, was {live.before}"
            elif not client.sessions.recording_status(live.session_id):
                yield f"{live.user} is not recorded"
        if self._doomed.session_id in listed:
            yield "a session whose program ended is listed"
        for host in self._ground.hosts:
            if (said := client.machines.get(host.id)["RegistrationState"]) != "Registered":
                yield f"{host.name} is {said}"

    def _look_at_flushed(self) -> None:
        for server in self._ground.servers:
            client = server.client()
            for live in self._recorded:
                self._outcome.wrong += [
                    f"{server.name}: {live.user}: {one}" for one in self._lost(client, live)
                ]

    # --- the end ------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Recordings verify, messages came once, the launch was one."""
        client = self._ground.servers[self._number % len(self._ground.servers)].client()
        assert self._guest is not None
        for launching in self._launches:
            launching.join(END_S)
        affected = self._lasting[self._number % len(self._lasting)]
        for live in (self._guest, affected):
            self._stop(client, live)
        self._count_messages(client)
        known = {live.session_id for live in (*self._recorded, self._doomed)}
        news = {one["Id"] for one in client.sessions.list(limit=1000)} - known
        if len(news) > 1 or not self._launched <= news:
            self._outcome.wrong.append(f"one launch made {news}, and said {self._launched}")
        record(client, affected)

    def _stop(self, client: Footlight, live: Live) -> None:
        client.sessions.stop_recording(live.session_id, timeout_s=CALL_S)
        recording_id = live.recording_id
        until(
            lambda: client.recordings.get(recording_id)["state"] != "recording",
            "it is closed",
            END_S,
        )
        found = client.recordings.verification(recording_id)
        if found["status"] != "verified":
            self._outcome.wrong.append(f"{live.user}'s recording: {found}")
        for gap in client.recordings.manifest(recording_id)["gaps"]:
            if not gap.get("cause"):
                self._outcome.wrong.append(
                    f"{live.user}'s recording has a gap without a cause: {gap}"
                )
        self._outcome.wrong += [f"{live.user}, stopped: {one}" for one in self._lost(client, live)]

    def _lost(self, client: Footlight, live: Live) -> Iterator[str]:
        if live.flushed is not None:
            yield from lost(live.flushed, saved(client, live.recording_id, self._copies))

    def _count_messages(self, client: Footlight) -> None:
        assert self._guest is not None
        events = list(client.recordings.events(self._guest.recording_id))
        shown = Counter(e["text"] for e in events if e["type"] == "message-shown")
        for text, said in self._said.items():
            if shown[text] > 1 or (said and not shown[text]):
                self._outcome.wrong.append(f"a message was shown {shown[text]} times")

    def leave(self) -> None:
        """End what is the round's own."""
        lasting = {live.session_id for live in self._lasting}
        client = self._ground.servers[0].client()

        def others() -> list[str]:
            return [o["Id"] for o in client.sessions.list(limit=1000) if o["Id"] not in lasting]

        try:
            for session_id in others():
                client.sessions.logoff(session_id)
            until(lambda: not others(), "guests are gone", GONE_S)
        except (*REFUSED, AssertionError) as error:
            self._outcome.wrong.append(f"guests don't go: {error}")

    def _holder(self, duty: str) -> str:
        """The name of the server that has it."""
        query = f"SELECT holder FROM leases WHERE name = '{duty}'"
        (row,) = self._ground.postgres.run(self._ground.database, query)
        for server in self._ground.servers:
            if (self._ground.folder / server.name / "server-id").read_text() == row["holder"]:
                return server.name
        return ""

    @property
    def _recorded(self) -> list[Live]:
        return [*self._lasting, *([self._guest] if self._guest else [])]

    @property
    def _other(self) -> Server:
        """A server to which the fault does not happen."""
        fault, servers = self._outcome.fault, self._ground.servers
        if fault.who == "server":
            return servers[(fault.which + 1) % len(servers)]
        return servers[self._number % len(servers)]
