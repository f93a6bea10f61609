"""Operations of RoundsManager, and what each contract's part in them costs."""

from tests.gas.bench import Bench, Stage
from tests.gas.operations import ALL_SIZES, NONE, TEN, operation


@operation("initializeRound", NONE, Stage.NOTHING)
def initialize_first_round(bench):
    """initializeRound as the very first round of the system"""
    return bench.protocol.start_round()


@operation("initializeRound", ALL_SIZES)
def initialize_round(bench):
    """initializeRound of r0+3 with n orchestrators in the pool"""
    return bench.protocol.start_round()


@operation("initializeRound.cutrate-change", TEN)
def initialize_round_cut_rate_change(bench):
    """initializeRound that also applies a new treasury reward cut rate (20 %)"""
    bench.bonding.setTreasuryRewardCutRate.send(2 * 10**26, sender=bench.owner)
    return bench.protocol.start_round()


@operation("initializeRound.sub.setCurrentRoundTotalActiveStake", TEN)
def part_of_bonding_manager(bench):
    """part of initializeRound: gas of the call into BondingManager"""
    return _part_of_initialize_round(bench, bench.bonding.address)


@operation("initializeRound.sub.setCurrentRewardTokens", TEN)
def part_of_minter(bench):
    """part of initializeRound: gas of the call into Minter"""
    return _part_of_initialize_round(bench, bench.protocol.minter.address)


@operation("setCurrentRoundTotalActiveStake.direct", TEN)
def set_current_round_total_active_stake(bench):
    """as a transaction of the RoundsManager's address in r0+3, round not initialized"""
    bench.protocol.mine_to_round()
    return bench.bonding.setCurrentRoundTotalActiveStake.send(sender=bench.rounds)


def _part_of_initialize_round(bench: Bench, address: str) -> int:
    bench.protocol.start_round()
    calls = [call for call in bench.chain.trace().calls[0].calls if call.to == address]
    assert len(calls) == 1
    return calls[0].gas_used
