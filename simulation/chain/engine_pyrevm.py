"""The in-process engine: revm through pyrevm.

What pyrevm 0.3.7 lacks is made up for here: block numbers and time, clearing of transient storage between
transactions, nonces of plain calls, balances that a snapshot covers, senders that have code.

`commit()` is called only for a snapshot just taken: anywhere else it breaks later reverts.  So all transactions
share one journal, storage stays warm, and **gas figures are those of one long transaction**: compare gas on
Anvil.  For a sender that has code, `tx.origin` is the relay of `impersonation.py` and not the sender.
"""

import re
from dataclasses import dataclass, field, replace

from eth_utils import keccak
from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env

from simulation.chain import impersonation
from simulation.chain.addresses import checksum, raw_address
from simulation.chain.engine import (
    BLOCK_GAS_LIMIT,
    BLOCK_SECONDS,
    CHAIN_ID,
    GENESIS_TIMESTAMP,
    ExecutionFailed,
    Log,
    Outcome,
    SenderCannotPay,
)

# Pays for every balance that a test sets: a transfer is journalled, EVM.set_balance is not.
BANK = checksum(keccak(b"livepeer:bank")[12:])
BANK_BALANCE = 1 << 200

_REVERT = re.compile(r"Revert \{ gas_used: \d+, output: 0x([0-9a-f]*)")
_HALT = re.compile(r"Halt \{ reason: (\w+)")
# revm keeps code padded with this many zeros, and pyrevm hands the padding out.
_CODE_PADDING = 33


@dataclass
class _State:
    """What belongs to the chain and is kept outside of the EVM."""

    block_number: int = 0
    timestamp: int = GENESIS_TIMESTAMP
    next_timestamp: int | None = None
    # Transactions per sender that pyrevm did not count; made up for before the sender creates a contract.
    uncounted: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "_State":
        return replace(self, uncounted=dict(self.uncounted))


class PyrevmEngine:
    """See the module and `engine.Engine`."""

    name = "pyrevm"

    def __init__(self):
        # An unknown name would silently mean the newest rules, which are not those of the project.
        self._evm = EVM(spec_id="Cancun", gas_limit=BLOCK_GAS_LIMIT, env=Env(cfg=CfgEnv(chain_id=CHAIN_ID)))
        self._evm.set_balance(BANK, BANK_BALANCE)
        self._state = _State()
        self._entered: tuple[int, int] | None = None

    @property
    def block_number(self) -> int:
        return self._state.block_number

    @property
    def timestamp(self) -> int:
        return self._state.timestamp

    def view(self, sender: str, to: str, data: bytes, block: int | None = None) -> bytes:
        self._enter(self._state.block_number if block is None else block, self._state.timestamp)
        try:
            return self._message(sender, to, data, 0, BLOCK_GAS_LIMIT, True)
        finally:
            self._evm.reset_transient_storage()

    def simulate(self, sender: str, to: str, data: bytes, value: int, gas: int) -> bytes:
        self._enter(*self._next_block())
        mark = self._evm.snapshot()
        try:
            return self._message(sender, to, data, value, gas, False)
        finally:
            self._evm.revert(mark)
            self._evm.reset_transient_storage()

    def transact(self, sender: str, to: str, data: bytes, value: int, gas: int) -> Outcome:
        block = self._next_block()
        self._enter(*block)
        try:
            output = self._message(sender, to, data, value, gas, False)
        finally:
            self._evm.reset_transient_storage()
        self._close_block(block)
        uncounted = self._state.uncounted
        uncounted[sender] = uncounted.get(sender, 0) + 1
        result = self._evm.result
        return Outcome(output, result.gas_used, [_log(entry) for entry in result.logs])

    def create(self, sender: str, code: bytes, value: int, gas: int) -> Outcome:
        self._catch_up_nonce(sender)
        block = self._next_block()
        self._enter(*block)
        mark = self._evm.snapshot()
        try:
            address = self._evm.deploy(sender, code, value=value, gas=gas)
        except RuntimeError as error:
            self._evm.revert(mark)
            raise self._failure(error, sender, value) from None
        finally:
            self._evm.reset_transient_storage()
        # Gives back the level that `snapshot` took: a revert further out takes back one level only, and after a
        # thousand lost ones every call is too deep.
        self._evm.commit()
        self._close_block(block)
        result = self._evm.result
        return Outcome(raw_address(address), result.gas_used, [_log(entry) for entry in result.logs])

    def mine(self, blocks: int) -> None:
        self._close_block(self._next_block())
        self._state.block_number += blocks - 1
        self._state.timestamp += (blocks - 1) * BLOCK_SECONDS

    def set_next_timestamp(self, timestamp: int) -> None:
        self._state.next_timestamp = timestamp

    def block_hash(self, block: int) -> bytes:
        return bytes(self._evm.block_hash(block))

    def snapshot(self) -> object:
        return self._evm.snapshot(), self._state.copy()

    def revert(self, mark) -> None:
        checkpoint, state = mark
        self._evm.revert(checkpoint)
        self._state = state.copy()

    def balance(self, address: str) -> int:
        return self._evm.get_balance(address)

    def set_balance(self, address: str, wei: int) -> None:
        missing = wei - self._evm.get_balance(address)
        if missing > 0:
            # A contract that destroys itself at birth pays without running the receiver's code.
            self._evm.deploy(BANK, b"\x73" + raw_address(address) + b"\xff", value=missing)
        elif missing < 0:
            self._message(address, BANK, b"", -missing, BLOCK_GAS_LIMIT, False)

    def storage(self, address: str, slot: int) -> int:
        return self._evm.storage(address, slot)

    def code(self, address: str) -> bytes:
        info = self._evm.basic(address)
        code = bytes(info.code or b"")
        for candidate in (code[:-_CODE_PADDING], code):
            if keccak(candidate) == bytes(info.code_hash):
                return candidate
        return b""

    def nonce(self, address: str) -> int:
        return self._evm.basic(address).nonce + self._state.uncounted.get(address, 0)

    def close(self) -> None:
        """Nothing to stop: the EVM lives in this process."""

    def _next_block(self) -> tuple[int, int]:
        state = self._state
        return state.block_number + 1, state.next_timestamp or state.timestamp + BLOCK_SECONDS

    def _close_block(self, block: tuple[int, int]) -> None:
        self._state.block_number, self._state.timestamp = block
        self._state.next_timestamp = None

    def _enter(self, number: int, timestamp: int) -> None:
        if self._entered != (number, timestamp):
            env = BlockEnv(number=number, timestamp=timestamp, gas_limit=BLOCK_GAS_LIMIT)
            self._evm.set_block_env(env)
            self._entered = (number, timestamp)

    def _message(self, sender: str, to: str, data: bytes, value: int, gas: int, static: bool) -> bytes:
        try:
            return self._evm.message_call(sender, to, data, value=value, gas=gas, is_static=static)
        except RuntimeError as error:
            if "RejectCallerWithCode" not in str(error):
                raise self._failure(error, sender, value) from None
        return self._message_from_contract(sender, to, data, value, gas, static)

    def _message_from_contract(
        self, sender: str, to: str, data: bytes, value: int, gas: int, static: bool
    ) -> bytes:
        evm, code = self._evm, self.code(sender)
        if evm.get_balance(sender) < value:
            raise SenderCannotPay(sender, value)
        # The twin is only ever called with the sender's storage, so it may stay.
        twin = impersonation.twin_address(sender)
        evm.insert_account_info(twin, AccountInfo(nonce=1, code=code))
        self._replace_code(sender, impersonation.relay_code(twin))
        try:
            wrapped = impersonation.relay_calldata(to, value, data)
            return evm.message_call(impersonation.RELAYER, sender, wrapped, gas=gas, is_static=static)
        except RuntimeError as error:
            raise self._failure(error, sender, value) from None
        finally:
            self._replace_code(sender, code)

    def _replace_code(self, address: str, code: bytes) -> None:
        info = self._evm.basic(address)
        replaced = AccountInfo(balance=info.balance, nonce=info.nonce, code_hash=keccak(code), code=code)
        self._evm.insert_account_info(address, replaced)

    def _catch_up_nonce(self, sender: str) -> None:
        # Creating nothing is the only way to raise a nonce here; it leaves code-less accounts behind.
        for _ in range(self._state.uncounted.pop(sender, 0)):
            self._evm.deploy(sender, b"")

    def _failure(self, error: RuntimeError, sender: str, value: int) -> Exception:
        text = str(error)
        if match := _REVERT.match(text):
            return ExecutionFailed(bytes.fromhex(match[1]))
        if match := _HALT.match(text):
            return ExecutionFailed(halt=match[1])
        if "LackOfFund" in text:
            return SenderCannotPay(sender, value)
        if "GasLimit" in text:
            return ExecutionFailed(halt="OutOfGas")
        return error


def _log(entry) -> Log:
    topics, data = entry.data
    return Log(entry.address, [bytes(topic) for topic in topics], bytes(data))
