"""Votes and stake say the same (staking 5.3): at the start of a round, before anything happens in it,

    an orchestrator has the stake pointed at it, in the active set or not
    a delegator of an orchestrator has its pending stake
    everybody else has nothing

and the same number is told ever after. Totals likewise: what was bonded to the active set.
"""

from random import Random

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.reverts import Reverted
from tests.helpers.staking import Staking, open_staking

pytestmark = pytest.mark.unit


@pytest.fixture(scope="session")
def opened_staking(session_chain) -> Staking:
    return open_staking(session_chain)


@pytest.fixture
def staking(opened_staking, chain) -> Staking:
    """An empty pool of two in an initialized round."""
    opened_staking.protocol.rounds_manager.setRoundLength.send(1_000, sender=opened_staking.protocol.owner)
    opened_staking.start_round()
    return opened_staking


def expected_votes(staking, account):
    record = staking.record(account)
    if record.bonded == 0:
        return 0, record.delegate
    if record.delegate == account:
        return record.delegated, account
    is_behind_one = staking.manager.isRegisteredTranscoder(record.delegate)
    return staking.manager.pendingStake(account, 0) if is_behind_one else 0, record.delegate


@pytest.mark.parametrize("seed", range(4))
def test_votes__any_history__are_the_stake_at_the_start_of_the_round_for_good(staking, seed):
    random = Random(seed)
    accounts = [staking.chain.actor(f"account {number}") for number in range(7)]
    targets = [*accounts[:4], accounts[6], ZERO_ADDRESS]
    told: dict[tuple[str, int], tuple[int, str]] = {}
    totals: dict[int, int] = {}

    def act(account):
        actions = {
            "bond": lambda: staking.bond(account, random.randrange(1, 10**6), random.choice(targets)),
            "move": lambda: staking.manager.bond.send(0, random.choice(targets), sender=account),
            "join": lambda: staking.bond(account, random.randrange(1, 10**6), account),
            "unbond": lambda: staking.manager.unbond.send(random.randrange(1, 10**6), sender=account),
            "leave": lambda: staking.manager.unbond.send(staking.record(account).bonded, sender=account),
            "rebond": lambda: staking.manager.rebond.send(0, sender=account),
            "return": lambda: staking.manager.rebondFromUnbonded.send(
                random.choice(targets), 0, sender=account
            ),
            "transfer": lambda: staking.transfer_bond(
                account, random.choice(accounts), random.randrange(1, 10**5)
            ),
            "reward": lambda: staking.reward(account, random.randrange(10**6)),
            "fees": lambda: staking.earn_fees(account, random.randrange(10**6)),
            "rates": lambda: staking.set_rates(account, random.randrange(10**6), random.randrange(10**6)),
            "claim": lambda: staking.manager.claimEarnings.send(0, sender=account),
            "withdraw": lambda: staking.manager.withdrawFees.send(account, 0, sender=account),
        }
        try:
            actions[random.choice(list(actions))]()
        except Reverted:
            return

    for _ in range(12):
        for _ in range(12):
            act(random.choice(accounts))
        r = staking.start_round(random.choice([1, 1, 1, 2]))
        for account in accounts:
            told[account, r] = expected_votes(staking, account)
        totals[r] = staking.manager.currentRoundTotalActiveStake()
        for (account, round_), answer in told.items():
            assert staking.votes.getVotesAndDelegateAtRoundStart(account, round_) == answer
        assert {n: staking.votes.getTotalActiveStakeAt(n) for n in totals} == totals
    assert any(votes for votes, _ in told.values())
