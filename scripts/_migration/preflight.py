"""What must be true before a state goes into a deployment."""

from collections.abc import Iterator, Mapping

from eth_utils import keccak
from web3 import Web3

from scripts._deployment.plan import DEFAULT_ADMIN_ROLE
from scripts._migration.errors import DestinationRefused
from scripts._migration.ledger import Ledger, NodeLedger
from scripts._migration.plan import IMPORTED, Destination
from scripts._migration.state import State
from scripts._migration.views import View, Views
from tools.artifacts import Artifact


def require_fit(
    state: State,
    destination: Destination,
    ledger: Ledger,
    artifacts: Mapping[str, Artifact],
    sender: str,
    *,
    block_hash: str | None,
    has_begun: bool,
    with_funds: bool,
) -> None:
    """Raises DestinationRefused with everything that stands against the import.

    `block_hash` is that of the export's block on the connected chain, None if it has no such block; what an import that
    `has_begun` has changed itself is not held against it.
    """
    faults = [*_chain_faults(state, destination, ledger, block_hash)]
    if not faults:
        faults += _system_faults(state, destination, ledger, artifacts, sender, has_begun, with_funds)
    if faults:
        raise DestinationRefused(faults)


def block_hash_at(web3: Web3, number: int) -> str | None:
    """The hash of a block on the connected chain."""
    from web3.exceptions import BlockNotFound

    try:
        return NodeLedger(web3, block=number).block_hash
    except BlockNotFound:
        return None


def _chain_faults(
    state: State, destination: Destination, ledger: Ledger, block_hash: str | None
) -> Iterator[str]:
    origin = state.origin
    for what, found in (("the state is", origin.chain_id), ("the registry is", destination.chain_id)):
        if found != ledger.chain_id:
            yield f"chain_id: connected to chain {ledger.chain_id}, {what} of chain {found}"
            return
    if block_hash != origin.block_hash:
        yield (
            f"origin.block_hash: block {origin.block} is {block_hash} on this chain, the file says "
            f"{origin.block_hash}; the chain was reorganised: export again"
        )
    if not origin.paused:
        yield "origin.paused: the file is of a running system (--rehearsal); export again once it is paused"
    if destination.address("Controller") == origin.controller:
        yield f"Controller: source and destination are the same, {origin.controller}"


def _system_faults(
    state: State,
    destination: Destination,
    ledger: Ledger,
    artifacts: Mapping[str, Artifact],
    sender: str,
    has_begun: bool,
    with_funds: bool,
) -> Iterator[str]:
    here = Views(
        ledger, artifacts, {name: entry.address for name, entry in destination.registry.contracts.items()}
    )
    source = Views(ledger, artifacts, state.origin.contracts | {"Controller": state.origin.controller})
    if not here.one("Controller", "paused"):
        yield "Controller.paused: the destination runs; it must be paused until the import is verified"
    if not source.one("Controller", "paused"):
        yield "source: it runs again since the export; pause it and export anew"
    if (owner := here.one("Controller", "owner")) != sender:
        yield f"Controller.owner: found {owner}, must be the sender {sender}"
    token = here.one("Controller", "getContract", keccak(text="LivepeerToken"))
    if token != state.origin.contracts["LivepeerToken"]:
        wanted = state.origin.contracts["LivepeerToken"]
        yield f"LivepeerToken: found {token}, must be the source's {wanted}: LPT does not change its address"
        return
    if not has_begun:
        yield from _use_faults(destination, here)
        yield from _clock_faults(state, here)
        if with_funds:
            yield from _funding_faults(state, source, sender)


def _use_faults(destination: Destination, here: Views) -> Iterator[str]:
    for name in IMPORTED:
        target = here.one("Controller", "getContract", keccak(text=f"{name}Target"))
        if target != (wanted := destination.address(f"{name}Target")):
            yield f"{name}Target: found {target}, must be {wanted}, the code that was deployed for it"
            return
    for contract, function in (
        ("RoundsManager", "lastInitializedRound"),
        ("BondingManager", "getTranscoderPoolSize"),
        ("BondingManager", "currentRoundTotalActiveStake"),
    ):
        if found := here.one(contract, function):
            yield f"{contract}.{function}: found {found}, must be 0: the destination has been in use"


def _clock_faults(state: State, here: Views) -> Iterator[str]:
    """The LivepeerGovernor keeps its quorum by round, from the one in which it was initialized."""
    found, wanted = here.one("RoundsManager", "currentRound"), state.origin.round
    if found > wanted:
        length = here.ledger.block // (wanted + 1) + 1
        yield (
            f"RoundsManager.currentRound: found {found}, later than the source's {wanted}: the LivepeerGovernor would "
            f"know no quorum until then; deploy with round_length_blocks of {length} or more (the import sets it right)"
        )


def _funding_faults(state: State, source: Views, sender: str) -> Iterator[str]:
    hint = "let its owner move the money, and use --without-funds"
    if (owner := source.one("Controller", "owner")) != sender:
        yield f"source Controller.owner: found {owner}, must be the sender {sender}; {hint}"
    admin = View("LivepeerToken", "hasRole", (bytes.fromhex(DEFAULT_ADMIN_ROLE[2:]), sender))
    if not source.many([admin])[0]:
        yield f"LivepeerToken: the sender {sender} is not its admin; {hint}"
    minter = state.origin.contracts["Minter"]
    for what, found, wanted in (
        ("LPT", source.one("LivepeerToken", "balanceOf", minter), state.issuance.held_lpt),
        ("wei", source.ledger.balance(minter), state.issuance.held_wei),
    ):
        if found != wanted:
            yield f"source Minter: holds {found} {what}, the file says {wanted}; export again"
