"""A destination held against the file: every account, everything that belongs to nobody, and the totals.

All through views of the contracts that are in force there, so nothing is taken from the importers' word.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts._deployment.facts import Fact, differing
from scripts._migration.errors import StateDiffers
from scripts._migration.export import NEVER
from scripts._migration.history import ZERO_ADDRESS
from scripts._migration.ledger import Ledger
from scripts._migration.plan import is_moved
from scripts._migration.state import Account, State
from scripts._migration.views import View, Views
from tools.artifacts import Artifact

Expected = tuple[View, Any]


def collect_state_facts(
    state: State, ledger: Ledger, artifacts: Mapping[str, Artifact], controller: str, *, with_funds: bool
) -> list[Fact]:
    """What the deployment of that Controller shows, with what the file says. Raises NotRegistered.

    `with_funds` also asks for the LPT and ETH of the Minter.
    """
    views = Views.of_controller(ledger, artifacts, controller)
    current_round = views.one("RoundsManager", "currentRound")
    expected = [
        *_of_system(state),
        *(e for a in state.accounts for e in _of_account(a, state, current_round)),
    ]
    answers = views.try_many([view for view, _ in expected])
    facts = [
        Fact(str(view), answer, wanted) for (view, wanted), answer in zip(expected, answers, strict=True)
    ]
    facts += _sums(state, expected, answers)
    facts.append(Fact("BondingManager: the pool as it is ranked", views.ranking(), state.bonding.ranking))
    facts += _targets(views)
    if with_funds:
        facts += _funds(state, views)
    return facts


def require_state(facts: list[Fact]) -> None:
    """Raises StateDiffers if some fact is not as the file says."""
    if faults := differing(facts):
        raise StateDiffers([str(fault) for fault in faults], len(facts))


def _of_system(state: State) -> Iterator[Expected]:
    clock, bonding, tickets = state.clock, state.bonding, state.tickets
    yield View("RoundsManager", "roundLength"), clock.round_length_blocks
    yield View("RoundsManager", "roundLockAmount"), clock.round_lock_amount_ppm
    yield View("RoundsManager", "lastInitializedRound"), clock.last_initialized_round
    yield View("RoundsManager", "lastRoundLengthUpdateRound"), clock.last_round_length_update_round
    start_block = clock.last_round_length_update_start_block
    yield View("RoundsManager", "lastRoundLengthUpdateStartBlock"), start_block
    for n, block_hash in clock.block_hashes.items():
        yield View("RoundsManager", "blockHashForRound", (int(n),)), bytes.fromhex(block_hash[2:])
    for lip, n in clock.lip_upgrade_rounds.items():
        yield View("RoundsManager", "lipUpgradeRound", (int(lip),)), n
    yield View("BondingManager", "unbondingPeriod"), bonding.unbonding_period_rounds
    active, pooled = bonding.current_round_total_active_stake, bonding.next_round_total_active_stake
    yield View("BondingManager", "currentRoundTotalActiveStake"), active
    yield View("BondingManager", "nextRoundTotalActiveStake"), pooled
    yield View("BondingManager", "currentRoundActiveSetSize"), bonding.current_round_active_set_size
    yield View("BondingManager", "treasuryRewardCutRate"), bonding.treasury_reward_cut_rate
    next_rate = bonding.next_round_treasury_reward_cut_rate
    yield View("BondingManager", "nextRoundTreasuryRewardCutRate"), next_rate
    yield View("BondingManager", "treasuryBalanceCeiling"), bonding.treasury_balance_ceiling
    yield View("BondingManager", "getTranscoderPoolMaxSize"), bonding.pool_max_size
    yield View("BondingManager", "getTranscoderPoolSize"), len(bonding.pool)
    for total in state.vote_totals:
        yield View("BondingVotes", "getTotalActiveStakeAt", (total.round,)), total.total_active_stake
    yield View("TicketBroker", "unlockPeriod"), tickets.unlock_period_rounds
    yield View("TicketBroker", "ticketValidityPeriod"), tickets.ticket_validity_period_rounds
    for ticket in tickets.used:
        yield View("TicketBroker", "usedTickets", (bytes.fromhex(ticket[2:]),)), True


def _of_account(account: Account, state: State, current_round: int) -> Iterator[Expected]:
    address, bond = account.address, account.bond
    yield (
        View("BondingManager", "getDelegator", (address,)),
        (
            bond.bonded,
            bond.fees,
            bond.delegate,
            bond.delegated,
            bond.start_round,
            bond.last_claim_round,
            bond.next_unbonding_lock_id,
        ),
    )
    yield View("BondingManager", "getTranscoder", (address,)), _transcoder(account)
    yield View("BondingManager", "pendingStake", (address, 0)), account.pending_stake
    yield View("BondingManager", "pendingFees", (address, 0)), account.pending_fees
    yield View("BondingVotes", "getVotes", (address,)), account.votes
    yield View("BondingVotes", "hasCheckpoint", (address,)), account.has_checkpoint
    caller = account.reward_caller or ZERO_ADDRESS
    yield View("BondingManager", "transcoderToRewardCaller", (address,)), caller
    for lock in account.locks:
        view = View("BondingManager", "getDelegatorUnbondingLock", (address, lock.id))
        yield view, (lock.amount, lock.withdraw_round)
    for row in account.earnings:
        view = View("BondingManager", "rewardFactorOfRound", (address, row.round))
        yield view, row.cumulative_reward_factor
    if escrow := account.escrow:
        # What was drawn counts for its round only.
        claimed = sum(claim.amount for claim in escrow.claims) if current_round == state.origin.round else 0
        found = ((escrow.deposit, escrow.withdraw_round), (escrow.reserve, claimed))
        yield View("TicketBroker", "getSenderInfo", (address,)), found
    if is_moved(account.service_uri):
        yield View("ServiceRegistry", "getServiceURI", (address,)), account.service_uri


def _transcoder(account: Account) -> tuple:
    given = account.orchestrator
    if given is None:
        return (0,) * 10
    return (
        given.last_reward_round,
        given.reward_cut_ppm,
        given.fee_share_ppm,
        given.last_active_stake_update_round,
        given.activation_round,
        NEVER if given.deactivation_round is None else given.deactivation_round,
        given.active_cumulative_rewards,
        given.cumulative_rewards,
        given.cumulative_fees,
        given.last_fee_round,
    )


def _sums(state: State, expected: list[Expected], answers: list[Any]) -> Iterator[Fact]:
    """What the answers add up to, against the totals of the file."""
    sums = dict.fromkeys(("bonded", "delegated", "fees", "pending_stake", "pending_fees", "locked"), 0)
    sums |= {"deposits": 0, "reserves": 0}
    for (view, _), answer in zip(expected, answers, strict=True):
        if answer is None:
            continue
        if view.function == "getDelegator":
            sums["bonded"] += answer[0]
            sums["fees"] += answer[1]
            sums["delegated"] += answer[3]
        elif view.function == "getDelegatorUnbondingLock":
            sums["locked"] += answer[0]
        elif view.function == "getSenderInfo":
            sums["deposits"] += answer[0][0]
            sums["reserves"] += answer[1][0]
        elif view.function in ("pendingStake", "pendingFees"):
            sums["pending_stake" if view.function == "pendingStake" else "pending_fees"] += answer
    for name, found in sums.items():
        yield Fact(f"total of all accounts, {name}", found, getattr(state.totals, name))


def _targets(views: Views) -> Iterator[Fact]:
    """No importer may be left behind a proxy: its views of the state do not exist."""
    proofs = (
        View("RoundsManager", "lastInitializedRound"),
        View("BondingManager", "getTotalBonded"),
        View("BondingVotes", "clock"),
        View("TicketBroker", "unlockPeriod"),
        View("ServiceRegistry", "getServiceURI", (ZERO_ADDRESS,)),
    )
    for proof, answer in zip(proofs, views.try_many(proofs), strict=True):
        yield Fact(f"{proof.contract}: the contract itself runs behind its proxy", answer is not None, True)


def _funds(state: State, views: Views) -> Iterator[Fact]:
    minter = views.addresses["Minter"]
    held = views.one("LivepeerToken", "balanceOf", minter)
    yield Fact("LPT in the Minter", held, state.issuance.held_lpt)
    yield Fact("ETH in the Minter, wei", views.ledger.balance(minter), state.issuance.held_wei)
    for function, planned in (
        ("inflation", state.issuance.inflation_ppb),
        ("inflationChange", state.issuance.inflation_change_ppb),
        ("targetBondingRate", state.issuance.target_bonding_rate_ppb),
        ("currentMintableTokens", state.issuance.mintable),
        ("currentMintedTokens", state.issuance.minted),
    ):
        yield Fact(f"Minter.{function}()", views.try_many([View("Minter", function)])[0], planned)
