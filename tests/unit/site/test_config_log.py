from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from footlight.audit.log import Act, record
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.sessions.moments import Moment
from footlight.site import config_log
from footlight.store import schema
from footlight.wire.rest.config_log import LogSearchGroup, LogSearchRequest
from footlight.wire.rest.search import SearchFilter


@pytest.fixture
async def log(rooms: Any) -> Any:
    """Rooms with the operations a, b and c."""

    def write(tx: Any) -> None:
        for text in ("a", "b", "c"):
            record(tx, rooms.admin, Act(text=text, target_type="Tag"))

    await rooms.store.write(write)
    return rooms


def has(text: str) -> SearchFilter:
    return SearchFilter(property="Text", operator="Equals", value=text)


async def found(rooms: Any, request: LogSearchRequest) -> list[int]:
    asked = config_log.translate(request, rooms.admin, Moment(rooms.clock.now_ms(), UTC))
    numbers, total, _ = await rooms.store.read(lambda c: config_log.page(c, asked, 10, None))
    assert total == len(numbers)
    return list(numbers)


async def test_the_type_of_a_level_joins_its_filters_and_groups(log: Any) -> None:
    assert await found(log, LogSearchRequest()) == [3, 2, 1]
    both = [has("a"), has("b")]
    assert await found(log, LogSearchRequest(search_filters=both)) == []
    assert await found(log, LogSearchRequest(search_filters=both, search_type="Or")) == [2, 1]
    group = LogSearchGroup(search_filters=[has("c")])
    mixed = LogSearchRequest(
        search_type="Or", search_filters=[has("a")], search_filter_groups=[group]
    )
    assert await found(log, mixed) == [3, 1]


async def test_clearing_hides_and_keeps(log: Any) -> None:
    first = await log.store.read(config_log.first_ms)
    row = await log.store.read(lambda c: c.execute(schema.audit.select()).first())
    assert (await log.store.read(lambda c: config_log.get(c, row.id.upper()))).text == "a"
    later = schema.audit.update().values(at_ms=first - 1)
    await log.store.write(lambda tx: tx.connection.execute(later) and None)
    await log.store.write(lambda tx: config_log.clear(tx, log.admin))
    assert await found(log, LogSearchRequest()) == [4]
    with pytest.raises(NotFound):
        await log.store.read(lambda c: config_log.get(c, row.id))


async def test_labels_are_one_for_all_spellings(log: Any) -> None:
    row = await log.store.read(lambda c: c.execute(schema.audit.select()).first())
    await log.store.write(lambda tx: config_log.label(tx, log.admin, row, ["Due", " due ", ""]))
    assert await log.store.read(lambda c: config_log.labels_of(c, [row.id])) == {row.id: ["due"]}
    assert await log.store.read(config_log.existing_labels) == ["due"]
    for wrong in (["x" * 61], ["a\nb"], [str(n) for n in range(51)]):
        with pytest.raises(Invalid):
            await log.store.write(lambda tx, w=wrong: config_log.label(tx, log.admin, row, w))
    nobody = log.caller(await log.account("ada"))
    with pytest.raises(Forbidden):
        await log.store.write(lambda tx: config_log.label(tx, nobody, row, []))


async def test_logging_cannot_be_turned_off(log: Any) -> None:
    def change(**values: Any) -> Any:
        given = {"enabled": None, "while_database_down": None, "wanted_locale": None, **values}
        return lambda tx: config_log.change_settings(tx, log.admin, **given)

    await log.store.write(change(enabled=True, wanted_locale="fr"))
    assert await log.store.read(config_log.locale) == "fr"
    for wrong, error in (
        (change(enabled=False), Conflict),
        (change(while_database_down=True), Conflict),
        (change(wanted_locale="x y"), Invalid),
    ):
        with pytest.raises(error):
            await log.store.write(wrong)
