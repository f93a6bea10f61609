"""The node engine: the project's Anvil, spoken to over one kept-alive HTTP connection.

Every transaction is simulated on the pending block first: that gives its return value, and a failing
transaction is never mined, as in process.
"""

import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

import orjson

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

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 20
# BLOCKHASH reaches 256 blocks back; without pruning Anvil keeps every state.
KEPT_STATES = 300

_HALT = re.compile(r"EVM error (\w+)")


class AnvilFailed(Exception):
    """Anvil is missing, did not start, or answered with an error that is not a revert."""


def anvil_binary() -> str:
    """Anvil itself, not the wrapper in the virtual environment, whose own flags would clash with ours."""
    installed = sorted((ROOT / "node_modules" / "@foundry-rs").glob("anvil-*/bin/anvil*"))
    if installed:
        return str(installed[0])
    own = Path(sys.prefix, "bin").resolve()
    folders = [p for p in os.environ.get("PATH", "").split(os.pathsep) if p and Path(p).resolve() != own]
    if found := shutil.which("anvil", path=os.pathsep.join(folders)):
        return found
    raise AnvilFailed("anvil: not found in node_modules nor on PATH; `make setup` installs it")


class AnvilEngine:
    """See the module and `engine.Engine`."""

    name = "anvil"

    def __init__(self):
        self._start()
        self.block_number = 0
        self.timestamp = GENESIS_TIMESTAMP
        self._next_timestamp: int | None = None
        self._rpc("anvil_setBlockTimestampInterval", BLOCK_SECONDS)

    def view(self, sender: str, to: str, data: bytes, block: int | None = None) -> bytes:
        request = self._request(sender, to, data, 0, BLOCK_GAS_LIMIT)
        if block is None:
            return self._execute("eth_call", request, "latest")
        seen = {"number": hex(block), "time": hex(self.timestamp)}
        return self._execute("eth_call", request, "latest", {}, seen)

    def simulate(self, sender: str, to: str, data: bytes, value: int, gas: int) -> bytes:
        return self._simulate(self._request(sender, to, data, value, gas))

    def transact(self, sender: str, to: str, data: bytes, value: int, gas: int) -> Outcome:
        request = self._request(sender, to, data, value, gas)
        output = self._simulate(request)
        receipt = self._mine_transaction(request)
        return Outcome(output, int(receipt["gasUsed"], 16), [_log(entry) for entry in receipt["logs"]])

    def create(self, sender: str, code: bytes, value: int, gas: int) -> Outcome:
        request = self._request(sender, None, code, value, gas)
        self._simulate(request)
        receipt = self._mine_transaction(request)
        address = raw_address(receipt["contractAddress"])
        return Outcome(address, int(receipt["gasUsed"], 16), [_log(entry) for entry in receipt["logs"]])

    def mine(self, blocks: int) -> None:
        if self._next_timestamp is not None:
            self._rpc("anvil_mine", "0x1")
            self.block_number += 1
            self.timestamp, self._next_timestamp = self._next_timestamp, None
            blocks -= 1
        if blocks:
            self._rpc("anvil_mine", hex(blocks))
            self.block_number += blocks
            self.timestamp += blocks * BLOCK_SECONDS

    def set_next_timestamp(self, timestamp: int) -> None:
        self._rpc("evm_setNextBlockTimestamp", timestamp)
        self._next_timestamp = timestamp

    def block_hash(self, block: int) -> bytes:
        return bytes.fromhex(self._rpc("eth_getBlockByNumber", hex(block), False)["hash"][2:])

    def snapshot(self) -> object:
        return self._rpc("evm_snapshot"), self.block_number, self.timestamp, self._next_timestamp

    def revert(self, mark) -> None:
        snapshot, block_number, timestamp, next_timestamp = mark
        self._await_empty_pool()
        if not self._rpc("evm_revert", snapshot):
            raise AnvilFailed(f"evm_revert: snapshot {snapshot} is spent")
        stale = self._next_timestamp is not None and self._next_timestamp != next_timestamp
        self.block_number, self.timestamp, self._next_timestamp = block_number, timestamp, next_timestamp
        if next_timestamp is not None or stale:
            self._rpc("evm_setNextBlockTimestamp", next_timestamp or timestamp + BLOCK_SECONDS)

    def balance(self, address: str) -> int:
        return int(self._rpc("eth_getBalance", address, "latest"), 16)

    def set_balance(self, address: str, wei: int) -> None:
        self._rpc("anvil_setBalance", address, hex(wei))

    def storage(self, address: str, slot: int) -> int:
        return int(self._rpc("eth_getStorageAt", address, hex(slot), "latest"), 16)

    def code(self, address: str) -> bytes:
        return bytes.fromhex(self._rpc("eth_getCode", address, "latest")[2:])

    def nonce(self, address: str) -> int:
        return int(self._rpc("eth_getTransactionCount", address, "latest"), 16)

    def close(self) -> None:
        self._connection.close()
        self._process.terminate()
        self._process.wait()

    def _start(self) -> None:
        options = {
            "--host": "127.0.0.1",
            "--port": 0,
            "--chain-id": CHAIN_ID,
            "--hardfork": "cancun",
            "--timestamp": GENESIS_TIMESTAMP,
            "--gas-limit": BLOCK_GAS_LIMIT,
            "--gas-price": 0,
            "--block-base-fee-per-gas": 0,
            "--prune-history": KEPT_STATES,
            "--accounts": 0,
        }
        command = [anvil_binary(), "--auto-impersonate", "--disable-min-priority-fee"]
        command += [str(part) for option in options.items() for part in option]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        port, printed = self._await_port()
        if port is None:
            self._process.kill()
            raise AnvilFailed(f"{' '.join(command)} did not start:\n{printed}")
        self._connection = http.client.HTTPConnection("127.0.0.1", port)

    def _await_port(self) -> tuple[int | None, str]:
        """The port that Anvil chose, and what it printed; its output is read on, lest the pipe fill up."""
        ready, port, tail = threading.Event(), [], deque(maxlen=20)

        def read():
            for line in self._process.stdout:
                tail.append(line)
                if match := re.search(r"Listening on 127\.0\.0\.1:(\d+)", line):
                    port.append(int(match[1]))
                    ready.set()
            ready.set()

        threading.Thread(target=read, daemon=True).start()
        ready.wait(START_SECONDS)
        return port[0] if port else None, "".join(tail)

    def _await_empty_pool(self) -> None:
        """Anvil takes a transaction out of its pool only after it has reported it as mined.

        If a snapshot were reverted in between, the transaction would be mined again, or its late removal
        would take the next one of its sender along.
        """
        deadline = time.monotonic() + START_SECONDS
        while self._rpc("txpool_status") != {"pending": "0x0", "queued": "0x0"}:
            if time.monotonic() > deadline:
                raise AnvilFailed("txpool_status: mined transactions do not leave the pool")

    def _simulate(self, request: dict) -> bytes:
        return self._execute("eth_call", request, "pending")

    def _mine_transaction(self, request: dict) -> dict:
        receipt = self._rpc("eth_sendTransactionSync", request)
        if receipt["status"] != "0x1":
            raise AnvilFailed(
                f"transaction {receipt['transactionHash']} failed after its simulation succeeded"
            )
        self.block_number = int(receipt["blockNumber"], 16)
        self.timestamp = int(receipt["blockTimestamp"])
        self._next_timestamp = None
        return receipt

    def _request(self, sender: str, to: str | None, data: bytes, value: int, gas: int) -> dict:
        request = {"from": sender, "data": "0x" + data.hex(), "gas": hex(gas), "gasPrice": "0x0"}
        if to is not None:
            request["to"] = to
        if value:
            request["value"] = hex(value)
        return request

    def _execute(self, method: str, request: dict, *rest) -> bytes:
        reply = self._post(method, request, *rest)
        error = reply.get("error")
        if error is None:
            return bytes.fromhex(reply["result"][2:])
        message = error["message"]
        if error.get("code") == 3:
            raise ExecutionFailed(bytes.fromhex(error.get("data", "0x")[2:]))
        if match := _HALT.match(message):
            raise ExecutionFailed(halt=match[1])
        if "Insufficient funds" in message:
            raise SenderCannotPay(request["from"], int(request["value"], 16))
        if "intrinsic gas" in message:
            raise ExecutionFailed(halt="OutOfGas")
        raise AnvilFailed(f"{method}: {message}")

    def _rpc(self, method: str, *parameters):
        reply = self._post(method, *parameters)
        if "error" in reply:
            raise AnvilFailed(f"{method}: {reply['error']['message']}")
        return reply["result"]

    def _post(self, method: str, *parameters) -> dict:
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
        self._connection.request("POST", "/", body, {"Content-Type": "application/json"})
        return orjson.loads(self._connection.getresponse().read())


def _log(entry: dict) -> Log:
    topics = [bytes.fromhex(topic[2:]) for topic in entry["topics"]]
    return Log(checksum(raw_address(entry["address"])), topics, bytes.fromhex(entry["data"][2:]))
