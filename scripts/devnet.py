"""`ape run devnet`: a local chain with the protocol on it, for others to work against."""

import json
import signal
import sys
from pathlib import Path

import click
from ape.cli import ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.errors import DeploymentError

# Ape ends the process on the first of them, without a word.
ENDING = (signal.SIGINT, signal.SIGTERM)


@click.command()
@ape_cli_context(default_log_level=LogLevel.WARNING)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8545,
    show_default=True,
    help="Of the RPC; 0 for any that is free.",
)
@click.option(
    "--round-seconds",
    type=click.FloatRange(1, 86_400),
    default=60.0,
    show_default=True,
    help="How long a round takes. Transactions make blocks of their own and shorten it.",
)
@click.option("--no-rounds", is_flag=True, help="Only transactions make blocks; nobody initializes rounds.")
@click.option(
    "--parameters",
    default="devnet",
    show_default=True,
    metavar="NAME|FILE",
    help="A name under deployments/parameters, or a YAML file; devnet-staged gives the Governor to the deployer.",
)
@click.option(
    "--registry",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the addresses are written while it runs.  [default: deployments/registry/local.json]",
)
@click.option("--save", type=click.Path(path_type=Path), help="Write the state to this file at the end.")
@click.option("--load", type=click.Path(path_type=Path), help="Start from a state that --save has written.")
@click.option("--json", "as_json", is_flag=True, help="What to connect to as one line on standard output.")
@click.pass_context
def cli(context, cli_ctx, port, round_seconds, no_rounds, parameters, registry, save, load, as_json):
    """Start Anvil with the whole protocol deployed, governance included, and people who take part in it.

    Three orchestrators and three delegators have stake, two gateways have deposit and reserve, the treasury has LPT.
    Each is a test account of Ape: `--account TEST::1` is the first orchestrator. Rounds pass by themselves: the
    keeper initializes each and calls the orchestrators' rewards. While it runs, commands find the contracts through
    deployments/registry/local.json without being told.

    \b
    ape run devnet
    ape run proposals --network ethereum:local:http://127.0.0.1:8545          # in another terminal

    \b
    ape run devnet --round-seconds 5                # a vote is over in half a minute
    ape run devnet --no-rounds                      # nothing happens but what you send
    ape run devnet --save mine.devnet               # Ctrl-C writes the state; --load mine.devnet goes on with it
    ape run devnet --port 0 --json                  # for scripts: wait for the line, then connect

    Ctrl-C and SIGTERM end it. Exit codes: 0 ended by you, 1 it could not start or go on, 2 wrong options.
    """
    from click.core import ParameterSource

    from scripts._devnet.output import Output
    from scripts._devnet.run import Options, keep_going, open_devnet
    from tools.build import build
    from tools.solidity import CompileError

    if load is not None and context.get_parameter_source("parameters") is not ParameterSource.DEFAULT:
        raise click.UsageError(
            "--parameters: must not be given with --load; a state has been deployed already"
        )
    output = Output(as_json)
    options = Options(port, None if no_rounds else round_seconds, parameters, registry, save, load)
    stopping = []
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    try:
        with output.step("Compiling the contracts") as step:
            step.detail = "" if build() else "nothing changed"
        with open_devnet(options, output) as devnet:
            output.ready(devnet.chain, devnet.registry_file, options.round_seconds)
            # From here on a signal only asks for the end, so that what is being sent is finished and the state whole.
            for number in ENDING:
                signal.signal(number, lambda *_: stopping.append(True))
            keep_going(devnet, options, output, lambda: bool(stopping))
        output.stopped(save)
    except KeyboardInterrupt:
        output.stopped(None)
    except (DeploymentError, CompileError) as error:
        if as_json:
            click.echo(json.dumps({"error": type(error).__name__, "message": str(error)}))
        else:
            click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(1)
