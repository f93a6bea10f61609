"""Deposit, reserve and shares through any sequence of a round, against the formulas (payments.md 3.4, 3.5).

After each redemption or funding the pots, the claims and the shares are compared with an account kept here,
and the invariants of payments.md 5 are checked: escrow conservation (1), the broker's empty purse (3), the
bounds of a payment (4), the sums of claims (7, 8) and the independence of shares (9).
"""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.chain.facade import Chain
from simulation.chain.reverts import Reverted
from tests.helpers.ticket_market import ACTIVE_ORCHESTRATORS, TicketMarket, open_ticket_market

pytestmark = pytest.mark.property

steps = st.lists(
    st.one_of(
        st.tuples(st.just("redeem"), st.integers(0, ACTIVE_ORCHESTRATORS - 1), st.integers(0, 500)),
        st.tuples(st.just("fund"), st.integers(0, 300), st.integers(0, 300)),
        st.tuples(st.just("round"), st.just(0), st.just(0)),
    ),
    max_size=15,
)


@dataclass
class Escrow:
    """What a sender's pots must hold: the specification's rules on plain integers."""

    active: int = ACTIVE_ORCHESTRATORS
    deposit: int = 0
    reserve: int = 0
    claimed: dict[int, int] = field(default_factory=dict)

    def share(self, orchestrator: int) -> int:
        """What one orchestrator may still draw."""
        whole = self.reserve + sum(self.claimed.values())
        return min(max(whole // self.active - self.claimed.get(orchestrator, 0), 0), self.reserve)

    def pay(self, orchestrator: int, amount: int) -> int | None:
        """The part that comes from the reserve; None if the funds do not cover the amount."""
        from_reserve = max(amount - self.deposit, 0)
        if from_reserve > self.share(orchestrator) or self.deposit + self.reserve == 0:
            return None
        self.deposit -= amount - from_reserve
        self.reserve -= from_reserve
        self.claimed[orchestrator] = self.claimed.get(orchestrator, 0) + from_reserve
        return from_reserve


@pytest.fixture(scope="session")
def market(session_chain: Chain) -> TicketMarket:
    """Three active orchestrators; from the next round on the newcomer is the fourth."""
    return open_ticket_market(session_chain)


def redeem(market: TicketMarket, escrow: Escrow, orchestrator: int, amount: int) -> int:
    """Redeem one ticket on both sides; the wei that were paid."""
    signed = market.issue(amount, recipient=market.orchestrators[orchestrator])
    from_reserve = escrow.pay(orchestrator, amount)
    try:
        receipt = market.redeem(signed)
    except Reverted:
        assert from_reserve is None
        assert market.broker.usedTickets(signed.ticket.hash) is False
        return 0
    assert from_reserve is not None
    receipt.assert_events(market.redeemed_events(signed, from_reserve))
    assert from_reserve == 0 or market.deposit() == 0
    return amount


def assert_same(market: TicketMarket, escrow: Escrow) -> None:
    info = market.broker.getSenderInfo(market.gateway)
    total = sum(escrow.claimed.values())
    assert (info.sender.deposit, info.sender.withdrawRound) == (escrow.deposit, 0)
    assert info.reserve == (escrow.reserve, total)
    for number, orchestrator in enumerate(market.orchestrators):
        claimed = market.broker.claimedReserve(market.gateway, orchestrator)
        assert claimed == escrow.claimed.get(number, 0) <= (escrow.reserve + total) // escrow.active
        assert market.broker.claimableReserve(market.gateway, orchestrator) == escrow.share(number)
    assert market.chain.balance(market.broker) == 0


@given(steps=steps)
def test_escrow__any_sequence__follows_the_formulas(market: TicketMarket, session_chain: Chain, steps):
    with session_chain.isolate():
        escrow, funded, paid = Escrow(), 0, 0
        for step, first, second in steps:
            if step == "redeem":
                others = {n: escrow.share(n) for n in range(ACTIVE_ORCHESTRATORS) if n != first}
                paid += redeem(market, escrow, first, second)
                for number, share in others.items():
                    actor = market.orchestrators[number]
                    assert market.broker.claimableReserve(market.gateway, actor) == share
            elif step == "fund":
                market.fund(first, second)
                escrow.deposit += first
                escrow.reserve += second
                funded += first + second
            else:
                market.protocol.start_round()
                escrow.claimed.clear()
                escrow.active = ACTIVE_ORCHESTRATORS + 1
            assert_same(market, escrow)
        assert escrow.deposit + escrow.reserve == funded - paid
        assert market.chain.balance(market.protocol.minter) == funded
