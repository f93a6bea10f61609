"""Effects of `redeemWinningTicket` (payments.md 2.4, 3.4, 3.8); its checks are in the file beside.

when the deposit covers the face value
├── it should take it from the deposit alone, the last wei included
├── it should credit the recipient's fees, mark the ticket as used
└── it should emit WinningTicketTransfer, WinningTicketRedeemed
when it does not
├── it should empty the deposit and take the rest from the reserve
├── it should count the claim for the recipient and in total, this round only
└── it should emit ReserveClaimed, WinningTicketTransfer, WinningTicketRedeemed
when the face value is zero
└── it should mark the ticket as used and emit WinningTicketRedeemed alone, for any recipient
whoever calls
└── it should make no difference
when a ticket could not be covered
└── it should stay redeemable: after funding, and in the next round
"""

import pytest

from simulation.chain.addresses import ZERO_ADDRESS

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("face_value", [1, 999, 1_000], ids=["one wei", "nearly all", "all"])
def test_redeem_winning_ticket__deposit_covers__takes_from_the_deposit_alone(market, face_value):
    market.fund(deposit=1_000, reserve=300)
    signed = market.issue(face_value)
    held = market.chain.balance(market.protocol.minter)

    receipt = market.redeem(signed)

    receipt.assert_events(market.redeemed_events(signed))
    assert (market.deposit(), market.reserve()) == (1_000 - face_value, 300)
    assert market.fees() == face_value
    assert market.broker.usedTickets(signed.ticket.hash) is True
    assert market.broker.claimedReserve(market.gateway, market.orchestrator) == 0
    assert market.chain.balance(market.protocol.minter) == held
    assert market.chain.balance(market.broker) == 0


@pytest.mark.parametrize(
    ("deposit", "face_value", "from_reserve"),
    [(1_000, 1_001, 1), (1_000, 1_100, 100), (0, 100, 100), (0, 1, 1)],
    ids=["one wei short", "whole share", "reserve alone", "one wei of reserve"],
)
def test_redeem_winning_ticket__deposit_falls_short__takes_the_rest_from_the_reserve(
    market, deposit, face_value, from_reserve
):
    # Three orchestrators are active: 100 for each.
    market.fund(deposit, reserve=300)
    signed = market.issue(face_value)

    receipt = market.redeem(signed)

    receipt.assert_events(market.redeemed_events(signed, from_reserve))
    assert (market.deposit(), market.reserve()) == (0, 300 - from_reserve)
    assert market.fees() == face_value
    assert market.broker.claimedReserve(market.gateway, market.orchestrator) == from_reserve
    assert market.broker.getReserveInfo(market.gateway).claimedInCurrentRound == from_reserve
    assert market.broker.claimableReserve(market.gateway, market.orchestrator) == 100 - from_reserve


@pytest.mark.parametrize("recipient", ["orchestrator", "newcomer", "outsider"])
def test_redeem_winning_ticket__face_value_zero__uses_the_ticket_up_for_nothing(market, recipient):
    market.fund(deposit=5)
    signed = market.issue(0, recipient=getattr(market, recipient))

    receipt = market.redeem(signed)

    receipt.assert_events(market.redeemed_events(signed))
    assert market.deposit() == 5
    assert market.broker.usedTickets(signed.ticket.hash) is True


@pytest.mark.parametrize("caller", ["redeemer", "gateway", "orchestrator", "second_orchestrator", "attacker"])
def test_redeem_winning_ticket__whoever_calls__pays_the_recipient(market, caller):
    market.fund(deposit=10, reserve=300)
    signed = market.issue(60)

    receipt = market.redeem(signed, sender=getattr(market, caller))

    receipt.assert_events(market.redeemed_events(signed, from_reserve=50))
    assert market.fees() == 60
    assert market.fees(market.second_orchestrator) == 0


def test_redeem_winning_ticket__second_ticket_under_one_commitment__pays_again(market):
    market.fund(deposit=10)
    first, second = market.issue(4), market.issue(4)
    assert first.ticket.recipient_rand == second.ticket.recipient_rand
    market.redeem(first)
    market.redeem(second)
    assert (market.deposit(), market.fees()) == (2, 8)


def test_redeem_winning_ticket__claims_of_several_orchestrators__each_has_an_equal_share(market):
    # ⌊1000 / 3⌋ = 333 for each, whoever comes first; 1 stays.
    market.fund(reserve=1_000)
    for number, orchestrator in enumerate(market.orchestrators, 1):
        market.redeem(market.issue(333, recipient=orchestrator))
        assert market.reserve() == 1_000 - 333 * number
        assert market.broker.claimableReserve(market.gateway, orchestrator) == 0
        for other in market.orchestrators[number:]:
            assert market.broker.claimableReserve(market.gateway, other) == 333
    assert market.reserve() == 1


def test_redeem_winning_ticket__share_drawn_in_two_tickets__adds_up(market):
    market.fund(reserve=300)
    market.redeem(market.issue(60))
    receipt = market.redeem(market.issue(40))
    assert receipt.event("ReserveClaimed")["amount"] == 40
    assert market.broker.claimedReserve(market.gateway, market.orchestrator) == 100
    with market.chain.reverts(
        "InsufficientFundsForFaceValue", faceValueWei=1, depositWei=0, claimableReserveWei=0
    ):
        market.redeem(market.issue(1))


def test_redeem_winning_ticket__next_round__shares_begin_anew(market):
    # 300 / 3 = 100 in the first round, then ⌊200 / 4⌋ = 50: the newcomer is active too.
    market.fund(reserve=300)
    market.redeem(market.issue(100))
    market.protocol.start_round()

    assert market.broker.claimedReserve(market.gateway, market.orchestrator) == 0
    assert market.broker.getReserveInfo(market.gateway).claimedInCurrentRound == 0
    assert market.broker.claimableReserve(market.gateway, market.orchestrator) == 50
    market.redeem(market.issue(50))
    assert market.broker.getReserveInfo(market.gateway) == (150, 50)
    assert market.broker.claimedReserve(market.gateway, market.orchestrator) == 50


def test_redeem_winning_ticket__reserve_topped_up_in_the_round__raises_all_shares_alike(market):
    # (200 left + 100 claimed + 600 added) / 3 = 300 for each.
    market.fund(reserve=300)
    market.redeem(market.issue(100))
    market.fund(reserve=600)
    assert market.broker.claimableReserve(market.gateway, market.orchestrator) == 200
    assert market.broker.claimableReserve(market.gateway, market.second_orchestrator) == 300


def test_redeem_winning_ticket__reserves_of_two_senders__are_counted_apart(market):
    other_gateway = market.chain.actor("other_gateway")
    market.fund(reserve=300)
    market.fund(reserve=600, sender=other_gateway)
    market.redeem(market.issue(100))
    market.redeem(market.issue(150, sender=other_gateway))
    assert market.broker.claimedReserve(market.gateway, market.orchestrator) == 100
    assert market.broker.claimedReserve(other_gateway, market.orchestrator) == 150
    assert market.broker.claimableReserve(other_gateway, market.orchestrator) == 50


@pytest.mark.parametrize("remedy", ["funding", "next round"])
def test_redeem_winning_ticket__not_covered__can_be_redeemed_later(market, remedy):
    market.fund(deposit=10, reserve=300)
    signed = market.issue(60)
    market.redeem(market.issue(110))  # deposit and the recipient's whole share
    with market.chain.reverts(
        "InsufficientFundsForFaceValue", faceValueWei=60, depositWei=0, claimableReserveWei=0
    ):
        market.redeem(signed)
    assert market.broker.usedTickets(signed.ticket.hash) is False

    if remedy == "funding":
        market.fund(deposit=60)
        receipt = market.redeem(signed)
        receipt.assert_events(market.redeemed_events(signed))
    else:
        market.fund(reserve=100)  # ⌊(200 + 100) / 4⌋ = 75 with the newcomer
        market.protocol.start_round()
        receipt = market.redeem(signed)
        receipt.assert_events(market.redeemed_events(signed, from_reserve=60))


def test_redeem_winning_ticket__unlocking_sender__pays_until_its_withdraw_round(market):
    market.fund(deposit=10)
    market.broker.unlock.send(sender=market.gateway)
    withdraw_round = market.withdraw_round()
    market.protocol.start_round()
    market.redeem(market.issue(4))
    assert market.withdraw_round() == withdraw_round

    market.protocol.start_round()
    with market.chain.reverts(
        "SenderUnlocked",
        sender=market.gateway,
        withdrawRound=withdraw_round,
        currentRound=withdraw_round,
    ):
        market.redeem(market.issue(4))


def test_redeem_winning_ticket__sender_cancels_after_its_withdraw_round__pays_again(market):
    market.fund(deposit=10)
    market.become_unlocked()
    market.broker.cancelUnlock.send(sender=market.gateway)
    market.redeem(market.issue(4))
    assert market.deposit() == 6


def test_redeem_winning_ticket__third_party_funds__are_spent_too(market):
    market.broker.fundDepositAndReserveFor.send(market.gateway, 10, 0, sender=market.redeemer, value=10)
    market.redeem(market.issue(10))
    assert (market.deposit(), market.fees()) == (0, 10)


def test_redeem_winning_ticket__reserve_of_the_zero_address__is_out_of_reach(market):
    market.broker.fundDepositAndReserveFor.send(ZERO_ADDRESS, 0, 300, sender=market.redeemer, value=300)
    with market.chain.reverts("SenderHasNoFunds", sender=market.gateway):
        market.redeem(market.issue(1))
