"""Puts an orchestrator together from settings, a signer and a chain."""

from __future__ import annotations

import time
from collections.abc import Callable

from fastapi import FastAPI

from offchain_worker.chain.interface import ChainReader
from offchain_worker.services.orchestrator.app import create_app
from offchain_worker.services.orchestrator.jobs import JobStore
from offchain_worker.services.orchestrator.metrics import OrchestratorMetrics
from offchain_worker.services.orchestrator.scheduler import Scheduler, SchedulerLimits
from offchain_worker.services.orchestrator.service import OrchestratorService, OrchestratorTerms
from offchain_worker.settings import Settings, require_token
from offchain_worker.tickets.database import master_secret, open_database
from offchain_worker.tickets.parameters import TicketEconomics
from offchain_worker.tickets.recipient import TicketRecipient
from offchain_worker.tickets.recipient_store import RecipientStore
from offchain_worker.tickets.signatures import Signer


def build_app(
    settings: Settings, signer: Signer, chain: ChainReader, now: Callable[[], float] = time.time
) -> FastAPI:
    """The orchestrator's HTTP application. Jobs that an earlier process left running are refunded first."""
    section, tickets = settings.orchestrator, settings.tickets
    token = require_token("orchestrator", section.worker_token)
    engine = open_database(section.database)
    secret = master_secret(engine)
    store = RecipientStore(engine)
    jobs = JobStore(engine, store)
    jobs.fail_interrupted()
    economics = TicketEconomics(
        ticket_expected_value_wei=tickets.expected_value_wei,
        redeem_gas=tickets.redeem_gas,
        transaction_cost_multiplier=tickets.transaction_cost_multiplier,
        max_face_value_wei=tickets.max_face_value_wei,
        parameters_lifetime_blocks=tickets.parameters_lifetime_blocks,
        max_nonces_per_parameters=tickets.max_nonces_per_parameters,
    )
    service = OrchestratorService(
        signer=signer,
        terms=OrchestratorTerms(
            service_url=section.url,
            prices_wei_per_million_units={"transcode": section.price_wei_per_million_pixels},
            ticket_expected_value_wei=tickets.expected_value_wei,
            session_seconds=section.session_seconds,
        ),
        chain=chain,
        recipient=TicketRecipient(signer.address, secret, store, chain, economics),
        store=store,
        jobs=jobs,
        scheduler=Scheduler(
            SchedulerLimits(max_waiting=section.max_waiting_jobs, lease_seconds=section.lease_seconds)
        ),
        master_secret=secret,
        metrics=OrchestratorMetrics(),
        now=now,
    )
    return create_app(service, token, section.max_segment_bytes)
