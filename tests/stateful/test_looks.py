"""Looks after a step: fewer views than all, but every field that is stored.

given a field of the model that is off, of an account that the step names      each look should name a view of it
given a field that is off, of somebody else                                    the look at all state should name it
given a total or a parameter that is off                                       each look should name it
"""

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager

import pytest

from reference_model.protocol import Protocol as Model
from reference_model.types import StakeCheckpoint
from simulation.observation import TABLES, Depth
from simulation.world import World

pytestmark = pytest.mark.stateful

LOOKS = pytest.mark.parametrize("depth", [Depth.CHANGES, Depth.STATE], ids=lambda depth: depth.value)
Falsify = Callable[[Model, str], None]


class _Undo(Exception):
    pass


@contextmanager
def falsified(world: World, falsify: Callable[[Model], None]) -> Iterator[None]:
    """The model is wrong inside, and right again afterwards."""
    with pytest.raises(_Undo), world.model.journal.transaction():
        falsify(world.model)
        yield
        raise _Undo


def names(complaints: list[str], view: str) -> bool:
    return any(complaint.startswith(f"{view}(") for complaint in complaints)


def _other(value: int | str) -> int | str:
    return value + 1 if isinstance(value, int) else "0x" + "11" * 20


def _set(field: str, record_of: Callable[[Model, str], object]) -> Falsify:
    def falsify(model: Model, account: str) -> None:
        record = record_of(model, account)
        setattr(record, field, _other(getattr(record, field)))

    return falsify


def _entry(ledger_of: Callable[[Model], MutableMapping], value: str | None = None) -> Falsify:
    def falsify(model: Model, account: str) -> None:
        ledger = ledger_of(model)
        ledger[account] = ledger[account] + 1 if value is None else value

    return falsify


def _earnings(model: Model, account: str) -> object:
    return model.bonding_manager.earnings[account][model.rounds_manager.current_round()]


def _claim(model: Model, account: str) -> None:
    model.ticket_broker.round_claims[account, model.rounds_manager.current_round()] += 1


def _lock(model: Model, account: str) -> None:
    lock = model.bonding_manager.locks[account][3]
    lock.amount, lock.withdraw_round = 1, 1


def _votes(model: Model, account: str) -> None:
    next_round = model.rounds_manager.current_round() + 1
    model.bonding_votes.checkpoints[account][next_round] = StakeCheckpoint(7, account, 7, 0, 0)


DELEGATOR = (
    "bonded_amount",
    "fees",
    "delegate",
    "delegated_amount",
    "start_round",
    "last_claim_round",
    "next_unbonding_lock_id",
)
ORCHESTRATOR = (
    "last_reward_round",
    "reward_cut_ppm",
    "fee_share_ppm",
    "last_active_stake_update_round",
    "activation_round",
    "deactivation_round",
    "active_cumulative_rewards",
    "cumulative_rewards",
    "cumulative_fees",
    "last_fee_round",
)
EARNINGS = ("reward_cut_ppm", "fee_share_ppm", "cumulative_reward_factor_ray", "cumulative_fee_factor_ray")
SENDER = ("deposit", "reserve", "withdraw_round")
# What is stored of an account: how to falsify it, and a view that shows it.
STORED: dict[str, tuple[Falsify, str]] = {
    **{
        f"delegator {field}": (
            _set(field, lambda model, account: model.bonding_manager.delegators[account]),
            "BondingManager.getDelegator",
        )
        for field in DELEGATOR
    },
    **{
        f"orchestrator {field}": (
            _set(field, lambda model, account: model.bonding_manager.orchestrators[account]),
            "BondingManager.getTranscoder",
        )
        for field in ORCHESTRATOR
    },
    **{
        f"earnings {field}": (_set(field, _earnings), "BondingManager.getTranscoderEarningsPoolForRound")
        for field in EARNINGS
    },
    **{
        f"sender {field}": (
            _set(field, lambda model, account: model.ticket_broker.accounts[account]),
            "TicketBroker.getSenderInfo",
        )
        for field in SENDER
    },
    "drawn from the reserve": (_claim, "TicketBroker.getSenderInfo"),
    "lock": (_lock, "BondingManager.getDelegatorUnbondingLock"),
    "reward caller": (
        _entry(lambda model: model.bonding_manager.reward_callers, "0x" + "11" * 20),
        "BondingManager.transcoderToRewardCaller",
    ),
    "pool": (
        lambda model, account: model.bonding_manager.pool.remove(account),
        "BondingManager.getNextTranscoderInPool",
    ),
    "votes": (_votes, "BondingVotes.getVotesAndDelegateAtRoundStart"),
    "LPT": (_entry(lambda model: model.token.balances), "LivepeerToken.balanceOf"),
    "allowance": (
        lambda model, account: model.token.approve(account, model.bonding_manager.address, 1),
        "LivepeerToken.allowance",
    ),
    "wei": (_entry(lambda model: model.ether), "ETH.balance"),
}
# The same of the system.
TOTALS: dict[str, tuple[Callable[[Model], object], str]] = {
    "BondingManager.nextRoundTotalActiveStake": (
        lambda model: model.bonding_manager,
        "next_round_total_active_stake",
    ),
    "BondingManager.unbondingPeriod": (lambda model: model.bonding_manager, "unbonding_period"),
    "LivepeerToken.totalSupply": (lambda model: model.token, "total_supply"),
    "Minter.currentMintedTokens": (lambda model: model.minter, "current_minted_tokens"),
    "Minter.inflation": (lambda model: model.minter, "inflation"),
    "RoundsManager.lastInitializedRound": (lambda model: model.rounds_manager, "last_initialized_round"),
    "TicketBroker.unlockPeriod": (lambda model: model.ticket_broker, "unlock_period"),
}


@LOOKS
@pytest.mark.parametrize("field", STORED)
def test_look__field_of_an_account_that_the_step_names__is_named(
    lively: World, depth: Depth, field: str
) -> None:
    falsify, view = STORED[field]
    account = lively.cast.stakers[0]
    assert lively.observer.differences_after({account}, (), depth) == []
    with falsified(lively, lambda model: falsify(model, account)):
        assert names(lively.observer.differences_after({account}, (), depth), view)


@pytest.mark.parametrize("field", STORED)
def test_look_at_all_state__field_of_somebody_else__is_named(lively: World, field: str) -> None:
    falsify, view = STORED[field]
    account, other = lively.cast.stakers[:2]
    with falsified(lively, lambda model: falsify(model, account)):
        assert names(lively.observer.differences_after({other}, (), Depth.STATE), view)


@LOOKS
@pytest.mark.parametrize("view", TOTALS)
def test_look__total_or_parameter__is_named(lively: World, depth: Depth, view: str) -> None:
    record_of, field = TOTALS[view]

    def falsify(model: Model) -> None:
        record = record_of(model)
        setattr(record, field, getattr(record, field) + 1)

    with falsified(lively, falsify):
        assert names(lively.observer.differences_after((), {view.split(".")[0]}, depth), view)


def test_looks__one_after_the_other__come_to_contracts_that_no_step_names(lively: World) -> None:
    with falsified(lively, lambda model: setattr(model.minter, "inflation", 7)):
        looks = (lively.observer.differences_after((), (), Depth.CHANGES) for _ in TABLES)
        assert any(names(complaints, "Minter.inflation") for complaints in looks)


def test_look__at_nothing__finds_nothing(lively: World) -> None:
    with falsified(lively, lambda model: setattr(model.minter, "inflation", 7)):
        assert lively.observer.differences_after((), (), Depth.NOTHING) == []
