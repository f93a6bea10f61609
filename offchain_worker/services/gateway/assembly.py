"""Puts a gateway and its order together from settings, a signer and a chain."""

from __future__ import annotations

from pathlib import Path

from offchain_worker.chain.interface import ChainReader
from offchain_worker.services.gateway.client import OrchestratorAddress
from offchain_worker.services.gateway.payer import PurchaseLimits
from offchain_worker.services.gateway.transcode import Gateway, TranscodeOrder
from offchain_worker.settings import Settings
from offchain_worker.tickets.database import open_database
from offchain_worker.tickets.sender import SenderLimits
from offchain_worker.tickets.signatures import Signer


def build_gateway(settings: Settings, signer: Signer, chain: ChainReader) -> Gateway:
    section = settings.gateway
    return Gateway(
        signer=signer,
        chain=chain,
        engine=open_database(section.database),
        purchase_limits=PurchaseLimits(
            max_price_wei=section.max_price_wei_per_million_pixels,
            budget_wei=section.budget_wei,
            require_registered_url=section.require_registered_url,
        ),
        sender_limits=SenderLimits(
            max_ticket_expected_value_wei=section.max_ticket_expected_value_wei,
            max_total_expected_value_wei=section.max_payment_expected_value_wei,
            deposit_multiplier=section.deposit_multiplier,
        ),
    )


def build_order(settings: Settings, video: Path, output_directory: Path) -> TranscodeOrder:
    section = settings.gateway
    return TranscodeOrder(
        source=video,
        output_directory=output_directory,
        orchestrators=tuple(OrchestratorAddress.parse(text) for text in section.orchestrators),
        profiles=section.profiles,
        segment_seconds=section.segment_seconds,
        min_psnr_db=section.min_psnr_db,
        sampled_frames=section.sampled_frames,
        request_seconds=section.request_seconds,
    )
