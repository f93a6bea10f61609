"""The market of tickets that all tests of the TicketBroker start from."""

import pytest

from simulation.chain.contracts import Contract
from simulation.chain.facade import Chain
from tests.helpers.ticket_market import TicketMarket, open_ticket_market


@pytest.fixture(scope="session")
def opened_market(session_chain: Chain) -> TicketMarket:
    """Deployed once; tests take `market`, which is undone after each."""
    return open_ticket_market(session_chain)


@pytest.fixture
def market(opened_market: TicketMarket, session_chain: Chain) -> TicketMarket:
    """Three active orchestrators, a gateway without funds, an initialized round."""
    with session_chain.isolate():
        yield opened_market


@pytest.fixture
def broker(market: TicketMarket) -> Contract:
    """The TicketBroker at its proxy."""
    return market.broker
