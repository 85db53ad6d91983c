"""`footlight simulation` and `footlight faults`: of a site that was started as a stand-in."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from footlight.cli.call import Call, command
from footlight.cli.output import print_members, say
from footlight.sdk.types.stand_in import Faults

simulation_app = typer.Typer(help="The simulated fleet of a stand-in site.", no_args_is_help=True)
faults_app = typer.Typer(help="Faults on purpose, on a stand-in site.", no_args_is_help=True)


@command(simulation_app, "start")
def start(
    call: Call,
    machines: Annotated[int, typer.Option(min=1, help="Simulated hosts.")] = 10,
    sessions: Annotated[int, typer.Option(min=0, help="Sessions on them.")] = 100,
    churn: Annotated[float, typer.Option(min=0, help="Session changes per second.")] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="The same one gives the same names.")] = 1,
) -> None:
    """Start a simulated fleet, or make the one that runs so."""
    fleet = call.client.simulation.start(machines, sessions, churn=churn, seed=seed)
    call.show(fleet, lambda: print_members(fleet))


@command(simulation_app, "show")
def show(call: Call) -> None:
    """Show the simulated fleet."""
    fleet = call.client.simulation.show()
    call.show(fleet, lambda: print_members(fleet))


@command(simulation_app, "stop")
def stop(call: Call) -> None:
    """End the simulated fleet and remove all that it has made."""
    call.client.simulation.stop()
    call.show(None, lambda: say("the simulation has ended"))


@command(faults_app, "show")
def show_faults(call: Call) -> None:
    """Show the switches, and what they have done."""
    faults = call.client.faults.show()
    call.show(faults, lambda: _print(faults))


@command(faults_app, "set")
def set_faults(
    call: Call,
    switches: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE...", help="throttle=0.1, delay=200+100, ...")
    ],
) -> None:
    """Set the switches; those that are not named are off. Names: throttle (share, or 20/s), retry-after (s),
    errors (share), delay (ms+jitter), expired-tokens (share), drop (share), seed."""
    from footlight.wire.fault_words import read_switches

    wanted = msgspec.to_builtins(read_switches(",".join(switches)))
    faults = call.client.faults.set(wanted)
    call.show(faults, lambda: _print(faults))


@command(faults_app, "clear")
def clear(call: Call) -> None:
    """Switch all off."""
    call.client.faults.clear()
    call.show(None, lambda: say("no faults on purpose any more"))


def _print(faults: Faults) -> None:
    print_members(faults["switches"])
    print_members(faults["counts"])
