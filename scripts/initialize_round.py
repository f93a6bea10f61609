"""`ape run initialize_round`: begin the round that the clock has reached."""

import json
import signal
import sys

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import (
    broadcast_option,
    errors_as_words,
    json_option,
    max_fee_option,
    registry_option,
    requester,
    wei_of,
)
from scripts._deployment.network import NetworkCommand
from scripts._governance.command import open_context

NOTHING_TO_DO = 3


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@click.option("--watch", is_flag=True, help="Stay, and initialize each round as it begins. Ctrl-C ends it.")
@click.option("--rounds", type=click.IntRange(1), help="With --watch: end after so many rounds.")
@click.option(
    "--poll",
    "poll_seconds",
    type=click.FloatRange(0.05),
    default=6.0,
    show_default=True,
    metavar="SECONDS",
    help="With --watch: how often the chain is asked.",
)
@click.option(
    "--pass",
    "passing",
    type=click.IntRange(1, 1000),
    metavar="ROUNDS",
    help="On a development chain: let so many rounds pass, and initialize each.",
)
@registry_option
@broadcast_option
@max_fee_option
@json_option
def cli(
    cli_ctx,
    account,
    provider,
    watch,
    rounds,
    poll_seconds,
    passing,
    registry,
    broadcast,
    max_fee_gwei,
    as_json,
):
    """Initialize the current round, or say why that is not possible now.

    Anybody may, once in each round: it freezes the active stake and sets the round's issuance. Until somebody does,
    nobody can bond, reward or redeem tickets of the round. Rounds that passed meanwhile are not made up for.

    \b
    ape run initialize_round --network ethereum:local:http://127.0.0.1:8545 --account TEST::9
    ape run initialize_round --network … --account me --broadcast
    ape run initialize_round --network … --account me --broadcast --watch       # a keeper
    ape run initialize_round --network ethereum:local:… --account TEST::9 --broadcast --pass 2

    Exit codes: 0 initialized (or shown), 1 refused, 2 wrong options, 3 the round is initialized already.
    """
    from scripts._deployment.signing import ApeSigner
    from scripts._operations.errors import NotADevelopmentChain
    from scripts._operations.rounds import read_clock, require_possible
    from scripts._operations.tending import initialize, pass_round
    from scripts._operations.tending import watch as watch_rounds

    if watch and not broadcast:
        raise click.UsageError("--watch: needs --broadcast; without it there is nothing to stay for")
    if rounds and not watch:
        raise click.UsageError("--rounds: must be given with --watch")
    if passing and watch:
        raise click.UsageError("--pass: must not be given with --watch")

    def report(document: dict, words: str) -> None:
        click.echo(json.dumps(document) if as_json else words)

    def begin(clock) -> None:
        receipt = initialize(context, signer, clock, wei_of(max_fee_gwei))
        done = {"round": clock.round, "sent": True, "transaction": receipt.hash, "gas": receipt.gas_used}
        report(done, f"Round {clock.round} initialized in {receipt.hash}, {receipt.gas_used:,} gas.")

    with errors_as_words(as_json):
        context = open_context(provider, registry)
        signer = ApeSigner(account)
        is_development = provider.network.name == "local" or provider.network.name.endswith("-fork")
        if passing and not is_development:
            raise NotADevelopmentChain("--pass", f"{provider.network.ecosystem.name}:{provider.network.name}")
        clock = read_clock(context.reader)
        if not watch:
            require_possible(clock, context.reader)
        if not broadcast:
            what = f"let {passing} rounds pass" if passing else "initialize it"
            hint = f"Nothing was sent: add --broadcast to {what}."
            if clock.initialized and not passing:
                hint = "Nothing to do."
            report(clock.to_json() | {"sent": False}, f"{clock.describe()}\n{hint}")
            sys.exit(NOTHING_TO_DO if clock.initialized and not passing else 0)
        if passing:
            for _ in range(passing):
                begin(pass_round(context, requester(provider)))
            return
        if not watch:
            if clock.initialized:
                report(clock.to_json() | {"sent": False}, f"{clock.describe()}\nNothing to do.")
                sys.exit(NOTHING_TO_DO)
            begin(clock)
            return
        # Ape would end the process at once, without a word.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        click.echo(clock.describe(), err=True)
        done = watch_rounds(context, begin, lambda words: click.echo(words, err=True), rounds, poll_seconds)
        click.echo(f"Ended after {done} rounds.", err=True)
