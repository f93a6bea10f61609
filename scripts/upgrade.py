"""`ape run upgrade`: new code behind a proxy, a new Minter, a new Controller."""

import sys
from pathlib import Path

import click
from ape.cli import account_option, ape_cli_context
from ape.logging import LogLevel

from scripts._deployment.command import (
    broadcast_option,
    json_option,
    max_fee_option,
    parameters_option,
    wei_of,
)
from scripts._deployment.errors import DeploymentError
from scripts._deployment.network import NetworkCommand
from scripts._deployment.registry import registry_path
from scripts._upgrade.findings import ACCEPTABLE


def _checksummed(_context, _parameter, value: str | None) -> str | None:
    from eth_utils import is_checksum_address

    if value is not None and not is_checksum_address(value):
        raise click.BadParameter(f"found {value}, must be an address in checksummed spelling")
    return value


@click.command(cls=NetworkCommand)
@ape_cli_context(default_log_level=LogLevel.WARNING)
@account_option()
@click.argument("contract")
@parameters_option
@click.option(
    "--registry", "registry_file", type=click.Path(path_type=Path), help="What the deployment wrote."
)
@click.option(
    "--target",
    metavar="ADDRESS",
    callback=_checksummed,
    help="Use code that is deployed already; to go back to former code.",
)
@click.option(
    "--implementation", metavar="CONTRACT", help="The contract of this build, if its name is another one."
)
@click.option(
    "--delay",
    "delay_blocks",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Blocks between staging and executing.",
)
@click.option(
    "--execute", is_flag=True, help="Execute what is staged, check it, and write it into the registry."
)
@click.option(
    "--discard",
    is_flag=True,
    help="Put an unfinished upgrade of the contract aside first; its files are kept.",
)
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    type=click.Choice(ACCEPTABLE),
    help="Go on in spite of findings of this kind, which are meant. May be given again.",
)
@click.option(
    "--deployed-layout",
    "layout_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Storage layout of the code on the chain, where neither the registry nor Git has it.",
)
@click.option(
    "--accounts",
    "at_most_accounts",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    help="Compare the views about so many accounts at most, the latest ones.",
)
@broadcast_option
@max_fee_option
@json_option
def cli(
    cli_ctx,
    account,
    provider,
    contract,
    name,
    registry_file,
    target,
    implementation,
    delay_blocks,
    execute,
    discard,
    accepted,
    layout_file,
    at_most_accounts,
    broadcast,
    max_fee_gwei,
    as_json,
):
    """Put the code of this checkout behind the proxy of CONTRACT, or in the place of the Minter or the Controller.

    \b
    1. Judged: the storage layout against that of the code on the chain, field by field; selectors that the proxy
       would answer, or that are lost; size; constructor. What breaks something is refused, each reason by name.
    2. Rehearsed on a fork of the chain of now: deployed, staged and executed by the real owner, impersonated; its
       initialiser called; every view about every known account, every fact of check_deployment, and a run through
       the protocol compared with the same without the upgrade, gas included.
    3. With --broadcast deployed and staged in the Governor, through a journal: run it again after an interruption.
       If the account given does not decide, the file for whoever does is written: a batch for a Safe, or a proposal
       for `ape run propose`.
    4. With --execute, once the delay is over: rehearsed again, executed, checked, entered in the registry file.

    The way back is the same command with --target and the former address.

    A new Minter takes over LPT, ETH and the right to mint. A new Controller gets every entry of the former one and its
    owner before anything obeys it; what is staged then moves all contracts to it at once.

    \b
    ape run upgrade BondingManager --network ethereum:local:http://127.0.0.1:8545 --account TEST::0
    ape run upgrade BondingManager --network … --account me --parameters my.yaml --delay 100 --broadcast
    ape run upgrade BondingManager --network … --account me --parameters my.yaml --execute --broadcast

    Exit codes: 0 done (or shown), 1 refused or failed, 2 wrong options.
    """
    from scripts._deployment.execution import Limits
    from scripts._deployment.node import Node
    from scripts._deployment.parameters import load_parameters
    from scripts._deployment.revision import source_revision
    from scripts._deployment.signing import ApeSigner
    from scripts._upgrade.output import Output
    from scripts._upgrade.run import Context, Options, Upgrade
    from tools.artifacts import load_artifacts
    from tools.build import build
    from tools.solidity import CompileError
    from tools.storage_layout import UnsafeNamespace

    output = Output(as_json)
    is_local = provider.network.name == "local"
    try:
        build()
        parameters = load_parameters(name)
        path = _existing(registry_file or registry_path(parameters.network))
        limits = Limits(
            wei_of(max_fee_gwei),
            provider.network.required_confirmations,
            poll_seconds=0.05 if is_local else 1.0,
        )
        context = Context(
            Node(provider.web3),
            _address_of(provider),
            ApeSigner(account),
            path,
            parameters,
            load_artifacts(),
            source_revision(parameters.live),
            limits,
            output.say,
        )
        options = Options(target, implementation, delay_blocks, accepted, layout_file, at_most_accounts)
        upgrade = Upgrade(context, contract, options)
        if discard:
            upgrade.files.put_away(context.node.block_number())
        if execute:
            _execute(upgrade, output, broadcast)
            return
        proposed = upgrade.judge()
        output.proposed(proposed)
        if broadcast:
            output.staged(upgrade.send(proposed), proposed.standing.owner, upgrade.files)
        else:
            output.not_sent("deploy and stage it")
    except (DeploymentError, CompileError, UnsafeNamespace) as error:
        output.failed(error)
        sys.exit(1)


def _execute(upgrade, output, broadcast: bool) -> None:
    record = upgrade.ready()
    if broadcast:
        upgrade.require_executable(record)
    candidate = upgrade.candidate_of(record)
    if not upgrade.is_registered(record):
        output.rehearsed(upgrade.rehearse_execution(record, candidate))
    if not broadcast:
        output.not_sent("execute it")
        return
    record = upgrade.execute(record)
    output.executed(record, upgrade.check(candidate))


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise DeploymentError(
            f"--registry: there is no {path}; must be the file that a deployment has written"
        )
    return path


def _address_of(provider) -> str:
    from scripts._upgrade.fork import NoFork

    url = str(getattr(provider, "http_uri", "") or "")
    if not url.startswith("http"):
        raise NoFork(provider.name)
    return url
