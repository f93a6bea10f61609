"""The protocol where `block.number` is that of L1, as on Arbitrum: shared by many transactions, and jumping.

shared numbers   are one block of the round, for the clock, checkpoints, rewards, and the Governor's delay
jumps            over the start of a round, over rounds, into the lock, over the end of locks and polls: what is due is
                 due, once, in the round that the clock shows; skipped rounds have no hash and no tickets
hashes           tickets are dated with the recorded hash of a round; a round whose hash was zero has no tickets
"""

import pytest

from simulation.protocol import LPT, deploy_protocol
from simulation.tickets import Ticket
from tests.helpers.arbitrum import open_arbitrum_chain

pytestmark = pytest.mark.integration

LENGTH = 50
ETHER = 10**18


class Network:
    """A protocol on a chain whose block numbers are those of L1, with an orchestrator that has stake."""

    def __init__(self, artifacts) -> None:
        self.chain = open_arbitrum_chain(artifacts)
        self.chain.mine_to(1_000)
        self.protocol = deploy_protocol(self.chain, round_length=LENGTH, initialize_round=False)
        self.rounds, self.bonding = self.protocol.rounds_manager, self.protocol.bonding_manager
        self.orchestrator = self.chain.actor("orchestrator")
        self.gateway = self.chain.actor("gateway")
        self.begin_round()
        self.protocol.give_lpt(self.orchestrator, 1_000 * LPT)
        self.bonding.bond.send(100 * LPT, self.orchestrator, sender=self.orchestrator)

    @property
    def round(self) -> int:
        return self.rounds.currentRound()

    def jump_to_round(self, ahead: int = 1, offset: int = 0) -> None:
        """The next transaction sees that block of that round."""
        self.chain.mine_to(self.rounds.currentRoundStartBlock() + ahead * LENGTH + offset)

    def begin_round(self, ahead: int = 1, offset: int = 0):
        self.jump_to_round(ahead, offset)
        return self.protocol.initialize_round()

    def fund(self) -> None:
        arguments = (5 * ETHER, 5 * ETHER)
        self.chain.set_balance(self.gateway, 20 * ETHER)
        broker = self.protocol.ticket_broker
        broker.fundDepositAndReserve.send(*arguments, sender=self.gateway, value=10 * ETHER)

    def ticket(self, creation_round: int, block_hash: bytes, nonce: int = 0):
        ticket = Ticket(
            recipient=self.orchestrator.address,
            sender=self.gateway.address,
            face_value=1_000,
            creation_round=creation_round,
            block_hash=block_hash,
            sender_nonce=nonce,
        )
        return ticket.sign(self.gateway)

    def redeem(self, signed) -> None:
        broker = self.protocol.ticket_broker
        broker.redeemWinningTicket.send(*signed.arguments, sender=self.orchestrator)


@pytest.fixture(scope="module")
def prepared(artifacts):
    network = Network(artifacts)
    yield network
    network.chain.close()


@pytest.fixture
def network(prepared):
    with prepared.chain.isolate():
        yield prepared


def test_clock__transactions_that_share_a_number__are_in_one_block_of_the_round(network):
    before = (network.round, network.rounds.blockNum(), network.chain.block_number)
    for _ in range(2 * LENGTH):
        network.protocol.token.approve.send(network.gateway, 1, sender=network.orchestrator)
    assert (network.round, network.rounds.blockNum(), network.chain.block_number) == before


def test_initialize_round__twice_under_one_number__is_refused_the_second_time(network):
    network.begin_round()
    with network.chain.reverts("RoundAlreadyInitialized", round=network.round):
        network.protocol.initialize_round()


def test_initialize_round__number_jumped_over_the_start__initializes_the_round_it_is_in(network):
    before = network.round
    receipt = network.begin_round(offset=17)
    assert network.round == before + 1
    assert network.rounds.currentRoundStartBlock() == network.chain.block_number - 17
    recorded = network.rounds.blockHashForRound(before + 1)
    assert recorded == network.chain.block_hash(network.chain.block_number - 1)
    assert receipt.event("NewRound").args == {"round": before + 1, "blockHash": recorded}


def test_initialize_round__number_jumped_over_rounds__leaves_those_without_hash_and_inflates_once(network):
    before, inflation = network.round, network.protocol.minter.inflation()
    network.begin_round(ahead=4, offset=3)
    assert network.round == before + 4
    hashes = [network.rounds.blockHashForRound(before + ahead) for ahead in range(1, 5)]
    assert hashes[:3] == [bytes(32)] * 3
    assert hashes[3] != bytes(32)
    assert (
        abs(network.protocol.minter.inflation() - inflation) == network.protocol.parameters.inflation_change
    )


def test_lock__number_jumped_into_it__holds_at_once(network):
    # The lock takes the last 5 of 50 blocks.
    network.begin_round(offset=LENGTH - 6)
    assert not network.rounds.currentRoundLocked()
    network.bonding.reward.send(sender=network.orchestrator)
    network.bonding.transcoder.send(100_000, 500_000, sender=network.orchestrator)
    network.chain.mine(1)
    assert network.rounds.currentRoundLocked()
    with network.chain.reverts("RoundLocked", currentRound=network.round):
        network.bonding.transcoder.send(200_000, 500_000, sender=network.orchestrator)


def test_reward__under_one_number__is_given_once(network):
    network.begin_round()
    network.bonding.reward.send(sender=network.orchestrator)
    with network.chain.reverts(
        "RewardAlreadyCalled", transcoder=network.orchestrator, currentRound=network.round
    ):
        network.bonding.reward.send(sender=network.orchestrator)


def test_checkpoints__several_changes_under_one_number__are_those_of_the_next_round(network):
    network.begin_round()
    now, votes = network.round, network.protocol.bonding_votes
    for _ in range(3):
        network.bonding.bond.send(10 * LPT, network.orchestrator, sender=network.orchestrator)
    network.begin_round(ahead=3, offset=5)
    assert votes.getPastVotes(network.orchestrator, now - 1) == 100 * LPT
    # Rounds that nobody initialized had the stake of the last change before them.
    assert {votes.getPastVotes(network.orchestrator, now + ahead) for ahead in range(3)} == {130 * LPT}
    assert network.bonding.currentRoundTotalActiveStake() == 130 * LPT


def test_unbonding__number_jumped_over_its_end__can_be_withdrawn_in_the_round_it_is_in(network):
    network.begin_round()
    period = network.bonding.unbondingPeriod()
    network.bonding.unbond.send(40 * LPT, sender=network.orchestrator)
    network.begin_round(ahead=period - 1, offset=LENGTH - 1)
    with network.chain.reverts("WithdrawRoundNotReached", ...):
        network.bonding.withdrawStake.send(0, sender=network.orchestrator)
    network.begin_round(ahead=2)
    before = network.protocol.token.balanceOf(network.orchestrator)
    network.bonding.withdrawStake.send(0, sender=network.orchestrator)
    assert network.protocol.token.balanceOf(network.orchestrator) == before + 40 * LPT


def test_ticket__dated_with_the_round_in_which_the_number_landed__is_paid(network):
    network.fund()
    network.begin_round(ahead=3, offset=9)
    now = network.round
    network.redeem(network.ticket(now, network.rounds.blockHashForRound(now)))
    assert network.bonding.pendingFees(network.orchestrator, now) == 1_000


def test_ticket__dated_with_a_round_that_was_skipped__is_refused(network):
    network.fund()
    network.begin_round(ahead=3)
    skipped = network.round - 1
    with network.chain.reverts("CreationRoundHasNoBlockHash", creationRound=skipped):
        network.redeem(network.ticket(skipped, bytes(32)))


def test_ticket__rounds_skipped_meanwhile__expires_by_the_clock(network):
    network.fund()
    network.begin_round()
    dated = network.round
    block_hash = network.rounds.blockHashForRound(dated)
    network.begin_round(offset=LENGTH - 1)
    network.redeem(network.ticket(dated, block_hash))
    network.begin_round()
    expected = {"creationRound": dated, "validityPeriodRounds": 2, "currentRound": dated + 2}
    with network.chain.reverts("TicketExpired", **expected):
        network.redeem(network.ticket(dated, block_hash, nonce=1))


def test_ticket__round_whose_hash_was_zero__has_none(artifacts):
    chain = open_arbitrum_chain(artifacts)
    protocol = deploy_protocol(chain, round_length=LENGTH, adjustable_clock=True, initialize_round=False)
    protocol.rounds_manager.setBlockHash.send(bytes(32), sender=protocol.owner)
    protocol.mine_to_round()
    protocol.initialize_round()
    assert protocol.rounds_manager.currentRoundInitialized()
    now = protocol.current_round
    gateway, orchestrator = chain.actor("gateway"), chain.actor("orchestrator")
    chain.set_balance(gateway, ETHER)
    protocol.ticket_broker.fundDeposit.send(sender=gateway, value=ETHER)
    ticket = Ticket(orchestrator.address, gateway.address, 1_000, creation_round=now).sign(gateway)
    with chain.reverts("CreationRoundHasNoBlockHash", creationRound=now):
        protocol.ticket_broker.redeemWinningTicket.send(*ticket.arguments, sender=orchestrator)
    chain.close()


def test_governor__delay_of_zero__is_over_under_the_same_number(network):
    protocol = network.protocol
    governor, owner = protocol.governor, protocol.owner
    protocol.controller.transferOwnership.send(governor, sender=owner)
    data = bytes.fromhex("8456cb59")  # pause()
    now, later = (
        {"target": [protocol.controller], "value": [0], "data": [data], "nonce": nonce} for nonce in (1, 2)
    )
    governor.stage.send(now, 0, sender=owner)
    governor.stage.send(later, 5, sender=owner)
    governor.execute.send(now, sender=owner)
    assert protocol.controller.paused()
    with network.chain.reverts("UpdateDelayNotExpired", ...):
        governor.execute.send(later, sender=owner)
    network.chain.mine(5)
    # Due now; the Controller refuses what has been done already.
    with network.chain.reverts("SystemPaused"):
        governor.execute.send(later, sender=owner)


def test_poll__number_jumped_over_its_end__is_closed(network):
    protocol, voter = network.protocol, network.orchestrator
    creator = network.chain.deploy("PollCreator", network.bonding, sender=protocol.owner)
    receipt = creator.createPoll.send(b"proposal", sender=voter)
    poll = network.chain.at("Poll", receipt.event("PollCreated")["poll"])
    assert poll.endBlock() == network.chain.block_number + creator.POLL_PERIOD()
    network.chain.mine_to(poll.endBlock())
    poll.vote.send(0, sender=voter)
    poll.vote.send(1, sender=voter)
    network.chain.mine(1)
    with network.chain.reverts("PollIsOver", currentBlock=poll.endBlock() + 1, endBlock=poll.endBlock()):
        poll.vote.send(0, sender=voter)
