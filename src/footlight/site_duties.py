"""Which duties a site has, and what does each. One server at a time has each of them (store/duties.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from footlight.api.parts import Parts
from footlight.archive.expiry import Expiry
from footlight.archive.indexing import Indexing
from footlight.audit.positions import FilePosition, StorePosition
from footlight.audit.stream import FileSink, Stream
from footlight.audit.syslog import SyslogSink, read_receiver
from footlight.broker.broker import Broker
from footlight.broker.overdue import Overdue
from footlight.broker.policy_keeper import PolicyKeeper
from footlight.broker.problems import Problems
from footlight.broker.settler import Settler
from footlight.broker.timekeeper import Timekeeper
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.hooks.courier import Courier
from footlight.hooks.delivery import Post
from footlight.jobs.orphans import Orphans
from footlight.store.duties import Duties, Part
from footlight.store.store import Store

SYSLOG = "syslog"


def add_duties(
    duties: Duties, config: SiteConfig, data: DataDir, parts: Parts, post: Post
) -> Callable[[Store], Part]:
    """Add all but the talk with hosts, of which the maker is returned: whose that is depends on the bus."""
    clock, site = parts.clock, parts.site
    settling = duties.duty("jobs")
    settling.add(Settler(settling.store, clock), Orphans(settling.store, clock))
    limits = duties.duty("limits")
    limits.add(Timekeeper(limits.store, clock, site.name, config.visitor_disconnect_seconds))
    recordings = duties.duty("recordings")
    recordings.add(PolicyKeeper(recordings.store, clock), Problems(recordings.store, clock))
    overdue = duties.duty("silence")
    overdue.add(Overdue(overdue.store, clock))
    webhooks = duties.duty("webhooks")
    holder, sure = parts.access.holder, webhooks.tenure.sure
    webhooks.add(Courier(webhooks.store, holder, clock, post, config.webhook_days, sure=sure))
    retention = duties.duty("retention")
    retention.add(Expiry(retention.store, parts.objects, clock, parts.undertaker))
    index = duties.duty("index")
    index.add(Indexing(index.store, parts.objects, clock, parts.recording_keys))
    if config.audit_syslog is not None:
        sink = SyslogSink(read_receiver(config.audit_syslog), config.site_name)
        syslog = duties.duty(SYSLOG)
        before = FilePosition(_place(data, SYSLOG))
        position = before if duties.alone else StorePosition(syslog.store, SYSLOG, before)
        syslog.add(Stream(syslog.store, sink, position, SYSLOG, syslog.tenure.sure))
    scale = parts.launcher.terms.scale
    return lambda store: Broker(
        *(store, parts.bus, clock, site.name, scale),
        meters=parts.meters,
        traces=parts.traces,
        keys=parts.recording_keys if config.encrypt_recordings else None,
    )


def audit_file(config: SiteConfig, data: DataDir, store: Store) -> list[Part]:
    """The file to which each server appends all entries, where one is configured."""
    data.audit_streams.mkdir(mode=0o700, exist_ok=True)
    if config.audit_file is None:
        return []
    position = FilePosition(_place(data, "file"))
    return [Stream(store, FileSink(config.audit_file), position, "file")]


def _place(data: DataDir, name: str) -> Path:
    return data.audit_streams / f"{name}.json"
