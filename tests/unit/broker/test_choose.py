from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from footlight.broker.choose import Place, Room, Wish, choose, refusal_of
from footlight.broker.load import FULL
from footlight.broker.refusal import Reason, Refused
from footlight.site.machines import Machine


def machine(uid: int, **changes: object) -> Machine:
    facts = {
        "id": f"id-{uid}",
        "uid": uid,
        "name": f"FOOTLIGHT\\HOST{uid}",
        "delivery_group_id": "g",
        "as_root": True,
        "registered": True,
        "in_maintenance": False,
        "boot_id": None,
        "sequence": 0,
        "zone_id": "here",
        **changes,
    }
    return Machine(**facts)  # type: ignore[arg-type]


def place(uid: int, index: int = 0, room: Room | None = None, **changes: object) -> Place:
    return Place(machine(uid, **changes), room or Room("g"), index)


ANY = Wish({"g"})


def reason(wish: Wish, *places: Place) -> Reason:
    refused = choose(wish, places)
    assert isinstance(refused, Refused)
    return refused.reason


def test_by_load_then_sessions_then_age() -> None:
    places = [place(1, 300), place(2, 200, live_sessions=4), place(3, 200, live_sessions=3)]
    assert choose(ANY, places) == places[2]
    assert choose(ANY, [*places, place(4, 200, live_sessions=3)]) == places[2]
    assert choose(ANY, places[:2]) == places[1]


def test_a_named_machine_by_id_full_or_short_name() -> None:
    places = [place(1), place(2)]
    for name in ("id-2", "FOOTLIGHT\\HOST2", "host2"):
        assert choose(replace(ANY, machine=name), places) == places[1]
    assert reason(replace(ANY, machine="host3"), *places) is Reason.UNKNOWN_MACHINE
    elsewhere = Wish({"other"}, machine="host2")
    assert reason(elsewhere, *places) is Reason.UNKNOWN_MACHINE


def test_a_named_machine_that_cannot_says_why() -> None:
    named = replace(ANY, machine="host1")
    assert reason(named, place(1, in_maintenance=True)) is Reason.IN_MAINTENANCE
    assert reason(named, place(1, registered=False)) is Reason.NOT_REGISTERED
    assert reason(named, place(1, FULL)) is Reason.FULL
    used = place(1, single_session=True, live_sessions=1)
    assert reason(named, used) is Reason.IN_USE
    # What is never for this user is as if it were not there.
    for hidden in (
        place(1, assigned=("zoe",)),
        replace(place(1), allowed=False),
    ):
        assert reason(named, hidden) is Reason.UNKNOWN_MACHINE
    assert reason(replace(named, tag="t"), place(1)) is Reason.UNKNOWN_MACHINE


def test_a_machine_with_one_session_at_a_time() -> None:
    used, free = place(1, single_session=True, live_sessions=1), place(2, single_session=True)
    assert choose(ANY, [used, free]) == free
    assert reason(ANY, used) is Reason.NO_MACHINE


def test_an_assigned_machine_is_for_its_users_and_comes_first() -> None:
    places = [place(1), place(2, 900, assigned=("Ada", "staff"))]
    assert choose(Wish({"g"}, names={"ada"}), places) == places[1]
    assert choose(Wish({"g"}, names={"zoe", "staff"}), places) == places[1]
    assert choose(Wish({"g"}, names={"zoe"}), places) == places[0]


def test_a_machine_assigned_to_a_client() -> None:
    places = [place(1, assigned_address="192.0.2.1"), place(2, assigned_client="laptop")]
    assert choose(Wish({"g"}, address="192.0.2.1"), places) == places[0]
    assert reason(Wish({"g"}, address="192.0.2.2"), *places) is Reason.NO_MACHINE


def test_only_machines_with_the_tag() -> None:
    tagged = replace(place(2, 500), tags={"t"})
    assert choose(Wish({"g"}, tag="t"), [place(1), tagged]) == tagged


def test_the_zone_of_a_group_comes_first_or_alone() -> None:
    there = Room("g", zone_id="there")
    near, far = place(1, 0, there), place(2, 900, there, zone_id="there")
    assert choose(ANY, [near, far]) == far
    assert choose(ANY, [near]) == near
    only = replace(there, zone_only=True)
    assert reason(ANY, replace(near, room=only)) is Reason.NO_MACHINE
    assert refusal_of(ANY, replace(near, room=only)) is Reason.OTHER_ZONE


def test_the_zone_of_a_resource_comes_before_that_of_its_group() -> None:
    there = Room("g", zone_id="there", zone_only=True)
    near, far = place(1, 900, there), place(2, 0, there, zone_id="there")
    home = Wish({"g"}, zone_id="here", zone_only=True)
    assert choose(home, [near, far]) == near
    prefers = replace(home, zone_only=False)
    assert choose(prefers, [near, far]) == far  # the group's has to be
    loose = [replace(one, room=Room("g", zone_id="there")) for one in (near, far)]
    assert choose(prefers, loose) == loose[0]


def test_a_group_gives_as_many_sessions_as_it_may() -> None:
    full = Room("g", sessions=5, max_sessions=5)
    assert reason(ANY, place(1, room=full)) is Reason.GROUP_FULL
    roomy = place(2, 900, Room("h", sessions=5, max_sessions=6), delivery_group_id="h")
    assert choose(Wish({"g", "h"}), [place(1, room=full), roomy]) == roomy
    of_user = Room("g", max_user_sessions=2)
    assert choose(replace(ANY, own={"g": 1}), [place(1, room=of_user)]) == place(1, room=of_user)
    assert reason(replace(ANY, own={"g": 2}), place(1, room=of_user)) is Reason.GROUP_FULL_FOR_USER


def test_a_refusal_counts_why_by_group() -> None:
    refused = choose(
        Wish({"g", "h", "empty"}),
        [
            place(1, FULL),
            place(2, in_maintenance=True),
            place(3, FULL),
            place(4, room=Room("h"), delivery_group_id="h", registered=False),
        ],
    )
    assert refused == Refused(
        Reason.NO_MACHINE,
        machines={
            "g": {Reason.FULL: 2, Reason.IN_MAINTENANCE: 1},
            "h": {Reason.NOT_REGISTERED: 1},
            "empty": {},
        },
    )


ROOMS = st.builds(
    Room,
    st.sampled_from("gh"),
    sessions=st.integers(0, 3),
    max_sessions=st.sampled_from([None, 2]),
    max_user_sessions=st.sampled_from([None, 1]),
    zone_id=st.sampled_from([None, "here", "there"]),
    zone_only=st.booleans(),
)
PLACES = st.lists(
    st.builds(
        lambda room, index, tags, allowed, facts: Place(
            machine(facts.pop("uid"), delivery_group_id=room.id, **facts),
            room,
            index,
            tags,
            allowed,
        ),
        ROOMS,
        st.sampled_from([0, 100, 200, FULL]),
        st.sampled_from([frozenset(), frozenset("t")]),
        st.booleans(),
        st.fixed_dictionaries(
            {
                "uid": st.integers(1, 50),
                "registered": st.booleans(),
                "in_maintenance": st.booleans(),
                "single_session": st.booleans(),
                "live_sessions": st.integers(0, 2),
                "zone_id": st.sampled_from(["here", "there"]),
                "assigned": st.sampled_from([(), ("ada",), ("zoe",)]),
                "assigned_address": st.sampled_from([None, None, "192.0.2.1"]),
                "assigned_client": st.sampled_from([None, None, "laptop"]),
            }
        ),
    ),
    max_size=6,
    unique_by=lambda one: one.machine.uid,
)
WISHES = st.builds(
    Wish,
    st.sampled_from([{"g"}, {"g", "h"}]),
    st.sampled_from([None, None, "host3"]),
    st.just({"ada"}),
    st.sampled_from([None, "192.0.2.1"]),
    st.sampled_from([None, "t"]),
    st.sampled_from([None, "here"]),
    st.booleans(),
    st.dictionaries(st.sampled_from("gh"), st.integers(0, 2)),
)


@given(WISHES, PLACES)
def test_one_that_can_is_chosen_whenever_there_is_one(wish: Wish, places: list[Place]) -> None:
    chosen = choose(wish, places)
    named = [p for p in places if wish.machine is None or p.machine.name.endswith("\\HOST3")]
    able = [p for p in named if refusal_of(wish, p) is None]
    if able:
        assert chosen in able
    else:
        assert isinstance(chosen, Refused)


@given(WISHES, PLACES)
def test_what_is_chosen_meets_every_condition(wish: Wish, places: list[Place]) -> None:
    chosen = choose(wish, places)
    if isinstance(chosen, Refused):
        return
    m, room = chosen.machine, chosen.room
    assert m.registered
    assert not m.in_maintenance
    assert chosen.allowed
    assert room.id in wish.delivery_group_ids
    assert chosen.index < FULL
    assert not (m.single_session and m.live_sessions)
    assert m.assigned in ((), ("ada",))
    assert m.assigned_client is None
    assert m.assigned_address in (None, wish.address)
    assert wish.tag is None or wish.tag in chosen.tags
    assert room.max_sessions is None or room.sessions < room.max_sessions
    assert room.max_user_sessions is None or wish.own.get(room.id, 0) < room.max_user_sessions
    if wish.zone_only and wish.zone_id:
        assert m.zone_id == wish.zone_id
    elif room.zone_only and room.zone_id:
        assert m.zone_id == room.zone_id


@given(WISHES, PLACES, PLACES)
def test_machines_that_cannot_change_nothing(
    wish: Wish, places: list[Place], others: list[Place]
) -> None:
    useless = [p for p in others if refusal_of(wish, p) is not None]
    before, after = choose(wish, places), choose(wish, [*useless, *places])
    if isinstance(before, Refused):
        assert isinstance(after, Refused)
    else:
        assert after == before


@given(WISHES, PLACES, st.integers(0, FULL))
def test_more_load_never_makes_a_machine_the_choice(
    wish: Wish, places: list[Place], more: int
) -> None:
    chosen = choose(wish, places)
    for number, one in enumerate(places):
        busier = [*places]
        busier[number] = replace(one, index=min(FULL, one.index + more))
        again = choose(wish, busier)
        if one != chosen:  # it was not chosen: still it is not, and who was is
            assert again == chosen or isinstance(chosen, Refused)


@given(WISHES, PLACES, st.randoms())
def test_the_order_of_the_rows_does_not_matter(
    wish: Wish, places: list[Place], dice: object
) -> None:
    mixed = [*places]
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    before, after = choose(wish, places), choose(wish, mixed)
    assert before == after or isinstance(before, Refused)
