"""All acts, in an order in which each finds what it needs: a session is recorded before it is logged off."""

from __future__ import annotations

from tests.e2e.pages.acts.folders import FOLDER_ACTS
from tests.e2e.pages.acts.groups import GROUP_ACTS
from tests.e2e.pages.acts.machines import MACHINE_ACTS
from tests.e2e.pages.acts.recordings import RECORDING_ACTS
from tests.e2e.pages.acts.sessions import SESSION_ACTS
from tests.e2e.pages.acts.settings import SETTINGS_ACTS

ACTS = (*RECORDING_ACTS, *SESSION_ACTS, *GROUP_ACTS, *FOLDER_ACTS, *MACHINE_ACTS, *SETTINGS_ACTS)
