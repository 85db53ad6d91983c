"""Why a launch is refused, or why one machine takes no part in it: every reason, with its sentence and its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from footlight.errors import Conflict, FootlightError, NotFound, Unavailable
from footlight.site.offers import Closed


class _Told(NamedTuple):
    sentence: str  # for people
    code: str  # SdkErrorId
    error: type[FootlightError]  # api/errors.py has its status
    may_pass: bool = False  # by itself, while one waits: a session ends, a host comes back


class Reason(Enum):
    """All of them; those of a machine in the order in which they are looked at."""

    # of one machine
    UNKNOWN_MACHINE = _Told(
        "There is no such machine for this resource.", "UnknownMachine", NotFound
    )
    ASSIGNED = _Told("The machine is assigned to others.", "UnknownMachine", NotFound)
    WITHOUT_TAG = _Told("The machine lacks the resource's tag.", "UnknownMachine", NotFound)
    OTHER_ZONE = _Told("The machine is not in the wanted zone.", "NoAvailableMachine", Conflict)
    IN_MAINTENANCE = _Told("The machine is in maintenance mode.", "InMaintenanceMode", Conflict)
    NOT_REGISTERED = _Told(
        "The machine is not registered.", "MachineNotRegistered", Unavailable, may_pass=True
    )
    IN_USE = _Told(
        "The machine, for one session at a time, has one.",
        "NoAvailableMachine",
        Unavailable,
        may_pass=True,
    )
    FULL = _Told(
        "The machine is as busy as it may be.", "NoAvailableMachine", Unavailable, may_pass=True
    )
    GROUP_FULL = _Told(
        "The delivery group has as many sessions as it may have.",
        "NoAvailableMachine",
        Unavailable,
        may_pass=True,
    )
    GROUP_FULL_FOR_USER = _Told(
        "The user has as many sessions of the delivery group as one user may have.",
        "ConstraintViolation",
        Conflict,
    )
    # of the whole launch
    RESOURCE_DISABLED = _Told("The resource is disabled.", "UnknownApplication", NotFound)
    NO_MACHINE = _Told("No machine is free for this resource.", "NoAvailableMachine", Unavailable)
    USER_LIMIT = _Told(
        "The user has as many sessions as one user may have.", "ConstraintViolation", Conflict
    )
    INSTANCES = _Told(
        "The resource runs as often as it may in all.",
        "NoAvailableMachine",
        Conflict,
        may_pass=True,
    )
    USER_INSTANCES = _Told(
        "The resource runs as often as it may for one user.", "NoAvailableMachine", Conflict
    )
    NOT_ENTITLED = _Told(Closed.NOT_ENTITLED.value, "UserNotAuthorized", Conflict)
    GROUP_DISABLED = _Told(Closed.DISABLED.value, "ConstraintViolation", Conflict)
    GROUP_IN_MAINTENANCE = _Told(Closed.IN_MAINTENANCE.value, "GroupInMaintenanceMode", Conflict)
    ACCOUNT_DISABLED = _Told("The user's account is disabled.", "UserNotAuthorized", Conflict)
    TOO_MANY_WAIT = _Told(
        "Too many launches wait for a machine already.", "NoAvailableMachine", Unavailable
    )

    @property
    def sentence(self) -> str:
        """For people."""
        return self.value.sentence

    @property
    def code(self) -> str:
        """`SdkErrorId` of the wire."""
        return self.value.code

    @property
    def word(self) -> str:
        """As our own API spells it: inMaintenance."""
        first, *rest = self.name.lower().split("_")
        return first + "".join(part.capitalize() for part in rest)

    @property
    def may_pass(self) -> bool:
        """Whether waiting may help."""
        return self.value.may_pass


BY_CLOSED = {
    Closed.NOT_ENTITLED: Reason.NOT_ENTITLED,
    Closed.DISABLED: Reason.GROUP_DISABLED,
    Closed.IN_MAINTENANCE: Reason.GROUP_IN_MAINTENANCE,
}


@dataclass(frozen=True)
class Refused:
    """The answer to a launch that finds no place. `machines`: by delivery group, how many of its machines refuse it
    for which reason; what groups the caller may know of the caller's right decides."""

    reason: Reason
    object_id: str = ""  # what it is about: a resource, a machine
    machines: Mapping[str, Mapping[Reason, int]] = field(default_factory=dict)

    @property
    def may_pass(self) -> bool:
        """Whether waiting may help: for one machine at least."""
        counts = self.machines.values()
        return self.reason.may_pass or any(one.may_pass for of in counts for one in of)


def error_of(refused: Refused, group_names: Mapping[str, str]) -> FootlightError:
    """What is raised. Of the groups that `group_names` has, by id, it says why each machine refuses."""
    facts = {"reason": refused.reason.word}
    if refused.object_id:
        facts["id"] = refused.object_id
    if refused.reason.value.error is NotFound:
        facts["entityType"] = "Machine"
    for group_id, counts in refused.machines.items():
        if group_id in group_names:
            facts[f"deliveryGroup {group_names[group_id]}"] = told(counts)
    made: FootlightError = refused.reason.value.error(
        refused.reason.sentence, code=refused.reason.code, **facts
    )
    return made


def told(counts: Mapping[Reason, int]) -> str:
    """`2 inMaintenance, 1 full`; of a group without machines `no machines`."""
    each = sorted(counts.items(), key=lambda one: (-one[1], one[0].word))
    return ", ".join(f"{count} {reason.word}" for reason, count in each) or "no machines"
