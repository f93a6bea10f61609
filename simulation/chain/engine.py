"""What an engine must do for `Chain`, and the rules that both engines keep.

A transaction is mined in a block of its own: it sees block number + 1 and the next timestamp, which is
`BLOCK_SECONDS` after the last one unless it was set.  A transaction that fails leaves no trace: no block,
no nonce.  Views see the latest block.  Gas costs nothing.
"""

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

CHAIN_ID = 31337
GENESIS_TIMESTAMP = 1_700_000_000
# Rounds count L1 blocks, and those come every 12 seconds.
BLOCK_SECONDS = 12
BLOCK_GAS_LIMIT = 30_000_000


class Log(NamedTuple):
    """An undecoded log: checksummed emitter, 32-byte topics, data."""

    address: str
    topics: list[bytes]
    data: bytes


@dataclass(frozen=True)
class Outcome:
    """What a mined transaction did; `output` is the address of the new contract for a creation."""

    output: bytes
    gas_used: int
    logs: list[Log] = field(default_factory=list)


class ExecutionFailed(Exception):
    """The call reverted with `output`, or stopped exceptionally for the reason `halt`."""

    def __init__(self, output: bytes = b"", halt: str | None = None):
        super().__init__(halt or output.hex())
        self.output = output
        self.halt = halt


class SenderCannotPay(Exception):
    """The sender's balance is below the value that the transaction carries."""

    def __init__(self, sender: str, value: int):
        super().__init__(f"value: found {value} wei, which is more than {sender} has; see Chain.set_balance")


class Engine(Protocol):
    """Addresses are checksummed strings; calldata, code and results are bytes."""

    name: str
    block_number: int
    timestamp: int

    def view(self, sender: str, to: str, data: bytes, block: int | None = None) -> bytes:
        """Static call on the latest state; `block` replaces the block number that it sees."""

    def simulate(self, sender: str, to: str, data: bytes, value: int, gas: int) -> bytes:
        """What a transaction would return; changes nothing."""

    def transact(self, sender: str, to: str, data: bytes, value: int, gas: int) -> Outcome:
        """Mine one transaction; raises ExecutionFailed or SenderCannotPay and then mines nothing."""

    def create(self, sender: str, code: bytes, value: int, gas: int) -> Outcome:
        """Mine one contract creation."""

    def mine(self, blocks: int) -> None:
        """Add empty blocks, one at least."""

    def set_next_timestamp(self, timestamp: int) -> None: ...

    def block_hash(self, block: int) -> bytes: ...

    def snapshot(self) -> object:
        """A mark that `revert` takes once; going back to it spends all later marks."""

    def revert(self, mark: object) -> None: ...

    def balance(self, address: str) -> int: ...

    def set_balance(self, address: str, wei: int) -> None: ...

    def storage(self, address: str, slot: int) -> int: ...

    def code(self, address: str) -> bytes: ...

    def nonce(self, address: str) -> int: ...

    def close(self) -> None: ...
