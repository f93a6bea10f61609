"""Historical weaknesses of earnings and of the active set (staking.md 6). See staking_stage.py for the cast.

A scenario ends in a claim. On our contract the claim holds; with the fault planted it fails with an AssertionError.

| id | fault | claim |
|---|---|---|
| V3 | a delegator's claim takes the orchestrator's commission | nobody's claim changes what others have |
| V5 | members with equal keys are not compared further | a challenger with more than the last gets its place |
| V6 | whoever is registered shares in reserves | there are no more shares than the reserve has parts |
| V7 | the stake of the round is not frozen | stake that comes in a round does not count in it |
| V8 | a bond starts from the first factor | bonds are covered by what is delegated |
| V9 | a claim ends in a round of the past | bonds are covered by what is delegated |
| V10 | factors of six digits | small fees reach the delegators |
| V11 | an upgrade changes the base of the factors | the past stays what it was |
| V16 | the treasury's cut is taken for parts per million | fees are credited |
| V16 | a claim by withdrawFees is no checkpoint | votes are the stake at the start of the round |
| V16 | the owner of a bond has its checkpoint twice | what it has is told once, at the end |
| V18 | a bond out of a lock starts from the first factor | bonds are covered by what is delegated |
| V20 | stake that goes away from one that leaves is not tracked | its stake of the round stays |
| V20 | nor is stake that comes | its stake of the round stays |
| V22 | fees for whoever is registered | fees are covered by the Minter's ETH |
| V23 | minted tokens count as mintable ones | fees after a round without reward are not too low |
| V24 | reserves are divided by the live size of the pool | the divisor stays within the round |

V17 (votes that fail on missing fee factors) cannot be planted: the votes see reward factors only. The draining of V20
itself needs V22 too: one that has left is not active in the round in which its ticket would come. V16 of the votes:
test_bonding_votes.py. V6 and V24 of the escrow: test_ticket_broker.py, P5 and P6.
"""

import pytest

from tests.helpers.earnings import RAY
from tests.mutants.staking_stage import (
    Stage,
    attack,
    play,
    play_on_ours,
    staged_attacks,
    succeeds,
)

pytestmark = pytest.mark.unit


def delegator_claims(stage: Stage) -> None:
    before = stage.staking.pending(stage.orchestrator)

    stage.manager.claimEarnings.send(0, sender=stage.delegator)

    after = stage.staking.pending(stage.orchestrator)
    assert after == before, "V3: a claim of somebody else took earnings"


def challenger_differs_in_the_last_digits(stage: Stage) -> None:
    high = 2**60
    stage.staking.bond(stage.orchestrator, high + 3 - 8000, stage.orchestrator)
    stage.staking.bond(stage.rival, high + 1 - 3000, stage.rival)

    stage.staking.bond(stage.challenger, high + 2, stage.challenger)

    members = [member for member, _ in stage.staking.pool()]
    assert stage.challenger in members, "V5: the last of the pool was not found"


def newcomer_shares_in_reserves(stage: Stage) -> None:
    stage.evict_rival(stage.newcomer)

    states = [stage.manager.reserveShareState(account) for account in stage.accounts]
    shares = sum(is_active for is_active, _ in states)
    assert shares <= states[0].activeSetSize, "V6: more shares than parts"


def stake_comes_within_the_round(stage: Stage) -> None:
    before = stage.fee_step(stage.orchestrator)
    stage.staking.bond(stage.newcomer, 6000, stage.orchestrator)

    assert stage.fee_step(stage.orchestrator) == before, "V7: the stake of the round has changed"


def newcomer_joins_late(stage: Stage) -> None:
    stage.staking.bond(stage.newcomer, 1000, stage.orchestrator)
    stage.staking.start_round()
    stage.staking.reward(stage.orchestrator, 9000)

    stage.assert_stake_is_covered("V8")


def claim_through_a_round_of_the_past(stage: Stage) -> None:
    past = stage.staking.round
    stage.staking.reward(stage.orchestrator, 8000)
    stage.staking.start_round()
    stage.staking.reward(stage.orchestrator, 16_000)

    stage.manager.claimEarnings.send(past, sender=stage.delegator)

    stage.assert_stake_is_covered("V9")


def small_fees(stage: Stage) -> None:
    stage.staking.bond(stage.newcomer, 10**10, stage.orchestrator)
    stage.staking.start_round()
    stage.staking.earn_fees(stage.orchestrator, 1000)

    # Half of it is for the delegators, and nearly all of them are the newcomer.
    assert stage.fees(stage.newcomer) >= 498, "V10: fees were rounded away"


def base_has_changed(stage: Stage) -> None:
    stakes = [stage.stake(account) for account in (stage.delegator, stage.partner)]
    assert stakes == [3000, 1500], "V11: the past has changed"


def fees_after_a_reward_with_treasury_cut(stage: Stage) -> None:
    staking = stage.staking
    staking.manager.setTreasuryRewardCutRate.send(RAY // 10, sender=staking.protocol.owner)
    staking.start_round()
    staking.reward(stage.orchestrator, 8000, mintable=11_000)

    is_credited = succeeds(staking.earn_fees, stage.orchestrator, 600)
    assert is_credited, "V16: fees are refused"


def withdrawal_of_fees_claims(stage: Stage) -> None:
    # 4 for the delegators on a stake of 8000: the partner's 1500.75 are cut to 1500 when it claims.
    stage.staking.reward(stage.orchestrator, 8)
    stage.manager.withdrawFees.send(stage.partner, 0, sender=stage.partner)
    stage.staking.start_round()
    # Everything doubles: 3000, which would be 3001 without the claim.
    stage.staking.reward(stage.orchestrator, 16_016)

    votes, _ = stage.staking.next_votes(stage.partner)
    assert votes == stage.stake(stage.partner) == 3000, "V16: the votes do not know the claim"


def orchestrator_tops_up(stage: Stage) -> None:
    receipt = stage.staking.bond(stage.orchestrator, 5, stage.orchestrator)

    names = [event.name for event in receipt.events]
    is_last = names.index("Bond") < names.index("DelegateVotesChanged")
    assert is_last, "V16: the checkpoint came before the end of the operation"


def newcomer_joins_late_out_of_a_lock(stage: Stage) -> None:
    stage.staking.bond(stage.newcomer, 1000, stage.rival)
    stage.staking.reward(stage.orchestrator, 8000)
    stage.staking.start_round()
    stage.manager.unbond.send(1000, sender=stage.newcomer)
    stage.manager.rebondFromUnbonded.send(stage.orchestrator, 0, sender=stage.newcomer)
    stage.staking.start_round()
    stage.staking.reward(stage.orchestrator, 9000)

    stage.assert_stake_is_covered("V18")


def evicted_one_unbonds(stage: Stage) -> None:
    stage.evict_rival(stage.newcomer)
    before = stage.fee_step(stage.rival)
    stage.manager.unbond.send(2999, sender=stage.rival)

    assert stage.fee_step(stage.rival) == before, "V20: the stake of the round has changed"


def evicted_one_rewards(stage: Stage) -> None:
    stage.evict_rival(stage.newcomer)
    before = stage.fee_step(stage.rival)
    # Not enough to come back into the pool.
    stage.staking.reward(stage.rival, 1500)

    assert stage.fee_step(stage.rival) == before, "V20: the stake of the round has changed"


def outsider_rejoins_and_is_paid(stage: Stage) -> None:
    staking = stage.staking
    staking.bond(stage.newcomer, 9000, stage.rival)
    staking.start_round()
    staking.bond(stage.challenger, 20_000, stage.challenger)
    staking.bond(stage.benefactor, 30_000, stage.benefactor)
    staking.start_round()
    staking.bond(stage.rival, 50_000, stage.rival)
    # The last stake that was frozen for it is 3000, 9000 of the newcomer not counted.
    succeeds(staking.earn_fees, stage.rival, 10_000)

    stage.assert_fees_are_covered("V22")


def fees_after_a_round_without_reward(stage: Stage) -> None:
    staking = stage.staking
    staking.start_round()
    # 8000 of 11000 bonded, and all that is mintable for them is minted.
    staking.reward(stage.orchestrator, 8000, mintable=11_000)
    before = stage.fees(stage.delegator)

    staking.earn_fees(stage.orchestrator, 1600)

    # 800 for the delegators, on a stake of 8000 of which the delegator had 3000.
    assert stage.fees(stage.delegator) - before >= 299, "V23: the delegator was paid too little"


def pool_shrinks_within_the_round(stage: Stage) -> None:
    stage.manager.unbond.send(3000, sender=stage.rival)

    size = stage.manager.reserveShareState(stage.orchestrator).activeSetSize
    assert size == 2, "V24: the divisor has changed within the round"


ATTACKS = [
    attack("V3", "ClaimTakesCommission", delegator_claims),
    attack("V5", "EqualKeysAreEqual", challenger_differs_in_the_last_digits),
    attack("V6", "RegisteredShare", newcomer_shares_in_reserves),
    attack("V7", "StakeNotFrozen", stake_comes_within_the_round),
    attack("V8", "BondWithoutStartFactor", newcomer_joins_late),
    attack("V9", "ClaimThroughEndRound", claim_through_a_round_of_the_past),
    attack("V10", "SixDigits", small_fees),
    attack("V11", "OtherBase", base_has_changed),
    attack("V16", "TreasuryCutInPpm", fees_after_a_reward_with_treasury_cut),
    attack("V16", "FeesWithoutCheckpoint", withdrawal_of_fees_claims),
    attack("V16", "OwnerTwice", orchestrator_tops_up),
    attack("V18", "RebondWithoutStartFactor", newcomer_joins_late_out_of_a_lock),
    attack("V20", "LeaverShrinksUntracked", evicted_one_unbonds),
    attack("V20", "LeaverGrowsUntracked", evicted_one_rewards),
    attack("V22", "RegisteredArePaid", outsider_rejoins_and_is_paid),
    attack("V23", "MintedIsMintable", fees_after_a_round_without_reward),
    attack("V24", "LivePoolSize", pool_shrinks_within_the_round),
]
EACH_ATTACK = pytest.mark.parametrize("attack", ATTACKS, ids=[attack.id for attack in ATTACKS])


@pytest.fixture(scope="module")
def opened_stage(request, artifacts):
    yield from staged_attacks(ATTACKS, artifacts, request.config.getoption("engine"))


@pytest.fixture
def stage(opened_stage):
    """Undone after each test."""
    with opened_stage.chain.isolate():
        yield opened_stage


@EACH_ATTACK
def test_attack__on_our_contract__fails(stage, attack):
    play_on_ours(stage, attack)


@EACH_ATTACK
def test_attack__on_the_planted_fault__succeeds(stage, attack):
    play(stage, attack)
