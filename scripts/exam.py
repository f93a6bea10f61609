"""`ape run exam`: do the state machines find faults that are planted into the contracts?"""

import json
import sys

import click


@click.command()
@click.option(
    "--faults",
    "pattern",
    default="*",
    show_default=True,
    metavar="GLOB",
    help="Faults by name, contract or source, such as 'Slash*' or BondingVotes.",
)
@click.option(
    "--areas", help="Machines by area, separated by commas, such as bonding,tickets.  [default: all]"
)
@click.option(
    "--driver",
    "drivers",
    multiple=True,
    type=click.Choice(["bytes", "rules"]),
    help="Bytes: decoded from numbers, fast; rules: Hypothesis chooses.  [default: both]",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes; each has one fault at a time.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32),
    default=1,
    show_default=True,
    help="Of the machines' choices: the same seed gives the same exam.",
)
@click.option("--list", "only_list", is_flag=True, help="Show the faults and stop.")
@click.option(
    "--update",
    is_flag=True,
    help="Write what was found: simulation/exam/record.json, which the tests play, and docs/exam.md.",
)
@click.option("--json", "as_json", is_flag=True, help="The results as JSON on standard output.")
def cli(pattern, areas, drivers, workers, seed, only_list, update, as_json):
    """Plant faults into the contracts, one at a time, and send every state machine after each, within the runs and
    steps that the profile `ci` gives it.

    \b
    ape run exam --faults TieEvicts
    ape run exam --faults 'Slash*' --areas whole-protocol
    ape run exam --update

    All faults and machines take hours on one core; a fault that no machine catches takes the longest.

    Exit codes: 0 all are caught, 1 one is not, 2 wrong options, 130 interrupted (with --update, what was found until
    then is kept).

    More: docs/exam.md
    """
    from simulation.campaign.options import BadInput, parse_areas
    from simulation.exam.catalogue import select
    from simulation.exam.command import Exam, run_exam, show_faults
    from simulation.exam.drivers import DRIVERS

    faults = select(pattern)
    if not faults:
        raise click.UsageError(
            f"--faults: found {pattern!r}, which is no fault, contract or source; --list shows them"
        )
    if only_list:
        show_faults(faults, as_json)
        return
    try:
        exam = Exam(tuple(faults), parse_areas(areas), drivers or DRIVERS, workers, seed)
    except BadInput as error:
        raise click.UsageError(str(error)) from None
    try:
        results = run_exam(exam, update=update)
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        sys.exit(130)
    if as_json:
        click.echo(json.dumps({name: result.to_json() for name, result in results.items()}))
    sys.exit(0 if all(result.catchers for result in results.values()) else 1)
