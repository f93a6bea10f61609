"""`batchRedeemWinningTickets` (payments.md 2.4).

when the system is paused → SystemPaused
when the current round is not initialized → CurrentRoundNotInitialized, for an empty batch too
when there are no tickets → nothing
when a signature or a number is missing → panic 0x32, and nothing is redeemed
when there are surplus signatures or numbers → they are ignored
each ticket that can be redeemed alone at its turn
└── it should be redeemed, with the events of a single redemption
each ticket that cannot, for whatever reason
└── it should leave no trace, and the next ones should go on
when a ticket appears twice → it is redeemed once
when tickets are of several creation rounds, in any order → each is compared with its own block hash
when the gas runs out → each ticket is either redeemed and paid or untouched
when a collaborator is not registered → ContractNotRegistered
"""

import pytest

from simulation.chain.reverts import Reverted
from simulation.tickets import batch_arguments, compact
from tests.unit.ticket_broker.redemption_faults import BY_NAME

pytestmark = pytest.mark.unit

# What spoils one ticket and not the whole market.
SPOILING_ONE = [fault for fault in BY_NAME.values() if fault.on_ticket or fault.on_signed]


def spoil(market, fault, face_value: int):
    ticket = market.ticket(face_value)
    if fault.on_ticket:
        ticket = fault.on_ticket(market, ticket)
    signed = ticket.sign(market.gateway)
    return fault.on_signed(market, signed) if fault.on_signed else signed


def visible(market, tickets) -> dict:
    return market.snapshot_of([market.gateway], [*market.orchestrators, market.newcomer], tickets)


@pytest.mark.parametrize("size", [0, 1])
def test_batch__paused__reverts(market, size):
    market.fund(deposit=10)
    tickets = [market.issue(1) for _ in range(size)]
    market.protocol.mine_to_round()
    market.protocol.controller.pause.send(sender=market.protocol.owner)
    with market.chain.reverts("SystemPaused"):
        market.redeem_batch(tickets)


@pytest.mark.parametrize("size", [0, 1])
def test_batch__round_not_initialized__reverts(market, size):
    market.fund(deposit=10)
    tickets = [market.issue(1) for _ in range(size)]
    current_round = market.round + 1
    market.protocol.mine_to_round()
    with market.chain.reverts("CurrentRoundNotInitialized", currentRound=current_round):
        market.redeem_batch(tickets)


def test_batch__empty__does_nothing(market):
    market.redeem_batch([]).assert_events([])


@pytest.mark.parametrize("missing", ["signature", "number", "both"])
def test_batch__signature_or_number_missing__panics_and_redeems_nothing(market, missing):
    market.fund(deposit=10)
    tickets = [market.issue(1), market.issue(2)]
    structs, signatures, numbers = batch_arguments(tickets)
    if missing != "number":
        signatures = signatures[:1]
    if missing != "signature":
        numbers = numbers[:1]

    with market.chain.panics(0x32):
        market.broker.batchRedeemWinningTickets.send(structs, signatures, numbers, sender=market.redeemer)

    assert market.deposit() == 10
    assert not market.broker.usedTickets(tickets[0].ticket.hash)


def test_batch__surplus_signatures_and_numbers__are_ignored(market):
    market.fund(deposit=10)
    signed = market.issue(1)
    receipt = market.broker.batchRedeemWinningTickets.send(
        [signed.ticket.as_struct],
        [signed.signature, b"", signed.signature],
        [signed.recipient_rand, 1, 2, 3],
        sender=market.redeemer,
    )
    receipt.assert_events(market.redeemed_events(signed))


def test_batch__deposit_runs_down__later_tickets_draw_on_the_reserve(market):
    # 100 of the reserve for each of three.
    market.fund(deposit=100, reserve=300)
    tickets = [
        market.issue(70),
        market.issue(70),  # 30 and 40 of the reserve
        market.issue(61),  # only 60 of the share are left
        market.issue(60),
        market.issue(100, recipient=market.second_orchestrator),
        market.issue(1),
    ]

    receipt = market.redeem_batch(tickets)

    receipt.assert_events(
        market.redeemed_events(tickets[0])
        + market.redeemed_events(tickets[1], from_reserve=40)
        + market.redeemed_events(tickets[3], from_reserve=60)
        + market.redeemed_events(tickets[4], from_reserve=100)
    )
    assert (market.deposit(), market.reserve()) == (0, 100)
    assert (market.fees(), market.fees(market.second_orchestrator)) == (200, 100)
    used = [market.broker.usedTickets(signed.ticket.hash) for signed in tickets]
    assert used == [True, True, False, True, True, False]


def test_batch__ticket_twice__is_redeemed_once(market):
    market.fund(deposit=10)
    signed = market.issue(3)
    market.redeem_batch([signed, signed]).assert_events(market.redeemed_events(signed))
    assert market.deposit() == 7


@pytest.mark.parametrize("fault", SPOILING_ONE, ids=lambda fault: fault.name)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_batch__one_ticket_spoilt__leaves_no_trace_and_the_others_go_on(market, fault, position):
    market.fund(deposit=1_000, reserve=300)
    good = [market.issue(10), market.issue(20, recipient=market.second_orchestrator)]
    bad = spoil(market, fault, face_value=30)
    batch = [*good[:position], bad, *good[position:]]

    receipt = market.redeem_batch(batch)

    receipt.assert_events(market.redeemed_events(good[0]) + market.redeemed_events(good[1]))
    assert (market.deposit(), market.reserve()) == (970, 300)
    assert market.broker.usedTickets(bad.ticket.hash) is False


@pytest.mark.parametrize("recipient", ["newcomer", "outsider"])
def test_batch__recipient_refused_by_the_bonding_manager__leaves_no_trace(market, recipient):
    market.fund(deposit=100)
    refused = market.issue(40, recipient=getattr(market, recipient))
    good = market.issue(100)

    receipt = market.redeem_batch([refused, good])

    receipt.assert_events(market.redeemed_events(good))
    assert market.deposit() == 0
    assert market.broker.usedTickets(refused.ticket.hash) is False
    assert market.fees(getattr(market, recipient)) == 0


def test_batch__bonding_manager_refuses_a_claim_on_the_reserve__restores_all_counters(market):
    market.fund(deposit=10, reserve=300)
    market.redeem(market.issue(30))  # 10 and 20 of the share
    tickets = [market.issue(50), market.issue(70, recipient=market.second_orchestrator)]
    market.protocol.register("TicketBroker", market.protocol.targets["TicketBroker"])
    before = visible(market, tickets)

    market.redeem_batch(tickets).assert_events([])

    assert visible(market, tickets) == before
    assert before["claimed"][(market.gateway, market.orchestrator)] == 20


def test_batch__refused_first_claim_of_a_round__leaves_the_old_counters(market):
    market.fund(reserve=300)
    market.redeem(market.issue(30))
    market.protocol.start_round()
    signed = market.issue(50)
    market.protocol.register("TicketBroker", market.protocol.targets["TicketBroker"])
    before = visible(market, [signed])

    market.redeem_batch([signed])

    assert visible(market, [signed]) == before
    market.protocol.register("TicketBroker", market.broker)
    receipt = market.redeem(signed)
    receipt.assert_events(market.redeemed_events(signed, from_reserve=50))


def test_batch__several_creation_rounds_in_any_order__each_has_its_own_hash(market):
    market.fund(deposit=1_000)
    older_round = market.round
    older_hash = market.protocol.rounds_manager.blockHashForRound(older_round)
    older = [market.issue(1) for _ in range(3)]
    market.protocol.start_round()
    newer = [market.issue(2) for _ in range(3)]
    mixed_up = market.issue(4, block_hash=older_hash)
    nowhere = market.issue(8, creation_round=market.round + 9)

    receipt = market.redeem_batch(
        [older[0], newer[0], mixed_up, nowhere, newer[1], older[1], older[2], newer[2]]
    )

    redeemed = [older[0], newer[0], newer[1], older[1], older[2], newer[2]]
    receipt.assert_events([event for signed in redeemed for event in market.redeemed_events(signed)])


def test_batch__first_ticket_malformed__does_not_spoil_the_block_hash_of_the_next(market):
    market.fund(deposit=10)
    malformed, good = market.issue(1, aux_data=b""), market.issue(1)
    market.redeem_batch([malformed, good]).assert_events(market.redeemed_events(good))


def test_batch__face_values_zero__use_the_tickets_up(market):
    market.fund(deposit=1)
    tickets = [market.issue(0), market.issue(0, recipient=market.outsider)]
    receipt = market.redeem_batch(tickets)
    receipt.assert_events(market.redeemed_events(tickets[0]) + market.redeemed_events(tickets[1]))
    assert market.deposit() == 1


def test_batch__signatures_of_odd_lengths__never_stop_it(market):
    market.fund(deposit=10)
    tickets = [market.issue(1) for _ in range(5)]
    odd = [
        tickets[0].with_signature(b""),
        tickets[1].with_signature(compact(tickets[1].signature)),
        tickets[2].with_signature(tickets[2].signature + b"\0"),
        tickets[3].with_signature(b"\xff" * 200),
    ]
    market.redeem_batch([*odd, tickets[4]]).assert_events(market.redeemed_events(tickets[4]))


def test_batch__all_tickets_fail__succeeds_without_events(market):
    market.fund(deposit=10)
    market.become_unlocked()
    market.redeem_batch([market.issue(1), market.issue(2)]).assert_events([])
    assert market.deposit() == 10


@pytest.mark.parametrize("name", ["RoundsManager", "BondingManager"])
def test_batch__collaborator_not_registered__reverts(market, name):
    market.fund(deposit=10)
    tickets = [market.issue(1)]
    market.protocol.unregister(name)
    with market.chain.reverts("ContractNotRegistered", ...):
        market.redeem_batch(tickets)


def test_batch__gas_runs_out_anywhere__each_ticket_is_redeemed_and_paid_or_untouched(market):
    market.fund(deposit=100, reserve=300)
    tickets = [market.issue(90), market.issue(60), market.issue(40)]
    outcomes = set()
    for gas in range(60_000, 400_000, 4_000):
        with market.chain.isolate():
            try:
                receipt = market.broker.batchRedeemWinningTickets.send(
                    *batch_arguments(tickets), sender=market.redeemer, gas=gas
                )
            except Reverted as failure:
                assert failure.raw == b"", "only the lack of gas stops a batch"
                outcomes.add("reverted")
                continue
            used = [market.broker.usedTickets(signed.ticket.hash) for signed in tickets]
            paid = sum(
                signed.ticket.face_value for signed, is_used in zip(tickets, used, strict=True) if is_used
            )
            assert market.fees() == paid
            assert market.deposit() + market.reserve() == 400 - paid
            assert len(receipt.events_named("WinningTicketRedeemed")) == sum(used)
            outcomes.add(tuple(used))
    assert {"reverted", (True, True, True)} <= outcomes
