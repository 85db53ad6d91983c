"""How a reel comes to be: new, with a pre-roll in front, or out of what an earlier one left in the spool."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import msgspec

from footlight.agent.desk import Desk
from footlight.agent.pre_roll import Kept, Place
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.recovery import Progress, recover
from footlight.agent.reel import Reel
from footlight.agent.spool import Begun, SegmentFile, SpoolFolder
from footlight.recording.chain import public_bytes
from footlight.recording.writer import Members

_NS_PER_MS = 1_000_000


async def open_reel(
    desk: Desk,
    order: BeginRecording,
    lost: str = "recorder-lost",
    kept: Sequence[Kept] = (),
) -> Reel:
    """The recording's reel: new, with what was kept of the time before it in front, or with what an earlier one left
    in the spool made whole and the gap since then begun, of the cause `lost` unless it was suspended. Raises OSError
    when the spool cannot be written."""
    folder = SpoolFolder(desk.spool / order.recording_id)
    loop = asyncio.get_running_loop()
    begun = await loop.run_in_executor(desk.pool, folder.read_begun)
    if begun is None:
        fresh, progress = await loop.run_in_executor(
            desk.pool, partial(_begin, desk, folder, order, kept)
        )
        reel = Reel(desk, folder, fresh, progress)
        members: Members = {
            "reason": order.reason,
            "orderedBy": order.ordered_by,
            "notify": order.notify,
            "userName": order.user_name,
            "machineName": order.machine_name,
            "resourceName": order.resource_name,
        }
        if kept:
            members["preRollMs"] = reel.now_ns // _NS_PER_MS
        reel.event("recording-started", members)
        return reel
    if order.key is None:  # what it began with it goes on with
        order = msgspec.structs.replace(order, key=begun.order.key)
    begun = msgspec.structs.replace(begun, order=order)
    progress = await loop.run_in_executor(desk.pool, partial(recover, desk, folder, order))
    reel = Reel(desk, folder, begun, progress)
    cause = begun.suspended.cause if begun.suspended else lost
    from_ns = max(begun.suspended.at_ns if begun.suspended else 0, progress.end_ns)
    reel.begin_gap(from_ns, cause)
    reel.event("recording-resumed", {"cause": cause})
    return reel


def _begin(
    desk: Desk, folder: SpoolFolder, order: BeginRecording, kept: Sequence[Kept]
) -> tuple[Begun, Progress]:
    """Runs in a thread: the recording's folder, with what was kept as its first segments."""
    begun = Begun(order=order, machine_boot=desk.machine_boot)
    if not kept:
        folder.create(begun)
        return begun, Progress([])
    zero_ns = kept[0].begun_ns
    begun = msgspec.structs.replace(
        begun, started_monotonic_ns=zero_ns, started_wall_ms=kept[0].wall_ms
    )
    folder.create(begun)
    place = Place(
        zero_ns, order.recording_id, order.session_id, public_bytes(desk.key), desk.boot_id
    )
    for number, one in enumerate(kept):
        file = SegmentFile(folder.path, number)
        try:
            file.append(one.open_file(number, place))
        finally:
            file.close()
    return begun, recover(desk, folder, order)
