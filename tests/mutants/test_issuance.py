"""The historical weaknesses of clock, issuance and token (rounds-and-issuance.md 5), each on a contract that has it.

A scenario ends in a claim. On our contracts the claim holds; with the fault planted it fails with an AssertionError.

| id | fault | claim |
|---|---|---|
| R1 | mintable tokens from the supply of L2 only | all LPT bear inflation |
| R2 | a new round length counts from block zero | no earlier round number comes back |
| R3 | a paused Minter takes no ETH | a paused system can move to a new Minter |
| R4 | multiplied before divided | large stakes do not overflow |
| R5 | six digits | a stake of a ten-millionth earns its share |
| R6 | the cap is that of a reward, not of the round | a round mints no more than its mintable tokens |
| R7 | the burner role needs no allowance | what others hold is safe from the burner |
| R8 | who asks for tokens is not looked at | only the BondingManager moves them |
| R9 | the owner alone initializes | anybody can start a round |
| R10 | a made-up block hash | the recorded hash is the chain's |
| R12 | without a length it is round zero | there is no round before there is a clock |

R11, the clock set by hand on a live network, is a fault of deployment: scripts refuse it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from simulation.chain.facade import Chain
from simulation.chain.reverts import Reverted
from simulation.protocol import BURNER_ROLE, ETHER, LPT, MINTER_ROLE
from tests.helpers.issuance import (
    INFLATION,
    INFLATION_CHANGE,
    PPB,
    TARGET_BONDING_RATE,
    Issuance,
    deploy_issuance,
)

pytestmark = pytest.mark.unit

RATES = (INFLATION, INFLATION_CHANGE, TARGET_BONDING_RATE)
CONTRACTS = ("Minter", "LivepeerToken", "RoundsManager")


def succeeds(call: Callable, *args, **options) -> bool:
    """Whether a call goes through; a failing transaction leaves no trace."""
    try:
        call(*args, **options)
    except Reverted:
        return False
    return True


def with_mintable_tokens(issuance: Issuance, mintable: int) -> Issuance:
    """Let the round have that many mintable tokens; the supply is chosen so that they come out exactly."""
    inflation = INFLATION + INFLATION_CHANGE
    issuance.set_supply(-(-mintable * PPB // inflation))
    issuance.fix_reward_tokens()
    assert issuance.minter.currentMintableTokens() == mintable
    return issuance


def supply_on_l1_bears_inflation(issuance: Issuance) -> None:
    issuance.set_supply(600 * LPT, l1=1_000 * LPT)
    issuance.fix_reward_tokens()
    mintable = 1_600 * LPT * (INFLATION + INFLATION_CHANGE) // PPB
    assert issuance.minter.currentMintableTokens() == mintable, "R1: LPT on L1 bears no inflation"


def length_is_doubled(issuance: Issuance) -> None:
    clock = issuance.rounds_manager
    clock.setRoundLength.send(50, sender=issuance.owner)
    issuance.chain.mine(1_000)
    before = clock.currentRound()
    clock.setRoundLength.send(100, sender=issuance.owner)
    assert clock.currentRound() >= before, "R2: an earlier round number came back"


def paused_system_moves(issuance: Issuance) -> None:
    """To a Minter of the same code, as a rescue would."""
    chain, owner = issuance.chain, issuance.owner
    successor = chain.deploy(issuance.minter.contract_name, issuance.controller, *RATES)
    chain.set_balance(issuance.broker, ETHER)
    issuance.minter.depositETH.send(sender=issuance.broker, value=ETHER)
    issuance.controller.pause.send(sender=owner)
    assert succeeds(issuance.minter.migrateToNewMinter.send, successor, sender=owner), "R3: no way out"
    assert chain.balance(successor) == ETHER


def stakes_are_huge(issuance: Issuance) -> None:
    with_mintable_tokens(issuance, 1_000 * LPT)
    reward = issuance.minter.createReward
    stake = (10**67, 4 * 10**67)
    assert succeeds(reward.send, *stake, sender=issuance.bonding_manager), "R4: the product overflows"
    assert issuance.minter.currentMintedTokens() == 250 * LPT


def stake_is_a_ten_millionth(issuance: Issuance) -> None:
    with_mintable_tokens(issuance, 1_000 * LPT)
    receipt = issuance.minter.createReward.send(1, 10**7, sender=issuance.bonding_manager)
    assert receipt.return_value == LPT // 10_000, "R5: small stakes earn nothing"


def rewards_are_repeated(issuance: Issuance) -> None:
    with_mintable_tokens(issuance, 1_000 * LPT)
    for _ in range(3):
        succeeds(issuance.minter.createReward.send, 1, 2, sender=issuance.bonding_manager)
    assert issuance.token.balanceOf(issuance.minter) == 1_000 * LPT, "R6: more than the round's tokens"


def burner_destroys_anothers_tokens(issuance: Issuance) -> None:
    chain, token = issuance.chain, issuance.token
    burner, holder = chain.actor("burner"), chain.actor("holder")
    token.grantRole.send(BURNER_ROLE, burner, sender=issuance.owner)
    token.mint.send(holder, LPT, sender=issuance.owner)
    succeeds(token.burnFrom.send, holder, LPT, sender=burner)
    assert token.balanceOf(holder) == LPT, "R7: the burner took what it was not allowed"


def stranger_takes_bonded_tokens(issuance: Issuance) -> None:
    attacker = issuance.chain.actor("attacker")
    issuance.token.mint.send(issuance.minter, LPT, sender=issuance.owner)
    succeeds(issuance.minter.trustedTransferTokens.send, attacker, LPT, sender=attacker)
    assert issuance.token.balanceOf(issuance.minter) == LPT, "R8: a stranger took bonded tokens"


def owner_is_gone(issuance: Issuance) -> None:
    clock, stranger = issuance.rounds_manager, issuance.chain.actor("stranger")
    clock.setRoundLength.send(50, sender=issuance.owner)
    issuance.chain.mine(50)
    assert succeeds(clock.initializeRound.send, sender=stranger), "R9: nobody but the owner starts a round"


def round_is_started(issuance: Issuance) -> None:
    clock, chain = issuance.rounds_manager, issuance.chain
    clock.setRoundLength.send(50, sender=issuance.owner)
    chain.mine(50)
    receipt = clock.initializeRound.send(sender=issuance.owner)
    recorded = clock.blockHashForRound(clock.currentRound())
    assert recorded == chain.block_hash(receipt.block_number - 1), "R10: the hash is not the chain's"


def clock_is_not_set(issuance: Issuance) -> None:
    assert not succeeds(issuance.rounds_manager.currentRound), "R12: there is a round without a clock"


@dataclass(frozen=True)
class Attack:
    """A scenario, and the mutant on which its claim fails."""

    weakness: str
    contract: str
    fault: str
    scenario: Callable[[Issuance], None]

    @property
    def mutant(self) -> str:
        return f"{self.contract}__Mutant{self.fault}"

    def plant(self, issuance: Issuance) -> Issuance:
        """The same with the mutant in place of ours."""
        chain, owner = issuance.chain, issuance.owner
        if self.contract == "RoundsManager":
            target = chain.deploy(self.mutant, issuance.controller, sender=owner)
            issuance.register("RoundsManagerTarget", target)
            return issuance
        if self.contract == "LivepeerToken":
            token = issuance.deploy_registered(self.mutant, name="LivepeerToken")
            token.grantRole.send(MINTER_ROLE, owner, sender=owner)
            return replace(issuance, token=token)
        minter = issuance.deploy_registered(self.mutant, issuance.controller, *RATES, name="Minter")
        issuance.token.grantRole.send(MINTER_ROLE, minter, sender=owner)
        return replace(issuance, minter=minter)


ATTACKS = [
    Attack("R1", "Minter", "SupplyOfL2Only", supply_on_l1_bears_inflation),
    Attack("R2", "RoundsManager", "NoAnchor", length_is_doubled),
    Attack("R3", "Minter", "PausedDeposit", paused_system_moves),
    Attack("R4", "Minter", "ProductFirst", stakes_are_huge),
    Attack("R5", "Minter", "SixDigits", stake_is_a_ten_millionth),
    Attack("R6", "Minter", "CapPerReward", rewards_are_repeated),
    Attack("R7", "LivepeerToken", "BurnWithoutAllowance", burner_destroys_anothers_tokens),
    Attack("R8", "Minter", "AnybodyTransfers", stranger_takes_bonded_tokens),
    Attack("R9", "RoundsManager", "OwnerInitializes", owner_is_gone),
    Attack("R10", "RoundsManager", "MadeUpHash", round_is_started),
    Attack("R12", "RoundsManager", "RoundZeroWithoutClock", clock_is_not_set),
]
EACH_ATTACK = pytest.mark.parametrize(
    "attack", ATTACKS, ids=[f"{attack.weakness}-{attack.fault}" for attack in ATTACKS]
)


@pytest.fixture
def issuance(chain: Chain) -> Issuance:
    """Clock, Minter and token; the round length is not set."""
    return deploy_issuance(chain)


@EACH_ATTACK
def test_attack__on_our_contracts__fails(issuance, attack):
    attack.scenario(issuance)


@EACH_ATTACK
def test_attack__on_the_mutant__succeeds(issuance, attack):
    planted = attack.plant(issuance)
    with pytest.raises(AssertionError, match=rf"^{attack.weakness}: "):
        attack.scenario(planted)


def test_mutants__of_clock_issuance_and_token__each_has_its_attack(artifacts):
    """A mutant that nothing attacks would prove nothing."""
    planted = {
        name for name in artifacts if name.startswith(tuple(f"{contract}__Mutant" for contract in CONTRACTS))
    }
    assert planted == {attack.mutant for attack in ATTACKS}
