"""Why a session is recorded, or is not: of one that runs, or of facts."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.session_views import no_session
from footlight.caller import Caller, Permission
from footlight.errors import Forbidden, Invalid
from footlight.policies import circumstances, explained, kept, reasons, supposed
from footlight.policies.circumstances import Somebody
from footlight.policies.policy import Circumstances, decide
from footlight.policies.reasons import NONE, Reasons
from footlight.sessions import queries
from footlight.wire.policies import DecisionView, GivenFacts, PolicyQuestion

routes = Routes(cvad=False)


@routes.add("POST", "/footlight/v1/recording-policies/test", statuses=(200, 400, 401, 403, 404))
async def test_policies(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[PolicyQuestion]
) -> DecisionView:
    """What the policies decide for a session that runs, or for given facts, with what comes of each. Nothing
    changes by it."""
    caller.require_everywhere(Permission.RECORDING_POLICY)
    if (data.session_id is None) == (data.facts is None):
        raise Invalid("Give sessionId or facts, one of the two.", name="sessionId")
    if data.facts is not None:
        return await _of_facts(parts, data.facts)
    return await _of_session(caller, parts, str(data.session_id))


@routes.add("GET", "/footlight/v1/sessions/{id}/recording-decision", statuses=(200, 401, 403, 404))
async def get_recording_decision(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> DecisionView:
    """Why the session is recorded, or is not. Told to who may record it or keeps the policies; not to its user, of
    whom some policies let nothing be told."""
    return await _of_session(caller, parts, decode_parameter(id))


async def _of_session(caller: Caller, parts: Parts, session_id: str) -> DecisionView:
    def read(
        connection: Connection,
    ) -> tuple[str, Circumstances, Somebody | None, Reasons]:
        row = queries.get(connection, caller, session_id)
        if row is None:
            raise no_session(session_id)
        keeps = caller.everywhere(Permission.RECORDING_POLICY)
        if not keeps and not queries.may(connection, caller, row.id, Permission.RECORD):
            raise Forbidden(f"This needs the permission {Permission.RECORD}.", id=row.id)
        looked = circumstances.named(connection, [row.id], with_people=True)
        _, found, account_id, of = looked.sessions[0]
        return found, of, looked.people.get(account_id), reasons.of(connection, row.id)

    found, of, who, held = await parts.store.read(read)
    return await _decided(parts, of, who, (), parts.clock.now_ms(), found, held)


async def _of_facts(parts: Parts, facts: GivenFacts) -> DecisionView:
    at_ms = supposed.moment(facts, parts.clock.now_ms())

    def read(connection: Connection) -> tuple[Circumstances, Somebody | None]:
        of = supposed.of(connection, facts)
        return of, supposed.who(connection, facts, parts.site.name)

    of, who = await parts.store.read(read)
    groups = tuple(name.lower() for name in facts.groups)
    return await _decided(parts, of, who, groups, at_ms, None, NONE)


async def _decided(
    parts: Parts,
    of: Circumstances,
    who: Somebody | None,
    groups: tuple[str, ...],
    at_ms: int,
    session_id: str | None,
    held: Reasons,
) -> DecisionView:
    person = None if who is None else await asyncio.to_thread(who.person)
    names = frozenset(groups) | (frozenset() if person is None else person.names)
    policies = await parts.store.read(kept.in_order)
    decision = decide(policies, replace(of, names=names), at_ms)
    return explained.decision_view(decision, at_ms, session_id, held)
