"""Keeps recordings as policies want them: decides anew when something has changed, tries again what failed, lets full
recordings go on as new ones, and says of each that is late that it is.

It keeps nothing that a restart would lose: a start looks at all sessions, and so does each LOOK_AT_ALL_S.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.policies import circumstances, health, kept, reasons, reviews, rolling
from footlight.policies.circumstances import Looked, Somebody
from footlight.policies.policy import Circumstances, Policy, first
from footlight.site.entitlement import Person
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

LOOK_EACH_S = 1.0
LOOK_AT_ALL_S = 60.0
READ_AT_ONCE = 500  # sessions in one read
WRITE_AT_ONCE = 20  # of those in one write, so that others' writes come between
BREATH_S = 0.01
_POLICY = "recording_policy"  # the kind of their changes
CALM_S = 2.0  # after a look at all, before the next for other changes than those of policies
# After changes of these kinds, too, every session is decided on anew.
_OF_ALL = frozenset(("delivery_group", "tag", "account", "application", "catalog", "machine"))


@dataclass(frozen=True)
class _Verdict:
    """What policies say of a session, if that is not what its row has."""

    session_id: str
    policy: Policy | None


class PolicyKeeper:
    """The duty's loop."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._loop: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._all = True  # at once
        self._soon = False
        self._open: tuple[bool, ...] = ()
        self._looked_ns = 0
        store.on_commit(self._on_commit)

    async def start(self) -> None:
        """Begin to look, at all sessions first."""
        self._all = True
        self._loop = spawn("keep recording policies", self._run())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        await cancel(self._loop)

    def _on_commit(self, kinds: frozenset[str]) -> None:
        self._all |= _POLICY in kinds
        self._soon |= bool(kinds & _OF_ALL)
        if kinds & {_POLICY, reviews.WAKE}:
            self._woken.set()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.look()
            except Unavailable as silence:  # of which the store has told
                _log.debug("recording policies not looked at", reason=silence.message)
                self._all = True
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("recording policies not looked at", exc_info=error)
                self._all = True
                await asyncio.sleep(LOOK_EACH_S)
            try:
                async with asyncio.timeout(LOOK_EACH_S):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Do what is due now."""
        # Before the policies are read: a change after that is one for the next look.
        whole, self._all = self._all, False
        policies = await self._store.read(kept.in_order)
        await self._reviewed(policies)
        now_ns = self._clock.monotonic_ns()
        windows = self._windows(policies)
        passed_s = (now_ns - self._looked_ns) / 1e9
        soon = self._soon and passed_s >= CALM_S
        if whole or soon or windows != self._open or passed_s >= LOOK_AT_ALL_S:
            self._soon = False
            self._open, self._looked_ns = windows, now_ns
            decided = await self._store.read(reasons.any_decided)
            if policies or decided:
                await self._decide_all(policies)
        await self._due()

    def _windows(self, policies: Sequence[Policy]) -> tuple[bool, ...]:
        """Which times of which policies hold now."""
        now_ms = self._clock.now_ms()
        return tuple(
            times.hold(now_ms)
            for policy in policies
            if policy.enabled
            for times in policy.conditions.times
        )

    async def _decide_all(self, policies: Sequence[Policy]) -> None:
        with_people = circumstances.ask_names(policies)
        known: dict[str, Person] = {}
        after_uid = 0
        while True:
            look = partial(_live, after_uid=after_uid, with_people=with_people)
            looked = await self._store.read(look)
            if not looked.sessions:
                return
            await self._apply(policies, looked, known)
            after_uid = looked.sessions[-1][0]
            await asyncio.sleep(BREATH_S)

    async def _reviewed(self, policies: Sequence[Policy]) -> None:
        """Decide on the sessions of which that was asked."""
        with_people = circumstances.ask_names(policies)
        while ids := await self._store.read(partial(reviews.oldest, limit=WRITE_AT_ONCE)):
            asked: list[str] = ids
            named = partial(circumstances.named, session_ids=asked, with_people=with_people)
            await self._apply(policies, await self._store.read(named), {})
            await self._store.write(partial(_forget_reviews, session_ids=asked))

    async def _apply(
        self, policies: Sequence[Policy], looked: Looked, known: dict[str, Person]
    ) -> None:
        new = {one: who for one, who in looked.people.items() if one not in known}
        if new:
            known.update(await asyncio.to_thread(_persons, new))
        now_ms = self._clock.now_ms()
        verdicts = [
            _Verdict(session_id, first(policies, _with_names(of, known.get(account_id)), now_ms))
            for _, session_id, account_id, of in looked.sessions
        ]
        differing = await self._store.read(partial(_differing, verdicts=verdicts))
        for start in range(0, len(differing), WRITE_AT_ONCE):
            some = differing[start : start + WRITE_AT_ONCE]
            await self._store.write(partial(_decide, verdicts=some))
            await asyncio.sleep(BREATH_S)

    async def _due(self) -> None:
        now_ms = self._clock.now_ms()
        silent = await self._store.read(health.unheard)
        if silent:
            await self._store.write(lambda tx: health.lose_sight(tx, silent))
        if await self._store.read(lambda c: health.any_late(c, now_ms)):
            await self._store.write(health.look)
        full = await self._store.read(lambda c: rolling.due(c, now_ms))
        if full:
            await self._store.write(lambda tx: rolling.roll_over(tx, full))
        failed = await self._store.read(lambda c: rolling.to_try_again(c, now_ms))
        if failed:
            await self._store.write(lambda tx: rolling.try_again(tx, failed))
        unbegun = await self._store.read(lambda c: rolling.never_begun(c, now_ms))
        if unbegun:
            await self._store.write(lambda tx: rolling.close_never_begun(tx, unbegun))
        over = await self._store.read(reasons.over)
        if over:
            await self._store.write(lambda tx: reasons.forget(tx, over))


def _live(connection: Connection, after_uid: int, with_people: bool) -> Looked:
    return circumstances.live(connection, after_uid, READ_AT_ONCE, with_people=with_people)


def _persons(people: Mapping[str, Somebody]) -> dict[str, Person]:
    """In a thread: a directory may be asked."""
    return {account_id: who.person() for account_id, who in people.items()}


def _with_names(of: Circumstances, person: Person | None) -> Circumstances:
    return of if person is None else replace(of, names=person.names)


def _differing(connection: Connection, verdicts: Sequence[_Verdict]) -> list[_Verdict]:
    rows = reasons.rows(connection, [one.session_id for one in verdicts])
    found = []
    for one in verdicts:
        before = reasons.read(rows.get(one.session_id))
        if reasons.decided(before, one.policy) != before:
            found.append(one)
    return found


def _decide(tx: Tx, verdicts: Sequence[_Verdict]) -> None:
    for one in verdicts:
        reasons.decide(tx, one.session_id, one.policy)


def _forget_reviews(tx: Tx, session_ids: Sequence[str]) -> None:
    reviews.done(tx, session_ids)
