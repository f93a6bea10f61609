"""A lived-in network moves to a new Controller by a vote of its stake, and goes on.

The Controller belongs to the Governor, that to the treasury.  Three orchestrators are active, a gateway has funds, and
a vote is open while the other one, on the move, is carried out: by the LivepeerGovernor, which is moved itself.
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.contracts import Contract
from simulation.chain.reverts import Reverted
from simulation.governance import FOR, Governance, Proposal, State, deploy_governance, make_proposal
from simulation.protocol import COMMIT, ETHER, LPT, contract_id
from tests.helpers.registry import ALIAS, ALL_NAMES, PROXIED, Registry
from tests.helpers.staged_updates import StagedUpdate, run_update, update
from tests.helpers.ticket_market import TicketMarket, open_ticket_market

pytestmark = pytest.mark.integration

# Each contract that obeys a Controller, once: a proxy that has two ids is moved under one of them.
MOVED = (*PROXIED, "Minter", *(f"{name}Target" for name in PROXIED), "MerkleSnapshot")


@pytest.fixture
def market(chain) -> TicketMarket:
    return open_ticket_market(chain, num_active_transcoders=4)


@pytest.fixture
def governance(market) -> Governance:
    protocol = market.protocol
    governance, governor = deploy_governance(protocol), protocol.governor
    handover = update((governor, 0, governor.transferOwnership.encode(governance.treasury)))
    run_update(governor, handover, sender=protocol.owner)
    protocol.controller.transferOwnership.send(governor, sender=protocol.owner)
    return governance


@pytest.fixture
def successor(market, governance) -> Contract:
    """The new Controller with the entries of the former one, running, and handed over: nothing obeys it yet."""
    protocol = market.protocol
    controller = protocol.chain.deploy("Controller", sender=protocol.owner)
    for name in ALL_NAMES:
        address = protocol.controller.getContract(contract_id(name))
        if address != ZERO_ADDRESS:
            controller.setContractInfo.send(contract_id(name), address, COMMIT, sender=protocol.owner)
    controller.unpause.send(sender=protocol.owner)
    controller.transferOwnership.send(protocol.governor, sender=protocol.owner)
    return controller


def moves_to(market: TicketMarket, successor: Contract) -> StagedUpdate:
    """All calls in one update of the Governor."""
    former, move = market.protocol.controller, market.protocol.controller.updateController
    return update(*((former, 0, move.encode(contract_id(name), successor)) for name in MOVED))


def moving(market: TicketMarket, successor: Contract) -> Proposal:
    """A proposal by which the update is staged and executed at once."""
    governor, moves = market.protocol.governor, moves_to(market, successor)
    stage, execute = governor.stage.encode(moves, 0), governor.execute.encode(moves)
    return make_proposal((governor, 0, stage), (governor, 0, execute), description="A new Controller")


def test_new_controller__moved_to_with_the_least_gas_that_succeeds__attaches_all(
    market, governance, successor
):
    """Anybody executes what is staged, with the gas that they choose."""
    governor, moves = market.protocol.governor, moves_to(market, successor)
    governor.stage.send(moves, 0, sender=governance.treasury)
    too_little, enough = 21_000, 10_000_000
    while enough - too_little > 1:
        gas = (too_little + enough) // 2
        try:
            governor.execute.call(moves, sender=market.outsider, gas=gas)
        except Reverted:
            too_little = gas
        else:
            enough = gas

    governor.execute.send(moves, sender=market.outsider, gas=enough)

    former = market.protocol.controller
    subscribers = [former.getContract(contract_id(name)) for name in (*PROXIED, "Minter")]
    assert all(successor.isAttached(one) for one in subscribers)


def test_new_controller__moved_to_by_a_vote__everybody_goes_on(market, governance, successor):
    protocol, bonding, orchestrator = market.protocol, market.protocol.bonding_manager, market.orchestrator
    market.fund(3 * ETHER, 3 * ETHER)
    protocol.token.transfer.send(governance.treasury, 7 * LPT, sender=protocol.owner)
    pay = protocol.token.transfer.encode(market.outsider, 7 * LPT)
    payment = make_proposal((protocol.token, 0, pay), description="Pay the outsider")
    move = moving(market, successor)
    governance.propose(move, sender=orchestrator)
    protocol.start_round()
    governance.propose(payment, sender=orchestrator)
    protocol.pass_rounds(2)
    for voter in market.orchestrators:
        governance.governor.castVote.send(move.id, FOR, sender=voter)
    governance.governor.castVote.send(payment.id, FOR, sender=orchestrator)
    protocol.pass_rounds(governance.parameters.voting_period - 1)
    ticket = market.issue(ETHER)
    before = [bonding.getDelegator(one) for one in market.orchestrators]
    governance.queue(move)
    governance.execute(move)

    contracts = {protocol.controller.getContract(contract_id(name)): name for name in MOVED}
    assert len(contracts) == len(MOVED)
    for address in contracts:
        assert protocol.chain.at("ManagerProxy", address).controller() == successor
    there = Registry(protocol.chain, successor)
    movers = [protocol.chain.at("ManagerProxy", successor.getContract(contract_id(name))) for name in PROXIED]
    there.assert_pushed([*movers, protocol.minter])
    assert not any(protocol.controller.getSubscribers(contract_id(name)) for name in ALL_NAMES)
    assert [bonding.getDelegator(one) for one in market.orchestrators] == before

    # Votes that were cast before the move count, and one that was not is cast after it, in the same round.
    governance.governor.castVote.send(payment.id, FOR, sender=market.second_orchestrator)
    market.redeem(ticket)
    assert market.fees() == ETHER
    bonding.reward.send(sender=orchestrator)
    protocol.give_lpt(market.outsider, LPT)
    bonding.bond.send(LPT, orchestrator, sender=market.outsider)
    protocol.start_round()
    bonding.reward.send(sender=orchestrator)
    market.redeem(market.issue(ETHER))
    governance.queue(payment)
    governance.execute(payment)
    assert governance.state(payment) == State.EXECUTED
    assert protocol.token.balanceOf(market.outsider) == 7 * LPT
    with protocol.chain.reverts("CallerNotControllerOwner", caller=protocol.owner, owner=protocol.governor):
        bonding.setUnbondingPeriod.send(3, sender=protocol.owner)
    assert successor.getContract(contract_id(ALIAS)) == protocol.ticket_broker
