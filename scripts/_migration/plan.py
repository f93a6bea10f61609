"""An import as a plan: what is deployed, which batches are written in which order, and what is put back at the end.

The plan follows from the state, the destination and the size of batches alone, so that a run that was interrupted finds
the same steps again and goes on in the journal of the deployment scripts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eth_abi import encode
from eth_utils import keccak

from scripts._deployment.encoding import encode_step
from scripts._deployment.plan import MINTER_ROLE, Call, Deploy, Plan, Step, UseExisting, contract_id
from scripts._deployment.registry import Registry
from scripts._migration.batches import Batch, Weighted, batches_of
from scripts._migration.errors import DestinationRefused
from scripts._migration.history import ZERO_ADDRESS
from scripts._migration.state import Account, Orchestrator, State
from tools.artifacts import Artifact

# In the order in which they are imported: the clock first, since everything else speaks of its rounds.
IMPORTED = ("RoundsManager", "BondingManager", "BondingVotes", "TicketBroker", "ServiceRegistry")
NEVER = 2**32 - 1


@dataclass(frozen=True)
class Destination:
    """The fresh deployment that takes the state; has the fields of `Parameters` that a plan is asked for."""

    registry: Registry
    live: bool

    @property
    def network(self) -> str:
        return self.registry.network

    @property
    def chain_id(self) -> int:
        return self.registry.chain_id

    def address(self, name: str) -> str:
        """Where a contract is. Raises DestinationRefused if the registry file does not say."""
        if name not in self.registry.contracts:
            raise DestinationRefused(
                [f"{name}: the registry file has no such contract; must be a deployment's"]
            )
        return self.registry.contracts[name].address


def import_path(registry: Path) -> Path:
    """Where the record of an import into that deployment stands; its journal is beside it."""
    return registry.with_suffix(".import.json")


def build_import_plan(
    state: State,
    destination: Destination,
    artifacts: Mapping[str, Artifact],
    commit: str,
    *,
    batch_gas: int,
    with_funds: bool,
) -> Plan:
    """Every step from the importers' deployment to the Minter's money.

    With `with_funds` the sender must own the source's Controller and the token, too; else the money is left where it is
    (`funding_calls` are for whoever owns them).
    """
    steps: list[Step] = [
        UseExisting("Controller", "Controller", destination.address("Controller")),
        *(UseExisting(f"{name}Target", name, destination.address(f"{name}Target")) for name in IMPORTED),
    ]
    for name in IMPORTED:
        importer = f"{name}Importer"
        steps.append(UseExisting(name, importer, destination.address(name)))
        steps.append(Deploy(importer, importer, ("$Controller",)))
    steps.append(_continued_minter(state))
    for name in IMPORTED:
        steps += _import_steps(name, list(_batches(name, state, batch_gas)), artifacts, commit)
    if with_funds:
        steps += funding_steps(state, destination, commit)
    return Plan(destination, commit, tuple(steps))


def _continued_minter(state: State) -> Deploy:
    given = state.issuance
    rates = (given.inflation_ppb, given.inflation_change_ppb, given.target_bonding_rate_ppb)
    return Deploy("NewMinter", "ContinuedMinter", ("$Controller", *rates, given.mintable, given.minted))


def _import_steps(
    name: str, batches: list[Batch], artifacts: Mapping[str, Artifact], commit: str
) -> Iterator[Step]:
    """The importer takes the place of the contract, writes, is sealed, and gives it back."""
    target = contract_id(f"{name}Target")
    yield Call("Controller", "setContractInfo", (target, f"${name}Importer", commit), f"{name}: importer")
    digest = bytes(32)
    for number, batch in enumerate(batches):
        call = Call(name, batch.function, (number, *batch.arguments), f"batch {number + 1}, {batch.size}")
        calldata = encode_step(call, call.arguments, f"{name}Importer", artifacts)
        digest = keccak(encode(["bytes32", "bytes32"], [digest, keccak(calldata)]))
        yield call
    yield Call(name, "sealImport", (len(batches), "0x" + digest.hex()))
    yield Call("Controller", "setContractInfo", (target, f"${name}Target", commit), f"{name}: as it was")


def funding_steps(state: State, destination: Destination, commit: str) -> list[Step]:
    """The old Minter comes over, hands LPT and ETH to the new one, and loses its role (deployment.md 5.3, 5.5)."""
    source = state.origin.contracts
    minter, roles = contract_id("Minter"), "LivepeerToken"
    return [
        UseExisting("SourceController", "Controller", state.origin.controller),
        UseExisting("SourceMinter", "Minter", source["Minter"]),
        UseExisting("FreshMinter", "Minter", destination.address("Minter")),
        UseExisting(roles, roles, source["LivepeerToken"]),
        Call("SourceController", "updateController", (minter, "$Controller"), "the old Minter comes over"),
        Call("Controller", "setContractInfo", (minter, "$SourceMinter", commit), "Minter: the old one"),
        Call("SourceMinter", "migrateToNewMinter", ("$NewMinter",), "LPT and ETH"),
        Call(roles, "grantRole", (MINTER_ROLE, "$NewMinter"), "minter"),
        Call(roles, "revokeRole", (MINTER_ROLE, "$SourceMinter"), "minter, from the old Minter"),
        Call(roles, "revokeRole", (MINTER_ROLE, "$FreshMinter"), "minter, from the one deployed fresh"),
        Call("Controller", "setContractInfo", (minter, "$NewMinter", commit), "Minter: the new one"),
    ]


def estimated_gas(state: State) -> int:
    """What the batches will take, about, and hardly more; nothing is asked of a chain."""
    return sum(item.gas for name in IMPORTED for _, items in _records(name, state) for item in items)


def is_moved(service_uri: str) -> bool:
    """Whether a service address comes along; one that begins like a name of a plan is no URI."""
    return bool(service_uri) and not service_uri.startswith("$")


# ---- records of the state as the importers take them


def _batches(name: str, state: State, batch_gas: int) -> Iterator[Batch]:
    yield from _parameters(name, state)
    for function, items in _records(name, state):
        yield from batches_of(function, items, batch_gas, _shape(function, state))


def _shape(function: str, state: State):
    """How a batch's items become its arguments."""
    if function in ("importBlockHashes", "importLIPUpgradeRounds"):
        return lambda items: tuple(zip(*items, strict=True))
    if function == "importClaims":
        return lambda items: (state.origin.round, items)
    return lambda items: (items,)


def _parameters(name: str, state: State) -> Iterator[Batch]:
    if name == "RoundsManager":
        clock = state.clock
        fields = (
            clock.round_length_blocks,
            clock.last_round_length_update_start_block,
            clock.last_round_length_update_round,
            clock.last_initialized_round,
            clock.round_lock_amount_ppm,
        )
        yield Batch("importClock", (fields,), "the clock")
    if name == "BondingManager":
        bonding = state.bonding
        fields = (
            bonding.current_round_total_active_stake,
            bonding.unbonding_period_rounds,
            bonding.current_round_active_set_size,
            bonding.pool_max_size,
            bonding.treasury_reward_cut_rate,
            bonding.next_round_treasury_reward_cut_rate,
            bonding.treasury_balance_ceiling,
        )
        yield Batch("importParameters", (fields,), "parameters")
    if name == "TicketBroker":
        periods = (state.tickets.unlock_period_rounds, state.tickets.ticket_validity_period_rounds)
        yield Batch("importParameters", periods, "parameters")


def _records(name: str, state: State) -> Iterator[tuple[str, Iterable[Weighted]]]:
    """For each function of an importer what it is given, with the storage words that each takes."""
    accounts = state.accounts
    if name == "RoundsManager":
        hashes = [(int(n), h) for n, h in state.clock.block_hashes.items()]
        yield "importBlockHashes", [Weighted(one, 1) for one in hashes]
        lips = [(int(lip), n) for lip, n in state.clock.lip_upgrade_rounds.items()]
        yield "importLIPUpgradeRounds", [Weighted(one, 1) for one in lips]
    elif name == "BondingManager":
        yield "importDelegators", [_delegator(account) for account in accounts if _has_bond(account)]
        yield (
            "importOrchestrators",
            [_orchestrator(a.address, a.orchestrator) for a in accounts if a.orchestrator],
        )
        yield "importEarnings", [row for account in accounts for row in _earnings(account)]
        yield (
            "importLocks",
            [
                Weighted((account.address, lock.id, (lock.amount, lock.withdraw_round)), 1)
                for account in accounts
                for lock in account.locks
            ],
        )
        yield "importPool", [Weighted(member, 2) for member in state.bonding.pool]
        callers = [(account.address, account.reward_caller) for account in accounts if account.reward_caller]
        yield "importRewardCallers", [Weighted(one, 1) for one in callers]
    elif name == "BondingVotes":
        yield "importCheckpoints", _checkpoints(accounts)
        totals = [(total.round, total.total_active_stake) for total in state.vote_totals]
        yield "importTotals", [Weighted(one, 1) for one in totals]
    elif name == "TicketBroker":
        escrows = [(account.address, account.escrow) for account in accounts if account.escrow]
        yield "importSenders", [Weighted((a, e.deposit, e.reserve, e.withdraw_round), 1) for a, e in escrows]
        claims = [(a, claim.claimant, claim.amount) for a, e in escrows for claim in e.claims]
        yield "importClaims", [Weighted(one, 2) for one in claims]
        yield "importUsedTickets", [Weighted(ticket, 1) for ticket in state.tickets.used]
    elif name == "ServiceRegistry":
        uris = [
            (account.address, account.service_uri) for account in accounts if is_moved(account.service_uri)
        ]
        yield "importServiceURIs", [Weighted(one, 2 + len(one[1].encode()) // 32) for one in uris]


def _has_bond(account: Account) -> bool:
    bond = account.bond
    return any((bond.bonded, bond.delegated, bond.fees, bond.last_claim_round, bond.next_unbonding_lock_id))


def _delegator(account: Account) -> Weighted:
    bond = account.bond
    record = (
        bond.delegate,
        bond.last_claim_round,
        bond.start_round,
        bond.reward_factor_round,
        bond.bonded,
        bond.delegated,
        bond.fee_factor_round,
        bond.fees,
        bond.next_unbonding_lock_id,
    )
    return Weighted((account.address, record), 3 if bond.fees or bond.next_unbonding_lock_id else 2)


def _orchestrator(address: str, given: Orchestrator) -> Weighted:
    record = (
        given.last_reward_round,
        given.last_fee_round,
        given.activation_round,
        NEVER if given.deactivation_round is None else given.deactivation_round,
        given.last_active_stake_update_round,
        given.reward_cut_ppm,
        given.fee_share_ppm,
        0,  # its place in the pool comes with the pool
        given.start_factor_mark,
        given.active_cumulative_rewards,
        given.cumulative_rewards,
        given.previous_reward_round,
        given.cumulative_fees,
        given.stake_before_update,
        given.first_fee_round,
    )
    return Weighted((address, record), 3)


def _earnings(account: Account) -> Iterator[Weighted]:
    for given in account.earnings:
        row = (
            given.cumulative_reward_factor,
            given.reward_cut_ppm,
            given.fee_share_ppm,
            given.cumulative_fee_factor,
        )
        if any(row):
            slots = bool(given.cumulative_reward_factor) + bool(given.cumulative_fee_factor)
            yield Weighted((account.address, given.round, row), slots)


def _checkpoints(accounts: Iterable[Account]) -> Iterator[Weighted]:
    """Bond and delegation have a word each; a delegate that comes for the first time gets a number, in two more."""
    numbered = {ZERO_ADDRESS}
    for account in accounts:
        for given in account.checkpoints:
            stake = (
                given.delegate,
                given.last_claim_round,
                given.last_reward_round,
                given.bonded,
                given.delegated,
            )
            is_new = given.delegate != account.address and given.delegate not in numbered
            if is_new:
                numbered.add(given.delegate)
            slots = 1 + bool(given.delegated) + 2 * is_new
            yield Weighted((account.address, given.start_round, stake), slots)
