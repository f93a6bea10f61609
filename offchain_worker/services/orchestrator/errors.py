"""Refusals of an orchestrator besides those of the money path."""

from __future__ import annotations

from offchain_worker.errors import NamedError


class OfferRequestStale(NamedError):
    status = 401
    template = "offer request is of {found} (unix seconds), it is {now}; accepted are {required} seconds of difference"


class OfferRequestReplayed(NamedError):
    status = 409
    template = "offer request with nonce {nonce} was already answered; draw a new nonce"


class WrongOrchestrator(NamedError):
    status = 400
    template = "request is addressed to {found}, this is {required}"


class TokenRejected(NamedError):
    status = 401
    template = "session token of {session} is not one that this orchestrator gave out"


class SessionMismatch(NamedError):
    status = 400
    template = "{message} is for {found}, the request is for {required}"


class SourceHashMismatch(NamedError):
    status = 400
    template = "segment has sha256 {found}, the job says {required}"


class SegmentConflict(NamedError):
    status = 409
    template = "segment {sequence} of session {session} was already submitted with sha256 {required}, now with {found}"


class RequestTooLarge(NamedError):
    status = 413
    template = "request has more than {required} bytes"


class NoWorkerAvailable(NamedError):
    status = 503
    template = "no worker for pipeline {pipeline} is connected; nothing was charged"


class Busy(NamedError):
    status = 429
    template = "{found} jobs are waiting, at most {required} are accepted; try again"


class WorkFailed(NamedError):
    """Own fault: the work was tried and not finished. Never charged."""

    status = 500
    template = "work on segment {sequence} failed {attempts} times, last with {reason}; nothing was charged"


class WorkerTokenRejected(NamedError):
    status = 401
    template = "worker token is missing or wrong"


class TaskUnknown(NamedError):
    status = 404
    template = "task {task} is not assigned here; it may have been given to another worker"
