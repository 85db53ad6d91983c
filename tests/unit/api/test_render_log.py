from __future__ import annotations

from dataclasses import replace
from typing import Any

from footlight.api import render_log
from footlight.audit.log import Act, record, record_of_site
from footlight.store import schema


async def row(rooms: Any, act: Act, *, of_site: bool = False) -> Any:
    if of_site:
        await rooms.store.write(lambda tx: record_of_site(tx, act))
    else:
        await rooms.store.write(lambda tx: record(tx, rooms.admin, act))
    newest = schema.audit.select().order_by(schema.audit.c.seq.desc())
    return await rooms.store.read(lambda c: c.execute(newest).first())


async def test_changes_become_details(rooms: Any) -> None:
    changes = {
        "Name": ("old", "new"),
        "Enabled": (True, False),
        "Members": (["a", "b"], ["b", "c"]),
        "Made": (None, ["x"]),
        "Nothing": (None, None),
    }
    act = Act(text="Edit", target_type="Tag", object_id="1", object_name="n", changes=changes)
    low = render_log.low_level(await row(rooms, act))
    told = [
        (d.property_name, d.previous_value, d.new_value, d.add_value, d.remove_value)
        for d in low.details
    ]
    assert told == [
        ("Name", "old", "new", None, None),
        ("Enabled", "true", "false", None, None),
        ("Members", None, None, "c", None),
        ("Members", None, None, None, "a"),
        ("Made", None, None, "x", None),
        ("Nothing", None, None, None, None),
    ]
    assert {(d.target_uid, d.target_name) for d in low.details} == {("1", "n")}


async def test_what_the_site_did_has_no_user(rooms: Any) -> None:
    made = await row(rooms, Act(text="t", kind="RecordingHead", target_type="R"), of_site=True)
    operation = render_log.operation(made, ["l"])
    assert (operation.user, operation.admin_machine_ip) == (None, None)
    assert (operation.operation_type, operation.labels) == ("Unknown", ["l"])


async def test_an_operation_tells_its_request(rooms: Any) -> None:
    caller = replace(rooms.admin, transaction="t-1")
    await rooms.store.write(lambda tx: record(tx, caller, Act(text="t", target_type="Tag")))
    made = await rooms.store.read(lambda c: c.execute(schema.audit.select()).one())
    (told,) = render_log.operation(made, []).metadata
    assert (told.name, told.value) == ("TransactionId", "t-1")


async def test_tables_are_harmless(rooms: Any) -> None:
    one = await row(rooms, Act(text="=1+1", target_type="<b>", object_name="@x"))
    table = render_log.csv_report([one])
    assert "'=1+1" in table
    assert "'@x" in table
    page = render_log.html_details([one], "<title>")
    assert "<b>" not in page
    assert "&lt;title&gt;" in page
    assert "<td>1</td>" in render_log.html_summary([one], "t")
