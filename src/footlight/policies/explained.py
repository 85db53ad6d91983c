"""Decisions and policies in words: what people read about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from footlight.policies import objects
from footlight.policies.objects import Kind
from footlight.policies.policy import Decision, Judgement, Policy
from footlight.policies.reasons import Reasons
from footlight.wire.own import PolicyName, RecordingHealthView
from footlight.wire.policies import (
    DecisionView,
    JudgementView,
    PolicyConditions,
    PolicyOutcome,
    PolicyView,
    RecordingReason,
)
from footlight.wire.rest.dates import rfc3339, rfc3339_of

_WORDS = {
    "users": "the user",
    "deliveryGroups": "the delivery group",
    "resources": "the application or desktop",
    "machines": "the machine",
    "tags": "the tags",
    "clientAddresses": "the client's address",
    "times": "the time",
}


def views(connection: Connection, rows: Iterable[Any]) -> list[PolicyView]:
    """The rows as the API shows them."""
    kept = [(row, msgspec.json.decode(row.conditions, type=PolicyConditions)) for row in rows]
    named = {
        kind: objects.shown(
            connection, kind, (one for _, wanted in kept for one in getattr(wanted, kind.attribute))
        )
        for kind in Kind
    }
    return [_view(row, wanted, named) for row, wanted in kept]


def _view(row: Any, kept: PolicyConditions, named: dict[Kind, dict[str, str]]) -> PolicyView:
    lists = {
        kind.attribute: [named[kind][one] for one in getattr(kept, kind.attribute)] for kind in Kind
    }
    return PolicyView(
        id=row.id,
        position=row.position,
        name=row.name,
        description=row.description,
        enabled=bool(row.enabled),
        conditions=msgspec.structs.replace(kept, **lists),
        then=msgspec.json.decode(row.outcome, type=PolicyOutcome),
        created_at=rfc3339_of(row.created_at_ms),
        changed_at=rfc3339_of(row.changed_at_ms),
    )


def decision_view(
    decision: Decision, at_ms: int, session_id: str | None, reasons: Reasons
) -> DecisionView:
    """What is decided, and why."""
    policy = decision.policy
    same = policy is not None and reasons.policy is not None and reasons.policy.id == policy.id
    return DecisionView(
        session_id=session_id,
        at=rfc3339_of(at_ms),
        policy=None if policy is None else PolicyName(id=policy.id, name=policy.name),
        then=None if policy is None else policy.then,
        sentence=sentence(policy),
        reasons=reasons_of(reasons),
        stopped=same and reasons.stopped,
        policies=[_judged(one) for one in decision.judgements],
    )


def sentence(policy: Policy | None) -> str:
    """What the deciding policy makes of a session."""
    if policy is None:
        return "No policy fits: it is not recorded."
    then, name = policy.then, f"The policy '{policy.name}' decides"
    if then.record == "no":
        return f"{name}: it is not recorded."
    what = "its screen is recorded" if then.record == "screen" else "its events alone are recorded"
    return f"{name}: {what}, {'with' if then.notify else 'without'} notice."


def reasons_of(reasons: Reasons) -> list[RecordingReason]:
    """Why it is recorded now."""
    found = []
    if reasons.holding is not None:
        held = reasons.holding
        found.append(RecordingReason(kind="policy", name=held.name, id=held.id))
    if reasons.on_demand_by is not None:
        found.append(RecordingReason(kind="on-demand", ordered_by=reasons.on_demand_by))
    return found


def health_view(row: Any | None) -> RecordingHealthView | None:
    """Of a row of recording_reasons; None where nothing is to be recorded."""
    if row is None or row.health is None:
        return None
    held = None if row.policy_id is None else PolicyName(id=row.policy_id, name=row.policy_name)
    return RecordingHealthView(
        state=row.health,
        since=rfc3339(row.health_since_ms),
        reason=row.health_reason,
        covered=bool(row.covered),
        policy=held,
    )


def _judged(one: Judgement) -> JudgementView:
    return JudgementView(
        id=one.policy.id,
        name=one.policy.name,
        position=one.policy.position,
        verdict=one.verdict,
        missed=list(one.missed),
        sentence=_sentence(one),
    )


def _sentence(one: Judgement) -> str:
    match one.verdict:
        case "decides":
            return "It fits, and decides."
        case "outranked":
            return "It fits, but an earlier policy decides."
        case "disabled":
            return "It is disabled."
        case "no-match":
            return f"It does not fit: {_listed([_WORDS[member] for member in one.missed])}."


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
