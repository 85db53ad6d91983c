"""Runs in a terminal of the typing workload: echoes what is typed in colour; each Return of the
"terminal" prints a page of coloured text, that of the "editor" begins the next numbered line."""

from __future__ import annotations

import random
import sys
import termios
import tty

WORDS = [
    "session",
    "broker",
    "recorder",
    "screen",
    "segment",
    "window",
    "police",
    "motion",
    "harbour",
    "violet",
    "copper",
    "seven",
]
PAGE_LINES = 22


def coloured_line(rng: random.Random) -> str:
    words = (
        f"\x1b[{rng.choice((31, 32, 33, 34, 35, 36, 37))}m{rng.choice(WORDS)}" for _ in range(9)
    )
    return " ".join(words) + "\x1b[0m\r\n"


def main() -> None:
    kind, seed = sys.argv[1], int(sys.argv[2])
    rng = random.Random(seed)
    before = termios.tcgetattr(0)
    tty.setcbreak(0)
    line = 1
    try:
        while key := sys.stdin.read(1):
            if key in "\r\n" and kind == "terminal":
                text = "\r\n" + "".join(coloured_line(rng) for _ in range(PAGE_LINES)) + "$ "
            elif key in "\r\n":
                line += 1
                text = f"\r\n\x1b[90m{line:4} \x1b[0m"
            else:
                text = f"\x1b[{31 + ord(key) % 7}m{key}\x1b[0m"
            sys.stdout.write(text)
            sys.stdout.flush()
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


if __name__ == "__main__":
    main()
