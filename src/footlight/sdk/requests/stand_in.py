"""Requests of a stand-in site: simulation and faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from footlight.sdk.requests.request import OWN, Request, get, post

STARTS_WITHIN_S = 120.0


def simulation() -> Request:
    """The fleet as it is."""
    return get(f"{OWN}/simulation")


def start_simulation(machines: int, sessions: int, churn: float, seed: int) -> Request:
    """Make the fleet so; asking twice changes nothing more."""
    body = {"machines": machines, "sessions": sessions, "churn": churn, "seed": seed}
    return post(f"{OWN}/simulation", body, repeatable=True, timeout_s=STARTS_WITHIN_S)


def stop_simulation() -> Request:
    """End the fleet."""
    return Request(
        method="DELETE", path=f"{OWN}/simulation", repeatable=True, timeout_s=STARTS_WITHIN_S
    )


def faults() -> Request:
    """The switches as they stand."""
    return get(f"{OWN}/faults")


def set_faults(switches: Mapping[str, Any]) -> Request:
    """Set all switches."""
    return Request(method="PUT", path=f"{OWN}/faults", json=dict(switches), repeatable=True)


def clear_faults() -> Request:
    """Switch all off."""
    return Request(method="DELETE", path=f"{OWN}/faults", repeatable=True)
