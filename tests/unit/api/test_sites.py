from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Sites/FOOTLIGHT"


async def test_a_report_is_there_after_a_test(door: Any) -> None:
    assert (await door.get(f"{URL}/TestReport")).status_code == 404
    assert (await door.post(f"{URL}/$test")).json()["NumFailures"] == 0
    report = (await door.get(f"{URL}/TestReport")).json()
    assert (report["TestType"], report["CreatedBy"]) == ("Site", "FOOTLIGHT\\admin")
    assert report["FormattedReportTime"].endswith("Z")
