"""The guards that come before everything else in functions that move stake.

given the system is paused                        it should revert with SystemPaused, be the round initialized or not
given the current round is not initialized        it should revert with CurrentRoundNotInitialized
given both guards are passed                      the function's own checks speak: each call here fails one of them

setRewardCaller only has the first guard; checkpointBondingState and the views have none.
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import NO_HINTS

pytestmark = pytest.mark.unit

PAIR, FOUR = NO_HINTS[:2], NO_HINTS
# Every call is one that a newcomer without a bond may not make.
CALLS = {
    "bond": (lambda newcomer: (0, newcomer), "BondAmountIsZero"),
    "bondWithHint": (lambda newcomer: (0, newcomer, *FOUR), "BondAmountIsZero"),
    "bondForWithHint": (lambda newcomer: (1, ZERO_ADDRESS, newcomer, *FOUR), "InvalidDelegator"),
    "unbond": (lambda newcomer: (0,), "DelegatorNotBonded"),
    "unbondWithHint": (lambda newcomer: (0, *PAIR), "DelegatorNotBonded"),
    "rebond": (lambda newcomer: (0,), "DelegatorNotBonded"),
    "rebondWithHint": (lambda newcomer: (0, *PAIR), "DelegatorNotBonded"),
    "rebondFromUnbonded": (lambda newcomer: (newcomer, 0), "InvalidUnbondingLock"),
    "rebondFromUnbondedWithHint": (lambda newcomer: (newcomer, 0, *PAIR), "InvalidUnbondingLock"),
    "transferBond": (lambda newcomer: (newcomer, 0, *FOUR), "DelegatorNotBonded"),
    "withdrawStake": (lambda newcomer: (0,), "InvalidUnbondingLock"),
    "withdrawFees": (lambda newcomer: (ZERO_ADDRESS, 1), "FeeRecipientIsZero"),
    "claimEarnings": (lambda newcomer: (0,), None),
}


@pytest.mark.parametrize("function", CALLS)
def test_guards__paused_in_an_initialized_round__reverts(staking, manager, newcomer, function):
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)

    with staking.chain.reverts("SystemPaused"):
        getattr(manager, function).send(*CALLS[function][0](newcomer), sender=newcomer)


@pytest.mark.parametrize("function", CALLS)
def test_guards__paused_and_round_not_initialized__reverts_for_the_pause(
    staking, manager, newcomer, function
):
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)
    staking.protocol.mine_to_round()

    with staking.chain.reverts("SystemPaused"):
        getattr(manager, function).send(*CALLS[function][0](newcomer), sender=newcomer)


@pytest.mark.parametrize("function", CALLS)
def test_guards__round_not_initialized__reverts_with_the_round(staking, manager, newcomer, function):
    running = staking.round
    staking.protocol.mine_to_round(3)

    with staking.chain.reverts("CurrentRoundNotInitialized", currentRound=running + 3):
        getattr(manager, function).send(*CALLS[function][0](newcomer), sender=newcomer)


@pytest.mark.parametrize("function", [name for name, (_, error) in CALLS.items() if error])
def test_guards__running_in_an_initialized_round__own_checks_follow(staking, manager, newcomer, function):
    arguments, error = CALLS[function]

    with staking.chain.reverts(error, ...):
        getattr(manager, function).send(*arguments(newcomer), sender=newcomer)


def test_guards__unpaused_again__call_succeeds(staking, manager, newcomer):
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)
    staking.protocol.controller.unpause.send(sender=staking.protocol.owner)

    manager.claimEarnings.send(0, sender=newcomer)

    assert staking.record(newcomer).claim == staking.round
