"""Hints are accepted and ignored (DEV-10): with and without, whatever they say, the outcome is the same.

A wrong hint names neighbours that are not; a stale one has left the pool; others are the account itself, one
that was never in the pool, the zero address on one side.
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import UNBONDING_PERIOD

pytestmark = pytest.mark.unit

FOUR_STAKES = (4000, 3000, 2000, 1000)
HINTS = {
    "right": lambda a: (a[1], a[2]),
    "wrong": lambda a: (a[3], a[0]),
    "self": lambda a: (a[0], a[0]),
    "stale": lambda a: ("left", "left"),
    "never in the pool": lambda a: ("stranger", "stranger"),
    "previous only": lambda a: (a[2], ZERO_ADDRESS),
    "next only": lambda a: (ZERO_ADDRESS, a[2]),
}


@pytest.fixture
def pool(staking):
    """Four orchestrators in the pool of five, one that has left it, a delegator of the first with locks 0 and 1."""
    chain, manager = staking.chain, staking.manager
    manager.setNumActiveTranscoders.send(5, sender=staking.protocol.owner)
    members = [chain.actor(f"orchestrator {n}") for n in range(4)]
    for member, stake in zip(members, FOUR_STAKES, strict=True):
        staking.bond(member, stake, member)
    gone = chain.actor("left")
    staking.bond(gone, 2500, gone)
    staking.bond(chain.actor("delegator"), 900, members[0])
    staking.start_round()
    manager.unbond.send(2500, sender=gone)
    for _ in range(2):
        manager.unbond.send(200, sender=chain.actor("delegator"))
    return members


CALLS = {
    "bond": lambda a: ("delegator", "bond", (0, a[2]), 4),
    "unbond": lambda a: (a[0], "unbond", (3500,), 2),
    "unbond everything": lambda a: (a[0], "unbond", (4000,), 2),
    "rebond": lambda a: ("delegator", "rebond", (1,), 2),
    "rebondFromUnbonded": lambda a: ("unbonded", "rebondFromUnbonded", (a[3], 2), 2),
    "rebondFromUnbonded to itself": lambda a: ("unbonded", "rebondFromUnbonded", ("delegator", 2), 2),
}


@pytest.mark.parametrize("hint", HINTS)
@pytest.mark.parametrize("call", CALLS)
def test_hints__any__give_the_state_and_the_events_of_the_plain_form(staking, pool, call, hint):
    chain, manager = staking.chain, staking.manager
    sender, function, arguments, hint_count = CALLS[call](pool)
    if sender == "unbonded":
        sender = "delegator"
        manager.unbond.send(500, sender=chain.actor(sender))
    sender, arguments = _actor(chain, sender), [_actor(chain, value) for value in arguments]
    hints = [_actor(chain, value) for value in HINTS[hint](pool) * (hint_count // 2)]
    with chain.isolate():
        receipt = getattr(manager, function).send(*arguments, sender=sender)
        plain = (receipt.events, _state(staking, pool))

    receipt = getattr(manager, f"{function}WithHint").send(*arguments, *hints, sender=sender)

    assert (receipt.events, _state(staking, pool)) == plain


@pytest.mark.parametrize("hint", HINTS)
def test_hints__of_functions_without_a_plain_form__change_nothing(staking, pool, hint):
    chain, manager = staking.chain, staking.manager
    delegator = chain.actor("delegator")
    hints = [_actor(chain, value) for value in HINTS[hint](pool) * 2]
    for function, arguments in (
        ("transferBond", (pool[2], 100)),
        ("bondForWithHint", (0, delegator, pool[2])),
    ):
        manager.claimEarnings.send(0, sender=pool[2])
        with chain.isolate():
            receipt = getattr(manager, function).send(*arguments, *[ZERO_ADDRESS] * 4, sender=delegator)
            without = (receipt.events, _state(staking, pool))

        receipt = getattr(manager, function).send(*arguments, *hints, sender=delegator)

        assert (receipt.events, _state(staking, pool)) == without


def _actor(chain, value):
    labels = ("delegator", "left", "stranger")
    return chain.actor(value) if value in labels else value


def _state(staking, pool):
    """All that the calls above can change."""
    chain, r = staking.chain, staking.round
    accounts = [*pool, chain.actor("left"), chain.actor("delegator")]
    return (
        staking.records(*accounts),
        staking.pool(),
        staking.manager.nextRoundTotalActiveStake(),
        [tuple(staking.manager.getTranscoder(a)) for a in accounts],
        [[staking.stake_at(a, n) for n in (r, r + 1)] for a in accounts],
        [[staking.lock(a, n) for n in range(4)] for a in accounts],
        [staking.next_votes(a) for a in accounts],
        staking.manager.unbondingPeriod() == UNBONDING_PERIOD,
    )
