"""The stage on which attacks on stake and votes are played, and the claims that several of them make.

    orchestrator    bond 1000, in all 8000; both rates 50 %; has rewarded 4000 and earned 800 in the round before
    delegator       bond 2000 behind the orchestrator, 3000 with its share of that reward
    partner         bond 1000 behind it, 1500 with its share
    rival           bond 3000, orchestrator too; reward cut 0, fee share 100 %; has rewarded nothing
    newcomer, benefactor, challenger    no bond

The pool has two places. Nobody has claimed since, and nobody has rewarded in the current round. This past was made by
our contracts; the contract with the fault comes as an upgrade.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from simulation.chain.actors import Actor
from simulation.chain.facade import Chain, open_chain
from simulation.chain.reverts import Reverted
from simulation.exam.catalogue import CATALOGUE
from simulation.exam.fault import Fault
from simulation.planted_faults import compile_faults
from tests.helpers.staking import Staking, open_staking
from tools.artifacts import Artifact

HALF_PPM, WHOLE_PPM = 500_000, 1_000_000


@dataclass(frozen=True)
class Stage:
    """See the module."""

    staking: Staking
    orchestrator: Actor
    delegator: Actor
    partner: Actor
    rival: Actor
    newcomer: Actor
    benefactor: Actor
    challenger: Actor

    @property
    def chain(self) -> Chain:
        return self.staking.chain

    @property
    def manager(self):
        return self.staking.manager

    @property
    def accounts(self) -> list[Actor]:
        return [
            self.orchestrator,
            self.delegator,
            self.partner,
            self.rival,
            self.newcomer,
            self.benefactor,
            self.challenger,
        ]

    def stake(self, account: Actor) -> int:
        return self.staking.pending(account)[0]

    def fees(self, account: Actor) -> int:
        return self.staking.pending(account)[1]

    def evict_rival(self, by: Actor, stake: int = 5000) -> None:
        """The rival stays active to the end of the round."""
        self.staking.bond(by, stake, by)
        assert self.rival not in [member for member, _ in self.staking.pool()]

    def fee_step(self, orchestrator: Actor) -> int | None:
        """By how much 600 wei of fees raise the fee factor; None when they are refused."""
        before = self._fee_factor(orchestrator)
        if not succeeds(self.staking.earn_fees, orchestrator, 600):
            return None
        return self._fee_factor(orchestrator) - before

    def _fee_factor(self, orchestrator: Actor) -> int:
        row = self.manager.getTranscoderEarningsPoolForRound(orchestrator, self.staking.round)
        return row.cumulativeFeeFactor

    def assert_stake_is_covered(self, weakness: str) -> None:
        """All bonds behind a delegate, earnings included, are within what is delegated to it (staking 7, 2)."""
        owed: dict[str, int] = {}
        for account in self.accounts:
            record = self.staking.record(account)
            if record.bonded:
                owed[record.delegate] = owed.get(record.delegate, 0) + self.stake(account)
        for delegate, stake in owed.items():
            held = self.manager.transcoderTotalStake(delegate)
            assert stake <= held, f"{weakness}: {stake} is owed of the {held} delegated to {delegate}"

    def assert_fees_are_covered(self, weakness: str) -> None:
        """All fees, claimed or not, are within the ETH that the Minter holds (staking 7, 5)."""
        owed = sum(self.fees(account) for account in self.accounts)
        held = self.chain.balance(self.staking.minter)
        assert owed <= held, f"{weakness}: {owed} wei are owed of {held}"


Scenario = Callable[[Stage], None]


@dataclass(frozen=True)
class Attack:
    """A scenario that ends in a claim, and the fault with which it succeeds."""

    weakness: str
    fault: Fault
    scenario: Scenario

    @property
    def id(self) -> str:
        return f"{self.weakness}-{self.fault.name}"


def attack(weakness: str, fault: str, scenario: Scenario) -> Attack:
    """An attack that succeeds with a fault of the catalogue."""
    return Attack(weakness, CATALOGUE[fault], scenario)


def succeeds(call: Callable, *args, **options) -> bool:
    """Whether a call goes through; a failing transaction leaves no trace."""
    try:
        call(*args, **options)
    except Reverted:
        return False
    return True


def staged_attacks(attacks: list[Attack], artifacts: dict[str, Artifact], engine: str) -> Iterator[Stage]:
    """The stage, on a chain that knows the faulty contracts too."""
    faulty = compile_faults([planted for attack in attacks for planted in attack.fault.planted], artifacts)
    chain = open_chain(engine, {**artifacts, **faulty})
    yield open_stage(chain)
    chain.close()


def upgrade(stage: Stage, contract: str, to: str) -> None:
    """Let the proxy of `contract` run other code."""
    protocol = stage.staking.protocol
    target = stage.chain.deploy(to, protocol.controller, sender=protocol.owner)
    protocol.register(f"{contract}Target", target)


def play(stage: Stage, attack: Attack) -> None:
    """The attack on the contract with the fault: its claim must fail, with the name of the weakness."""
    for planted in attack.fault.planted:
        upgrade(stage, planted.contract, planted.artifact_name)
    with pytest.raises(AssertionError, match=rf"^{attack.weakness}: "):
        attack.scenario(stage)


def play_on_ours(stage: Stage, attack: Attack) -> None:
    """The attack after an upgrade to the same code: its claim must hold."""
    for contract in attack.fault.contracts:
        upgrade(stage, contract, contract)
    attack.scenario(stage)


def open_stage(chain: Chain) -> Stage:
    """See the module."""
    staking = open_staking(chain)
    roles = (
        "orchestrator",
        "delegator",
        "partner",
        "rival orchestrator",
        "newcomer",
        "benefactor",
        "challenger",
    )
    stage = Stage(staking, *(chain.actor(role) for role in roles))
    staking.protocol.rounds_manager.setRoundLength.send(100, sender=staking.protocol.owner)
    staking.start_round()
    staking.bond(stage.orchestrator, 1000, stage.orchestrator)
    staking.set_rates(stage.orchestrator, HALF_PPM, HALF_PPM)
    staking.bond(stage.delegator, 2000, stage.orchestrator)
    staking.bond(stage.partner, 1000, stage.orchestrator)
    staking.bond(stage.rival, 3000, stage.rival)
    staking.set_rates(stage.rival, 0, WHOLE_PPM)
    staking.start_round()
    staking.earn_fees(stage.orchestrator, 800)
    staking.reward(stage.orchestrator, 4000)
    staking.reward(stage.rival, 0)
    staking.start_round()
    assert [stage.stake(account) for account in (stage.delegator, stage.partner)] == [3000, 1500]
    return stage
