"""Prometheus metrics of one orchestrator (offchain.md 21, prefix `ow_`). Labels come from closed sets only."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from offchain_worker.tickets.recipient import PaymentOutcome


class OrchestratorMetrics:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._tickets = Counter("ow_tickets_recv", "Tickets accepted", registry=self._registry)
        self._winners = Counter("ow_winning_tickets_recv", "Winning tickets stored", registry=self._registry)
        self._payment_errors = Counter(
            "ow_payment_recv_errors", "Payments refused", ["error"], registry=self._registry
        )
        self._refusals = Counter("ow_refusals", "Requests refused", ["error"], registry=self._registry)
        self._segments = Counter(
            "ow_segments_processed", "Segments delivered", ["pipeline"], registry=self._registry
        )
        self._mil_units = Counter(
            "ow_mil_units_processed", "Million units delivered", ["pipeline"], registry=self._registry
        )
        self._fees_gwei = Counter(
            "ow_fees_gwei", "Fees charged to balances", ["pipeline"], registry=self._registry
        )
        self._seconds = Histogram(
            "ow_work_seconds", "Time a worker took for a segment", ["pipeline"], registry=self._registry
        )
        self._waiting = Gauge("ow_jobs_waiting", "Jobs that wait for a worker", registry=self._registry)
        self._workers = Gauge("ow_workers", "Workers connected", ["pipeline"], registry=self._registry)

    def payment(self, outcome: PaymentOutcome) -> None:
        self._tickets.inc(outcome.accepted)
        self._winners.inc(outcome.winners)
        if outcome.error is not None:
            self._payment_errors.labels(error=outcome.error.name).inc()

    def refusal(self, error: str) -> None:
        self._refusals.labels(error=error).inc()

    def segment_done(self, pipeline: str, units: int, fee_wei: int, seconds: float) -> None:
        self._segments.labels(pipeline=pipeline).inc()
        self._mil_units.labels(pipeline=pipeline).inc(units / 10**6)
        self._fees_gwei.labels(pipeline=pipeline).inc(fee_wei / 10**9)
        self._seconds.labels(pipeline=pipeline).observe(seconds)

    def text(self, waiting: int, workers: dict[str, int]) -> bytes:
        """The exposition format."""
        self._waiting.set(waiting)
        for pipeline, count in workers.items():
            self._workers.labels(pipeline=pipeline).set(count)
        return generate_latest(self._registry)
