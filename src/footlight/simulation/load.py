"""How busy a simulated host says it is: as a host of 16 cores and 64 GiB with office work on it would be."""

from __future__ import annotations

from footlight.wire.host import LoadFacts

# In per mille of the host, by itself and for each session.
CPU_OF_HOST, CPU_ACTIVE, CPU_IDLE = 12.0, 6.0, 0.4
MEMORY_OF_HOST, MEMORY_OF_SESSION = 60.0, 6.0
MOST = 950  # what is asked for beyond it is waited for


def load_of(sessions: int, active: int) -> LoadFacts:
    """The load of a host with so many live sessions, somebody at work in `active` of them."""
    cpu = CPU_OF_HOST + CPU_ACTIVE * active + CPU_IDLE * (sessions - active)
    memory = MEMORY_OF_HOST + MEMORY_OF_SESSION * sessions
    return LoadFacts(
        cpu_permille=min(MOST, round(cpu)),
        memory_permille=min(MOST, round(memory)),
        sessions=sessions,
    )
