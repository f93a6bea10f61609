"""What a gateway finds wrong with orchestrators."""

from __future__ import annotations

from typing import Any

from offchain_worker.errors import NamedError


class OrchestratorGone(NamedError):
    """No answer, or no whole one, after all attempts. `was_sent`: it may have received the request."""

    status = 502
    template = "orchestrator {url} does not answer ({reason}) after {attempts} attempts"

    @property
    def was_sent(self) -> bool:
        return self.details["was_sent"]


class OrchestratorRefused(NamedError):
    """A named refusal by the orchestrator. `refusal` holds its name; its words are for people only (W12)."""

    status = 502
    template = "orchestrator {url} refused with status {httpStatus}: {refusal}: {reason}"

    @property
    def refusal(self) -> str:
        return self.details["refusal"]


class AnswerMalformed(NamedError):
    status = 502
    template = "orchestrator {url} sent an answer that is not one: {reason}"


class OfferRejected(NamedError):
    """An offer breaks a rule of this gateway."""

    status = 502
    template = "offer of {url}: {field} is {found}, required is {required}"


class ReceiptRejected(NamedError):
    status = 502
    template = "receipt of {url}: {field} is {found}, required is {required}"


class NoOrchestratorLeft(NamedError):
    """Every orchestrator of the list failed this segment. `reasons` says how, by URL."""

    status = 502
    template = "no orchestrator is left for segment {sequence}: {summary}"

    def __init__(self, sequence: int, reasons: dict[str, dict[str, Any]]) -> None:
        summary = (
            "; ".join(f"{url}: {reason['error']}: {reason['message']}" for url, reason in reasons.items())
            or "none was given"
        )
        super().__init__(sequence=sequence, summary=summary, reasons=reasons)
