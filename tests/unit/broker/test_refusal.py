from __future__ import annotations

from footlight.broker.refusal import BY_CLOSED, Reason, Refused, error_of, told
from footlight.errors import Conflict, NotFound, Unavailable
from footlight.site.offers import Closed


def test_every_reason_has_a_sentence_and_a_word_of_its_own() -> None:
    assert len({reason.sentence for reason in Reason}) == len(Reason)
    assert len({reason.word for reason in Reason}) == len(Reason)
    assert all(reason.sentence.endswith(".") and reason.code for reason in Reason)
    assert Reason.GROUP_FULL_FOR_USER.word == "groupFullForUser"


def test_every_closed_door_is_a_reason() -> None:
    assert {closed: reason.sentence for closed, reason in BY_CLOSED.items()} == {
        closed: closed.value for closed in Closed
    }


def test_the_error_says_what_the_reason_says() -> None:
    made = error_of(Refused(Reason.IN_MAINTENANCE, "host1"), {})
    assert isinstance(made, Conflict)
    assert (made.code, made.message) == ("InMaintenanceMode", "The machine is in maintenance mode.")
    assert made.facts == {"reason": "inMaintenance", "id": "host1"}
    assert isinstance(error_of(Refused(Reason.FULL), {}), Unavailable)
    unknown = error_of(Refused(Reason.UNKNOWN_MACHINE, "x"), {})
    assert isinstance(unknown, NotFound)
    assert unknown.facts["entityType"] == "Machine"


def test_only_of_groups_that_may_be_known_it_says_why() -> None:
    machines = {"g": {Reason.FULL: 1, Reason.IN_MAINTENANCE: 2}, "h": {Reason.FULL: 1}, "i": {}}
    refused = Refused(Reason.NO_MACHINE, machines=machines)
    facts = error_of(refused, {"g": "Office", "i": "Empty"}).facts
    assert facts == {
        "reason": "noMachine",
        "deliveryGroup Office": "2 inMaintenance, 1 full",
        "deliveryGroup Empty": "no machines",
    }
    assert set(error_of(refused, {}).facts) == {"reason"}


def test_it_may_pass_when_it_may_for_one_machine() -> None:
    def may(*reasons: Reason) -> bool:
        return Refused(Reason.NO_MACHINE, machines={"g": dict.fromkeys(reasons, 1)}).may_pass

    assert may(Reason.IN_MAINTENANCE, Reason.NOT_REGISTERED)
    assert may(Reason.IN_USE)
    assert may(Reason.FULL)
    assert not may(Reason.IN_MAINTENANCE, Reason.ASSIGNED)
    assert not may()
    assert not Refused(Reason.USER_LIMIT).may_pass
    assert Refused(Reason.INSTANCES).may_pass


def test_counts_in_words() -> None:
    assert told({Reason.FULL: 1, Reason.IN_USE: 1}) == "1 full, 1 inUse"
