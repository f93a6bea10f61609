"""Calls that are for contracts of the protocol: by strangers, who must fail, and by the contracts themselves.

What a contract would never say is left out where it would succeed: the other contracts trust it.
"""

from reference_model.constants import MAX_UINT256, ZERO_ADDRESS
from reference_model.protocol import Protocol
from reference_model.types import StakeCheckpoint
from simulation.actions.who import orchestrator, staker
from simulation.calls import Call, hash_name
from simulation.cast import Stage
from simulation.choices import Choices

MANAGER, VOTES, MINTER, PROXY = "BondingManager", "BondingVotes", "Minter", "BondingManagerProxy"


def trespass(world: Stage, choices: Choices) -> Call:
    """Call what only a contract of the protocol may call."""
    account = staker(world, choices)
    entry = (hash_name("Minter"), account)
    calls = (
        (MANAGER, "updateTranscoderWithFees", (account, 1, 1)),
        (MANAGER, "creditFees", (account, 1, 1)),
        (MANAGER, "setCurrentRoundTotalActiveStake", ()),
        (VOTES, "checkpointBondingState", (account, 1, 1, account, 1, 1, 1)),
        (VOTES, "checkpointTotalActiveStake", (1, 1)),
        (VOTES, "checkpointStake", (account, 1, tuple(StakeCheckpoint()))),
        (VOTES, "checkpointTotal", (1, 1)),
        (MINTER, "createReward", (1, 1)),
        (MINTER, "trustedTransferTokens", (account, 1)),
        (MINTER, "trustedBurnTokens", (1,)),
        (MINTER, "trustedWithdrawETH", (account, 1)),
        (MINTER, "setCurrentRewardTokens", ()),
        (MINTER, "depositETH", ()),
        (MINTER, "onRegistryUpdate", entry),
        (MINTER, "onPauseUpdate", (True,)),
        (PROXY, "onRegistryUpdate", entry),
        (PROXY, "onPauseUpdate", (True,)),
    )
    return Call(world.cast.attacker, *choices.pick(calls))


def act_as_contract(world: Stage, choices: Choices) -> Call:
    """What the BondingManager or the broker could ask for, out of turn or too much of."""
    model, account = world.model, staker(world, choices)
    contract, function, arguments = choices.pick(
        (*_to_minter(model, account), *_to_votes(model, account), *_to_manager(world, account, choices))
    )
    is_of_broker = contract == MANAGER or (function == "trustedWithdrawETH" and choices.integer(0, 1) == 1)
    sender = model.ticket_broker.address if is_of_broker else model.bonding_manager.address
    return Call(sender, contract, function, arguments)


def _to_minter(model: Protocol, account: str) -> tuple[tuple[str, str, tuple], ...]:
    minter = model.minter
    return (
        (MINTER, "createReward", (0, 1)),
        (MINTER, "createReward", (1, 0)),
        (MINTER, "createReward", (2, 1)),
        (MINTER, "createReward", (MAX_UINT256, 1)),
        (MINTER, "trustedTransferTokens", (account, 0)),
        (MINTER, "trustedTransferTokens", (ZERO_ADDRESS, 1)),
        (MINTER, "trustedTransferTokens", (account, model.token.balances[minter.address] + 1)),
        (MINTER, "trustedBurnTokens", (0,)),
        (MINTER, "trustedBurnTokens", (MAX_UINT256,)),
        (MINTER, "trustedWithdrawETH", (account, 0)),
        (MINTER, "trustedWithdrawETH", (account, model.ether[minter.address] + 1)),
        (MINTER, "trustedWithdrawETH", (model.token.address, 0)),
    )


def _to_votes(model: Protocol, account: str) -> tuple[tuple[str, str, tuple], ...]:
    bonding, r = model.bonding_manager, model.rounds_manager.current_round()
    delegator = bonding.delegators[account]
    now = StakeCheckpoint(
        delegator.bonded_amount,
        delegator.delegate,
        delegator.delegated_amount,
        delegator.last_claim_round,
        bonding.orchestrators[account].last_reward_round,
    )
    total = bonding.current_round_total_active_stake
    too_much = now._replace(bonded_amount=2**112)
    return (
        (VOTES, "checkpointBondingState", (account, r + 1, *now)),
        (VOTES, "checkpointBondingState", (account, r, *now)),
        (VOTES, "checkpointBondingState", (account, r + 1, *now._replace(last_claim_round=r + 1))),
        (VOTES, "checkpointBondingState", (account, r + 1, *too_much)),
        (VOTES, "checkpointStake", (account, r + 1, tuple(now))),
        (VOTES, "checkpointStake", (account, 1, tuple(now))),
        (VOTES, "checkpointTotalActiveStake", (total, r + 1)),
        (VOTES, "checkpointTotal", (total, 0)),
        *(((VOTES, "checkpointTotalActiveStake", (total, r)),) if _is_started(model) else ()),
        *(((VOTES, "checkpointTotal", (total, r)),) if _is_started(model) else ()),
    )


def _to_manager(world: Stage, account: str, choices: Choices) -> tuple[tuple[str, str, tuple], ...]:
    active = orchestrator(world, choices)
    far_away = (MANAGER, "creditFees", (account, 0, 2**32))
    # The broker redeems in rounds that were initialized only: never where somebody has turned back the clock.
    if not _is_started(world.model):
        return (far_away,)
    return (
        (MANAGER, "updateTranscoderWithFees", (active, choices.integer(0, 1), 0)),
        (MANAGER, "creditFees", (account, 0, world.model.rounds_manager.current_round())),
        far_away,
    )


def _is_started(model: Protocol) -> bool:
    return model.rounds_manager.current_round_initialized()
