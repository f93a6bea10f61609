"""An orchestrator's edge for offers: every refusal by name and status (design notes, section 9; W4, W6).

| request | refusal |
|---|---|
| foreign signature, stale, replayed, for another URL, unknown pipeline or session, malformed | 401/409/400/404/422 |
| system paused, round not initialized | 503 |
| sender underfunded, sender unlocking | 402 |
| good | an offer signed by the recipient |
"""

from __future__ import annotations

import asyncio
import time

import pytest

from offchain_worker.services import protocol
from offchain_worker.tickets.signatures import LocalSigner
from tests.worker.customer import Customer
from tests.worker.network import PRICE_WEI, Network

pytestmark = pytest.mark.worker

STRANGER = LocalSigner(b"\x77" * 32)


@pytest.fixture
def customer(network: Network) -> Customer:
    return Customer(network, network.add_orchestrator("first"), network.gateway_signer)


OFFER_REFUSALS = {
    "foreign signature": (lambda customer: customer.offer_request(signer=STRANGER), 401, "SignatureRejected"),
    "stale": (lambda customer: customer.offer_request(time=int(time.time()) - 100), 401, "OfferRequestStale"),
    "other URL": (
        lambda customer: customer.offer_request(orchestrator_url="http://other"),
        400,
        "WrongOrchestrator",
    ),
    "unknown pipeline": (lambda customer: customer.offer_request(pipeline="dream"), 404, "PipelineUnknown"),
    "unknown session": (lambda customer: customer.offer_request(session_id="none"), 404, "SessionUnknown"),
    "unfunded sender": (
        lambda customer: customer.offer_request(signer=STRANGER, sender=STRANGER.address),
        402,
        "SenderUnderfunded",
    ),
    "field missing": (lambda customer: {"body": {}, "signature": "0x00"}, 422, "RequestInvalid"),
    "field unknown": (lambda customer: customer.offer_request() | {"discount": 1}, 422, "RequestInvalid"),
    "not an object": (lambda customer: [], 422, "RequestInvalid"),
}


@pytest.mark.parametrize(("make", "status", "name"), OFFER_REFUSALS.values(), ids=OFFER_REFUSALS)
def test_offer__request_at_fault__is_refused_by_name(customer, make, status, name):
    response = asyncio.run(customer.ask(make(customer)))
    assert (response.status_code, response.json()["error"]) == (status, name)
    assert set(response.json()) == {"error", "message", "details"}


@pytest.mark.parametrize(
    ("changes", "status", "name"),
    [
        ({"is_paused": True}, 503, "SystemPaused"),
        ({"is_round_initialized": False}, 503, "CurrentRoundNotInitialized"),
    ],
    ids=["paused", "round not initialized"],
)
def test_offer__protocol_not_running__is_refused_by_name(network, customer, changes, status, name):
    for field, value in changes.items():
        setattr(network.chain, field, value)
    response = asyncio.run(customer.ask(customer.offer_request()))
    assert (response.status_code, response.json()["error"]) == (status, name)


def test_offer__sender_unlocking__is_refused(network, customer):
    network.chain.set_sender(customer.signer.address, withdraw_round=11)
    response = asyncio.run(customer.ask(customer.offer_request()))
    assert (response.status_code, response.json()["error"]) == (402, "SenderUnlocking")


def test_offer__same_request_twice__is_refused_as_replay(customer):
    async def scenario():
        request = customer.offer_request()
        return (await customer.ask(request)).status_code, (await customer.ask(request)).json()

    status, second = asyncio.run(scenario())
    assert (status, second["error"]) == (200, "OfferRequestReplayed")


def test_offer__good_request__is_signed_by_the_recipient(network, customer):
    async def scenario():
        return (await customer.ask(customer.offer_request())).json()

    offer, signature = protocol.open_signed(protocol.Offer, asyncio.run(scenario()))
    protocol.require_signed_by(network.orchestrators["first"].address, offer, signature)
    assert offer.price_wei_per_million_units == PRICE_WEI
