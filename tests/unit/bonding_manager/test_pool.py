"""The pool: which orchestrators are active in the next round (staking 3.2, DEV-10).

given room                      a registered orchestrator whose stake grows, or that sets its rates, should join
given a full pool               it should take the place of the last if it has more; an equal stake is not enough
given a place that frees up, a larger pool, or a last one that shrinks
                                nobody should move in by it
given an address without a bond to itself
                                it should never join, whatever is pointed at it; once it has one, all of that counts
given equal stakes              who joined earlier should rank first; hints count for nothing
"""

from random import Random

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from tests.helpers.staking import NEVER

pytestmark = pytest.mark.unit


def activity(staking, orchestrator) -> tuple[int, int]:
    record = staking.manager.getTranscoder(orchestrator)
    return record.activationRound, record.deactivationRound


def actors(staking, count):
    return [staking.chain.actor(f"orchestrator {number}") for number in range(count)]


def set_size(staking, size):
    staking.manager.setNumActiveTranscoders.send(size, sender=staking.protocol.owner)


# ---- joining, leaving, coming back


def test_pool__first_orchestrator__is_active_from_the_next_round_on(staking, orchestrator):
    r = staking.round

    staking.bond(orchestrator, 1, orchestrator)

    assert activity(staking, orchestrator) == (r + 1, NEVER)
    assert not staking.manager.isActiveTranscoder(orchestrator)
    staking.protocol.mine_to_round()
    staking.chain.mine()  # views see the latest block
    assert staking.manager.isActiveTranscoder(orchestrator)


def test_pool__never_joined__was_never_active(network):
    assert activity(network.staking, network.delegator) == (0, 0)
    assert not network.staking.manager.isActiveTranscoder(network.delegator)


def test_pool__evicted__stays_active_to_the_end_of_the_round_and_keeps_its_stake(network, leaving, newcomer):
    staking, r = network.staking, network.staking.round

    assert activity(staking, leaving)[1] == r + 1
    assert activity(staking, newcomer) == (r + 1, NEVER)
    assert staking.manager.isActiveTranscoder(leaving)
    assert staking.manager.isRegisteredTranscoder(leaving)
    assert staking.manager.transcoderTotalStake(leaving) == 2000
    staking.start_round()
    assert not staking.manager.isActiveTranscoder(leaving)


def test_pool__joined_and_evicted_in_one_round__is_never_active(network, newcomer, delegator):
    staking, r = network.staking, network.staking.round
    staking.reward(network.rival, 0)
    staking.bond(newcomer, 2001, newcomer)

    staking.bond(network.rival, 2, network.rival)

    assert activity(staking, newcomer) == (r + 1, r + 1)
    staking.start_round()
    assert not staking.manager.isActiveTranscoder(newcomer)


def test_pool__left_and_back_in_one_round__is_inactive_for_the_rest_of_it(network, leaving):
    """Its stake goes on counting in the total of the round."""
    staking, r = network.staking, network.staking.round
    staking.reward(leaving, 0)

    staking.bond(leaving, 2, leaving)

    assert activity(staking, leaving) == (r + 1, NEVER)
    assert not staking.manager.isActiveTranscoder(leaving)
    assert staking.manager.currentRoundTotalActiveStake() == 5000


@pytest.mark.parametrize("stake", [1999, 2000])
def test_pool__full_and_newcomer_has_not_more_than_the_last__stays_out(network, newcomer, stake):
    staking = network.staking

    receipt = staking.bond(newcomer, stake, newcomer)

    assert receipt.events_named("TranscoderActivated") == []
    assert activity(staking, newcomer) == (0, 0)
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2000))


GROWTH = {
    "bond": lambda n, who, helper: n.staking.bond(who, 1, who),
    "bond of a delegator": lambda n, who, helper: n.staking.bond(helper, 1, who),
    "rebond": lambda n, who, helper: n.staking.manager.rebond.send(0, sender=who),
    "transfer": lambda n, who, helper: n.staking.transfer_bond(n.delegator, who, 1),
}


@pytest.mark.parametrize("way", GROWTH)
def test_pool__outsider_gets_more_than_the_last__takes_its_place(network, newcomer, benefactor, way):
    staking = network.staking
    staking.bond(newcomer, 2001, newcomer)
    staking.start_round()
    # The newcomer is in the pool with 2001 now; it goes down to 2000, the rival's stake, and out.
    staking.manager.unbond.send(1, sender=newcomer)
    staking.bond(network.rival, 1, network.rival)
    staking.assert_pool((network.orchestrator, 3000), (network.rival, 2001))
    staking.manager.unbond.send(1, sender=network.rival)
    staking.start_round()

    r = staking.round
    receipt = GROWTH[way](network, newcomer, benefactor)

    assert receipt.event("TranscoderDeactivated") == staking.left(network.rival, r + 1)
    assert receipt.event("TranscoderActivated") == staking.joined(newcomer, r + 1)
    assert [member for member, _ in staking.pool()] == [network.orchestrator, newcomer]


def test_pool__places_free_up__nobody_moves_in(network, newcomer):
    staking = network.staking
    staking.bond(newcomer, 1500, newcomer)

    staking.manager.unbond.send(1000, sender=network.rival)

    staking.assert_pool((network.orchestrator, 3000), (network.rival, 1000))
    staking.manager.unbond.send(1000, sender=network.rival)
    staking.assert_pool((network.orchestrator, 3000))
    set_size(staking, 10)
    staking.assert_pool((network.orchestrator, 3000))


def test_pool__member_shrinks_to_nearly_nothing__stays(network):
    staking = network.staking

    staking.manager.unbond.send(1999, sender=network.rival)

    staking.assert_pool((network.orchestrator, 3000), (network.rival, 1))


def test_pool__no_bond_to_itself__never_joins_and_brings_everything_along_later(staking, newcomer, delegator):
    staking.bond(delegator, 5000, newcomer)
    assert staking.pool() == []

    staking.bond(newcomer, 1, newcomer)

    staking.assert_pool((newcomer, 5001))


def test_pool__resigned__delegators_keep_pointing_and_count_again_when_it_is_back(network):
    staking = network.staking
    staking.manager.unbond.send(1000, sender=network.orchestrator)
    staking.assert_pool((network.rival, 2000))
    staking.start_round()

    staking.bond(network.orchestrator, 1, network.orchestrator)

    staking.assert_pool((network.orchestrator, 2001), (network.rival, 2000))


# ---- rank


def test_pool__stake_changes__rank_follows(network, newcomer):
    staking = network.staking

    staking.bond(newcomer, 1001, network.rival)

    staking.assert_pool((network.rival, 3001), (network.orchestrator, 3000))


def test_pool__equal_stakes__who_joined_earlier_ranks_first(staking):
    set_size(staking, 4)
    a, b, c, d = actors(staking, 4)

    for member in (a, b, c, d):
        staking.bond(member, 100, member)

    staking.assert_pool((a, 100), (b, 100), (c, 100), (d, 100))


def test_pool__becomes_equal_by_a_change__rank_among_equals_is_that_of_joining(staking):
    set_size(staking, 3)
    a, b, c = actors(staking, 3)
    for member, stake in ((a, 90), (b, 100), (c, 95)):
        staking.bond(member, stake, member)

    staking.bond(c, 5, c)
    staking.bond(a, 10, a)

    staking.assert_pool((a, 100), (b, 100), (c, 100))


def test_pool__back_after_leaving__is_the_youngest_among_equals(staking):
    set_size(staking, 3)
    a, b, c = actors(staking, 3)
    for member in (a, b, c):
        staking.bond(member, 100, member)
    staking.start_round()
    staking.manager.unbond.send(100, sender=a)
    staking.start_round()

    staking.bond(a, 100, a)

    staking.assert_pool((b, 100), (c, 100), (a, 100))


def test_pool__equal_last_ones__the_youngest_is_evicted(staking):
    set_size(staking, 3)
    a, b, c, challenger = actors(staking, 4)
    for member in (a, b, c):
        staking.bond(member, 100, member)

    staking.bond(challenger, 101, challenger)

    staking.assert_pool((challenger, 101), (a, 100), (b, 100))


@pytest.mark.parametrize("stakes", [(3, 1), (1, 3)])
def test_pool__stakes_differ_only_in_their_last_digits__the_lower_is_evicted(staking, stakes):
    """V5: members are compared by their leading digits first; equal ones by the whole stake."""
    high = 2**60
    members = dict(zip(actors(staking, 2), (high + stake for stake in stakes), strict=True))
    for member, stake in members.items():
        staking.bond(member, stake, member)
    challenger = staking.chain.actor("challenger")
    upper = max(members, key=members.get)

    staking.bond(challenger, high + 2, challenger)

    staking.assert_pool((upper, high + 3), (challenger, high + 2))


def test_pool__challenger_differs_only_in_its_last_digit__decides_all_the_same(staking):
    high = 2**60
    a, b, challenger = actors(staking, 3)
    staking.fund(challenger, 1)
    for member in (a, b):
        staking.bond(member, high, member)
    staking.bond(challenger, high, challenger)
    staking.assert_pool((a, high), (b, high))

    staking.manager.bond.send(1, challenger, sender=challenger)

    staking.assert_pool((challenger, high + 1), (a, high))


# ---- views


def test_pool_views__empty_pool__are_zero(staking, manager, stranger):
    assert manager.getFirstTranscoderInPool() == ZERO_ADDRESS
    assert manager.getNextTranscoderInPool(stranger) == ZERO_ADDRESS
    assert (manager.getTranscoderPoolSize(), manager.getTranscoderPoolMaxSize()) == (0, 2)


def test_pool_views__walk__ends_after_the_last_and_for_outsiders(network, newcomer):
    manager = network.staking.manager
    network.staking.bond(newcomer, 1, newcomer)

    assert manager.getFirstTranscoderInPool() == network.orchestrator
    assert manager.getNextTranscoderInPool(network.orchestrator) == network.rival
    for outside in (network.rival, newcomer, network.delegator, ZERO_ADDRESS):
        assert manager.getNextTranscoderInPool(outside) == ZERO_ADDRESS


# ---- many members


class RankedPool:
    """The rules of the module, on a list that is sorted anew each time."""

    def __init__(self, size: int):
        self.size, self.joins = size, 0
        self.stakes: dict[str, int] = {}
        self.joined: dict[str, int] = {}

    def ranking(self) -> list[tuple[str, int]]:
        order = sorted(self.joined, key=lambda member: (-self.stakes[member], self.joined[member]))
        return [(member, self.stakes[member]) for member in order]

    def grow(self, account: str, amount: int) -> None:
        self.stakes[account] = self.stakes.get(account, 0) + amount
        if account in self.joined:
            return
        if len(self.joined) == self.size:
            last, stake = self.ranking()[-1]
            if self.stakes[account] <= stake:
                return
            del self.joined[last]
        self.joined[account] = self.joins
        self.joins += 1

    def shrink(self, account: str, amount: int) -> None:
        self.stakes[account] -= amount
        if self.stakes[account] == 0:
            self.joined.pop(account, None)


@pytest.mark.parametrize("seed", range(3))
def test_pool__many_changes__keeps_the_ranking(staking, seed):
    """17 places in three slots of keys, 24 candidates; stakes that are equal, or differ in dropped digits."""
    random, size = Random(seed), 17
    set_size(staking, size)
    # Rounds with room for all of it.
    staking.protocol.rounds_manager.setRoundLength.send(1_000, sender=staking.protocol.owner)
    staking.start_round()
    candidates, model = actors(staking, 24), RankedPool(size)
    base = 2**57

    def grow(account, amount):
        staking.bond(account, amount, account)
        model.grow(account, amount)

    for candidate in candidates:
        grow(candidate, base * random.randrange(1, 4) + random.randrange(3))
    staking.start_round()
    for candidate in candidates:
        if staking.manager.isActiveTranscoder(candidate):
            staking.reward(candidate, 0)
    bonded = set(candidates)
    for _ in range(60):
        account = random.choice(candidates)
        if account in bonded and random.random() < 0.6:
            amount = random.choice([1, 2, base, model.stakes[account]])
            amount = min(amount, model.stakes[account])
            staking.manager.unbond.send(amount, sender=account)
            model.shrink(account, amount)
            if model.stakes[account] == 0:
                bonded.discard(account)
        else:
            grow(account, random.choice([1, 2, base, base + 1]))
            # A bond made anew is pending, and cannot shrink in this round.
        staking.assert_pool(*model.ranking())
