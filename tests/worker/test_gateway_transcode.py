"""Gateway, orchestrator and worker together: what is delivered, paid, refused, and by whom taken over.

| condition | outcome |
|---|---|
| all honest | every segment delivered, renditions join to one stream, ledgers of both sides equal to the unit |
| next segment | paid only after the result before was checked |
| worker cheats: size, frames, picture, garbage, order | named, no further payment, next orchestrator or named error |
| orchestrator gone mid-stream, connection cut mid-answer | retry, then the next one; unsent tickets restored |
| offer tampered with: price, recipient, signer, value | OfferRejected, nothing paid |
| budget, unlocking, no escrow, parameters expired | named error without trying others / renewed once |
| video at fault | its media error, nothing paid |
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from offchain_worker.media.profiles import get_profile
from offchain_worker.media.transcode import transcode_segment
from offchain_worker.pipelines.base import PipelineOutput, PipelineResult
from offchain_worker.services.gateway.client import OrchestratorAddress
from offchain_worker.services.gateway.report import VideoReport
from offchain_worker.tickets.balance import units_to_wei_down
from offchain_worker.tickets.database import open_database
from offchain_worker.tickets.recipient_store import RecipientStore
from tests.worker.network import EXPECTED_VALUE_WEI, FACE_VALUE_WEI, PRICE_WEI, PROFILES, Network
from tests.worker.videos import video_pts

pytestmark = pytest.mark.worker

PIXELS = 30 * (256 * 144 + 426 * 240)


def run(network: Network, video: Path, hosts: dict, **limits) -> VideoReport:
    """Transcodes `video` with a worker (honest or cheating) at each of `hosts`."""

    async def scenario() -> VideoReport:
        async with contextlib.AsyncExitStack() as workers, asyncio.timeout(60):
            for host, cheat in hosts.items():
                await workers.enter_async_context(network.worker(host, cheat))
            return await network.gateway(**limits).transcode(network.order(video, *hosts))

    return asyncio.run(scenario())


def test_transcode__honest_orchestrator__delivers_joined_renditions(network: Network, video):
    network.add_orchestrator("first")
    report = run(network, video, {"first": None})
    assert report.error is None
    assert [segment.frames for segment in report.segments] == [30, 30, 30]
    for name in PROFILES:
        assert video_pts(Path(report.files[name]).read_bytes()) == list(range(90_000, 360_000, 3000))
    assert all(
        rendition.worst_psnr_db > 34 for segment in report.segments for rendition in segment.renditions
    )


def test_transcode__honest_orchestrator__both_ledgers_agree_to_the_unit(network: Network, video):
    network.add_orchestrator("first")
    report = run(network, video, {"first": None})
    (session,) = report.sessions
    store = RecipientStore(open_database(network.database_url("first")))
    assert units_to_wei_down(store.session(session.session_id).balance_units) == session.balance_left_wei
    assert session.debited_wei == 3 * PIXELS * PRICE_WEI // 10**6
    # 4.17 tickets per segment: 5, then the rest of the first balance counts.
    assert [segment.tickets_sent for segment in report.segments] == [5, 4, 4]
    assert session.face_value_sent_wei == 13 * FACE_VALUE_WEI
    assert len(store.winners()) == report.totals()["winners"]


def test_transcode__report__is_json_with_amounts_as_text(network: Network, video):
    network.add_orchestrator("first")
    report = json.loads(json.dumps(run(network, video, {"first": None}).to_json()))
    assert report["totals"]["fee_wei"] == str(sum(int(segment["fee_wei"]) for segment in report["segments"]))
    assert report["totals"]["frames"] == 90
    assert report["segments"][0]["renditions"][0]["name"] == PROFILES[0]


def test_transcode__next_segment__is_requested_only_after_the_check(network: Network, video):
    network.add_orchestrator("first")
    events = []

    def note(request: httpx.Request) -> None:
        if "/segments/" in request.url.path:
            events.append(("paid", int(request.url.path.rsplit("/", 1)[1])))

    network.transport.before = note

    async def scenario():
        gateway = network.gateway()
        gateway.on_segment = lambda segment: events.append(("checked", segment.sequence))
        async with network.worker("first"):
            await gateway.transcode(network.order(video, "first"))

    asyncio.run(scenario())
    assert events == [(what, number) for number in range(3) for what in ("paid", "checked")]


def _with_first(result: PipelineResult, data: bytes) -> PipelineResult:
    first, *others = result.outputs
    return replace(result, outputs=(replace(first, data=data), *others))


def _smaller(head, data, result):
    profile = replace(get_profile(PROFILES[0]), width=160, height=90)
    return _with_first(result, transcode_segment(data, (profile,), (480, 270), 30, (30,)).renditions[0].data)


def _fewer_frames(head, data, result):
    profile = replace(get_profile(PROFILES[0]), fps=15)
    return _with_first(result, transcode_segment(data, (profile,), (480, 270), 30, (15,)).renditions[0].data)


def _garbage(head, data, result):
    return _with_first(result, b"\x47" + bytes(187))


def _nothing(head, data, result):
    return _with_first(result, b"")


_kept: dict[str, bytes] = {}


def _same_again(head, data, result):
    """Always the first segment's rendition."""
    return _with_first(result, _kept.setdefault("first", result.outputs[0].data))


def _swapped(head, data, result):
    first, second = result.outputs
    return replace(result, outputs=(replace(first, data=second.data), replace(second, data=first.data)))


def _renamed(head, data, result):
    first, second = result.outputs
    return replace(result, outputs=(second, first))


def _worst_quality(head, data, result):
    profile = replace(get_profile(PROFILES[0]), bitrate=10_000)
    return _with_first(result, transcode_segment(data, (profile,), (480, 270), 30, (30,)).renditions[0].data)


CHEATS = {
    "smaller picture": (_smaller, 0, "RenditionSizeMismatch"),
    "half of the frames": (_fewer_frames, 0, "RenditionTimestampMismatch"),
    "garbage": (_garbage, 0, "RenditionUndecodable"),
    "empty file": (_nothing, 0, "RenditionUndecodable"),
    "the first segment again": (_same_again, 1, "RenditionTimestampMismatch"),
    "renditions exchanged": (_swapped, 0, "RenditionSizeMismatch"),
    "renditions in another order": (_renamed, 0, "AnswerMalformed"),
    "starved of bits": (_worst_quality, 0, "RenditionTooDifferent"),
}


@pytest.mark.parametrize(("cheat", "delivered", "error"), CHEATS.values(), ids=CHEATS)
def test_transcode__cheating_worker__is_caught_and_gets_no_further_payment(
    network: Network, video, cheat, delivered, error
):
    _kept.clear()
    network.add_orchestrator("first")
    report = run(network, video, {"first": cheat})
    assert report.error["error"] == "NoOrchestratorLeft"
    assert report.error["details"]["reasons"]["http://first"]["error"] == error
    assert len(report.segments) == delivered
    (session,) = report.sessions
    # Fees were only debited for what was accepted; one segment's tickets are the most that a cheat can keep.
    assert session.debited_wei == delivered * PIXELS * PRICE_WEI // 10**6
    assert session.balance_left_wei <= 5 * EXPECTED_VALUE_WEI


def test_transcode__cheating_worker_with_an_honest_rival__is_replaced(network: Network, video):
    network.add_orchestrator("first")
    network.add_orchestrator("second")
    report = run(network, video, {"first": _garbage, "second": None})
    assert report.error is None
    assert [(failover.sequence, failover.error) for failover in report.failovers] == [
        (0, "RenditionUndecodable")
    ]
    assert {segment.url for segment in report.segments} == {"http://second"}


def test_transcode__orchestrator_gone_mid_stream__the_next_takes_over(network: Network, video):
    network.add_orchestrator("first")
    network.add_orchestrator("second")

    def die_at_second_segment(request: httpx.Request) -> None:
        if request.url.host == "first" and request.url.path.endswith("/segments/1"):
            network.transport.remove("first")

    network.transport.before = die_at_second_segment

    async def scenario():
        async with network.worker("second"), network.worker("first"):
            return await network.gateway().transcode(network.order(video, "first", "second"))

    report = asyncio.run(scenario())
    assert report.error is None
    assert [segment.url for segment in report.segments] == ["http://first", "http://second", "http://second"]
    assert [(failover.sequence, failover.error) for failover in report.failovers] == [(1, "OrchestratorGone")]
    # The second payment never left, so it is not counted: 5 tickets here, then 5 and 4 at the next orchestrator.
    assert [session.tickets_sent for session in report.sessions] == [5, 9]
    assert report.sessions[0].expected_value_sent_wei == 5 * EXPECTED_VALUE_WEI
    for name in PROFILES:
        assert video_pts(Path(report.files[name]).read_bytes()) == list(range(90_000, 360_000, 3000))


def test_transcode__all_orchestrators_gone__is_a_named_error_with_what_was_delivered(network: Network, video):
    network.add_orchestrator("first")

    def die_at_second_segment(request: httpx.Request) -> None:
        if request.url.path.endswith("/segments/1"):
            network.transport.remove("first")

    network.transport.before = die_at_second_segment
    report = run(network, video, {"first": None})
    assert report.error["error"] == "NoOrchestratorLeft"
    assert "OrchestratorGone" in report.error["message"]
    assert len(report.segments) == 1
    assert len(video_pts(Path(report.files[PROFILES[0]]).read_bytes())) == 30


def test_transcode__answer_lost_once__is_fetched_again_and_charged_once(network: Network, video):
    network.add_orchestrator("first")
    lost = []

    def lose_first_answer(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path.endswith("/segments/1") and not lost:
            lost.append(request)
            raise httpx.ReadError("connection cut", request=request)
        return response

    network.transport.after = lose_first_answer
    report = run(network, video, {"first": None})
    assert report.error is None
    assert report.failovers == []
    (session,) = report.sessions
    store = RecipientStore(open_database(network.database_url("first")))
    assert units_to_wei_down(store.session(session.session_id).balance_units) == session.balance_left_wei


def test_transcode__dearer_than_the_limit__is_refused_unpaid(network: Network, video):
    network.add_orchestrator("first", price_wei=PRICE_WEI + 1)
    report = run(network, video, {"first": None}, max_price_wei=PRICE_WEI)
    assert report.error["details"]["reasons"]["http://first"]["error"] == "OfferRejected"
    assert report.totals()["tickets_sent"] == 0


def _tampered_offer(change):
    """Changes the body of each offer on its way; the signature stays."""

    def after(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return _Rewritten(response, change) if request.url.path.endswith("/offer") else response

    return after


class _Rewritten(httpx.Response):
    def __init__(self, original: httpx.Response, change) -> None:
        super().__init__(original.status_code, stream=_ChangedStream(original, change))


class _ChangedStream(httpx.AsyncByteStream):
    def __init__(self, original: httpx.Response, change) -> None:
        self._original, self._change = original, change

    async def __aiter__(self):
        body = json.loads(await self._original.aread())
        self._change(body["body"])
        yield json.dumps(body).encode()


TAMPERED = {
    "price": lambda body: body.update(price_wei_per_million_units="1"),
    "recipient": lambda body: body["ticket_parameters"].update(recipient="0x" + "99" * 20),
    "face value": lambda body: body["ticket_parameters"].update(face_value_wei=str(10**17)),
    "session": lambda body: body.update(session_id="mine"),
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_transcode__offer_tampered_with_on_its_way__is_refused_unpaid(network: Network, video, change):
    network.add_orchestrator("first")
    network.transport.after = _tampered_offer(change)
    report = run(network, video, {"first": None})
    assert report.error["details"]["reasons"]["http://first"]["error"] == "AnswerMalformed"
    assert "signature" in report.error["message"]
    assert report.totals()["tickets_sent"] == 0


def test_transcode__orchestrator_not_the_one_named__is_refused_unpaid(network: Network, video):
    network.add_orchestrator("first")
    order = {"orchestrators": (OrchestratorAddress("http://first", "0x" + "99" * 20),)}

    async def scenario():
        async with network.worker("first"):
            return await network.gateway().transcode(replace(network.order(video), **order))

    report = asyncio.run(scenario())
    assert report.error["details"]["reasons"]["http://first"]["error"] == "OfferRejected"


def test_transcode__orchestrator_not_active__is_refused_unpaid(network: Network, video):
    network.add_orchestrator("first")
    network.chain.active_orchestrators.clear()
    network.chain.active_orchestrators.add("0x" + "99" * 20)
    # The orchestrator itself cannot even offer: its share of the reserve is zero.
    report = run(network, video, {"first": None})
    assert "SenderUnderfunded" in report.error["message"]


@pytest.mark.parametrize(("registered", "is_refused"), [("http://elsewhere", True), ("http://first", False)])
def test_transcode__registered_url_required__accepts_only_that_one(
    network: Network, video, registered, is_refused
):
    network.add_orchestrator("first")
    network.chain.service_uris[network.orchestrators["first"].address] = registered
    report = run(network, video, {"first": None}, require_registered_url=True)
    assert (report.error is not None) is is_refused
    if is_refused:
        assert (
            report.error["details"]["reasons"]["http://first"]["details"]["field"] == "registered service URI"
        )


def test_transcode__budget_used_up__stops_before_the_first_wei_too_many(network: Network, video):
    network.add_orchestrator("first")
    network.add_orchestrator("second")
    report = run(network, video, {"first": None, "second": None}, budget_wei=9 * EXPECTED_VALUE_WEI + 1)
    assert report.error["error"] == "BudgetExhausted"
    assert len(report.segments) == 2
    assert report.failovers == []
    assert report.totals()["expected_value_sent_wei"] <= 9 * EXPECTED_VALUE_WEI + 1


def test_transcode__parameters_expire_between_segments__are_renewed(network: Network, video):
    network.add_orchestrator("first")

    async def scenario():
        gateway = network.gateway()
        gateway.on_segment = lambda segment: setattr(network.chain, "block", network.chain.block + 39)
        async with network.worker("first"):
            return await gateway.transcode(network.order(video, "first"))

    report = asyncio.run(scenario())
    assert report.error is None
    assert report.sessions[0].written_off_wei == 0


def test_transcode__deposit_gone__is_named_and_not_tried_elsewhere(network: Network, video):
    network.add_orchestrator("first")
    network.add_orchestrator("second")
    network.chain.set_sender(network.gateway_signer.address, deposit_wei=0)
    report = run(network, video, {"first": None, "second": None})
    assert (report.error["error"], report.failovers) == ("SenderNotFunded", [])


def test_transcode__system_paused__is_named_before_anything_is_asked(network: Network, video):
    network.add_orchestrator("first")
    network.chain.is_paused = True
    report = run(network, video, {"first": None})
    assert (report.error["error"], report.sessions) == ("SystemPaused", [])


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "EmptyMedia"), (b"no video" * 1000, "UnreadableMedia")], ids=["empty", "text"]
)
def test_transcode__video_at_fault__is_named_and_nothing_is_paid(network: Network, tmp_path, content, name):
    network.add_orchestrator("first")
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    report = run(network, path, {"first": None})
    assert (report.error["error"], report.sessions) == (name, [])


def test_pipeline_output__units__are_summed_over_renditions():
    outputs = tuple(PipelineOutput(name, b"", units) for name, units in (("a", 3), ("b", 4)))
    assert PipelineResult(outputs, 1.0).units == 7
