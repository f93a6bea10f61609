"""A change by an owner, from the path that is open to what is sent."""

import json
from collections.abc import Callable
from pathlib import Path as FilePath

import click
import yaml

from scripts._deployment.command import broadcast_option, json_option, max_fee_option, registry_option, wei_of
from scripts._deployment.signing import Signer
from scripts._governance.command import Context
from scripts._governance.sending import estimate, send
from scripts._operations.errors import NotTheOwner, OperationError
from scripts._operations.owner_calls import OwnerCall, Path, Transaction, Way, find_path, ready_block

OPTIONS = (
    click.option(
        "--delay",
        "delay_blocks",
        type=click.IntRange(0),
        default=0,
        show_default=True,
        metavar="BLOCKS",
        help="Where the Governor is the owner: stage now, to be executed after so many blocks.",
    ),
    click.option(
        "--nonce",
        type=click.IntRange(0),
        help="Where the Governor is the owner: execute what was staged with this nonce.",
    ),
    click.option(
        "--proposal",
        "proposal_file",
        type=click.Path(dir_okay=False, path_type=FilePath),
        help="Where votes decide: write the proposal to this file, for `ape run propose`.",
    ),
    registry_option,
    broadcast_option,
    max_fee_option,
    json_option,
)


def change_options(command: Callable) -> Callable:
    """The options of a command that changes something as an owner."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def report_unchanged(words: str, as_json: bool) -> None:
    """Says that everything is as it should be."""
    document = {"change": None, "sent": False, "message": words}
    click.echo(json.dumps(document) if as_json else words)


def change(
    context: Context,
    signer: Signer,
    call: OwnerCall,
    *,
    title: str,
    what: str,
    delay_blocks: int,
    nonce: int | None,
    proposal_file: FilePath | None,
    broadcast: bool,
    max_fee_gwei: float | None,
    as_json: bool,
    read_back: Callable[[], str],
) -> None:
    """Shows the path, and takes it if `broadcast`; `what` says what changes, `read_back` what the chain shows then.

    Raises DeploymentError.
    """
    path = find_path(context.reader, call, signer.address, delay_blocks=delay_blocks, nonce=nonce)
    document = {"change": what, "call": call.words, "way": path.way.value, "owner": path.owner, "sent": False}
    lines = [what, f"Path: {path.describe()}."]
    if path.way is Way.VOTES:
        lines += _propose(path, title, proposal_file, broadcast, document)
    elif path.way is Way.SOMEBODY_ELSE:
        lines += _compose(path, signer.address, broadcast, document)
    else:
        lines += _send(context, signer, path, delay_blocks, broadcast, max_fee_gwei, document, read_back)
    click.echo(json.dumps(document) if as_json else "\n".join(lines))


def _propose(path: Path, title: str, file: FilePath | None, broadcast: bool, document: dict) -> list[str]:
    proposal = {"title": title, "text": "", "actions": [path.call.action()]}
    text = yaml.safe_dump(proposal, sort_keys=False, allow_unicode=True)
    document["proposal"] = proposal
    if broadcast:
        raise OperationError(
            f"--broadcast: {path.call.words} takes a vote; write the proposal with --proposal FILE, then "
            "`ape run propose FILE --broadcast`"
        )
    if file is None:
        return [text.rstrip(), "Nothing was written: add --proposal FILE, then `ape run propose FILE`."]
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OperationError(f"--proposal: {file} cannot be written: {error.strerror}") from error
    document["proposal_file"] = str(file)
    return [f"Written to {file}. Next: ape run propose {file}"]


def _compose(path: Path, account: str, broadcast: bool, document: dict) -> list[str]:
    if broadcast:
        raise NotTheOwner(path.call.words, account, path.describe())
    document["transactions"] = [one.to_json() for one in path.transactions]
    lines = ["What has to be sent:"]
    for one in path.transactions:
        who = one.sender or "anybody"
        lines.append(f"  {one.what}\n    from {who}\n    to   {one.to}\n    data 0x{one.data.hex()}")
    return lines


def _send(
    context: Context,
    signer: Signer,
    path: Path,
    delay_blocks: int,
    broadcast: bool,
    max_fee_gwei: float | None,
    document: dict,
    read_back: Callable[[], str],
) -> list[str]:
    todo, last = _todo(path, delay_blocks)
    nonce = path.update.nonce if path.update else None
    if nonce is not None:
        document["nonce"] = nonce
    if not broadcast:
        first = todo[0]
        gas = estimate(
            context.node, context.reader.artifacts, signer.address, first.to, first.data, first.what
        )
        document["gas"] = gas
        steps = ", then ".join(one.what for one in todo)
        return [
            f"Nothing was sent: add --broadcast to {steps} ({gas:,} gas{' for the first' * (len(todo) > 1)})."
        ]
    document |= {"sent": True, "transactions": []}
    lines = []
    for one in todo:
        receipt = send(
            context.node,
            context.reader.artifacts,
            signer,
            one.to,
            one.data,
            one.what,
            max_fee_wei=wei_of(max_fee_gwei),
        )
        document["transactions"].append(
            {"what": one.what, "transaction": receipt.hash, "gas": receipt.gas_used}
        )
        lines.append(f"{one.what}: {receipt.hash}, {receipt.gas_used:,} gas")
    if not last:
        # As the Governor has it: on Arbitrum it counts blocks of L1, a receipt those of L2.
        ready = ready_block(context.reader, path.update)
        document["ready_block"] = ready
        return [
            *lines,
            f"From block {ready} on anybody may execute it: the same command with --nonce {nonce}.",
        ]
    document["now"] = read_back()
    return [*lines, f"Now: {document['now']}"]


def _todo(path: Path, delay_blocks: int) -> tuple[list[Transaction], bool]:
    """What is to be sent now, and whether that finishes the change."""
    if path.update is None:
        return list(path.transactions), True
    stage, execute = path.transactions
    if path.update.ready_block is not None:
        return [execute], True
    return ([stage, execute], True) if delay_blocks == 0 else ([stage], False)
