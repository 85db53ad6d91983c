"""Seeded random recording policies: the evaluator and a second, naive one must agree on each.

    python fuzz/policies.py --count 10000 --seed 1

It ends with 1 at the first rule set on which they differ, and says how to repeat it.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from policies_at_random import agree


def main(arguments: list[str] | None = None) -> int:
    """Run the cases; 0 when all agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    for number in range(options.count):
        try:
            agree(random.Random(f"{options.seed}/{number}"))
        except AssertionError as difference:
            print(f"case {options.seed}/{number}: {difference}", file=sys.stderr)
            return 1
    print(f"{options.count} rule sets, all decided alike")
    return 0


if __name__ == "__main__":
    sys.exit(main())
