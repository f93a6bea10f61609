"""What a pause stops, and what it does not, over the whole protocol (control plane 3.2; invariant 12, C7).

given the system is paused, and a function that moves stake, payments, rounds or issuance
    it should revert with SystemPaused (redemption of tickets: tests/unit/ticket_broker)
given the system is paused, and a parameter, a registration, a rescue of funds, a service address or a view
    it should work as ever
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import COMMIT, contract_id

pytestmark = pytest.mark.unit

A, B = "0x" + "11" * 20, "0x" + "22" * 20
HINTS = (ZERO_ADDRESS, ZERO_ADDRESS)

STOPPED = {
    "bonding_manager": {
        "bond": (1, A),
        "bondWithHint": (1, A, *HINTS, *HINTS),
        "bondForWithHint": (1, A, B, *HINTS, *HINTS),
        "unbond": (1,),
        "unbondWithHint": (1, *HINTS),
        "rebond": (0,),
        "rebondWithHint": (0, *HINTS),
        "rebondFromUnbonded": (A, 0),
        "rebondFromUnbondedWithHint": (A, 0, *HINTS),
        "transferBond": (A, 1, *HINTS, *HINTS),
        "withdrawStake": (0,),
        "withdrawFees": (A, 1),
        "claimEarnings": (0,),
        "transcoder": (0, 0),
        "transcoderWithHint": (0, 0, *HINTS),
        "reward": (),
        "rewardWithHint": HINTS,
        "setRewardCaller": (A,),
        "creditFees": (A, 1, 1),
        "updateTranscoderWithFees": (A, 1, 0),
        "slashTranscoder": (A, B, 1, 1),
    },
    "rounds_manager": {"initializeRound": ()},
    "ticket_broker": {
        "fundDeposit": (),
        "fundReserve": (),
        "fundDepositAndReserve": (0, 0),
        "fundDepositAndReserveFor": (A, 0, 0),
        "unlock": (),
        "cancelUnlock": (),
        "withdraw": (),
    },
}
# Of the Minter the caller is asked for first: these are called by who may.
STOPPED_FOR = {
    "createReward": ("bonding_manager", (1, 1)),
    "trustedTransferTokens": ("bonding_manager", (A, 0)),
    "trustedBurnTokens": ("bonding_manager", (0,)),
    "trustedWithdrawETH": ("bonding_manager", (A, 0)),
    "setCurrentRewardTokens": ("rounds_manager", ()),
}
CALLS = [(contract, function) for contract, functions in STOPPED.items() for function in functions]


@pytest.fixture
def paused(protocol):
    protocol.controller.pause.send(sender=protocol.owner)
    return protocol


@pytest.mark.parametrize(("contract", "function"), CALLS)
def test_pause__function_that_moves_value__reverts(chain, paused, stranger, contract, function):
    with chain.reverts("SystemPaused"):
        getattr(getattr(paused, contract), function).send(*STOPPED[contract][function], sender=stranger)


@pytest.mark.parametrize("function", STOPPED_FOR)
def test_pause__function_of_the_minter__reverts_for_its_proper_caller(chain, paused, function):
    caller, arguments = STOPPED_FOR[function]

    with chain.reverts("SystemPaused"):
        getattr(paused.minter, function).send(*arguments, sender=getattr(paused, caller))


@pytest.mark.parametrize("contract", ["bonding_manager", "rounds_manager"])
def test_pause__stopped_functions__are_all_that_move_stake_and_rounds(protocol, contract):
    """A function that is added has to be sorted into this test."""
    not_stopped = {
        "setController",
        "setUnbondingPeriod",
        "setTreasuryRewardCutRate",
        "setTreasuryBalanceCeiling",
        "setNumActiveTranscoders",
        "checkpointBondingState",
        # Called by the RoundsManager, which is stopped itself.
        "setCurrentRoundTotalActiveStake",
        # LIP-118: these go through `reward`.
        "rewardForTranscoder",
        "rewardForTranscoderWithHint",
        "setRoundLength",
        "setRoundLockAmount",
        "setLIPUpgradeRound",
    }
    writing = {
        function.name
        for overloads in getattr(protocol, contract).abi.functions.values()
        for function in overloads
        if function.mutability not in ("view", "pure")
    }

    assert writing - not_stopped == set(STOPPED[contract])


def test_pause__parameters_registration_and_rescue__work(chain, paused, stranger):
    """C7: a pause must not stand in the way of mending what it was made for."""
    owner, broker = paused.owner, paused.ticket_broker
    calls = [
        (paused.bonding_manager.setUnbondingPeriod, (3,), owner),
        (paused.bonding_manager.setTreasuryRewardCutRate, (10**26,), owner),
        (paused.bonding_manager.setTreasuryBalanceCeiling, (5,), owner),
        (paused.bonding_manager.setNumActiveTranscoders, (50,), owner),
        (paused.bonding_manager.checkpointBondingState, (stranger,), stranger),
        (paused.rounds_manager.setRoundLength, (60,), owner),
        (paused.rounds_manager.setRoundLockAmount, (5,), owner),
        (paused.rounds_manager.setLIPUpgradeRound, (1, 2), owner),
        (broker.setUnlockPeriod, (3,), owner),
        (broker.setTicketValidityPeriod, (3,), owner),
        (paused.minter.setTargetBondingRate, (1,), owner),
        (paused.minter.setInflationChange, (1,), owner),
        (paused.minter.depositETH, (), broker),
        (paused.service_registry.setServiceURI, ("https://orchestrator",), stranger),
        (paused.token.approve, (A, 1), stranger),
        (paused.controller.setContractInfo, (contract_id("Treasury"), paused.token, COMMIT), owner),
        (paused.controller.transferOwnership, (owner,), owner),
    ]
    for function, arguments, sender in calls:
        function.send(*arguments, sender=sender)


def test_pause__funds_of_the_minter__can_move_to_a_new_one(chain, paused):
    new = chain.deploy("Minter", paused.controller, 0, 0, 0)
    chain.set_balance(paused.minter, 7)

    paused.minter.migrateToNewMinter.send(new, sender=paused.owner)

    assert chain.balance(new) == 7


def test_pause__views__answer(paused, stranger):
    assert paused.bonding_manager.getDelegator(stranger).bondedAmount == 0
    assert paused.bonding_votes.getVotes(stranger) == 0
    assert paused.rounds_manager.currentRound() > 0
    assert paused.minter.currentMintableTokens() > 0
    assert paused.ticket_broker.getSenderInfo(stranger) is not None
    assert paused.service_registry.getServiceURI(stranger) == ""


def test_pause__rounds_pass_meanwhile__one_initialization_jumps_to_the_present(paused):
    before = paused.current_round
    paused.mine_to_round(5)
    paused.controller.unpause.send(sender=paused.owner)

    paused.initialize_round()

    assert paused.current_round == before + 5
    assert paused.rounds_manager.lastInitializedRound() == before + 5
    assert paused.rounds_manager.blockHashForRound(before + 3) == bytes(32)
