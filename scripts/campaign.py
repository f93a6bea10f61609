"""`ape run campaign`: a long search for calls on which contracts and reference model disagree."""

import json
import secrets
import shlex
import signal
import sys
from datetime import datetime
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]


@click.command()
@click.option("--time", "duration", default="10m", show_default=True, help="How long: 90s, 10m, 1h30m.")
@click.option(
    "--workers",
    type=click.IntRange(1, 512),
    help="Processes, each with chains of its own.  [default: one for each core]",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**63), help="Run k of a seed is always the same.  [default: a new one]"
)
@click.option(
    "--areas", help="What may happen, separated by commas, such as bonding,tickets.  [default: everything]"
)
@click.option(
    "--engine",
    type=click.Choice(("pyrevm", "anvil")),
    default="pyrevm",
    show_default=True,
    help="In process, or a node for each worker, which is slower by far.",
)
@click.option("--steps", type=click.IntRange(1, 2000), default=300, show_default=True, help="Calls per run.")
@click.option("--runs", type=click.IntRange(1), help="Stop after so many runs, even if time is left.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="A new folder for report and traces.  [default: one under campaign-output]",
)
@click.option(
    "--database",
    "databases",
    multiple=True,
    metavar="FOLDER|URL",
    help="Where runs worth repeating are kept: a folder, or redis://host:port for several machines; may be given more "
    "than once.  [default: .cache/campaign]",
)
@click.option(
    "--ray", metavar="ADDRESS", help="Work on this Ray cluster; `local` starts one on this machine."
)
@click.option(
    "--faulty",
    metavar="NAME",
    help="Plant a fault of the exam, or a mutant such as TicketBroker__MutantReplay, to see it found.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on standard output.")
def cli(duration, workers, seed, areas, engine, steps, runs, out, databases, ray, faulty, as_json):
    """Search for calls on which the contracts and the reference model disagree: random runs of the whole protocol on
    many processes, every result, event, error and view compared. Ends with a report (HTML and JSON); each failure is
    cut down to the fewest calls and written as a trace for `ape run replay`.

    Exit codes: 0 no divergence, 1 contracts and model disagree or a run failed otherwise, 2 wrong options, 3 no
    divergence, but a worker ended in some runs, 130 interrupted (the report says what was done until then).

    More: docs/campaign.md
    """
    import os

    from rich.console import Console

    from simulation.campaign.command import run_campaign
    from simulation.campaign.options import BadInput, Options, parse_areas, parse_duration

    # Ape's own handler would end the command at once, without a report.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    console = Console(stderr=True, highlight=False)
    seed = secrets.randbelow(2**32) if seed is None else seed
    out = out or ROOT / "campaign-output" / f"{datetime.now():%Y-%m-%d-%H%M%S}-seed-{seed}"
    try:
        options = Options(
            seconds=parse_duration(duration),
            workers=workers or os.cpu_count() or 1,
            seed=seed,
            areas=parse_areas(areas),
            steps=steps,
            out=out.resolve(),
            engine=engine,
            runs=runs,
            databases=databases or (str(ROOT / ".cache" / "campaign"),),
            ray=ray,
            faulty=faulty,
            command=shlex.join(["ape", "run", "campaign", *sys.argv[3:]]),
        )
        result = run_campaign(options, console)
    except BadInput as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps(result.document))
    sys.exit(result.exit_code)
