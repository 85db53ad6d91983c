"""Every figure that a server tells, in one table: docs/reference/metrics.md is made from it.

One `Meters` for each server, so that two sites in one process, and tests, never share any. What is the site's (`site`)
is read from the database when somebody asks, and is the same on each of its servers; the rest is counted here.
"""

from __future__ import annotations

import functools
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Literal

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

from footlight.telemetry.cells import Cell, Histogram, Numbers, Told
from footlight.wire.host import HostFigures

CONTENT_TYPE = "text/plain; version=0.0.4"
OF_REQUESTS = (0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0)
OF_STORE = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5)
OF_BUS = (0.001, 0.0025, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0)
OF_PHASES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_PREFIX = "footlight_"


def alone() -> Mapping[str, bool]:
    """The duties of a server that has no others beside it."""
    return {"all": True}


class Table:
    """Metrics in the order of their making."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []

    def _numbers(
        self, kind: Literal["counter", "gauge"], name: str, meaning: str, *labels: str, site: bool
    ) -> Numbers:
        made = Numbers(Told(_PREFIX + name, kind, meaning, labels, site))
        self.cells.append(made)
        return made

    def counter(self, name: str, meaning: str, *labels: str) -> Numbers:
        """Of what happens here."""
        return self._numbers("counter", name, meaning, *labels, site=False)

    def gauge(self, name: str, meaning: str, *labels: str) -> Numbers:
        """Of what is so here."""
        return self._numbers("gauge", name, meaning, *labels, site=False)

    def of_site(self, name: str, meaning: str, *labels: str) -> Numbers:
        """Of what is so in the whole site."""
        return self._numbers("gauge", name, meaning, *labels, site=True)

    def histogram(
        self, name: str, meaning: str, bounds: tuple[float, ...], *labels: str
    ) -> Histogram:
        """Of durations, in seconds."""
        made = Histogram(Told(_PREFIX + name, "histogram", meaning, labels), bounds)
        self.cells.append(made)
        return made

    def text(self) -> str:
        """All metrics, and those of the process."""
        own = "".join(line for cell in self.cells for line in cell.text())
        return own + generate_latest(_of_process()).decode()


def _of_process() -> CollectorRegistry:
    """CPU, memory and file descriptors as the kernel counts them now: nothing is kept between two looks."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    return registry


@functools.cache
def _own_version() -> str:
    """Read once: it is a search through all that is installed."""
    return version("footlight")


class Meters(Table):
    """Of a server."""

    def __init__(self) -> None:
        super().__init__()
        self.build = self.gauge("build_info", "1; the labels tell what runs.", "version", "python")
        self.build.set(1, _own_version(), platform.python_version())
        self._sessions()
        self._hosts()
        self._recordings()
        self._work()
        self._api()
        self._store()
        self._bus()

    def _sessions(self) -> None:
        self.sessions = self.of_site(
            "sessions", "Live sessions, by State and AppState of the API.", "state", "app_state"
        )
        self.group_sessions = self.of_site(
            "delivery_group_sessions", "Live sessions of a delivery group.", "delivery_group"
        )
        self.launches = self.counter(
            "launches_total",
            "Launches by outcome: started, resumed, failed (the host did not start it), or why it was refused.",
            "outcome",
        )
        self.launches_waiting = self.gauge(
            "launches_waiting", "Launches that wait for a machine to be free."
        )
        self.launch_phases = self.histogram(
            "launch_phase_seconds",
            "Phases of launches that this server took the reports of; total: from the broker's decision until the "
            "session was up.",
            OF_PHASES,
            "phase",
        )

    def _hosts(self) -> None:
        self.machines = self.of_site(
            "machines", "Machines of the site.", "registered", "maintenance"
        )
        host = "host"
        self.host_registered = self.of_site(
            "host_registered", "1 while the host reports, 0 when it is silent.", host
        )
        self.host_maintenance = self.of_site("host_maintenance", "1 in maintenance mode.", host)
        self.host_seen = self.of_site(
            "host_seen_timestamp_seconds", "When the host was last heard of.", host
        )
        self.host_sessions = self.of_site("host_sessions", "Live sessions of the host.", host)
        self.host_load = self.of_site(
            "host_load_ratio", "Its load index: 1 is full. Absent before it has told any.", host
        )
        self.host = HostMeters(self, host)

    def _recordings(self) -> None:
        self.recordings = self.of_site(
            "recordings_open",
            "Recordings that are not over, by status: ordered, starting, recording.",
            "status",
        )
        self.recordings_late = self.of_site(
            "recordings_late",
            "Recordings that were ordered over 30 s ago and are not running, or not any more.",
        )
        self.recording_health = self.of_site(
            "sessions_by_recording_health",
            "Live sessions that should be recorded: starting, recording, delayed, failed, refused.",
            "state",
        )
        self.recordings_ended = self.counter(
            "recordings_ended_total",
            "Recordings whose end this server was told: completed or failed.",
            "outcome",
        )
        self.recording_gaps = self.counter(
            "recording_gaps_total",
            "Stretches of time that ended recordings lack, and say so themselves.",
        )
        self.recording_alarms = self.counter(
            "recording_alarms_total",
            "Alarms that this server put into the audit log: tampering (a recorder is interrupted again and again), "
            "x-frozen (an X server is stopped or does not answer its recorder), covered (a session that must be "
            "recorded is not, and is out of sight).",
            "kind",
        )
        self.recording_start = self.histogram(
            "recording_start_seconds",
            "From the order to record to the first key frame on the host's disk, by two clocks.",
            OF_PHASES,
        )

    def _work(self) -> None:
        self.jobs = self.of_site("jobs", "Jobs that are kept, by state.", "state")
        self.webhooks = self.of_site(
            "webhooks", "Webhooks: well, failing, stopped (by the site), disabled.", "state"
        )
        self.outbox_position = self.of_site("outbox_position", "Number of the newest change.")
        self.outbox_lag = self.of_site(
            "outbox_lag_changes", "Changes that the slowest enabled webhook has not been told yet."
        )
        self.audit_entries = self.of_site(
            "audit_entries", "Number of the newest entry of the audit chain."
        )
        self.audit_verified = self.gauge(
            "audit_head_verified",
            "1 while the chain holds the entry that the signed head of this server points to; 0: it was cut or "
            "rewritten, or the head is damaged.",
        )
        self.duties = self.gauge(
            "duty_held", "1 while this server holds the duty that only one may do.", "duty"
        )
        self.certificate_expiry = self.gauge(
            "certificate_expiry_timestamp_seconds",
            "When a certificate that this server uses ends.",
            "certificate",
        )
        self.scrape = self.gauge(
            "figures_seconds", "How long the last reading of the site's figures took."
        )

    def _api(self) -> None:
        self.requests = self.counter(
            "api_requests_total",
            "Requests by route, as the API describes it, and class of status; streams and WebSockets at their end.",
            *("method", "route", "status"),
        )
        self.request_seconds = self.histogram(
            "api_request_seconds",
            "From the request's head to the end of its answer; not of streams.",
            OF_REQUESTS,
            *("method", "route"),
        )
        self.in_flight = self.gauge("api_in_flight", "Requests, streams and WebSockets under way.")
        self.event_streams = self.gauge("event_streams", "Event streams that are open.")
        self.displays = self.gauge("display_lines", "Viewers' WebSockets that are open.")

    def _store(self) -> None:
        self.store_seconds = self.histogram(
            "store_seconds",
            "Transactions by kind (read, write, aside: out of turn): their work on the database, without the "
            "wait.",
            OF_STORE,
            "kind",
        )
        self.store_wait = self.histogram(
            "store_wait_seconds", "Transactions: the wait for their turn.", OF_STORE, "kind"
        )
        self.store_busy = self.gauge(
            "store_transactions_open", "Transactions that wait or are at work.", "kind"
        )
        self.store_unavailable = self.counter(
            "store_unavailable_total", "Transactions that the database did not answer.", "kind"
        )

    def _bus(self) -> None:
        self.bus_requests = self.counter(
            "bus_requests_total",
            "Requests that this server sent over the bus: answered, unavailable or failed.",
            *("topic", "outcome"),
        )
        self.bus_seconds = self.histogram(
            "bus_request_seconds", "From such a request to its answer.", OF_BUS, "topic"
        )
        self.bus_connected = self.gauge(
            "bus_connected",
            "1 while this server is connected to the site's NATS; absent where it has none.",
        )
        self.bus_open = self.gauge("bus_requests_open", "Requests that wait for their answer.")
        self.bus_posts_pending = self.gauge(
            "bus_posts_pending", "Messages to be kept by the bus that it has not confirmed yet."
        )
        self.bus_taken = self.counter(
            "bus_messages_taken_total",
            "What others sent and this server has handled: done or failed.",
            *("topic", "outcome"),
        )


class HostMeters:
    """What a host tells of itself, in the server's table by host or in its own table without label."""

    def __init__(self, table: Table, *label: str) -> None:
        make = table.of_site if label else table.gauge
        self.recorders = make("host_recorders", "Recorder processes that run.", *label)
        self.recordings = make("host_recordings", "Recordings that run.", *label)
        self.spool_bytes = make(
            "host_spool_bytes", "Bytes of recordings that are not stored yet.", *label
        )
        self.spool_limit = make(
            "host_spool_limit_bytes", "The bound of those; absent without a spool.", *label
        )
        self.spool_full = make(
            "host_spool_full",
            "1 while there is no room in the spool, so that recordings pause.",
            *label,
        )
        self.uploads_failing = make(
            "host_uploads_failing_since_timestamp_seconds",
            "Since when no segment could be stored; absent while uploads work.",
            *label,
        )
        self.spool_oldest = make(
            "host_spool_oldest_timestamp_seconds",
            "When the oldest file that waits to be stored was written; absent when none waits.",
            *label,
        )
        self.late_frames = make(
            "host_late_frames",
            "Times since the agent's start that a recorder had to wait for its disk.",
            *label,
        )
        self.dropped = make(
            "host_dropped_events",
            "Events since the agent's start that found no room in a recording.",
            *label,
        )
        self.viewers = make("host_viewers", "Viewers of the host's sessions.", *label)
        self.streams = make("host_streams", "Streams of displays and files that are open.", *label)

    def replace(self, told: Iterable[tuple[str, HostFigures]]) -> None:
        """What these hosts tell; others tell nothing."""
        hosts = list(told)
        for cell, of in self._of():
            values = ((name, of(figures)) for name, figures in hosts)
            cell.replace({(name,): value for name, value in values if value is not None})

    def set(self, figures: HostFigures) -> None:
        """What this host tells now."""
        for cell, of in self._of():
            value = of(figures)
            cell.replace({} if value is None else {(): value})

    def _of(self) -> Iterator[tuple[Numbers, Callable[[HostFigures], float | None]]]:
        yield self.recorders, lambda one: one.recorders
        yield self.recordings, lambda one: one.recordings
        yield self.spool_bytes, lambda one: one.spool_bytes
        yield self.spool_limit, lambda one: one.spool_limit_bytes
        yield self.spool_full, lambda one: one.spool_full
        yield self.uploads_failing, lambda one: _seconds(one.uploads_failing_ms)
        yield self.spool_oldest, lambda one: _seconds(one.spool_oldest_ms)
        yield self.late_frames, lambda one: one.late_frames
        yield self.dropped, lambda one: one.dropped_events
        yield self.viewers, lambda one: one.viewers
        yield self.streams, lambda one: one.streams


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000
