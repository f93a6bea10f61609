"""`ape run propose`: put a proposal to the votes of stake."""

import json
from pathlib import Path

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import (
    broadcast_option,
    development_node,
    errors_as_words,
    json_option,
    max_fee_option,
    registry_option,
    wei_of,
)
from scripts._deployment.network import NetworkCommand
from scripts._governance.command import open_context


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@registry_option
@broadcast_option
@max_fee_option
@click.option(
    "--allow-loss-of-control",
    is_flag=True,
    help="Propose it even if no proposal after it could be decided or executed.",
)
@json_option
def cli(cli_ctx, account, provider, file, registry, broadcast, max_fee_gwei, allow_loss_of_control, as_json):
    """Propose what FILE says: payments of the treasury, parameters, upgrades, any call.

    The calls are shown with their calldata and made by the treasury on a copy of the chain of now; every balance and
    storage word that changes is shown. If one of them fails there, or leaves a LivepeerGovernor that cannot decide or
    execute the next proposal, nothing is sent. With --broadcast the proposal is
    made, in the name of the account alone: a last line `#proposer=0x…` keeps others from proposing it first and
    cancelling it. Whoever proposes needs stake of the proposal threshold at the start of the round.

    \b
    title: A grant for the documentation
    text: What it is for, in Markdown.
    actions:
      - pay: {asset: LPT, to: "0x…", amount: "1000"}
      - set_parameter: {contract: BondingManager, function: setUnbondingPeriod, value: 7}
      - upgrade: {contract: BondingManager, target: "0x…", commit: "0x…"}
      - call: {contract: LivepeerGovernor, function: setVotingDelay, arguments: [2]}
      - as_owner: {contract: Controller, function: pause}

    \b
    ape run propose grant.yaml --network ethereum:local:http://127.0.0.1:8545 --account TEST::1
    ape run propose grant.yaml --network … --account me --broadcast

    Exit codes: 0 proposed (or shown), 1 refused, 2 wrong options.
    """
    from scripts._deployment.reader import Reader
    from scripts._deployment.signing import ApeSigner
    from scripts._governance.actions import encode_actions, encode_call
    from scripts._governance.errors import WouldLoseControl
    from scripts._governance.output import show_calls, show_changes
    from scripts._governance.proposal_file import load_proposal
    from scripts._governance.proposals import find_proposal, list_proposals, proposal_id
    from scripts._governance.rehearsal import rehearse
    from scripts._governance.sending import estimate, send
    from scripts._governance.survival import find_losses

    with errors_as_words(as_json):
        proposal = load_proposal(file)
        context = open_context(provider, registry)
        node, reader = context.node, context.reader
        # Updates in the Governor are told apart by a nonce: the number of this proposal, with room for its actions.
        nonce = 1000 * (len(list_proposals(node, reader)) + 1)
        calls = encode_actions(proposal, reader, nonce)
        targets, values = [call.target for call in calls], [call.value for call in calls]
        calldatas = [call.data for call in calls]
        signer = ApeSigner(account)
        description = proposal.description(signer.address)
        number = proposal_id(targets, values, calldatas, description)
        show_calls(calls, number, as_json)
        token = reader.address("LivepeerToken")
        with development_node(provider) as (copy, request):
            tried = Reader(copy, reader.registry, reader.artifacts)
            before = find_losses(tried)

            def require_control() -> None:
                losses = [loss for loss in find_losses(tried) if loss not in before]
                if losses and not allow_loss_of_control:
                    raise WouldLoseControl(losses)

            rehearsal = rehearse(
                calls,
                context.treasury,
                context.governor,
                token,
                copy,
                request,
                reader.artifacts,
                require_control,
            )
        show_changes(rehearsal, reader.registry, as_json)
        data = encode_call(reader, "LivepeerGovernor", "propose", [targets, values, calldatas, description])
        gas = estimate(node, reader.artifacts, signer.address, context.governor, data, "propose")
        document = {"proposal": str(number), "sent": broadcast, "gas": gas}
        if broadcast:
            fee = wei_of(max_fee_gwei)
            receipt = send(node, reader.artifacts, signer, context.governor, data, "propose", max_fee_wei=fee)
            document |= {"transaction": receipt.hash, "gas": receipt.gas_used}
        if as_json:
            click.echo(json.dumps(document))
        elif broadcast:
            click.echo(f"Proposed as {number} in {document['transaction']}, {document['gas']:,} gas.")
            made = find_proposal(node, reader, str(number))
            click.echo(
                f"Votes from round {made.snapshot_round + 1} to {made.deadline_round}: ape run vote {made.position} for"
            )
        else:
            click.echo(f"Nothing was sent: add --broadcast to propose it ({gas:,} gas).")
