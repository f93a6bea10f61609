"""An orchestrator's edge for segments: every refusal by name and status, and what it leaves of the balance.

| request | refusal |
|---|---|
| unknown or expired session, wrong token, foreign job, wrong hash, other session's payment | 404/401/400 |
| no worker, unpaid, too few tickets, each bad ticket | 503/402/409/401 |
| source at fault, worker fails twice, worker claims too much | 400/500, fee given back |
| same again / other bytes under its number | same result, charged once / 409 |
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from offchain_worker.services import framing, protocol
from offchain_worker.services.worker.runner import Failure
from offchain_worker.tickets.balance import compute_fee_units, compute_ticket_units
from offchain_worker.tickets.database import open_database
from offchain_worker.tickets.recipient_store import RecipientStore
from offchain_worker.tickets.signatures import LocalSigner
from tests.worker.customer import Customer, damaged
from tests.worker.network import PRICE_WEI, WORKER_TOKEN, Network

pytestmark = pytest.mark.worker

STRANGER = LocalSigner(b"\x77" * 32)
UNITS = 30 * (256 * 144 + 426 * 240)
ENOUGH = 5
"""Tickets of 10^9 wei for a fee of 4.17·10^9 wei."""


@pytest.fixture
def customer(network: Network) -> Customer:
    return Customer(network, network.add_orchestrator("first"), network.gateway_signer)


def balance(network: Network, customer: Customer) -> int:
    store = RecipientStore(open_database(network.database_url("first")))
    return store.session(customer.offer.session_id).balance_units


def paid(customer: Customer, tickets: int) -> int:
    parameters = customer.offer.ticket_parameters
    return tickets * compute_ticket_units(parameters.face_value_wei, parameters.win_probability)


FEE = compute_fee_units(UNITS, PRICE_WEI)


def run_segment(network: Network, customer: Customer, make, cheat=None):
    """Opens a session with a worker at hand, submits what `make` builds, returns response and balance."""

    async def scenario():
        async with network.worker("first", cheat):
            await customer.open()
            response = await customer.submit(make())
            return response, balance(network, customer)

    return asyncio.run(scenario())


def test_segment__enough_tickets__is_delivered_charged_and_receipted(network, customer, segments):
    segment = segments[0]
    response, left = run_segment(
        network, customer, lambda: customer.body(segment, customer.payment(customer.tickets(ENOUGH)))
    )
    assert response.status_code == 200
    head, parts = framing.unpack(response.content)
    receipt, signature = protocol.open_signed(protocol.Receipt, head["receipt"])
    protocol.require_signed_by(network.orchestrators["first"].address, receipt, signature)
    assert receipt.units == UNITS
    assert receipt.result_digest == protocol.compute_result_digest(parts)
    assert left == int(head["balance_units"]) == paid(customer, ENOUGH) - FEE


def _other_recipient(customer: Customer):
    parameters = customer.offer.ticket_parameters.model_copy(update={"recipient": STRANGER.address})
    return customer.payment(customer.tickets(ENOUGH), ticket_parameters=parameters)


def _larger_face_value(customer: Customer):
    parameters = customer.offer.ticket_parameters.model_copy(update={"face_value_wei": 10**15})
    return customer.payment(customer.tickets(ENOUGH), ticket_parameters=parameters)


PAYMENTS = {
    "none": (lambda customer: None, 402, "InsufficientBalance"),
    "one ticket short": (
        lambda customer: customer.payment(customer.tickets(ENOUGH - 1)),
        402,
        "InsufficientBalance",
    ),
    "price of zero": (
        lambda customer: customer.payment(customer.tickets(ENOUGH), price_wei_per_million_units=0),
        402,
        "PriceMismatch",
    ),
    "lower price": (
        lambda customer: customer.payment(
            customer.tickets(ENOUGH), price_wei_per_million_units=PRICE_WEI - 1
        ),
        402,
        "PriceMismatch",
    ),
    "larger face value": (_larger_face_value, 402, "TicketParametersMismatch"),
    "wrong recipient": (_other_recipient, 402, "TicketRecipientMismatch"),
    "wrong signature": (
        lambda customer: customer.payment(customer.tickets(ENOUGH, signer=STRANGER)),
        401,
        "TicketSignatureRejected",
    ),
    "replayed nonce": (
        lambda customer: customer.payment((*(tickets := customer.tickets(ENOUGH)), tickets[0])),
        409,
        "NonceReplayed",
    ),
    "other segment's": (
        lambda customer: customer.payment(customer.tickets(ENOUGH), sequence=1),
        400,
        "SessionMismatch",
    ),
}


@pytest.mark.parametrize(("make", "status", "name"), PAYMENTS.values(), ids=PAYMENTS)
def test_segment__payment_at_fault__is_refused_by_name_and_not_worked_on(
    network, customer, segments, make, status, name
):
    worked = []

    def note(head, data, result):
        worked.append(head["task"])
        return result

    response, left = run_segment(network, customer, lambda: customer.body(segments[0], make(customer)), note)
    assert (response.status_code, response.json()["error"]) == (status, name)
    assert worked == []
    assert left >= 0


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (lambda network: setattr(network.chain, "block", 140), "TicketParametersExpired"),
        (
            lambda network: network.chain.set_sender(
                network.gateway_signer.address, reserve_wei=0, deposit_wei=0
            ),
            "SenderUnderfunded",
        ),
        (
            lambda network: network.chain.set_sender(network.gateway_signer.address, withdraw_round=11),
            "SenderUnlocking",
        ),
        (lambda network: setattr(network.chain, "is_paused", True), "SystemPaused"),
    ],
    ids=["expired", "underfunded", "unlocking", "paused"],
)
def test_segment__world_changed_since_the_offer__is_refused_uncredited(
    network, customer, segments, spoil, name
):
    def make():
        body = customer.body(segments[0], customer.payment(customer.tickets(ENOUGH)))
        spoil(network)
        return body

    response, left = run_segment(network, customer, make)
    assert (response.json()["error"], left) == (name, 0)


def test_segment__round_ends_during_the_session__is_still_served(network, customer, segments):
    def make():
        network.chain.current_round += 1
        network.chain.is_round_initialized = False
        return customer.body(segments[0], customer.payment(customer.tickets(ENOUGH)))

    response, _ = run_segment(network, customer, make)
    assert response.status_code == 200


IDENTITY = {
    "wrong token": (lambda customer, segment: {"token": "0x" + "00" * 32}, 401, "TokenRejected"),
    "no token": (lambda customer, segment: {"token": None}, 422, "RequestInvalid"),
    "foreign job": (
        lambda customer, segment: {"job": protocol.sign(customer.job(segment), STRANGER)},
        401,
        "SignatureRejected",
    ),
    "job of another session": (
        lambda customer, segment: {
            "job": protocol.sign(customer.job(segment, session_id="x"), customer.signer)
        },
        400,
        "SessionMismatch",
    ),
    "job changed after signing": (
        lambda customer, segment: {
            "job": protocol.sign(customer.job(segment), customer.signer)
            | {"body": customer.job(segment, time=1).model_dump(mode="json")}
        },
        401,
        "SignatureRejected",
    ),
    "other source": (
        lambda customer, segment: {
            "job": protocol.sign(customer.job(segment, source_sha256=bytes(32)), customer.signer)
        },
        400,
        "SourceHashMismatch",
    ),
    "other pipeline": (
        lambda customer, segment: {
            "job": protocol.sign(customer.job(segment, pipeline="dream"), customer.signer)
        },
        400,
        "SessionMismatch",
    ),
    "no renditions": (
        lambda customer, segment: {
            "job": protocol.sign(customer.job(segment, parameters={"profiles": []}), customer.signer)
        },
        422,
        "RequestInvalid",
    ),
    "unknown part": (lambda customer, segment: {"tip": 1}, 422, "RequestInvalid"),
}


@pytest.mark.parametrize(("change", "status", "name"), IDENTITY.values(), ids=IDENTITY)
def test_segment__identity_or_job_at_fault__is_refused_before_payment(
    network, customer, segments, change, status, name
):
    segment = segments[0]

    def make():
        return customer.body(segment, customer.payment(customer.tickets(ENOUGH)), **change(customer, segment))

    response, left = run_segment(network, customer, make)
    assert (response.status_code, response.json()["error"], left) == (status, name, 0)


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\x00\x00\x05hello", b"\xff" * 64, framing.pack({}, [])],
    ids=["empty", "no JSON", "length too large", "no source"],
)
def test_segment__envelope_malformed__is_refused(network, customer, body):
    response, _ = run_segment(network, customer, lambda: body)
    assert (response.status_code, response.json()["error"]) == (400, "EnvelopeMalformed")


def test_segment__no_worker_connected__is_refused_before_payment(network, customer, segments):
    async def scenario():
        await customer.open()
        response = await customer.submit(
            customer.body(segments[0], customer.payment(customer.tickets(ENOUGH)))
        )
        return response, balance(network, customer)

    response, left = asyncio.run(scenario())
    assert (response.status_code, response.json()["error"], left) == (503, "NoWorkerAvailable", 0)
    assert response.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("seconds", "status"), [(1795, 402), (1801, 401)], ids=["before its end", "after its end"]
)
def test_segment__session_at_its_end__is_refused_from_there_on(network, customer, segments, seconds, status):
    async def scenario():
        await customer.open()
        network.add_orchestrator("first", now=lambda: time.time() + seconds)
        async with network.worker("first"):
            return await customer.submit(customer.body(segments[0], None))

    response = asyncio.run(scenario())
    assert response.status_code == status
    assert response.json()["error"] == {401: "SessionExpired", 402: "InsufficientBalance"}[status]


def test_segment__source_at_fault__names_the_media_error_and_gives_the_fee_back(network, customer, segments):
    bad = damaged(segments[0])
    response, left = run_segment(
        network, customer, lambda: customer.body(bad, customer.payment(customer.tickets(ENOUGH)))
    )
    assert response.status_code == 400
    assert response.json()["error"] in ("SourceNotAsDeclared", "CorruptMedia")
    assert left == paid(customer, ENOUGH)


def test_segment__worker_fails_twice__is_our_fault_and_gives_the_fee_back(network, customer, segments):
    attempts = []

    def fail(head, data, result):
        attempts.append(head["task"])
        return Failure("OutOfMemory", "no memory", is_source_fault=False)

    response, left = run_segment(
        network,
        customer,
        lambda: customer.body(segments[0], customer.payment(customer.tickets(ENOUGH))),
        fail,
    )
    assert (response.status_code, response.json()["error"]) == (500, "WorkFailed")
    assert (len(attempts), left) == (2, paid(customer, ENOUGH))


def test_segment__worker_claims_more_units__is_not_charged(network, customer, segments):
    def inflate(head, data, result):
        first, *others = result.outputs
        return replace(result, outputs=(replace(first, units=first.units + 1), *others))

    response, left = run_segment(
        network,
        customer,
        lambda: customer.body(segments[0], customer.payment(customer.tickets(ENOUGH))),
        inflate,
    )
    assert (response.json()["error"], left) == ("WorkFailed", paid(customer, ENOUGH))


def test_segment__submitted_again__returns_the_same_result_and_charges_once(network, customer, segments):
    async def scenario():
        async with network.worker("first"):
            await customer.open()
            body = customer.body(segments[0], customer.payment(customer.tickets(ENOUGH)))
            first, second = await customer.submit(body), await customer.submit(body)
            at_once = customer.body(segments[1], customer.payment(customer.tickets(ENOUGH), 1), 1)
            together = await asyncio.gather(customer.submit(at_once, 1), customer.submit(at_once, 1))
            return first, second, together, balance(network, customer)

    first, second, together, left = asyncio.run(scenario())
    assert framing.unpack(first.content)[1] == framing.unpack(second.content)[1]
    assert framing.unpack(together[0].content)[1] == framing.unpack(together[1].content)[1]
    assert left == paid(customer, 2 * ENOUGH) - 2 * FEE


def test_segment__other_bytes_under_the_same_number__is_a_conflict(network, customer, segments):
    async def scenario():
        async with network.worker("first"):
            await customer.open()
            await customer.submit(customer.body(segments[0], customer.payment(customer.tickets(ENOUGH))))
            return await customer.submit(
                customer.body(segments[1], customer.payment(customer.tickets(ENOUGH)))
            )

    response = asyncio.run(scenario())
    assert (response.status_code, response.json()["error"]) == (409, "SegmentConflict")


def test_segment__orchestrator_restarted_between_segments__keeps_session_and_balance(
    network, customer, segments
):
    async def scenario():
        async with network.worker("first"):
            await customer.open()
            body = customer.body(segments[0], customer.payment(customer.tickets(ENOUGH)))
            first = await customer.submit(body)
        network.add_orchestrator("first")
        async with network.worker("first"):
            again = await customer.submit(body)
            second = await customer.submit(
                customer.body(segments[1], customer.payment(customer.tickets(ENOUGH), 1), 1), 1
            )
            return first, again, second, balance(network, customer)

    first, again, second, left = asyncio.run(scenario())
    assert framing.unpack(first.content)[1] == framing.unpack(again.content)[1]
    assert second.status_code == 200
    assert left == paid(customer, 2 * ENOUGH) - 2 * FEE


@pytest.mark.parametrize(
    "path", ["/v1/worker/poll", "/v1/worker/tasks/x/result", "/v1/worker/tasks/x/heartbeat"]
)
def test_worker_routes__wrong_token__are_refused(customer, path):
    async def scenario():
        return await customer.http.post(path, json={}, headers={"Authorization": "Bearer wrong"})

    response = asyncio.run(scenario())
    assert (response.status_code, response.json()["error"]) == (401, "WorkerTokenRejected")


def test_metrics__after_a_segment__count_tickets_and_units(network, customer, segments):
    async def scenario():
        async with network.worker("first"):
            await customer.open()
            await customer.submit(customer.body(segments[0], customer.payment(customer.tickets(ENOUGH))))
            return (await customer.http.get("/metrics")).text, (await customer.http.get("/healthz")).text

    metrics, health = asyncio.run(scenario())
    assert "ow_tickets_recv_total 5.0" in metrics
    assert f'ow_mil_units_processed_total{{pipeline="transcode"}} {UNITS / 10**6}' in metrics
    assert WORKER_TOKEN not in metrics + health
