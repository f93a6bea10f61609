"""The historical weaknesses of the ticket broker (payments.md 4), each as an attack on a contract that has it.

An attack is a scenario that ends in a claim. On our broker the claim holds; on the mutant with that fault the
attack succeeds, so that the claim fails with an AssertionError.

| id | attack | claim |
|---|---|---|
| P1 | anybody funds a victim with nothing | its unlock goes on |
| P2 | a losing signature is re-encoded: compact, or as its twin | there is no second draw |
| P3 | one wei is paid in before a redemption | the ticket is not used up for it |
| P4 | a recipient's share is smaller than the whole reserve | the ticket is not used up for the share |
| P5 | orchestrators join after a claim | views and redemptions go on |
| P6 | registered but inactive orchestrators claim | all shares together stay within the reserve |
| P7 | claims, withdrawal and new funds fall into one round | shares are not distorted by claims of the past |
| P8 | a sender pays an accomplice before others | every other keeps its share |
| P10 | a ticket is redeemed again | it is paid once |
| P11 | a batch skips a ticket that was half done | it leaves no trace |
| P12 | a sender pays in | the ETH is where withdrawals are paid from |

P9 (fees for recipients that are no longer active) is the BondingManager's.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from simulation.chain.facade import Chain
from simulation.chain.reverts import Reverted
from simulation.tickets import SignedTicket, compact, compute_draw, twin
from tests.helpers.ticket_market import TicketMarket, open_ticket_market, register_orchestrator

pytestmark = pytest.mark.unit

EVEN_ODDS = 2**255


def succeeds(call: Callable, *args, **options) -> bool:
    """Whether a transaction goes through; a failing one leaves no trace."""
    try:
        call(*args, **options)
    except Reverted:
        return False
    return True


def third_party_resets_the_unlock(market: TicketMarket) -> None:
    market.fund(deposit=10)
    market.broker.unlock.send(sender=market.gateway)
    withdraw_round = market.withdraw_round()

    market.broker.fundDepositAndReserveFor.send(market.gateway, 0, 0, sender=market.attacker)

    assert market.withdraw_round() == withdraw_round, "P1: a third party reset the unlock"


def losing_signature_draws_again(market: TicketMarket, encode: Callable[[bytes], bytes]) -> None:
    """Redeem, under another encoding, a ticket that loses under its own and would win under that one."""
    market.fund(deposit=10)
    second_chance = next(
        signed
        for signed in (market.issue(1, win_prob=EVEN_ODDS) for _ in range(100))
        if signed.draw >= EVEN_ODDS > compute_draw(encode(signed.signature), signed.recipient_rand)
    )
    assert not succeeds(market.redeem, second_chance), "the ticket was to lose"

    encoded = second_chance.with_signature(encode(second_chance.signature))
    assert not succeeds(market.redeem, encoded), "P2: one authorisation was drawn twice"


def one_wei_uses_a_ticket_up(market: TicketMarket) -> None:
    signed = market.issue(1_000)
    market.broker.fundDepositAndReserveFor.send(market.gateway, 1, 0, sender=market.attacker, value=1)
    succeeds(market.redeem, signed, sender=market.attacker)

    market.fund(deposit=1_000)

    assert succeeds(market.redeem, signed), "P3: the ticket was used up for less than its face value"
    assert market.fees() == 1_000


def whole_reserve_passes_for_a_share(market: TicketMarket) -> None:
    market.fund(reserve=3_000)  # 1,000 for each of three
    signed = market.issue(2_500)
    succeeds(market.redeem, signed, sender=market.attacker)

    market.fund(deposit=2_500)

    assert succeeds(market.redeem, signed), "P4: the ticket was used up for less than its face value"
    assert market.fees() == 2_500


def newcomers_block_the_reserve(market: TicketMarket) -> None:
    market.fund(reserve=3_000)
    market.redeem(market.issue(700))  # of a share of 1,000; the live pool counts four
    for number in range(2):
        register_orchestrator(market.protocol, market.chain.actor(f"late_orchestrator {number}"))

    claimable = market.broker.claimableReserve
    assert succeeds(claimable, market.gateway, market.orchestrator), "P5: the view underflows"
    assert claimable(market.gateway, market.orchestrator) == 300, "P5: the share shrank within the round"
    assert succeeds(market.redeem, market.issue(300)), "P5: the redemption underflows"


def inactive_orchestrators_claim(market: TicketMarket) -> None:
    market.fund(reserve=3_000)
    registered = [*market.orchestrators, market.newcomer]
    shares = sum(market.broker.claimableReserve(market.gateway, actor) for actor in registered)
    assert shares <= 3_000, f"P6: shares of {shares} in a reserve of 3,000"


def reserve_is_funded_anew_in_the_round_of_a_claim(market: TicketMarket) -> None:
    owner = market.protocol.owner
    succeeds(market.broker.setUnlockPeriod.send, 0, sender=owner)
    market.fund(reserve=3_000)
    market.redeem(market.issue(1_000))
    market.broker.unlock.send(sender=market.gateway)
    succeeds(market.broker.withdraw.send, sender=market.gateway)
    if market.reserve() == 0:
        market.fund(reserve=3_000)

    # Either nothing was withdrawn and 1,000 are claimed, or the reserve is new and nothing is.
    left, claimed = market.broker.getReserveInfo(market.gateway)
    assert (left, claimed) in ((2_000, 1_000), (3_000, 0)), "P7: claims outlived the reserve that paid them"


def accomplice_takes_all(market: TicketMarket) -> None:
    market.fund(reserve=3_000)
    succeeds(market.redeem, market.issue(3_000, recipient=market.third_orchestrator))
    succeeds(market.redeem, market.issue(1_000, recipient=market.third_orchestrator))

    for orchestrator in (market.orchestrator, market.second_orchestrator):
        signed = market.issue(1_000, recipient=orchestrator)
        assert succeeds(market.redeem, signed), "P8: an accomplice took the share of another"


def ticket_is_replayed(market: TicketMarket) -> None:
    market.fund(deposit=100)
    signed = market.issue(10)
    market.redeem(signed)
    succeeds(market.redeem, signed)
    market.redeem_batch([signed, signed])
    assert market.deposit() == 90, "P10: a ticket was paid more than once"


def skipped_ticket_leaves_a_trace(market: TicketMarket) -> None:
    market.fund(deposit=100)
    refused = market.issue(60, recipient=market.newcomer)
    market.redeem_batch([refused])
    assert market.deposit() == 100, "P11: a skipped ticket took funds"
    assert not market.broker.usedTickets(refused.ticket.hash), "P11: a skipped ticket was used up"


def funds_are_stuck(market: TicketMarket) -> None:
    market.fund(deposit=60, reserve=40)
    assert market.chain.balance(market.broker) == 0, "P12: ETH stays in the broker"
    assert market.chain.balance(market.protocol.minter) == 100


@dataclass(frozen=True)
class Attack:
    """A scenario, and the name of the mutant on which it succeeds."""

    weakness: str
    fault: str
    scenario: Callable[[TicketMarket], None]

    @property
    def mutant(self) -> str:
        return f"TicketBroker__Mutant{self.fault}"


ATTACKS = [
    Attack("P1", "FundingByOthersCancelsUnlock", third_party_resets_the_unlock),
    Attack("P2", "CompactSignature", lambda market: losing_signature_draws_again(market, compact)),
    Attack("P2", "MalleableSignature", lambda market: losing_signature_draws_again(market, twin)),
    Attack("P3", "PartialSettlement", one_wei_uses_a_ticket_up),
    Attack("P4", "WholeReserveCovers", whole_reserve_passes_for_a_share),
    Attack("P5", "LivePoolSize", newcomers_block_the_reserve),
    Attack("P6", "RegisteredMayClaim", inactive_orchestrators_claim),
    Attack("P7", "ZeroUnlockPeriod", reserve_is_funded_anew_in_the_round_of_a_claim),
    Attack("P8", "NoShareCap", accomplice_takes_all),
    Attack("P10", "Replay", ticket_is_replayed),
    Attack("P11", "UnitLeavesTrace", skipped_ticket_leaves_a_trace),
    Attack("P12", "KeepsETH", funds_are_stuck),
]
EACH_ATTACK = pytest.mark.parametrize(
    "attack", ATTACKS, ids=[f"{attack.weakness}-{attack.fault}" for attack in ATTACKS]
)


@pytest.fixture(scope="session")
def attacked_market(session_chain: Chain) -> TicketMarket:
    """Deployed once; each test is undone."""
    return open_ticket_market(session_chain)


@pytest.fixture
def market(attacked_market: TicketMarket, session_chain: Chain) -> TicketMarket:
    """Three active orchestrators, a gateway without funds."""
    with session_chain.isolate():
        yield attacked_market


@EACH_ATTACK
def test_attack__on_our_broker__fails(market, attack):
    attack.scenario(market)


@EACH_ATTACK
def test_attack__on_the_mutant__succeeds(market, attack):
    mutant = market.chain.deploy(attack.mutant, market.protocol.controller, sender=market.protocol.owner)
    market.protocol.register("TicketBrokerTarget", mutant)
    with pytest.raises(AssertionError, match=rf"^{attack.weakness}: "):
        attack.scenario(market)


def test_mutants__of_the_broker__each_has_its_attack(artifacts):
    """A mutant that nothing attacks would prove nothing."""
    planted = {name for name in artifacts if name.startswith("TicketBroker__Mutant")}
    assert planted == {attack.mutant for attack in ATTACKS}


def test_signed_ticket__re_encoded__is_the_same_authorisation(market):
    """The encodings of the attacks are what they claim to be, so that P2 does not pass for a wrong reason."""
    signed: SignedTicket = market.issue(1)
    assert twin(twin(signed.signature)) == signed.signature
    short = compact(signed.signature)
    s = int.from_bytes(short[32:], "big")
    assert (len(short), s >> 255, s % 2**255) == (
        64,
        signed.signature[64] - 27,
        int.from_bytes(signed.signature[32:64], "big"),
    )
