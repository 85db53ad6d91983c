from __future__ import annotations

from typing import Any

from footlight.ids import new_guid
from footlight.policies import circumstances, kept
from footlight.store import schema


async def test_all_of_a_session_is_read_with_the_tags_of_what_it_is_in(ground: Any) -> None:
    session_id = await ground.launch()
    row = await ground.row(session_id)
    names = ("machine", "group", "application", "elsewhere")
    tags = {name: new_guid() for name in names}

    def tag(tx: Any) -> str:
        group_id = (
            tx.connection.execute(
                schema.machines.select().where(schema.machines.c.id == row.machine_id)
            )
            .one()
            .delivery_group_id
        )
        on = {"machine": row.machine_id, "group": group_id, "application": row.resource_id}
        for name, tag_id in tags.items():
            tx.connection.execute(schema.tags.insert().values(id=tag_id, name=name))
            tx.connection.execute(
                schema.tag_objects.insert().values(
                    tag_id=tag_id, object_kind="Any", object_id=on.get(name, new_guid())
                )
            )
        return str(group_id)

    group_id = await ground.store.write(tag)
    looked = await ground.store.read(lambda c: circumstances.live(c, 0, 10, with_people=True))
    [(uid, found, account_id, of)] = looked.sessions
    assert (uid, found, account_id) == (row.uid, session_id, ground.admin.account_id)
    assert (of.machine, of.resource, of.delivery_group) == (
        row.machine_id, row.resource_id, group_id,
    )  # fmt: skip
    assert of.tags == {tags[name] for name in ("machine", "group", "application")}
    assert of.client_address == "203.0.113.5"
    assert "admin" in looked.people[account_id].person().names
    after = await ground.store.read(lambda c: circumstances.live(c, uid, 10, with_people=True))
    assert (after.sessions, after.people) == ([], {})


async def test_where_the_user_last_asked_from_counts_before_a_viewer_comes(ground: Any) -> None:
    session_id = await ground.launch()
    await ground.store.write(
        lambda tx: tx.connection.execute(schema.sessions.update().values(asked_from="192.0.2.8"))
    )
    looked = await ground.store.read(
        lambda c: circumstances.named(c, [session_id], with_people=False)
    )
    assert looked.sessions[0][3].client_address == "192.0.2.8"
    assert looked.people == {}


async def test_names_are_asked_for_only_where_a_policy_that_counts_asks(ground: Any) -> None:
    await ground.policy("Off", users=["ada"], enabled=False)
    assert not circumstances.ask_names(await ground.store.read(kept.in_order))
    await ground.policy("On", users=["ada"])
    assert circumstances.ask_names(await ground.store.read(kept.in_order))
