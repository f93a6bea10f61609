"""`Chain`: the one way in which tests talk to contracts, with the same behaviour on two engines.

In process (pyrevm, the default) or on a node (`--engine anvil`, or CHAIN_ENGINE=anvil):

    token = chain.deploy("LivepeerToken")                      # Contract; sender defaults to actor "deployer"
    manager = chain.at("BondingManager", proxy)                # the ABI of one contract at another's address
    orchestrator = chain.actor("orchestrator")                 # deterministic key, funded; is its own address

    manager.getDelegator(orchestrator).bondedAmount            # views: decoded; several outputs: named tuple
    receipt = manager.bond.send(5, orchestrator, sender=delegator, value=0)
    manager.reward.call(sender=orchestrator)                   # what .send would return; changes nothing
    manager.bond.encode(5, orchestrator)                       # calldata

    token.creation.assert_events([…])                          # the receipt of its deployment
    receipt.assert_events([manager.Events.Bond(newDelegate=orchestrator, …), …])   # exact, all contracts
    with chain.reverts("InsufficientBond", requested=5, bonded=3):                 # every argument by name
        manager.unbond.send(5, sender=delegator)
    chain.reverts("InsufficientBond", ...)                     # any arguments
    chain.panics(0x11), chain.reverts_raw(b"")                 # compiler panic; exact revert data

    chain.mine(100); chain.mine_to(5_000); chain.set_timestamp(t); chain.block_number; chain.timestamp
    with chain.isolate(): …                                    # everything inside is undone
    chain.balance(a), chain.set_balance(a, wei), chain.storage(a, slot), chain.code(a)

Rules of both engines: every transaction is mined in a block of its own, so it sees `block_number + 1`, and a
timestamp 12 seconds after the last block unless `set_timestamp` chose it; views see the latest block.  A
transaction that fails raises `Reverted` and leaves no trace, not even a block.  Gas costs nothing.  Any
address may send, contracts too.  Gas figures are real on Anvil only.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from types import EllipsisType
from typing import Any

from simulation.chain.abi import BUILTIN_ERRORS, ContractAbi, ErrorAbi, EventAbi, FunctionAbi
from simulation.chain.actors import Actor, actor
from simulation.chain.addresses import ZERO_ADDRESS, checksum, to_address
from simulation.chain.codecs import ArgumentError, DecodeError
from simulation.chain.contracts import Contract
from simulation.chain.engine import BLOCK_GAS_LIMIT, Engine, ExecutionFailed, Log, Outcome
from simulation.chain.receipts import Event, Receipt
from simulation.chain.reverts import ExpectError, ExpectPanic, ExpectRaw, Reverted
from tools.artifacts import Artifact

# pytest shows where the test called, not the inside of the façade (--full-trace does).
__tracebackhide__ = True

ENGINES = ("pyrevm", "anvil")
ACTOR_BALANCE = 1_000_000 * 10**18


def open_chain(engine: str, artifacts: Mapping[str, Artifact]) -> "Chain":
    """A fresh chain on the engine of that name."""
    # Imported here: neither engine needs what the other one is made of.
    if engine == "pyrevm":
        from simulation.chain.engine_pyrevm import PyrevmEngine

        return Chain(PyrevmEngine(), artifacts)
    if engine == "anvil":
        from simulation.chain.engine_anvil import AnvilEngine

        return Chain(AnvilEngine(), artifacts)
    raise ArgumentError(f"engine: found {engine!r}, must be one of {', '.join(ENGINES)}")


class Chain:
    """See the module."""

    def __init__(self, engine: Engine, artifacts: Mapping[str, Artifact]):
        self._engine = engine
        self._artifacts = artifacts
        self._abis: dict[str, ContractAbi] = {}
        # Address → the ABIs seen there; a proxy has two, the last registered is asked first.
        self._known: dict[str, tuple[ContractAbi, ...]] = {}
        self._labels: dict[str, str] = {ZERO_ADDRESS: "zero address"}
        self._funded: frozenset[str] = frozenset()
        self._marks: list[tuple] = []

    # ---- contracts and actors

    @property
    def engine(self) -> str:
        """The engine's name: pyrevm or anvil."""
        return self._engine.name

    def deploy(self, name: str, *args, sender: Any = None, value: int = 0) -> Contract:
        """Create a contract of the build from `sender`, by default the actor "deployer"."""
        abi = self.abi(name)
        code = self._artifacts[name].bytecode
        if not code:
            raise ArgumentError(f"{name} is abstract or an interface: there is nothing to deploy")
        try:
            code += abi.constructor.encode(args)
        except ArgumentError as error:
            raise ArgumentError(f"{name} constructor: {error}") from None
        creator = self.actor("deployer") if sender is None else to_address(sender)
        try:
            outcome = self._engine.create(creator, code, value, BLOCK_GAS_LIMIT)
        except ExecutionFailed as failure:
            raise self._reverted(name, "constructor", (abi,), failure) from None
        contract = self.at(name, checksum(outcome.output))
        contract.creation = self._receipt(outcome, contract)
        return contract

    def at(self, name: str, address: Any) -> Contract:
        """The contract's ABI at an address; events and errors from there are decoded with it."""
        abi, address = self.abi(name), to_address(address)
        others = tuple(known for known in self._known.get(address, ()) if known is not abi)
        self._known[address] = (abi, *others)
        self._labels[address] = name
        return Contract(self, abi, address)

    def abi(self, name: str) -> ContractAbi:
        """The ABI of a contract or interface of the build."""
        if name not in self._abis:
            if name not in self._artifacts:
                raise ArgumentError(f"contract: found {name!r}, which is not in the build")
            self._abis[name] = ContractAbi(name, self._artifacts[name].abi)
        return self._abis[name]

    def actor(self, label: str) -> Actor:
        """The account of a role, with a million ether the first time it is asked for."""
        account = actor(label)
        if label not in self._funded:
            self._engine.set_balance(account, ACTOR_BALANCE)
            self._funded |= {label}
            self._labels[account] = label
        return account

    # ---- transactions without an ABI

    def transact(
        self, to: Any, data: bytes = b"", *, sender: Any, value: int = 0, gas: int = BLOCK_GAS_LIMIT
    ) -> Receipt:
        """Mine a transaction with raw calldata, or a plain payment; the return value is bytes."""
        address = to_address(to)
        return self._transact(self._name_of(address), None, sender, address, data, value, gas)

    def call(self, to: Any, data: bytes = b"", *, sender: Any = None, value: int = 0) -> bytes:
        """Simulate a transaction with raw calldata."""
        address = to_address(to)
        return self._simulate(self._name_of(address), None, sender, address, data, value, BLOCK_GAS_LIMIT)

    # ---- expectations

    def reverts(
        self, error: str | ErrorAbi, any_arguments: EllipsisType | None = None, /, **arguments
    ) -> ExpectError:
        """Expect an error, by name or as `contract.Errors.Name`, with all of its arguments or `...`."""
        return ExpectError(error, arguments, any_arguments is ...)

    def panics(self, code: int) -> ExpectPanic:
        """Expect a compiler panic: 0x01 assert, 0x11 overflow, 0x12 division by zero, 0x32 index."""
        return ExpectPanic(code)

    def reverts_raw(self, raw: bytes) -> ExpectRaw:
        """Expect a revert with exactly these bytes."""
        return ExpectRaw(raw)

    # ---- blocks and time

    @property
    def block_number(self) -> int:
        """Number of the latest block; the next transaction sees one more."""
        return self._engine.block_number

    @property
    def timestamp(self) -> int:
        """Timestamp of the latest block in seconds."""
        return self._engine.timestamp

    def mine(self, blocks: int = 1) -> None:
        """Add empty blocks."""
        if blocks < 0:
            raise ArgumentError(f"blocks: found {blocks}, must be 0 or more")
        if blocks:
            self._engine.mine(blocks)

    def mine_to(self, block: int) -> None:
        """Add empty blocks until `block` is the latest; for a transaction in block n, mine to n - 1."""
        if block < self.block_number:
            raise ArgumentError(f"block: found {block}, must be {self.block_number} or more")
        self.mine(block - self.block_number)

    def set_timestamp(self, timestamp: int) -> None:
        """Choose the timestamp of the next block, be it a transaction's or an empty one."""
        if timestamp <= self.timestamp:
            raise ArgumentError(f"timestamp: found {timestamp}, must be later than {self.timestamp}")
        self._engine.set_next_timestamp(timestamp)

    def block_hash(self, block: int) -> bytes:
        """The hash that BLOCKHASH gives for that block while it is among the last 256."""
        if not 0 <= block <= self.block_number:
            raise ArgumentError(f"block: found {block}, must be from 0 to {self.block_number}")
        return self._engine.block_hash(block)

    # ---- snapshots

    def snapshot(self) -> int:
        """A mark to go back to, once."""
        self._marks.append((self._engine.snapshot(), dict(self._known), dict(self._labels), self._funded))
        return len(self._marks) - 1

    def revert(self, mark: int) -> None:
        """Go back to a mark; it and all later marks are spent."""
        if not 0 <= mark < len(self._marks):
            raise ArgumentError(f"snapshot: found {mark}, which is spent or was never taken")
        inner, self._known, self._labels, self._funded = self._marks[mark]
        del self._marks[mark:]
        self._engine.revert(inner)

    @contextmanager
    def isolate(self) -> Iterator["Chain"]:
        """Undo at the end everything that happens inside."""
        mark = self.snapshot()
        try:
            yield self
        finally:
            self.revert(mark)

    # ---- accounts

    def balance(self, address: Any) -> int:
        """Wei of an account."""
        return self._engine.balance(to_address(address))

    def set_balance(self, address: Any, wei: int) -> None:
        """Give an account exactly that many wei, without a transaction."""
        self._engine.set_balance(to_address(address), wei)

    def storage(self, address: Any, slot: int) -> int:
        """A storage word; for tests of layout only."""
        return self._engine.storage(to_address(address), slot)

    def code(self, address: Any) -> bytes:
        """Runtime code, empty for an account without."""
        return self._engine.code(to_address(address))

    def nonce(self, address: Any) -> int:
        """Transactions sent, or contracts created by a contract (plus one)."""
        return self._engine.nonce(to_address(address))

    def label(self, value: Any) -> str:
        """A value for people: actors and contracts by name, bytes in hexadecimal."""
        if isinstance(value, str):
            name = self._labels.get(value)
            return f"{name} {value[:8]}…" if name else str.__str__(value)
        if isinstance(value, bytes):
            return "0x" + value.hex()
        return str(value)

    def close(self) -> None:
        """Stop the engine."""
        self._engine.close()

    # ---- what Function uses

    def _view(self, name: str, abi: FunctionAbi, sender, to: str, data: bytes, block: int | None) -> bytes:
        caller = ZERO_ADDRESS if sender is None else to_address(sender)
        try:
            return self._engine.view(caller, to, data, block)
        except ExecutionFailed as failure:
            raise self._reverted(name, abi.name, self._known.get(to, ()), failure) from None

    def _simulate(
        self, name: str, abi: FunctionAbi | None, sender, to: str, data: bytes, value: int, gas: int
    ) -> bytes:
        caller = ZERO_ADDRESS if sender is None else to_address(sender)
        try:
            return self._engine.simulate(caller, to, data, value, gas)
        except ExecutionFailed as failure:
            raise self._reverted(name, _function_name(abi, data), self._known.get(to, ()), failure) from None

    def _transact(
        self, name: str, abi: FunctionAbi | None, sender, to: str, data: bytes, value: int, gas: int
    ) -> Receipt:
        try:
            outcome = self._engine.transact(to_address(sender), to, data, value, gas)
        except ExecutionFailed as failure:
            raise self._reverted(name, _function_name(abi, data), self._known.get(to, ()), failure) from None
        result = outcome.output if abi is None else abi.outputs.decode_result(outcome.output)
        return self._receipt(outcome, result)

    def _receipt(self, outcome: Outcome, result: Any) -> Receipt:
        return Receipt(
            [self._decode_log(log) for log in outcome.logs],
            outcome.gas_used,
            result,
            outcome.logs,
            self.block_number,
            self.timestamp,
            self.label,
        )

    # ---- decoding

    def _name_of(self, address: str) -> str:
        known = self._known.get(address)
        return known[0].name if known else address

    def _decode_log(self, log: Log) -> Event:
        topic = log.topics[0] if log.topics else b""
        known = self._known.get(log.address, ())
        candidates = [abi.events_by_topic[topic] for abi in known if topic in abi.events_by_topic]
        for event in candidates or self._events_of_the_build.get(topic, []):
            try:
                args = event.decode(log.topics, log.data)
            except DecodeError:
                continue
            return Event(event.name, args, log.address, known[0].name if known else "")
        return Event("0x" + topic.hex(), {"topics": log.topics, "data": log.data}, log.address)

    def _reverted(
        self, name: str, function: str, known: tuple[ContractAbi, ...], failure: ExecutionFailed
    ) -> Reverted:
        raw, selector = failure.output, failure.output[:4]
        seen_as = tuple(abi.name for abi in known)
        own = [abi.errors_by_selector[selector] for abi in known if selector in abi.errors_by_selector]
        for error in own or self._errors_of_the_build.get(selector, []):
            try:
                args = error.inputs.decode_dict(raw[4:])
            except DecodeError:
                continue
            return Reverted(name, seen_as, function, error, args, raw, failure.halt, self.label)
        return Reverted(name, seen_as, function, None, {}, raw, failure.halt, self.label)

    @cached_property
    def _events_of_the_build(self) -> dict[bytes, list[EventAbi]]:
        found: dict[bytes, list[EventAbi]] = {}
        for item in self._items_of_the_build("event"):
            event = EventAbi(item)
            found.setdefault(event.topic, []).append(event)
        return found

    @cached_property
    def _errors_of_the_build(self) -> dict[bytes, list[ErrorAbi]]:
        found: dict[bytes, list[ErrorAbi]] = {}
        for item in [*BUILTIN_ERRORS, *self._items_of_the_build("error")]:
            error = ErrorAbi(item)
            found.setdefault(error.selector, []).append(error)
        return found

    def _items_of_the_build(self, kind: str) -> list[dict]:
        return [i for a in self._artifacts.values() for i in a.abi if i["type"] == kind]


def _function_name(abi: FunctionAbi | None, data: bytes) -> str:
    if abi:
        return abi.name
    return f"0x{data[:4].hex()}" if data else "receive"
