"""A site under light load to which one fault after the other happens (round.py), and what must be so in the end."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.faults import Fault, Happening
from tests.cluster.ground import ROOT, Ground, end, until
from tests.cluster.receiver import Receiver
from tests.cluster.round import END_S, Outcome, Round
from tests.cluster.scene import Live, Load, draw, launch, record
from tests.rack import rack

import remains
from postgres_server import running_server

DATABASE = "failover"


class Failover:
    """The site with a recorded session on each host, which live through all rounds."""

    def __init__(self, ground: Ground, receiver: Receiver) -> None:
        self.ground = ground
        self.lasting: list[Live] = []
        self.drawings: list[subprocess.Popen[bytes]] = []
        self._receiver = receiver
        self._rounds = 0
        self._load = Load(ground.servers)
        self._first_seq = 0

    def begin(self) -> None:
        """Launch the lasting sessions, record them, and be told of changes."""
        client = self.ground.servers[0].client()
        for number, host in enumerate(self.ground.hosts):
            live = launch(client, host, f"lasting{number}")
            self.drawings.append(draw(live))
            record(client, live)
            self.lasting.append(live)
        client.webhooks.create({"url": self._receiver.url, "events": ["session", "recording"]})
        self._first_seq = self._newest_seq()

    def close(self) -> None:
        """End everything."""
        self._load.stop()
        self.ground.close()
        end(self.drawings)

    def round(self, fault: Fault) -> Outcome:
        """One fault, from before it until everything is so again and what the round made is gone."""
        self._rounds += 1
        outcome = Outcome(fault)
        one = Round(self.ground, self.lasting, self._rounds, outcome)
        happening = Happening(self.ground, fault)
        try:
            one.prepare()
            self._load.begin()
            happening.begin()
            one.endure()
            outcome.lasted_s = round(one.since_s(), 2)
            repaired = time.monotonic()
            outcome.ready_s = round(happening.repair(), 2)
            one.check(repaired)
            outcome.gap_s = {name: round(s, 2) for name, s in self._load.gap_s.items()}
            one.finish()
        except Exception as error:
            outcome.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            happening.mend()
            one.leave()
            if one.drawing is not None:
                self.drawings.append(one.drawing)
        return outcome

    def closing(self) -> list[str]:
        """What is wrong with all that remains after the rounds: deliveries, the audit log."""
        wrong = []
        until(lambda: not self._untold(), "all changes are told", END_S)
        told = self._receiver
        if several := [seq for seq, ids in told.ids.items() if len(ids) > 1]:
            wrong.append(f"changes {several} were told under several ids")
        if told.order != sorted(told.order):
            wrong.append("changes were told out of order")
        for server in self.ground.servers:
            found = server.client().audit.verification()
            if not found["whole"]:
                wrong.append(f"{server.name}: the audit log is not whole: {found}")
        return wrong

    def _newest_seq(self) -> int:
        (row,) = self.ground.postgres.run(DATABASE, "SELECT max(seq) AS seq FROM outbox")
        return int(row["seq"])

    def _untold(self) -> list[int]:
        """Changes since the beginning that the webhook was not told."""
        rows = self.ground.postgres.run(
            DATABASE,
            f"SELECT seq FROM outbox WHERE seq > {self._first_seq} AND kind IN ('session', 'recording')",
        )
        return [row["seq"] for row in rows if row["seq"] not in self._receiver.ids]


@contextmanager
def failover(folder: Path, hosts: int = 2) -> Iterator[Failover]:
    """A site of two servers and some hosts in the folder; everything goes afterwards."""
    with running_server(synchronous_commit="on") as postgres, rack(folder, ROOT) as made:
        postgres.run("postgres", f"CREATE DATABASE {DATABASE}")
        ground = Ground(made, postgres, DATABASE, folder, FOOTLIGHT_WEBHOOK_HOSTS="127.0.0.1")
        receiver = Receiver()
        try:
            ground.start_bus()
            for name in ("one", "two"):
                ground.start_server(name)
            for number in range(hosts):
                listen = (
                    ("--listen", f"{made.machine_address(number)}:7443") if number % 2 == 0 else ()
                )
                ground.add_host(f"rack{number}", *listen)
            site = Failover(ground, receiver)
            try:
                site.begin()
                yield site
            finally:
                site.close()
        finally:
            ground.close()
            receiver.close()
            if ground.servers:
                remains.remove(ground.servers[0].facts["site_id"])
