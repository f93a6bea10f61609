"""Views of the TicketBroker (payments.md 2.6, 3.1, 3.5, 3.9).

claimableReserve
├── when the claimant is not in the active set → 0
├── when the system has no active orchestrator → 0
└── otherwise → ⌊(funds left + claimed by all) / size of the active set⌋ − claimed by it, from zero up
    └── the size is the one locked for the round, whoever joins or leaves meanwhile (DEV-2)
getTicketHash → keccak256 of the tightly packed fields, for aux data of any length
getSenderInfo, getReserveInfo, claimedReserve, usedTickets, isUnlockInProgress → what was stored; zero at first
"""

import pytest
from coincurve import PrivateKey
from eth_utils import keccak

from simulation.chain.addresses import ZERO_ADDRESS, checksum
from simulation.protocol import LPT, contract_id, deploy_protocol
from simulation.tickets import SignedTicket, Ticket, commitment, compute_draw
from tests.helpers.ticket_market import register_orchestrator

pytestmark = pytest.mark.unit


def claimable(market, actor) -> int:
    return market.broker.claimableReserve(market.gateway, actor)


def test_views__nothing_happened__show_zeros(market):
    info = market.broker.getSenderInfo(market.gateway)
    assert info.sender._asdict() == {"deposit": 0, "withdrawRound": 0}
    assert info.reserve._asdict() == {"fundsRemaining": 0, "claimedInCurrentRound": 0}
    assert market.broker.getReserveInfo(market.gateway) == (0, 0)
    assert market.broker.claimedReserve(market.gateway, market.orchestrator) == 0
    assert claimable(market, market.orchestrator) == 0
    assert market.broker.usedTickets(b"\x01" * 32) is False
    assert market.broker.isUnlockInProgress(market.gateway) is False


def test_views__after_funding_claim_and_unlock__show_both_pots_and_the_claim(market):
    market.fund(deposit=7, reserve=300)
    market.redeem(market.issue(57))
    market.broker.unlock.send(sender=market.gateway)

    info = market.broker.getSenderInfo(market.gateway)

    assert info.sender._asdict() == {"deposit": 0, "withdrawRound": market.round + 2}
    assert info.reserve._asdict() == {"fundsRemaining": 250, "claimedInCurrentRound": 50}
    assert market.broker.getReserveInfo(market.gateway) == info.reserve
    assert market.broker.isUnlockInProgress(market.gateway) is True


@pytest.mark.parametrize(
    ("reserve", "share"),
    [(0, 0), (1, 0), (2, 0), (3, 1), (5, 1), (299, 99), (300, 100), (2**112 - 1, (2**112 - 1) // 3)],
)
def test_claimable_reserve__three_active__is_a_third_rounded_down(market, reserve, share):
    market.chain.set_balance(market.gateway, 2**120)
    market.fund(reserve=reserve)
    assert {claimable(market, actor) for actor in market.orchestrators} == {share}


@pytest.mark.parametrize("claimant", ["newcomer", "outsider", "gateway"])
def test_claimable_reserve__not_in_the_active_set__is_zero(market, claimant):
    market.fund(reserve=300)
    assert claimable(market, getattr(market, claimant)) == 0


def test_claimable_reserve__zero_address__is_zero(market):
    market.fund(reserve=300)
    assert claimable(market, ZERO_ADDRESS) == 0


def test_claimable_reserve__deposit__does_not_count(market):
    market.fund(deposit=300)
    assert claimable(market, market.orchestrator) == 0


def test_claimable_reserve__somebody_joins_the_pool__changes_with_the_next_round_only(market):
    market.fund(reserve=1_200)
    late = market.chain.actor("late_orchestrator")
    register_orchestrator(market.protocol, late)
    assert claimable(market, market.orchestrator) == 400
    assert claimable(market, late) == 0

    market.protocol.start_round()  # five are active now
    assert claimable(market, market.orchestrator) == 240
    assert claimable(market, late) == 240


def test_claimable_reserve__somebody_resigns__changes_with_the_next_round_only(market):
    market.fund(reserve=1_200)
    market.protocol.bonding_manager.unbond.send(1_000 * LPT, sender=market.third_orchestrator)
    assert claimable(market, market.orchestrator) == 400
    assert claimable(market, market.third_orchestrator) == 400

    market.protocol.start_round()  # two of the first three and the newcomer
    assert claimable(market, market.orchestrator) == 400
    assert claimable(market, market.third_orchestrator) == 0


def test_claimable_reserve__pool_grows_after_a_claim__does_not_underflow(market):
    market.fund(reserve=300)
    market.redeem(market.issue(100))
    for number in range(4):
        register_orchestrator(market.protocol, market.chain.actor(f"late_orchestrator {number}"))
    assert claimable(market, market.orchestrator) == 0
    assert claimable(market, market.second_orchestrator) == 100


def test_claimable_reserve__no_active_orchestrator__is_zero(chain):
    protocol = deploy_protocol(chain)
    broker, gateway = protocol.ticket_broker, chain.actor("gateway")
    broker.fundReserve.send(sender=gateway, value=300)
    assert protocol.bonding_manager.currentRoundActiveSetSize() == 0
    assert broker.claimableReserve(gateway, chain.actor("orchestrator")) == 0


def test_target_contract_id__at_the_proxy_and_bare__names_the_target(market):
    assert market.broker.targetContractId() == contract_id("TicketBrokerTarget")
    assert market.protocol.targets["TicketBroker"].targetContractId() == bytes(32)


# hash, signature, draw


@pytest.mark.parametrize("length", [0, 1, 31, 32, 64, 65, 200])
def test_get_ticket_hash__aux_data_of_any_length__hashes_the_packed_fields(market, length):
    ticket = market.ticket(7, win_prob=3, sender_nonce=2**256 - 1, aux_data=bytes(range(length)))
    assert market.broker.getTicketHash(ticket.as_struct) == ticket.hash


def test_get_ticket_hash__all_fields_zero__is_the_vector(market):
    block_hash = keccak(text="foo")
    ticket = Ticket(
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        0,
        creation_round=10,
        block_hash=block_hash,
        win_prob=0,
        recipient_rand_hash=bytes(32),
    )
    expected = bytes.fromhex("e502907c16036ab3d11b78c5a2e93c20f3d6415c67f91de4ed01348182b3b2e2")
    assert market.broker.getTicketHash(ticket.as_struct) == expected


VECTOR_KEY = b"\x11" * 32
VECTOR_RECIPIENT = "0x00000000000000000000000000000000000000AA"
VECTOR_HASH = bytes.fromhex("ff85666a6aadb8aaed501009ae247d842dac10e56c36b1e379c7df5e325737a2")
VECTOR_SIGNATURE = bytes.fromhex(
    "8ca6278c5daf78acdd786bd9f743d11cfe492925bc0a36713e6ead210087fdec"
    "4ad1804248d655d309bd170ea360c9bfd01d07b189d671cb1b444b46027df9c71c"
)
VECTOR_DRAW = 0xB65F8FFB13E8CC7445B1E3163644DF101DA3D29776B1F84D73456E453D954047


def test_ticket_vector__on_a_clock_set_to_it__is_redeemed(chain):
    """The published ticket, in a round 10 with its block hash, for its recipient: hash, signature and draw."""
    public = PrivateKey(VECTOR_KEY).public_key.format(compressed=False)[1:]
    sender = checksum(keccak(public)[12:])
    assert sender == "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
    protocol = deploy_protocol(chain, adjustable_clock=True)
    register_orchestrator(protocol, VECTOR_RECIPIENT)
    protocol.rounds_manager.setBlockHash.send(keccak(text="foo"), sender=protocol.owner)
    protocol.start_round(10 - protocol.current_round)
    assert protocol.current_round == 10
    broker, gateway = protocol.ticket_broker, chain.actor("gateway")
    broker.fundDepositAndReserveFor.send(sender, 1_000, 0, sender=gateway, value=1_000)

    ticket = Ticket(VECTOR_RECIPIENT, sender, 1_000, creation_round=10, block_hash=keccak(text="foo"))
    assert commitment(5).hex() == "036b6384b5eca791c62761152d0c79bb0604c104a5fb6f4eb0703f3154bb3db0"
    assert ticket.digest.hex() == "4548b1116060277a1c59a95eb21d9d4c93e738e6076fcce6c3f8f480d9fc2fdd"
    assert broker.getTicketHash(ticket.as_struct) == VECTOR_HASH
    assert compute_draw(VECTOR_SIGNATURE, 5) == VECTOR_DRAW
    signed = SignedTicket(ticket, VECTOR_SIGNATURE, 5)
    receipt = broker.redeemWinningTicket.send(*signed.arguments, sender=gateway)

    assert receipt.event("WinningTicketTransfer")["amount"] == 1_000
    assert broker.usedTickets(VECTOR_HASH) is True
