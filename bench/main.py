"""Measures one figure and says whether it holds. Each module beside this one that has
`measure(quick: bool) -> Figure` is a figure; `recorder-cpu` is recorder_cpu.py. One with a further parameter `database`
can be measured on either ("sqlite", "postgresql"), one with `bus` over either ("inprocess", "nats"), one with `way` on
one way of streams alone, one with `seed` and `rounds` by chance from a seed, as often."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import inspect
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "tests" / "host"), str(ROOT / "tests")]


def names() -> list[str]:
    """The figures that can be measured."""
    modules = sorted((ROOT / "bench").glob("*.py"))
    return [m.stem.replace("_", "-") for m in modules if "\ndef measure(" in m.read_text()]


def main() -> int:
    """0 when the figure holds, 1 when not, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="bench/run", epilog=f"names: {', '.join(names())}")
    parser.add_argument("name", choices=names())
    parser.add_argument("--quick", action="store_true", help="within a minute, smaller inputs")
    parser.add_argument("--json", action="store_true", help="one line, last on standard output")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--bus", choices=("inprocess", "nats"))
    parser.add_argument("--seed", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--way", choices=("inprocess", "direct", "tunnel"))
    arguments = parser.parse_args()
    module = importlib.import_module(f"bench.{arguments.name.replace('-', '_')}")
    options = {}
    for name in ("database", "bus", "way", "seed", "rounds"):
        chosen = getattr(arguments, name)
        if chosen is not None:
            if name not in inspect.signature(module.measure).parameters:
                parser.error(f"{arguments.name} has no choice of {name}")
            options[name] = chosen
    os.environ["FOOTLIGHT_DESKTOP"] = "light"  # whatever is installed
    figure = module.measure(arguments.quick, **options)
    if arguments.json:
        print(json.dumps(dataclasses.asdict(figure)), flush=True)
    else:
        verdict = "holds" if figure.holds else "does not hold"
        value = "not measured" if figure.value is None else f"{figure.value:.4g} {figure.unit}"
        print(f"{figure.name}: {value}, bar {figure.bar:.4g}: {verdict}")
        print(json.dumps(figure.details, indent=2))
    return 0 if figure.holds else 1


if __name__ == "__main__":
    sys.exit(main())
