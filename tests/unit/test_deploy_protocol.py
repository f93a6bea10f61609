"""simulation/protocol.py: the deployment that most tests start from is wired as it says."""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.protocol import LPT, MINTER_ROLE, contract_id, deploy_protocol

PROXIED = {
    "TicketBroker": "ticket_broker",
    "BondingManager": "bonding_manager",
    "BondingVotes": "bonding_votes",
    "RoundsManager": "rounds_manager",
    "ServiceRegistry": "service_registry",
}
DIRECT = {
    "Minter": "minter",
    "LivepeerToken": "token",
    "LivepeerTokenFaucet": "faucet",
    "Treasury": "treasury",
    "L2LPTDataCache": "l2_lpt_data_cache",
    "JobsManager": "ticket_broker",
}


@pytest.fixture(params=[False, True], ids=["block clock", "adjustable clock"])
def deployed(request, chain):
    return deploy_protocol(chain, adjustable_clock=request.param)


def test_deploy_protocol__default__registers_every_contract(deployed):
    registered = deployed.controller.getContract

    for name, attribute in (PROXIED | DIRECT).items():
        assert registered(contract_id(name)) == getattr(deployed, attribute), name
    for name in PROXIED:
        assert registered(contract_id(f"{name}Target")) == deployed.targets[name], name
    assert registered(contract_id("Verifier")) == ZERO_ADDRESS


def test_deploy_protocol__default__runs_in_the_first_block_of_an_initialized_round(deployed):
    clock = deployed.rounds_manager

    assert deployed.controller.paused() is False
    assert clock.currentRoundInitialized() is True
    assert clock.blockNum() == clock.currentRoundStartBlock()
    assert deployed.current_round > 0


def test_deploy_protocol__default__leaves_the_minter_role_to_the_minter(deployed):
    assert deployed.token.hasRole(MINTER_ROLE, deployed.minter) is True
    assert deployed.token.hasRole(MINTER_ROLE, deployed.owner) is False
    assert deployed.token.totalSupply() == 6_843_700 * LPT


def test_start_round__one_or_several_ahead__initializes_that_round(deployed):
    first = deployed.current_round

    assert deployed.start_round().event("NewRound")["round"] == first + 1
    assert deployed.start_round(ahead=3).event("NewRound")["round"] == first + 4
    deployed.pass_rounds(2)
    assert deployed.current_round == deployed.rounds_manager.lastInitializedRound() == first + 6


def test_mine__some_blocks__advance_the_clock_of_the_rounds(deployed):
    block = deployed.rounds_manager.blockNum()

    deployed.mine(7)

    assert deployed.rounds_manager.blockNum() == block + 7


def test_give_lpt__to_an_account__lets_the_bonding_manager_take_it(deployed):
    delegator = deployed.chain.actor("delegator")

    deployed.give_lpt(delegator, 3 * LPT)
    deployed.give_lpt(delegator, 2 * LPT, approve=False)

    assert deployed.token.balanceOf(delegator) == 5 * LPT
    assert deployed.token.allowance(delegator, deployed.bonding_manager) == 3 * LPT


def test_deploy_protocol__hand_over__makes_the_governor_owner_of_the_controller(chain):
    protocol = deploy_protocol(chain, hand_over=True)

    assert protocol.controller.owner() == protocol.governor
    assert protocol.governor.owner() == protocol.owner


def test_deploy_protocol__paused__has_no_initialized_round(chain):
    protocol = deploy_protocol(chain, unpause=False)

    assert protocol.controller.paused() is True
    assert protocol.rounds_manager.lastInitializedRound() == 0


def test_deploy_protocol__parameters__reach_their_contracts(chain):
    protocol = deploy_protocol(
        chain,
        inflation=1,
        inflation_change=0,
        target_bonding_rate=3,
        round_length=20,
        round_lock_amount=5,
        unbonding_period=6,
        num_active_transcoders=7,
        treasury_reward_cut_rate=8,
        treasury_balance_ceiling=9,
        unlock_period=10,
        ticket_validity_period=11,
        faucet_request_amount=12,
        faucet_request_wait=13,
    )

    minter, clock, bonding = protocol.minter, protocol.rounds_manager, protocol.bonding_manager
    assert (minter.inflation(), minter.inflationChange(), minter.targetBondingRate()) == (1, 0, 3)
    assert (clock.roundLength(), clock.roundLockAmount()) == (20, 5)
    assert (bonding.unbondingPeriod(), bonding.getTranscoderPoolMaxSize()) == (6, 7)
    assert (bonding.treasuryRewardCutRate(), bonding.treasuryBalanceCeiling()) == (8, 9)
    assert protocol.ticket_broker.unlockPeriod() == 10
    assert protocol.ticket_broker.ticketValidityPeriod() == 11
    assert (protocol.faucet.requestAmount(), protocol.faucet.requestWait()) == (12, 13)


def test_deploy_protocol__unknown_parameter__raises(chain):
    with pytest.raises(TypeError, match="roundLength"):
        deploy_protocol(chain, roundLength=20)
