"""Updates of the Governor: the tuple, its hash, and staging and executing at once."""

from typing import Any, NamedTuple

from eth_abi import encode
from eth_utils import keccak

from simulation.chain.addresses import to_address
from simulation.chain.contracts import Contract
from simulation.chain.receipts import Receipt


class StagedUpdate(NamedTuple):
    """The contract's `Update`, field by field."""

    target: list[str]
    value: list[int]
    data: list[bytes]
    nonce: int

    @property
    def hash(self) -> bytes:
        """keccak256 of the ABI encoding of the tuple."""
        return keccak(encode(["(address[],uint256[],bytes[],uint256)"], [tuple(self)]))


def update(*calls: tuple[Any, int, bytes], nonce: int = 0) -> StagedUpdate:
    """An update of (target, wei, calldata) triples."""
    return StagedUpdate(
        [to_address(target) for target, _, _ in calls],
        [value for _, value, _ in calls],
        [data for _, _, data in calls],
        nonce,
    )


def run_update(governor: Contract, staged: StagedUpdate, *, sender: str, value: int = 0) -> Receipt:
    """Stage without delay and execute."""
    governor.stage.send(staged, 0, sender=sender)
    return governor.execute.send(staged, sender=sender, value=value)
