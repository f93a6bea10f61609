"""One transaction of a person: tried first, then signed, sent and awaited."""

import time
from collections.abc import Mapping

import click

from scripts._deployment.errors import FeeTooHigh, NodeRefused, NotEnoughEther
from scripts._deployment.node import Node, Receipt
from scripts._deployment.reverts import describe_revert
from scripts._deployment.signing import Signer
from scripts._governance.errors import GovernanceError, NotMined
from tools.artifacts import Artifact

GAS_MARGIN_PERCENT = 120
PATIENCE_SECONDS = 300
POLL_SECONDS = 0.5


def estimate(
    node: Node, artifacts: Mapping[str, Artifact], sender: str, to: str, data: bytes, what: str
) -> int:
    """Gas of a transaction. Raises GovernanceError with the contract's error if it would fail."""
    try:
        return node.estimate_gas({"from": sender, "to": to, "data": "0x" + data.hex(), "value": 0})
    except NodeRefused as error:
        raise GovernanceError(f"{what} would fail: {describe_revert(error, artifacts)}") from error


def send(
    node: Node,
    artifacts: Mapping[str, Artifact],
    signer: Signer,
    to: str,
    data: bytes,
    what: str,
    *,
    max_fee_wei: int | None = None,
) -> Receipt:
    """Sends, says the hash on standard error, and waits.

    Raises a DeploymentError or GovernanceError that says what to do.
    """
    gas = estimate(node, artifacts, signer.address, to, data, what) * GAS_MARGIN_PERCENT // 100
    fees = node.fees()
    if max_fee_wei is not None and fees.max_fee_wei > max_fee_wei:
        raise FeeTooHigh(fees.max_fee_wei, max_fee_wei)
    balance, required = node.balance(signer.address), gas * fees.max_fee_wei
    if balance < required:
        raise NotEnoughEther(signer.address, balance, required)
    signed = signer.sign(
        {
            "from": signer.address,
            "to": to,
            "data": "0x" + data.hex(),
            "value": 0,
            "chainId": node.chain_id(),
            "nonce": node.nonce(signer.address),
            "gas": gas,
            "maxFeePerGas": fees.max_fee_wei,
            "maxPriorityFeePerGas": fees.priority_fee_wei,
        }
    )
    node.send_raw(signed.raw, may_be_mined=False)
    click.echo(f"Sent {signed.hash}: {what}", err=True)
    end = time.monotonic() + PATIENCE_SECONDS
    while (receipt := node.receipt(signed.hash)) is None:
        if time.monotonic() > end:
            raise NotMined(signed.hash, PATIENCE_SECONDS)
        time.sleep(POLL_SECONDS if end - time.monotonic() < PATIENCE_SECONDS - 2 else 0.05)
    if not receipt.succeeded:
        raise GovernanceError(f"{what} was mined and reverted: {signed.hash}")
    return receipt
