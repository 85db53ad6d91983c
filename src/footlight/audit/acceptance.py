"""Signing the chain as it is, when what is signed of it no longer fits: after a restored backup, or when somebody has
looked into a break."""

from __future__ import annotations

import asyncio
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.audit.head import HeadFile, newest
from footlight.audit.log import Act, record_of_site
from footlight.audit.verification import Result, verify_store
from footlight.clock import Clock
from footlight.store.store import Store


async def accept(
    store: Store, file: HeadFile, key: Ed25519PrivateKey, clock: Clock, by: str
) -> tuple[Result, Path | None]:
    """What was wrong before, and where the head that was signed before is kept now (None: there was none). No site
    may run. `by`: who does it, in the words of the machine."""
    result = await verify_store(store, file)
    now_ms = clock.now_ms()
    act = Act(
        text=f"Accept the audit log as it is ({len(result.problems) + result.more_problems} problems)",
        target_type="Site",
        parameters={
            "By": by,
            "SignedBefore": "" if result.signed_seq is None else str(result.signed_seq),
            "Problems": "; ".join(f"{one.fault}: {one.detail}" for one in result.problems),
        },
    )
    await store.write(lambda tx: record_of_site(tx, act))
    head = await store.read(lambda c: newest(c, file.site_id, now_ms))
    kept = await asyncio.to_thread(_set_aside, file.path, now_ms)
    await asyncio.to_thread(file.write, head, key)
    return result, kept


def _set_aside(path: Path, now_ms: int) -> Path | None:
    kept = path.with_name(f"{path.stem}-until-{now_ms}{path.suffix}")
    try:
        path.rename(kept)
    except FileNotFoundError:
        return None
    return kept
