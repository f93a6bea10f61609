"""Initializing rounds: one, those that a development chain is made to pass, or each as it begins."""

import time
from collections.abc import Callable

from scripts._deployment.errors import DeploymentError
from scripts._deployment.node import Receipt
from scripts._deployment.signing import Signer
from scripts._governance.actions import encode_call
from scripts._governance.command import Context
from scripts._governance.sending import send
from scripts._operations.rounds import Clock, read_clock, require_possible


def initialize(context: Context, signer: Signer, clock: Clock, max_fee_wei: int | None) -> Receipt:
    """Sends the transaction. Raises DeploymentError with the contract's error, or with what keeps it from it."""
    reader = context.reader
    data = encode_call(reader, "RoundsManager", "initializeRound", [])
    what = f"initializeRound of round {clock.round}"
    to = reader.address("RoundsManager")
    return send(context.node, reader.artifacts, signer, to, data, what, max_fee_wei=max_fee_wei)


def pass_round(context: Context, request: Callable[[str, list], object]) -> Clock:
    """Makes blocks on a development chain until the next round begins; `request` sends a JSON-RPC method."""
    request("anvil_mine", [hex(read_clock(context.reader).blocks_left)])
    return read_clock(context.reader)


def watch(
    context: Context,
    begin: Callable[[Clock], None],
    tell: Callable[[str], None],
    rounds: int | None,
    poll_seconds: float,
) -> int:
    """Calls `begin` in each round that nobody has initialized, until Ctrl-C or so many rounds; returns how many.

    What goes wrong is told once, and tried again: a keeper must outlive a node that is restarted, or a pause.
    """
    done, trouble = 0, ""
    try:
        while rounds is None or done < rounds:
            try:
                clock = read_clock(context.reader)
                if not clock.initialized:
                    require_possible(clock, context.reader)
                    begin(clock)
                    done += 1
                    trouble = ""
                    continue
                words = ""
            except DeploymentError as error:
                words = f"waiting: {error}"
            if words and words != trouble:
                tell(words)
            trouble = words
            time.sleep(poll_seconds)
    except KeyboardInterrupt:
        tell("")
    return done
