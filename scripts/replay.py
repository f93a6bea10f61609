"""`ape run replay`: a failing run again, step by step."""

import json
import sys
from pathlib import Path

import click

EXIT_REFUSED = 2


@click.command()
@click.argument("path", metavar="TRACE", type=click.Path(path_type=Path))
@click.option("--until", type=click.IntRange(min=1), metavar="N", help="Stop after step N.")
@click.option("--step", "by_key", is_flag=True, help="One step per key press, each with its ledger.")
@click.option("--explain", is_flag=True, help="Ledger of the last step: who has what before and after it.")
@click.option("--every-step", is_flag=True, help="Ledgers of all steps.")
@click.option(
    "--engine",
    type=click.Choice(("pyrevm", "anvil")),
    help="Where to run it.  [default: where the trace was made]",
)
@click.option(
    "--allow-other-build",
    is_flag=True,
    help="Run it though it was made with other contracts or another version of the project: does a fix help?",
)
@click.option(
    "--faulty",
    metavar="NAME",
    help="Plant a fault of the exam into the contracts first, as `ape run campaign --faulty` does.",
)
@click.option(
    "--export",
    "kind",
    type=click.Choice(("test", "foundry")),
    help="Print the steps as a pytest file, or as a Solidity test for Foundry; nothing is replayed.",
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="With --export: the file to write."
)
@click.option(
    "--json", "as_json", is_flag=True, help="What came as JSON on standard output, nothing else there."
)
def cli(path, until, by_key, explain, every_step, engine, allow_other_build, faulty, kind, output, as_json):
    """Run the steps of TRACE again on a fresh chain. Contracts and reference model are compared after each of them,
    the invariants are checked, and everything is held against what the trace recorded.

    The chain is the command's own: --network plays no part. Traces are written by failing runs of the campaign, of
    the burst driver and of the state machines, into the folder traces.

    \b
    ape run replay traces/burst-staking-7.json --explain
    ape run replay traces/burst-staking-7.json --engine anvil --until 5 --step
    ape run replay traces/burst-staking-7.json --export test --output tests/regression/test_unbonding.py

    Exit codes: 0 contracts and model agree, and all is as recorded; 1 they diverge, as recorded or otherwise; 2 the
    trace is refused, or wrong options; 3 they agree, but not everything is as recorded.
    """
    from scripts._replay.run import Options, export, replay
    from simulation.trace import TraceRefused

    if output and not kind:
        raise click.UsageError("--output goes with --export")
    options = Options(path, until, by_key, explain, every_step, engine, allow_other_build, faulty, as_json)
    try:
        sys.exit(export(options, kind, output) if kind else replay(options))
    except TraceRefused as error:
        if as_json:
            click.echo(json.dumps({"error": "TraceRefused", "message": str(error)}))
        else:
            click.echo(f"refused: {error}", err=True)
        sys.exit(EXIT_REFUSED)
