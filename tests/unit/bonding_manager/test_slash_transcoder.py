"""slashTranscoder: the Verifier takes a part of a bond (DEV-5).

Checks in order:
    the system runs; else SystemPaused
    the caller is the Verifier; else CallerNotRegistered
    the slashed share, then the finder's, is at most 100 %; else InvalidSlashShare
    the round is initialized; else CurrentRoundNotInitialized

given a bond          earnings are claimed, the bond and the delegate's stake shrink by ⌊bond · share⌋; the finder gets
                      ⌊penalty · share⌋ of it, the rest is burned
given a member        it leaves the pool, with all the stake behind it, and stays active to the end of the round
given everything      delegate and start round are cleared
given no bond         only the event
Locks are not slashed.
"""

from dataclasses import replace

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import contract_id
from tests.helpers.earnings import RAY, reward_factor
from tests.helpers.staking import NEVER, PENDING, UNBONDED, BondRecord
from tests.unit.bonding_manager.conftest import REWARD_CUT_PPM

pytestmark = pytest.mark.unit

WHOLE, TOO_MUCH = 1_000_000, 1_000_001
BURNED = "0x000000000000000000000000000000000000dEaD"  # where the mock of the Minter burns


@pytest.fixture
def verifier(staking):
    """Registered; calls are sent from its address."""
    return staking.protocol.deploy_registered("Placeholder__Mock", name="Verifier")


@pytest.fixture
def finder(chain):
    return chain.actor("finder")


@pytest.fixture
def slash(staking, verifier):
    """slash(account, share_ppm, finder, finder_share_ppm)"""

    def send(account, share_ppm, finder=ZERO_ADDRESS, finder_share_ppm=0):
        return staking.manager.slashTranscoder.send(
            account, finder, share_ppm, finder_share_ppm, sender=verifier
        )

    return send


def slashed(staking, account, finder, penalty, finder_reward):
    return staking.manager.Events.TranscoderSlashed(
        transcoder=account, finder=finder, penalty=penalty, finderReward=finder_reward
    )


# ---- refusals, each with all that come after it


def test_slash__paused_and_caller_is_not_the_verifier__reverts_for_the_pause(network, stranger):
    staking = network.staking
    staking.protocol.controller.pause.send(sender=staking.protocol.owner)

    with staking.chain.reverts("SystemPaused"):
        staking.manager.slashTranscoder.send(stranger, stranger, TOO_MUCH, TOO_MUCH, sender=stranger)


def test_slash__no_verifier_is_registered__nobody_may(network):
    """As on the live network: an unset id is nobody's role."""
    staking = network.staking

    with staking.chain.reverts(
        "CallerNotRegistered",
        caller=staking.protocol.owner,
        requiredId=contract_id("Verifier"),
        required=ZERO_ADDRESS,
    ):
        staking.manager.slashTranscoder.send(
            network.rival, ZERO_ADDRESS, WHOLE, 0, sender=staking.protocol.owner
        )


def test_slash__caller_is_not_the_verifier_and_shares_too_high__reverts_for_the_caller(
    network, verifier, stranger
):
    with network.staking.chain.reverts(
        "CallerNotRegistered",
        caller=stranger,
        requiredId=contract_id("Verifier"),
        required=verifier,
    ):
        network.staking.manager.slashTranscoder.send(
            network.rival, stranger, TOO_MUCH, TOO_MUCH, sender=stranger
        )


def test_slash__both_shares_too_high__reverts_for_the_slashed_one(network, slash, finder):
    with network.staking.chain.reverts("InvalidSlashShare", sharePpm=TOO_MUCH, maxPpm=WHOLE):
        slash(network.rival, TOO_MUCH, finder, TOO_MUCH + 1)


def test_slash__finders_share_too_high_and_round_not_initialized__reverts_for_the_share(
    network, slash, finder
):
    network.staking.protocol.mine_to_round()

    with network.staking.chain.reverts("InvalidSlashShare", sharePpm=2**256 - 1, maxPpm=WHOLE):
        slash(network.rival, WHOLE, finder, 2**256 - 1)


def test_slash__round_not_initialized__reverts(network, slash):
    """It would leave the set of the round, and still be active in it."""
    r = network.staking.round
    network.staking.protocol.mine_to_round()

    with network.staking.chain.reverts("CurrentRoundNotInitialized", currentRound=r + 1):
        slash(network.rival, WHOLE)


# ---- orchestrators


def test_slash__orchestrator__loses_the_part_and_leaves_the_pool(network, slash, finder):
    staking, r = network.staking, network.staking.round
    orchestrator = network.orchestrator
    before = staking.records(orchestrator, network.delegator)
    held = staking.token.balanceOf(staking.minter)

    receipt = slash(orchestrator, 333_333, finder, 500_000)

    # ⌊1000 · 0.333333⌋ = 333 are taken, of which ⌊166.5⌋ go to the finder.
    after = before | {orchestrator: replace(before[orchestrator], bonded=667, delegated=2667, claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(orchestrator, before, r),
            staking.left(orchestrator, r + 1),
            staking.paid(staking.minter, finder, 166),
            staking.paid(staking.minter, BURNED, 167),
            slashed(staking, orchestrator, finder, 333, 166),
            *staking.checkpointed(orchestrator, before, after),
        ]
    )
    staking.assert_pool((network.rival, 2000))
    assert staking.token.balanceOf(finder) == 166
    assert staking.token.balanceOf(staking.minter) == held - 333
    assert staking.manager.getTranscoder(orchestrator).deactivationRound == r + 1
    assert staking.manager.isActiveTranscoder(orchestrator)
    assert staking.manager.isRegisteredTranscoder(orchestrator)
    assert staking.next_votes(orchestrator) == (2667, orchestrator)
    assert staking.pending(network.delegator) == (2000, 0)


def test_slash__orchestrator_with_earnings__takes_the_part_of_them_too(network, slash):
    staking, orchestrator = network.staking, network.orchestrator
    staking.reward(orchestrator, 1000)
    r = staking.start_round()
    before = staking.records(orchestrator)

    receipt = slash(orchestrator, 500_000)

    # The bond with its 222 and the commission of 333: 1555; ⌊777.5⌋ are burned.
    after = {orchestrator: replace(before[orchestrator], bonded=778, delegated=3223, claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(orchestrator, before, r, rewards=555),
            staking.left(orchestrator, r + 1),
            staking.paid(staking.minter, BURNED, 777),
            slashed(staking, orchestrator, ZERO_ADDRESS, 777, 0),
            *staking.checkpointed(orchestrator, before, after),
        ]
    )


def test_slash__orchestrator_completely__is_unbonded(network, slash):
    staking, r = network.staking, network.staking.round
    orchestrator = network.orchestrator
    before = staking.records(orchestrator)

    receipt = slash(orchestrator, WHOLE)

    after = {orchestrator: BondRecord(delegated=2000, claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(orchestrator, before, r),
            staking.left(orchestrator, r + 1),
            staking.paid(staking.minter, BURNED, 1000),
            slashed(staking, orchestrator, ZERO_ADDRESS, 1000, 0),
            *staking.checkpointed(orchestrator, before, after),
        ]
    )
    assert staking.manager.delegatorStatus(orchestrator) == UNBONDED
    assert not staking.manager.isRegisteredTranscoder(orchestrator)
    # V16: its delegators stand behind nobody who votes.
    assert staking.next_votes(orchestrator) == (0, ZERO_ADDRESS)
    assert staking.next_votes(network.delegator) == (0, orchestrator)


def test_slash__orchestrator_completely__may_start_anew_with_its_delegators(network, slash):
    staking, orchestrator = network.staking, network.orchestrator
    slash(orchestrator, WHOLE)
    r = staking.start_round()

    staking.bond(orchestrator, 5, orchestrator)

    assert staking.record(orchestrator) == BondRecord(
        bonded=5, delegate=orchestrator, delegated=2005, start=r + 1, claim=r
    )
    staking.assert_pool((orchestrator, 2005), (network.rival, 2000))
    assert staking.manager.getTranscoder(orchestrator).deactivationRound == NEVER


def test_slash__orchestrator__may_still_reward_on_the_stake_of_the_round(network, slash):
    staking, r = network.staking, network.staking.round
    orchestrator = network.orchestrator
    slash(orchestrator, 500_000)

    staking.reward(orchestrator, 1000)

    assert staking.manager.rewardFactorOfRound(orchestrator, r) == reward_factor(
        RAY, 1000, REWARD_CUT_PPM, 3000
    )
    assert staking.manager.transcoderTotalStake(orchestrator) == 2500 + 1000


def test_slash__orchestrator_outside_of_the_pool__loses_the_part(network, slash, newcomer):
    staking, r = network.staking, network.staking.round
    staking.bond(newcomer, 1000, newcomer)
    before = staking.records(newcomer)
    pool = staking.pool()

    receipt = slash(newcomer, 100_000)

    after = {newcomer: replace(before[newcomer], bonded=900, delegated=900)}
    staking.assert_records(after)
    assert staking.pool() == pool
    # It is pending, and has claimed in this round.
    assert staking.manager.delegatorStatus(newcomer) == PENDING
    assert (before[newcomer].start, before[newcomer].claim) == (r + 1, r)
    receipt.assert_events(
        [
            staking.paid(staking.minter, BURNED, 100),
            slashed(staking, newcomer, ZERO_ADDRESS, 100, 0),
            *staking.checkpointed(newcomer, before, after),
        ]
    )


def test_slash__locks__are_left_alone(network, slash):
    staking = network.staking
    staking.manager.unbond.send(600, sender=network.rival)
    lock = staking.lock(network.rival, 0)

    slash(network.rival, WHOLE)

    assert staking.lock(network.rival, 0) == lock
    assert lock[0] == 600


# ---- delegators


@pytest.mark.parametrize("share_ppm", [400_000, WHOLE])
def test_slash__delegator__lowers_its_delegate_everywhere(network, slash, finder, share_ppm):
    staking, r = network.staking, network.staking.round
    orchestrator, delegator = network.orchestrator, network.delegator
    before = staking.records(orchestrator, delegator)

    receipt = slash(delegator, share_ppm, finder, WHOLE)

    penalty = 2000 * share_ppm // WHOLE
    left = BondRecord(claim=r) if penalty == 2000 else replace(before[delegator], bonded=1200, claim=r)
    after = {orchestrator: replace(before[orchestrator], delegated=3000 - penalty), delegator: left}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(delegator, before, r),
            *staking.checkpointed(orchestrator, before, after),
            staking.paid(staking.minter, finder, penalty),
            staking.paid(staking.minter, BURNED, 0),
            slashed(staking, delegator, finder, penalty, penalty),
            *staking.checkpointed(delegator, before, after),
        ]
    )
    ranking = [(orchestrator, 3000 - penalty), (network.rival, 2000)]
    staking.assert_pool(*sorted(ranking, key=lambda member: -member[1]))
    assert staking.manager.currentRoundTotalActiveStake() == 5000


# ---- nothing to take


def test_slash__no_bond__is_only_told(network, slash, newcomer, finder):
    staking, r = network.staking, network.staking.round
    before = staking.records(newcomer)

    receipt = slash(newcomer, WHOLE, finder, WHOLE)

    after = {newcomer: BondRecord(claim=r)}
    receipt.assert_events(
        [
            staking.claimed(newcomer, before, r),
            slashed(staking, newcomer, finder, 0, 0),
            *staking.checkpointed(newcomer, before, after),
        ]
    )
    staking.assert_records(after)


def test_slash__part_rounds_down_to_nothing__moves_no_token_and_leaves_the_pool(network, slash, finder):
    staking, r = network.staking, network.staking.round
    before = staking.records(network.rival)

    receipt = slash(network.rival, 499, finder, WHOLE)  # 2000 · 0.000499 < 1

    after = {network.rival: replace(before[network.rival], claim=r)}
    staking.assert_records(after)
    receipt.assert_events(
        [
            staking.claimed(network.rival, before, r),
            staking.left(network.rival, r + 1),
            slashed(staking, network.rival, finder, 0, 0),
            *staking.checkpointed(network.rival, before, after),
        ]
    )
    staking.assert_pool((network.orchestrator, 3000))
