from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from footlight.broker.choose import Refusal, Wish, choose
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
        **changes,
    }
    return Machine(**facts)  # type: ignore[arg-type]


def test_the_least_loaded_is_chosen() -> None:
    machines = [machine(1), machine(2), machine(3)]
    assert choose(Wish({"g"}, None), machines, {"id-1": 2, "id-2": 1, "id-3": 1}) == machines[1]


def test_a_named_machine_by_id_full_or_short_name() -> None:
    machines = [machine(1), machine(2)]
    for name in ("id-2", "FOOTLIGHT\\HOST2", "host2"):
        assert choose(Wish({"g"}, name), machines, {}) == machines[1]
    assert choose(Wish({"g"}, "host3"), machines, {}) is Refusal.UNKNOWN_MACHINE
    assert choose(Wish("other", "host2"), machines, {}) is Refusal.UNKNOWN_MACHINE


def test_a_named_machine_that_cannot() -> None:
    assert (
        choose(Wish({"g"}, "host1"), [machine(1, in_maintenance=True)], {})
        is Refusal.IN_MAINTENANCE
    )
    assert (
        choose(Wish({"g"}, "host1"), [machine(1, registered=False)], {}) is Refusal.NOT_REGISTERED
    )


@given(
    st.lists(
        st.tuples(st.booleans(), st.booleans(), st.sampled_from("gh"), st.integers(0, 5)),
        max_size=8,
    )
)
def test_the_choice_is_always_able_and_never_busier_than_another(
    rows: list[tuple[bool, bool, str, int]],
) -> None:
    machines = [
        machine(i, registered=r, in_maintenance=m, delivery_group_id=g)
        for i, (r, m, g, _) in enumerate(rows)
    ]
    load = {f"id-{i}": row[3] for i, row in enumerate(rows)}
    able = [
        m for m in machines if m.registered and not m.in_maintenance and m.delivery_group_id == "g"
    ]
    chosen = choose(Wish({"g"}, None), machines, load)
    if not able:
        assert chosen is Refusal.NO_MACHINE
    else:
        assert chosen in able
        assert load[chosen.id] == min(load[m.id] for m in able)  # type: ignore[union-attr]


def test_a_machine_with_one_session_at_a_time() -> None:
    machines = [machine(1, single_session=True), machine(2, single_session=True)]
    assert choose(Wish({"g"}, None), machines, {"id-1": 1}) == machines[1]
    assert choose(Wish({"g"}, "host1"), machines, {"id-1": 1}) is Refusal.NO_MACHINE
    assert choose(Wish({"g"}, None), machines, {"id-1": 1, "id-2": 1}) is Refusal.NO_MACHINE


def test_an_assigned_machine_is_for_its_users_and_comes_first() -> None:
    machines = [machine(1), machine(2, assigned=("Ada", "staff"))]
    load = {"id-2": 5}
    assert choose(Wish({"g"}, None, {"ada"}), machines, load) == machines[1]
    assert choose(Wish({"g"}, None, {"zoe", "staff"}), machines, load) == machines[1]
    assert choose(Wish({"g"}, None, {"zoe"}), machines, {"id-1": 9}) == machines[0]
    assert choose(Wish({"g"}, "host2", {"zoe"}), machines, {}) is Refusal.UNKNOWN_MACHINE


def test_a_machine_assigned_to_a_client() -> None:
    machines = [machine(1, assigned_address="192.0.2.1"), machine(2, assigned_client="laptop")]
    here = Wish({"g"}, None, {"ada"}, "192.0.2.1")
    assert choose(here, machines, {}) == machines[0]
    assert choose(Wish({"g"}, None, {"ada"}, "192.0.2.2"), machines, {}) is Refusal.NO_MACHINE
