import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from footlight.agent.disk_lane import DiskLane


async def test_jobs_run_in_order_in_threads_and_tell_in_the_loop() -> None:
    seen: list[object] = []
    here = threading.get_ident()
    with ThreadPoolExecutor(4) as pool:
        lane = DiskLane("x", pool, lambda error: pytest.fail(str(error)))
        for number in range(50):
            lane.put(
                lambda n=number: seen.append((n, threading.get_ident() != here)),
                lambda n=number: seen.append((n, threading.get_ident() == here)),
            )
        await lane.settle()
    assert seen == [(n, True) for n in range(50) for _ in range(2)]


async def test_after_a_failure_nothing_more_is_written() -> None:
    failures: list[OSError] = []
    done: list[int] = []

    def fail() -> None:
        raise OSError("full")

    with ThreadPoolExecutor(2) as pool:
        lane = DiskLane("x", pool, failures.append)
        lane.put(lambda: done.append(1))
        lane.put(fail, lambda: done.append(2))
        lane.put(lambda: done.append(3))
        await lane.settle()
        with pytest.raises(OSError, match="full"):
            await lane.in_thread(fail)
    assert done == [1]
    assert [str(error) for error in failures] == ["full"]
