"""What policies decide for a session in the transaction that makes it, so that its first order has it recorded."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from footlight.policies import circumstances, kept, reasons
from footlight.policies.policy import first
from footlight.store.store import Tx


def decide(tx: Tx, session_id: str, names: Set[str]) -> None:
    """Decide on a session that has just been made, for a user of these names (in lower case)."""
    policies = kept.in_order(tx.connection)
    if not policies:
        return
    looked = circumstances.named(tx.connection, [session_id], with_people=False)
    for _, _, _, of in looked.sessions:
        deciding = first(policies, replace(of, names=frozenset(names)), tx.now_ms)
        if deciding is not None:
            reasons.decide(tx, session_id, deciding)
