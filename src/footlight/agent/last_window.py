"""When a session of one application is over. Pure; standard library only: keepers use it."""

from __future__ import annotations

GONE_S = 5.0  # from a program's last window to the next: splash screens go before there is another
FIRST_S = 5.0  # what a program that has started another and ended has for that one's first window


class LastWindow:
    """Told now and then what is so; times are monotonic seconds."""

    def __init__(self) -> None:
        self._seen = False
        self._gone_since: float | None = None
        self._ended_at: float | None = None

    @property
    def counting(self) -> bool:
        """Whether time alone may end the session."""
        return self._gone_since is not None or self._ended_at is not None

    def is_over(self, *, windows: bool, ended: bool, others: bool, now_s: float) -> bool:
        """Whether the session is over. windows: whether there are any now; ended: whether the application's first
        process is gone; others: whether anything else runs that a person started.

        The end of the process is not the end while its windows, those of what it has started, are there; and a
        process that stays without a window, after it had some, is not the application any more. One that
        never had a window lasts as long as its process."""
        if windows:
            self._seen, self._gone_since = True, None
            return False
        if ended:
            self._ended_at = now_s if self._ended_at is None else self._ended_at
            return self._seen or not others or now_s - self._ended_at >= FIRST_S
        if not self._seen:
            return False
        self._gone_since = now_s if self._gone_since is None else self._gone_since
        return now_s - self._gone_since >= GONE_S
