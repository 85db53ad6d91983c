from __future__ import annotations

from pathlib import Path

from footlight.jobs import results as module
from footlight.jobs.results import Results
from footlight.objects.folder import FolderObjects

JOB = "11111111-1111-4111-8111-111111111111"


async def made(results: Results, text: str = "made") -> None:
    results.place(JOB).mkdir(parents=True)
    (results.place(JOB) / "result.json").write_text(text)
    (results.place(JOB) / "location").write_text("there")
    await results.share(JOB)


async def test_alone_it_stays_where_it_was_made(tmp_path: Path) -> None:
    results = Results(tmp_path / "jobs")
    assert await results.here() == []
    await made(results)
    assert (await results.bring(JOB), await results.here()) == (results.place(JOB), [JOB])
    await results.remove([JOB])
    assert not (await results.bring(JOB)).exists()


async def test_another_server_fetches_it_whole_and_once(tmp_path: Path) -> None:
    shared = FolderObjects(tmp_path / "objects")
    mine, others = Results(tmp_path / "one", shared), Results(tmp_path / "two", shared)
    assert not (await others.bring(JOB)).exists()
    await made(mine, "x" * (module.PIECE_BYTES + 7))
    for _ in range(2):
        place = await others.bring(JOB)
        assert sorted(file.name for file in place.iterdir()) == ["location", "result.json"]
        assert (place / "result.json").stat().st_size == module.PIECE_BYTES + 7
    assert await others.here() == [JOB]
    await mine.remove([JOB])
    await others.sweep([JOB])
    assert not (await others.bring(JOB)).exists()
