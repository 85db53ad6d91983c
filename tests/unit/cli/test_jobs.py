from __future__ import annotations

from typing import Any

JOBS = "/cvad/manage/Jobs"


def job(status: str) -> dict[str, Any]:
    return {
        "Id": "j1",
        "Type": "DisconnectSessions",
        "Status": status,
        "OverallProgressPercent": 0,
        "FormattedCreationTime": "2026-11-22T00:00:00Z",
        "FormattedEndTime": None,
        "ErrorString": None,
    }


def test_list_show_cancel(run: Any, site: Any, data_dir: Any) -> None:
    site.on("GET", JOBS, {"Items": [job("InProgress")], "ContinuationToken": None})
    site.on("GET", f"{JOBS}/j1", job("InProgress"))
    site.on("POST", f"{JOBS}/j1/$cancel", job("Canceled"))
    assert "DisconnectSessions" in run("jobs", "list").out
    assert run("jobs", "list", "--json").json == [job("InProgress")]
    assert run("jobs", "show", "j1", "--json").json == job("InProgress")
    cancelled = run("jobs", "cancel", "j1")
    assert (cancelled.code, cancelled.out) == (0, "")
    assert "canceled" in cancelled.err
    assert run("jobs", "show", "other").code == 3


def test_a_job_that_cannot_be_cancelled_fails(run: Any, site: Any, data_dir: Any) -> None:
    site.on("POST", f"{JOBS}/j1/$cancel", (409, {"detail": "The job cannot be cancelled."}))
    ended = run("jobs", "cancel", "j1")
    assert ended.code == 1
    assert "cannot be cancelled" in ended.err


def test_results_and_files_of_jobs(run: Any, site: Any, data_dir: Any, tmp_path: Any) -> None:
    site.on("GET", f"{JOBS}/j1/Results", {"Items": []})
    assert run("jobs", "results", "j1").json == {"Items": []}
    site.on("GET", "/footlight/v1/jobs/j1/result", b"film")
    out = tmp_path / "x.mp4"
    assert run("jobs", "fetch", "j1", "--out", str(out), "--json").json["sizeBytes"] == 4
    assert out.read_bytes() == b"film"
    site.on("DELETE", f"{JOBS}/j1", (204, b""))
    assert run("jobs", "delete", "j1").err == "done\n"
    site.on("POST", f"{JOBS}/j1/$SkipRemaining", (501, {"detail": "No."}))
    assert run("jobs", "skip-remaining", "j1").code == 1
