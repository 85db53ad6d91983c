"""What a site leaves on its machine outside of its data folder, for tests to remove when it has ended."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from footlight.agent import accounts

RUN = Path("/run/footlight")


def run_folder(site_id: str) -> Path:
    """Where the live state of root's sites is."""
    return RUN / site_id[:8]


def remove(*site_ids: str) -> None:
    """Of those sites the managed accounts and the run folders; an empty id stands for a site that never began. An
    agent that ends leaves in its run folder what the servers have not yet heard of its ended sessions, for the next
    agent to tell: here none comes."""
    begun = set(site_ids) - {""}
    if os.geteuid() != 0 or not begun:
        return
    accounts.prune(begun)
    for site_id in begun:
        shutil.rmtree(run_folder(site_id), ignore_errors=True)
