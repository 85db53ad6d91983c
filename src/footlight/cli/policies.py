"""`footlight policies`: who is recorded, and how."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from footlight.cli.call import Call, command
from footlight.cli.collection import read_body
from footlight.cli.output import print_line, print_members, print_table, say

app = typer.Typer(
    help="Recording policies: the first that fits a session decides on it.", no_args_is_help=True
)

Policy = Annotated[str, typer.Argument(metavar="POLICY", help="Id or name.")]
Record = Annotated[str | None, typer.Option(metavar="screen|events|no", help="What is recorded.")]
Notify = Annotated[
    bool | None, typer.Option("--notify/--no-notify", help="Whether the user is told.")
]
Names = list[str] | None
Users = Annotated[Names, typer.Option("--who", metavar="NAME", help="User or group; repeatable.")]
Groups = Annotated[Names, typer.Option("--delivery-group", metavar="NAME", help="Repeatable.")]
Resources = Annotated[
    Names, typer.Option("--resource", metavar="NAME", help="Application or desktop; repeatable.")
]
Machines = Annotated[Names, typer.Option("--machine", metavar="NAME", help="Repeatable.")]
Tags = Annotated[Names, typer.Option("--tag", metavar="NAME", help="Repeatable.")]
Addresses = Annotated[
    Names, typer.Option("--address", metavar="NETWORK", help="Of clients; repeatable.")
]
IfLost = Annotated[
    str | None,
    typer.Option(metavar="go-on|cover|end", help="What becomes of a session that is not recorded."),
]
PreRoll = Annotated[
    int | None, typer.Option(metavar="SECONDS", help="Of the time before, in a recording's start.")
]
Position = Annotated[int | None, typer.Option(help="Place in the order, from 1 on.")]
Enabled = Annotated[bool | None, typer.Option("--enabled/--disabled", help="Whether it counts.")]
Description = Annotated[str | None, typer.Option(help="For people.")]
Body = Annotated[
    str | None,
    typer.Option(metavar="JSON|FILE|-", help="The API's body; what options say comes over it."),
]


@command(app, "list")
def list_policies(call: Call) -> None:
    """List them in their order."""
    found = list(call.client.recording_policies.list())

    def for_people() -> None:
        columns = ("", "NAME", "ENABLED", "RECORDS", "NOTICE", "IF LOST", "ID")
        rows = [
            (
                *(one["position"], one["name"], one["enabled"], one["then"]["record"]),
                *(one["then"]["notify"], one["then"]["ifLost"], one["id"]),
            )
            for one in found
        ]
        print_table(columns, rows)

    call.show(found, for_people)


@command(app, "show")
def show(call: Call, policy: Policy) -> None:
    """Show one, with its conditions."""
    found = call.client.recording_policies.get(policy)
    call.show(found, lambda: _print(found))


@command(app, "create")
def create(
    call: Call,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    record: Record = None,
    notify: Notify = None,
    who: Users = None,
    delivery_group: Groups = None,
    resource: Resources = None,
    machine: Machines = None,
    tag: Tags = None,
    address: Addresses = None,
    if_lost: IfLost = None,
    pre_roll: PreRoll = None,
    position: Position = None,
    enabled: Enabled = None,
    description: Description = None,
    body: Body = None,
) -> None:
    """Make one. All conditions that are given must hold; without any it fits every session."""
    made = {"name": name, "position": position, "enabled": enabled, "description": description}
    asked = read_body(body)
    _put(asked, None, made)
    _put(asked, "then", _then(record, notify, if_lost, pre_roll))
    _put(
        asked,
        "conditions",
        _conditions(who, delivery_group, resource, machine, tag, address),
    )
    asked.setdefault("then", {}).setdefault("record", "screen")
    found = call.client.recording_policies.create(asked)
    call.show(found, lambda: print_line(found["id"]))


@command(app, "change")
def change(
    call: Call,
    policy: Policy,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    record: Record = None,
    notify: Notify = None,
    who: Users = None,
    delivery_group: Groups = None,
    resource: Resources = None,
    machine: Machines = None,
    tag: Tags = None,
    address: Addresses = None,
    if_lost: IfLost = None,
    pre_roll: PreRoll = None,
    position: Position = None,
    enabled: Enabled = None,
    description: Description = None,
    body: Body = None,
) -> None:
    """Change what is named. A list that is given replaces the one that it had."""
    asked = read_body(body)
    _put(
        asked,
        None,
        {"name": name, "position": position, "enabled": enabled, "description": description},
    )
    then = _then(record, notify, if_lost, pre_roll)
    conditions = _conditions(who, delivery_group, resource, machine, tag, address)
    if _given(then) or _given(conditions):
        before = call.client.recording_policies.get(policy)
        for part, given in (("then", then), ("conditions", conditions)):
            if _given(given):
                asked.setdefault(part, before[part])
                _put(asked, part, given)
    found = call.client.recording_policies.update(policy, asked)
    call.show(found, lambda: _print(found))


@command(app, "delete")
def delete(call: Call, policy: Policy) -> None:
    """Delete one. What was recorded by it stays."""
    call.client.recording_policies.delete(policy)
    call.show({"id": policy, "deleted": True}, lambda: say(f"{policy} is deleted"))


@command(app, "order")
def order(
    call: Call,
    policies: Annotated[
        list[str], typer.Argument(metavar="POLICY...", help="Ids or names; the others follow.")
    ],
) -> None:
    """Put these first, in this order."""
    now = list(call.client.recording_policies.list())
    ids = {one["id"]: one["id"] for one in now} | {one["name"].lower(): one["id"] for one in now}
    first = [ids.get(one.lower(), one) for one in policies]
    rest = [one["id"] for one in now if one["id"] not in first]
    found = call.client.recording_policies.order({"ids": [*first, *rest]})["items"]

    def for_people() -> None:
        for one in found:
            print_line(f"{one['position']:>3}  {one['name']}")

    call.show(found, for_people)


@command(app, "test")
def try_policies(
    call: Call,
    session: Annotated[str | None, typer.Option(metavar="ID", help="A session that runs.")] = None,
    who: Annotated[str | None, typer.Option(help="Or of whom it would be.")] = None,
    delivery_group: Annotated[str | None, typer.Option(help="Where it would be.")] = None,
    resource: Annotated[str | None, typer.Option(help="What would run.")] = None,
    machine: Annotated[str | None, typer.Option(help="On which machine.")] = None,
    address: Annotated[str | None, typer.Option(help="Where the client would be.")] = None,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="When; else now.")] = None,
) -> None:
    """Say what would be decided, and what comes of each policy."""
    facts = {
        "user": who,
        "deliveryGroup": delivery_group,
        "resource": resource,
        "machine": machine,
        "clientAddress": address,
        "at": at,
    }
    given = {name: value for name, value in facts.items() if value is not None}
    question: dict[str, Any] = {"facts": given} if session is None else {"sessionId": session}
    found = call.client.recording_policies.test(question)
    call.show(found, lambda: print_decision(found))


@command(app, "forecast")
def forecast(
    call: Call,
    days: Annotated[int | None, typer.Option(help="Of recordings that it rests on.")] = None,
) -> None:
    """Say how much an hour of recording takes, and what each policy's sessions come to now."""
    found = call.client.recording_policies.forecast(days=days)

    def for_people() -> None:
        resources = [
            (one["resourceName"], one["bytesPerHour"], one["hours"], one["recordings"])
            for one in found["resources"]
        ]
        print_table(("RESOURCE", "BYTES PER HOUR", "FROM HOURS", "RECORDINGS"), resources)
        policies = [
            (one["name"], one["sessions"], one["bytesPerHour"]) for one in found["policies"]
        ]
        print_table(("POLICY", "SESSIONS NOW", "BYTES PER HOUR"), policies)

    call.show(found, for_people)


def print_decision(found: dict[str, Any]) -> None:
    """A decision for people: what is decided, then what came of each policy."""
    print_line(found["sentence"])
    for reason in found["reasons"]:
        by = reason["name"] if reason["kind"] == "policy" else reason["orderedBy"]
        print_line(f"recorded because of {reason['kind']}: {by}")
    if found["stopped"]:
        print_line("its recording was stopped by a call")
    for one in found["policies"]:
        print_line(f"{one['position']:>3}  {one['name']}: {one['sentence']}")


def _print(found: dict[str, Any]) -> None:
    given = {name: value for name, value in found["conditions"].items() if value}
    print_members({**found, "conditions": given or "none: every session"})


def _then(
    record: str | None, notify: bool | None, if_lost: str | None, pre_roll: int | None
) -> dict[str, Any]:
    return {"record": record, "notify": notify, "ifLost": if_lost, "preRollSeconds": pre_roll}


def _conditions(
    users: Names, groups: Names, resources: Names, machines: Names, tags: Names, addresses: Names
) -> dict[str, Any]:
    return {
        "users": users,
        "deliveryGroups": groups,
        "resources": resources,
        "machines": machines,
        "tags": tags,
        "clientAddresses": addresses,
    }


def _given(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, [])}


def _put(body: dict[str, Any], part: str | None, members: dict[str, Any]) -> None:
    """Write what was given into the body, or into a part of it."""
    given = _given(members)
    if given:
        (body if part is None else body.setdefault(part, {})).update(given)
