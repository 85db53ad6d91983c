"""Where hosts are heard: their reports, and the beats by which they ask how far the server is."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from footlight.broker.intake import Intake
from footlight.broker.reports import Outcome
from footlight.bus import subjects
from footlight.bus.bus import Bus, Registration
from footlight.errors import Unavailable
from footlight.log import bind, get_logger
from footlight.tasks import spawn
from footlight.wire.host import HostReport, SessionOrder, decode, encode

_log = get_logger(__name__)

MOST_REFUSED = 1000


class Reception:
    """Takes reports and answers them. One server of a site does so at a time: it is started and stopped by itself.
    `order` sends a host what its report calls for at once."""

    def __init__(
        self,
        bus: Bus,
        intake: Intake,
        order: Callable[[str, list[SessionOrder]], Coroutine[Any, Any, None]],
    ) -> None:
        self._bus = bus
        self._intake = intake
        self._order = order
        self._registrations: list[Registration] = []
        self._refused: dict[str, str] = {}  # why, by machine

    async def start(self) -> None:
        """Take what hosts post, also what they posted while nobody did."""
        self._registrations = [
            await self._bus.consume_hosts(subjects.REPORTS, self._take_report),
            await self._bus.serve_hosts(subjects.BEATS, self._take_beat),
        ]

    async def stop(self) -> None:
        """Take no more; what was not written is for who comes next. Safe to call twice, and to start again after."""
        registrations, self._registrations = self._registrations, []
        for registration in registrations:
            await registration.close()
        await self._intake.stop()

    async def _take_report(self, machine_id: str, payload: bytes) -> None:
        bind(host=machine_id)
        try:
            report = _read(machine_id, payload)
        except ValueError as error:
            _log.warning("a report is refused", host=machine_id, reason=str(error))
            return
        outcome = await self._write(report)
        try:
            await self._bus.send(subjects.taken(machine_id), encode(outcome.answer))
        except Unavailable as silence:  # its next beat asks again
            _log.debug("a host is not answered", host=machine_id, reason=silence.message)

    async def _take_beat(self, machine_id: str, payload: bytes) -> bytes:
        bind(host=machine_id)
        try:
            report = _read(machine_id, payload)
        except ValueError as error:
            _log.warning("a beat is refused", host=machine_id, reason=str(error))
            raise Unavailable("the beat is refused") from None
        return encode((await self._write(report)).answer)

    async def _write(self, report: HostReport) -> Outcome:
        outcome = await self._intake.take(report)
        if not outcome.answer.want_full:  # which is no word on who the host is
            self._tell(report.machine_id, outcome.answer.refused)
        if outcome.strays:
            spawn("end strays", self._order(report.machine_id, outcome.strays))
        return outcome

    def _tell(self, machine_id: str, refused: str) -> None:
        """A host that is not believed is told of once, however often it comes."""
        if not refused:
            self._refused.pop(machine_id, None)
            return
        if self._refused.get(machine_id) != refused:
            _log.warning("a host is not believed", host=machine_id, reason=refused)
        if len(self._refused) >= MOST_REFUSED:
            self._refused.clear()
        self._refused[machine_id] = refused


def _read(machine_id: str, payload: bytes) -> HostReport:
    """The report. Raises ValueError when it is none, or says that it is another machine's."""
    report = decode(HostReport, payload)
    if report.machine_id != machine_id:
        raise ValueError(f"it says that it is of {report.machine_id}")
    return report
