"""What an executed proposal would change: its calls made by the treasury where nothing counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eth_utils import keccak, to_checksum_address

from scripts._deployment.errors import NodeRefused
from scripts._deployment.node import Node
from scripts._deployment.reverts import describe_revert
from scripts._governance.actions import TreasuryCall
from scripts._governance.errors import WouldFail
from tools.artifacts import Artifact

TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
GAS = 20_000_000
PURSE_WEI = 10**20

# Where OpenZeppelin's Governor keeps the calls that it lets in when an executed proposal turns to it: a queue at slot 2
# of its namespace (begin and end in one word), whose entries are in the mapping after it.
_QUEUE = 0x7C712897014DBE49C045EF1299AA2D5F9E67E48EEA4403EFA21F1E0F3AC0CB00 + 2
_FIRST_ENTRY = int.from_bytes(keccak(bytes(32) + (_QUEUE + 1).to_bytes(32, "big")), "big")

Request = Callable[[str, list], object]


@dataclass(frozen=True)
class Change:
    """One word of storage, or one balance in wei or LPT base units."""

    account: str
    what: str
    before: int
    after: int


@dataclass(frozen=True)
class Rehearsal:
    """All changes of all calls together, and their gas."""

    changes: Sequence[Change]
    gas_used: int


def rehearse(
    calls: Sequence[TreasuryCall],
    treasury: str,
    governor: str,
    token: str,
    node: Node,
    request: Request,
    artifacts: Mapping[str, Artifact],
    afterwards: Callable[[], None] = lambda: None,
) -> Rehearsal:
    """Makes the calls from the treasury on a development node, and takes them back. Raises WouldFail.

    `afterwards` may look at what they have done before they are taken back.

    The governor takes calls from the treasury only while it executes a proposal with them: it is told of each.
    """
    mark = request("evm_snapshot", [])
    try:
        request("anvil_impersonateAccount", [treasury])
        changes: dict[tuple[str, str], Change] = {}
        gas = 0
        for position, call in enumerate(calls, 1):
            if call.target == governor:
                announce(call.data, governor, request)
            receipt = _make(call, position, len(calls), treasury, node, request, artifacts)
            gas += int(receipt["gasUsed"], 16)
            for change in _changes(receipt, token, treasury, request):
                key = (change.account, change.what)
                first = changes.get(key)
                before = first.before if first else change.before
                # Balances of tokens come as differences, all others as values.
                after = change.after if change.what != "LPT" else before + change.after - change.before
                changes[key] = Change(change.account, change.what, before, after)
        afterwards()
        return Rehearsal([c for c in changes.values() if c.before != c.after], gas)
    finally:
        request("anvil_stopImpersonatingAccount", [treasury])
        request("evm_revert", [mark])


def announce(data: bytes, governor: str, request: Request) -> None:
    """One entry in the governor's queue, from 0 to 1; the call takes it out again."""
    words = {_QUEUE: 1 << 128, _FIRST_ENTRY: int.from_bytes(keccak(data), "big")}
    for slot, word in words.items():
        request("anvil_setStorageAt", [governor, hex(slot), f"0x{word:064x}"])


def _make(
    call: TreasuryCall,
    position: int,
    total: int,
    treasury: str,
    node: Node,
    request: Request,
    artifacts: Mapping[str, Artifact],
) -> dict:
    if call.value > node.balance(treasury):
        balance = node.balance(treasury)
        raise WouldFail(
            position, total, call.title, f"the treasury has {balance} wei, {call.value} are needed"
        )
    transaction = {"from": treasury, "to": call.target, "value": call.value, "data": "0x" + call.data.hex()}
    try:
        node.call(transaction)
    except NodeRefused as error:
        raise WouldFail(position, total, call.title, describe_revert(error, artifacts)) from error
    # The treasury pays no gas when a proposal is executed: its balance must show what the call moves alone.
    request("anvil_setNextBlockBaseFeePerGas", ["0x0"])
    sent = transaction | {"value": hex(call.value), "gas": hex(GAS), "gasPrice": "0x0"}
    receipt = request("eth_sendTransactionSync", [sent])
    if receipt["status"] != "0x1":
        raise WouldFail(
            position, total, call.title, f"it fails with {GAS:,} gas, more than a block should need"
        )
    return receipt


def _changes(receipt: dict, token: str, treasury: str, request: Request) -> list[Change]:
    options = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}
    trace = request("debug_traceTransaction", [receipt["transactionHash"], options])
    changes = []
    for address, before in trace["pre"].items():
        after = trace["post"].get(address, {})
        account = to_checksum_address(address)
        if "balance" in after:
            changes.append(
                Change(account, "ETH", int(before.get("balance", "0x0"), 16), int(after["balance"], 16))
            )
        words = before.get("storage", {}) | dict.fromkeys(after.get("storage", {}), None)
        for slot in words:
            old = int(before.get("storage", {}).get(slot) or "0x0", 16)
            new = int(after.get("storage", {}).get(slot) or "0x0", 16)
            if int(slot, 16) in (_QUEUE, _FIRST_ENTRY):
                continue  # empty again after a real execution
            changes.append(Change(account, f"storage {slot}", old, new))
    for log in receipt["logs"]:
        if log["topics"][0] == TRANSFER and int(log["address"], 16) == int(token, 16):
            amount = int(log["data"], 16)
            for topic, sign in ((log["topics"][1], -1), (log["topics"][2], 1)):
                account = to_checksum_address("0x" + topic[-40:])
                changes.append(Change(account, "LPT", 0, sign * amount))
    return changes
