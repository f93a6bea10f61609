"""Structured logs on standard error, one JSON object per line. Secrets are never passed to a logger."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs(verbose: bool) -> None:
    """For a process's start. `verbose` shows every event, otherwise warnings and errors."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
