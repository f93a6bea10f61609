"""Operations of BondingManager on stake, the pool and earnings."""

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import ETHER, LPT
from tests.gas.bench import FACE_VALUE, Bench, Stage
from tests.gas.operations import NONE, SEVERAL, TEN, operation

ZEROS = (ZERO_ADDRESS, ZERO_ADDRESS)


def last(bench: Bench) -> tuple:
    return bench.around_last


def new_delegate_last(bench: Bench) -> tuple:
    return (*ZEROS, *bench.around_last)


def middle(bench: Bench) -> tuple:
    return bench.around(bench.middle)


def head(bench: Bench) -> tuple:
    return bench.around(1)


def last_to_head(bench: Bench) -> tuple:
    return (*bench.around_last, *bench.around(1))


def behind_last(bench: Bench) -> tuple:
    return (bench.last, ZERO_ADDRESS)


def new_delegate_behind_last(bench: Bench) -> tuple:
    return (*ZEROS, *behind_last(bench))


def evicts_last(bench: Bench) -> tuple:
    before_last, _ = bench.around_last
    return (*ZEROS, before_last, ZERO_ADDRESS)


# ---- joining


@operation("join.first", NONE, Stage.NOBODY)
def join_first(bench):
    """J.bond(1000 LPT, J): first bond of the system, pool 0 → 1"""
    return bench.bond(bench.J, 1_000 * LPT, bench.J)


@operation("join.tail", hints=new_delegate_behind_last)
def join_tail(bench, hints):
    """J.bond(500 LPT, J): enters the pool of n as last"""
    return bench.bond(bench.J, 500 * LPT, bench.J, hints)


@operation("join.head.nohint")
def join_head(bench):
    """J.bond(10000 LPT, J): enters the pool of n as head"""
    return bench.bond(bench.J, 10_000 * LPT, bench.J)


@operation("join.evict.tail", stage=Stage.FULL, hints=evicts_last)
def join_evict_tail(bench, hints):
    """full pool: J.bond(stake(On) + 5 LPT, J) evicts On and takes the last place"""
    return bench.bond(bench.J, bench.stake(bench.last) + 5 * LPT, bench.J, hints)


@operation("join.evict.head.nohint", stage=Stage.FULL)
def join_evict_head(bench):
    """full pool: J.bond(10000 LPT, J) evicts On and becomes the head"""
    return bench.bond(bench.J, 10_000 * LPT, bench.J)


@operation("join.full-too-small", stage=Stage.FULL)
def join_full_too_small(bench):
    """full pool: J.bond(100 LPT, J): registered, but not in the pool"""
    return bench.bond(bench.J, 100 * LPT, bench.J)


# ---- rates


@operation("transcoder.first")
def transcoder_first(bench):
    """after join.tail: J.transcoder(100000, 500000) in the same round"""
    bench.bond(bench.J, 500 * LPT, bench.J)
    return bench.set_rates(bench.J, 100_000, 500_000)


@operation("transcoder.after-evict", stage=Stage.FULL)
def transcoder_after_evict(bench):
    """after join.evict.tail: J.transcoder(100000, 500000) in the same round"""
    join_evict_tail(bench, None)
    return bench.set_rates(bench.J, 100_000, 500_000)


@operation("transcoder.joins.tail", stage=Stage.FULL, hints=behind_last)
def transcoder_joins_tail(bench, hints):
    """after join.full-too-small and more room: J.transcoder(100000, 500000) enters the pool as last"""
    join_full_too_small(bench)
    bench.make_room()
    return bench.set_rates(bench.J, 100_000, 500_000, hints)


@operation("transcoder.update")
def transcoder_update(bench):
    """On.reward(); then On.transcoder(50000, 600000)"""
    bench.reward(bench.size)
    return bench.set_rates(bench.last, 50_000, 600_000)


# ---- bonding


@operation("bond.first.bottom", hints=new_delegate_last)
def bond_first_bottom(bench, hints):
    """N0.bond(10 LPT, On): first bond of a new delegator"""
    return bench.bond(bench.N0, 10 * LPT, bench.last, hints)


@operation("bond.first.mid.nohint", SEVERAL)
def bond_first_mid(bench):
    """N0.bond(10 LPT, O(n/2+1))"""
    return bench.bond(bench.N0, 10 * LPT, bench.o(bench.middle))


@operation("bond.first.top.nohint", SEVERAL)
def bond_first_top(bench):
    """N0.bond(10 LPT, O1)"""
    return bench.bond(bench.N0, 10 * LPT, bench.o(1))


@operation("bond.more.bottom", hints=new_delegate_last)
def bond_more_bottom(bench, hints):
    """D0.bond(10 LPT, On): adds to its bond, claims one round of rewards on the way"""
    return bench.bond(bench.D0, 10 * LPT, bench.last, hints)


@operation("bond.more.again")
def bond_more_again(bench):
    """second D0.bond(10 LPT, On) in the same round: nothing to claim"""
    bench.bond(bench.D0, 10 * LPT, bench.last)
    return bench.bond(bench.D0, 10 * LPT, bench.last)


@operation("bond.for")
def bond_for(bench):
    """On.reward(); then third party P.bondForWithHint(10 LPT, D0, On, exact)"""
    bench.reward(bench.size)
    hints = new_delegate_last(bench)
    return bench.bonding.bondForWithHint.send(10 * LPT, bench.D0, bench.last, *hints, sender=bench.P)


@operation("bond.move", SEVERAL, hints=last_to_head)
def bond_move(bench, hints):
    """D0.bond(0, O1): moves its 10 LPT (plus rewards) from On to O1"""
    return bench.bond(bench.D0, 0, bench.o(1), hints)


# ---- rewards


@operation("reward.first-ever.bottom", stage=Stage.FIRST_REWARD, hints=last)
def reward_first_ever_bottom(bench, hints):
    """On.reward(): its first ever, before anybody else's"""
    return bench.reward(bench.size, hints)


@operation("reward.bottom", hints=last)
def reward_bottom(bench, hints):
    """On.reward(): it rewarded in the round before; first of this round"""
    return bench.reward(bench.size, hints)


@operation("reward.mid", SEVERAL, hints=middle)
def reward_mid(bench, hints):
    """O(n/2+1).reward(): it rewarded in the round before; first of this round"""
    return bench.reward(bench.middle, hints)


@operation("reward.top", SEVERAL, hints=head)
def reward_top(bench, hints):
    """O1.reward(): it rewarded in the round before; first of this round"""
    return bench.reward(1, hints)


@operation("reward.last-caller", TEN)
def reward_last_caller(bench):
    """O1..O(n-1) reward first, then On.reward()"""
    for k in range(1, bench.size):
        bench.reward(k)
    return bench.reward(bench.size)


@operation("reward.after-3-missed", TEN)
def reward_after_three_missed(bench):
    """r0+2..r0+4 missed by all (only r0+5 is initialized), then On.reward()"""
    bench.protocol.start_round(ahead=3)
    return bench.reward(bench.size)


@operation("reward.ceiling-reached", TEN)
def reward_ceiling_reached(bench):
    """the treasury holds its ceiling: On.reward() sets the next cut rate to 0"""
    treasury_lpt = bench.protocol.token.balanceOf(bench.protocol.treasury)
    bench.bonding.setTreasuryBalanceCeiling.send(treasury_lpt, sender=bench.owner)
    return bench.reward(bench.size)


# ---- unbonding, rebonding, transfer


@operation("unbond.full", hints=last)
def unbond_full(bench, hints):
    """D0.unbond(all, with the rewards that the call claims): delegator of On"""
    return bench.unbond(bench.D0, bench.whole_bond(bench.D0), hints)


@operation("unbond.partial", hints=last)
def unbond_partial(bench, hints):
    """D0.unbond(5 LPT)"""
    return bench.unbond(bench.D0, 5 * LPT, hints)


@operation("unbond.orchestrator.partial", hints=last)
def unbond_orchestrator_partial(bench, hints):
    """On.unbond(5 LPT)"""
    return bench.unbond(bench.last, 5 * LPT, hints)


@operation("unbond.orchestrator.full", SEVERAL)
def unbond_orchestrator_full(bench):
    """On.unbond(all): On resigns from the pool"""
    return bench.unbond(bench.last, bench.whole_bond(bench.last))


@operation("rebond", hints=last)
def rebond(bench, hints):
    """D0.unbond(5 LPT); then D0.rebond(0) in the same round"""
    bench.unbond(bench.D0, 5 * LPT)
    return bench.rebond(bench.D0, hints)


@operation("rebondFromUnbonded", hints=last)
def rebond_from_unbonded(bench, hints):
    """D0.unbond(all); then D0.rebondFromUnbonded(On, 0) in the same round"""
    bench.unbond(bench.D0, bench.whole_bond(bench.D0))
    return bench.rebond_from_unbonded(bench.D0, bench.last, hints)


@operation("transferBond.fresh.full.nohint")
def transfer_bond_fresh_full(bench):
    """D0.transferBond(N0, all, no hints): N0 has never bonded and gets On as delegate"""
    amount = bench.whole_bond(bench.D0)
    return bench.bonding.transferBond.send(bench.N0, amount, *ZEROS, *ZEROS, sender=bench.D0)


@operation("transferBond.fresh.full.hint")
def transfer_bond_fresh_full_hint(bench):
    """the same with exact hints"""
    amount, hints = bench.whole_bond(bench.D0), bench.around_last
    return bench.bonding.transferBond.send(bench.N0, amount, *hints, *hints, sender=bench.D0)


@operation("transferBond.fresh.partial.nohint")
def transfer_bond_fresh_partial(bench):
    """D0.transferBond(N0, 5 LPT, no hints)"""
    return bench.bonding.transferBond.send(bench.N0, 5 * LPT, *ZEROS, *ZEROS, sender=bench.D0)


@operation("transferBond.bonded.nohint", SEVERAL)
def transfer_bond_bonded(bench):
    """O1.reward(); then D0.transferBond(D1, 5 LPT, no hints): the receiver is bonded to O1"""
    bench.reward(1)
    return bench.bonding.transferBond.send(bench.D1, 5 * LPT, *ZEROS, *ZEROS, sender=bench.D0)


@operation("withdrawStake", TEN)
def withdraw_stake(bench):
    """D0.unbond(5 LPT); 7 rounds later (initialized) D0.withdrawStake(0)"""
    bench.unbond(bench.D0, 5 * LPT)
    bench.protocol.start_round(ahead=7)
    return bench.bonding.withdrawStake.send(0, sender=bench.D0)


# ---- claims


@operation("claimEarnings.1round")
def claim_one_round(bench):
    """D0.claimEarnings(0): one round of rewards"""
    return bench.claim(bench.D0)


@operation("claimEarnings.nothing", TEN)
def claim_nothing(bench):
    """D0.claimEarnings(0) twice in the same round: the second"""
    bench.claim(bench.D0)
    return bench.claim(bench.D0)


@operation("claimEarnings.11rounds", TEN)
def claim_eleven_rounds(bench):
    """ten more rounds in which all reward; then D0.claimEarnings(0)"""
    for _ in range(10):
        bench.all_reward()
        bench.protocol.start_round()
    return bench.claim(bench.D0)


@operation("claimEarnings.orchestrator", TEN)
def claim_orchestrator(bench):
    """On.claimEarnings(0): one round of rewards and reward cut"""
    return bench.claim(bench.last)


@operation("claimEarnings.rewards+fees", TEN)
def claim_rewards_and_fees(bench):
    """O1 has redeemed 0.01 ETH and rewarded in r0+2; in r0+3 D1.claimEarnings(0)"""
    earn_fees(bench)
    return bench.claim(bench.D1)


@operation("withdrawFees.orchestrator", TEN)
def withdraw_fees_orchestrator(bench):
    """O1 has redeemed 0.01 ETH and rewarded in r0+2; in r0+3 O1.withdrawFees(O1, all)"""
    earn_fees(bench)
    return withdraw_fees(bench, bench.o(1))


@operation("withdrawFees.delegator", TEN)
def withdraw_fees_delegator(bench):
    """the same by D1, a delegator of O1"""
    earn_fees(bench)
    return withdraw_fees(bench, bench.D1)


@operation("withdrawFees.claimed", TEN)
def withdraw_fees_claimed(bench):
    """the same, when D1 has claimed in this round already"""
    earn_fees(bench)
    bench.claim(bench.D1)
    return withdraw_fees(bench, bench.D1)


@operation("checkpointBondingState", TEN)
def checkpoint_bonding_state(bench):
    """P.checkpointBondingState(D0): D0 has a checkpoint of an earlier round"""
    return bench.bonding.checkpointBondingState.send(bench.D0, sender=bench.P)


def earn_fees(bench: Bench) -> None:
    """O1 earns fees and rewards in r0+2; r0+3 begins."""
    bench.fund(bench.B0, deposit=ETHER)
    bench.redeem(bench.B0, bench.o(1))
    bench.reward(1)
    bench.protocol.start_round()


def withdraw_fees(bench: Bench, account):
    amount = bench.whole_fees(account)
    assert 0 < amount <= FACE_VALUE
    return bench.bonding.withdrawFees.send(account, amount, sender=account)
