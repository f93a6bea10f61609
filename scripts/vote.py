"""`ape run vote`: vote on a proposal with one's stake."""

import json

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.amounts import round_lpt
from scripts._deployment.command import (
    broadcast_option,
    errors_as_words,
    json_option,
    max_fee_option,
    registry_option,
    wei_of,
)
from scripts._deployment.network import NetworkCommand
from scripts._governance.command import open_context

SUPPORT = {"against": 0, "for": 1, "abstain": 2}


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@click.argument("proposal")
@click.argument("support", type=click.Choice(list(SUPPORT)))
@click.option("--reason", default="", help="A few words that are kept with the vote.")
@registry_option
@broadcast_option
@max_fee_option
@json_option
def cli(cli_ctx, account, provider, proposal, support, reason, registry, broadcast, max_fee_gwei, as_json):
    """Vote SUPPORT on PROPOSAL, an id or the position that `ape run proposals` shows.

    An orchestrator votes with all stake behind it; a delegator who votes takes its own stake out of that, whichever of
    the two voted first. The votes that count are those of the proposal's snapshot round. What the proposal does is
    shown first.

    \b
    ape run vote 1 for --network ethereum:local:http://127.0.0.1:8545 --account TEST::1 --broadcast

    Exit codes: 0 voted (or shown), 1 refused, 2 wrong options.
    """
    from scripts._deployment.signing import ApeSigner
    from scripts._governance.actions import encode_call
    from scripts._governance.errors import AlreadyVoted, WrongState
    from scripts._governance.output import show_proposal
    from scripts._governance.proposals import State, find_proposal, standing_of
    from scripts._governance.sending import estimate, send

    with errors_as_words(as_json):
        context = open_context(provider, registry)
        node, reader = context.node, context.reader
        found = find_proposal(node, reader, proposal)
        show_proposal(found, reader, as_json)
        signer = ApeSigner(account)
        standing = standing_of(found, reader)
        if standing.state is not State.ACTIVE:
            hint = standing.explain(found) or "the vote is over"
            raise WrongState(standing.state.name, State.ACTIVE.name, hint)
        if reader.view("LivepeerGovernor", "hasVoted", found.id, signer.address) is True:
            raise AlreadyVoted(signer.address, found.title)
        arguments = [found.id, SUPPORT[support]]
        function = "castVoteWithReason" if reason else "castVote"
        data = encode_call(reader, "LivepeerGovernor", function, [*arguments, *([reason] if reason else [])])
        what = f"vote {support} on {found.title!r}"
        gas = estimate(node, reader.artifacts, signer.address, context.governor, data, what)
        weight = reader.view("LivepeerGovernor", "getVotes", signer.address, found.snapshot_round)
        document = {"proposal": str(found.id), "support": support, "votes": str(weight), "sent": broadcast}
        if broadcast:
            fee = wei_of(max_fee_gwei)
            receipt = send(node, reader.artifacts, signer, context.governor, data, what, max_fee_wei=fee)
            document |= {"transaction": receipt.hash, "gas": receipt.gas_used}
        if as_json:
            click.echo(json.dumps(document))
            return
        click.echo(
            f"{found.title}: {support}, with {round_lpt(weight)} LPT of the end of round {found.snapshot_round}"
        )
        orchestrator = reader.view("BondingVotes", "delegatedAt", signer.address, found.snapshot_round)
        if weight and orchestrator != signer.address:
            click.echo(f"They are taken out of what its orchestrator {orchestrator} votes with.")
        if broadcast:
            standing = standing_of(found, reader)
            click.echo(
                f"Voted in {document['transaction']}. For {round_lpt(standing.for_votes)}, "
                f"against {round_lpt(standing.against_votes)}, abstain {round_lpt(standing.abstain_votes)} LPT."
            )
        else:
            click.echo(f"Nothing was sent: add --broadcast to vote ({gas:,} gas).")
