"""`ape run set_parameter`: change a parameter of the protocol."""

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import errors_as_words
from scripts._deployment.network import NetworkCommand
from scripts._governance.command import open_context
from scripts._operations.changing import change, change_options, report_unchanged


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@click.argument("name", metavar="CONTRACT.NAME")
@click.argument("value")
@change_options
def cli(cli_ctx, account, provider, name, value, registry, as_json, **options):
    """Set CONTRACT.NAME to VALUE, which has its unit: "5 rounds", 10%, 100000ppm, "750000 LPT".

    Old and new value are shown, and the path that the change takes, which depends on who owns the contract:

    \b
    an account owns the Controller    one transaction of that account
    an account owns the Governor      staged there and executed; --delay BLOCKS leaves time in between
    the votes of stake own it         a proposal file for `ape run propose`
    somebody else                     what has to be sent, and by whom, for example by a multisig

    \b
    BondingManager     unbondingPeriod  numActiveTranscoders  treasuryRewardCutRate  treasuryBalanceCeiling
    RoundsManager      roundLength  roundLockAmount
    TicketBroker       unlockPeriod  ticketValidityPeriod
    Minter             targetBondingRate  inflationChange
    LivepeerGovernor   votingDelay  votingPeriod  proposalThreshold  quorum
    Treasury           minDelay

    \b
    ape run set_parameter BondingManager.unbondingPeriod "5 rounds" --network … --account me
    ape run set_parameter BondingManager.treasuryRewardCutRate 10% --network … --account me --broadcast
    ape run set_parameter LivepeerGovernor.votingPeriod 5 --network … --account me --proposal shorter.yaml

    Exit codes: 0 set (or shown, or so already), 1 refused, 2 wrong options.
    """
    from scripts._deployment.signing import ApeSigner
    from scripts._operations.owner_calls import OwnerCall
    from scripts._operations.settable import find_settable

    with errors_as_words(as_json):
        settable = find_settable(name)
        new = settable.parse(value)
        context = open_context(provider, registry)
        old = settable.read(context.reader)
        note = f" ({settable.note})" if settable.note else ""
        what = f"{settable.full_name}: {settable.spell(old)} → {settable.spell(new)}{note}"
        if old == new:
            report_unchanged(
                f"{settable.full_name} is {settable.spell(old)} already: nothing to do.", as_json
            )
            return
        change(
            context,
            ApeSigner(account),
            OwnerCall(settable.contract, settable.setter, (new,), settable.by_votes),
            title=f"Set {settable.full_name} to {settable.spell(new)}",
            what=what,
            as_json=as_json,
            read_back=lambda: f"{settable.full_name} {settable.spell(settable.read(context.reader))}",
            **options,
        )
