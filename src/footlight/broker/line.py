"""Who waits for a machine, and in which order: that of arrival, fair by user. In memory, bounded, pure.

A launch that comes while others of its user wait stands behind them as if it had come YIELD arrivals later for each:
who asks for much lets others pass, and yet nobody is passed by more than a bounded number of later ones.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST = 1000
MOST_OF_USER = 20
YIELD = 10


@dataclass(frozen=True, order=True)
class Ticket:
    """A place in the line: by `turn`, of several with the same one by `arrival`."""

    turn: int
    arrival: int
    user: str


class Line:
    """Those who wait; at most `most`, of one user at most `most_of_user`."""

    def __init__(self, most: int = MOST, most_of_user: int = MOST_OF_USER) -> None:
        self._most = most
        self._most_of_user = most_of_user
        self._arrivals = 0
        self._tickets: set[Ticket] = set()

    def __len__(self) -> int:
        return len(self._tickets)

    def enter(self, user: str) -> Ticket | None:
        """A place for one more launch of that user; None: too many wait already."""
        own = [ticket.turn for ticket in self._tickets if ticket.user == user]
        if len(self._tickets) >= self._most or len(own) >= self._most_of_user:
            return None
        self._arrivals += 1
        turn = max([self._arrivals, *(before + YIELD for before in own)])
        ticket = Ticket(turn, self._arrivals, user)
        self._tickets.add(ticket)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """It waits no more. Leaving twice changes nothing."""
        self._tickets.discard(ticket)

    def in_order(self) -> list[Ticket]:
        """All of them, who is first first."""
        return sorted(self._tickets)
