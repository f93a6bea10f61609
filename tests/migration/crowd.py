"""Two deployments on an Anvil: one with many people in it, and a fresh one that shares its token.

The people come in blocks of thousands of transactions, without signatures. Only what they leave counts.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from eth_utils import keccak, to_checksum_address
from web3 import Web3

from scripts._deployment.execution import StepResult
from scripts._deployment.node import Node
from scripts._deployment.parameters import Parameters, load_parameters
from scripts._deployment.plan import build_plan
from scripts._deployment.registry import Registry
from scripts._migration.export import export_state
from scripts._migration.importing import Import
from scripts._migration.ledger import NodeLedger
from scripts._migration.state import State
from simulation.chain.actors import actor
from simulation.tickets import Ticket
from tests.deployment.node import COMMIT, QUICK, Deployer, LocalNode

LPT = 10**18
BATCH = 250
FILLING_BLOCK_GAS = 30_000_000_000
BLOCK_GAS = 30_000_000
CALL_GAS = 2_000_000
ROUND_BLOCKS = 200
FEE_WEI = 10**15
NEVER_LOST = 2**256 - 1
ROUNDS = 4


def source_parameters() -> Parameters:
    """As on the live network: a pool of a hundred; rounds about as long as an import."""
    given = load_parameters("local")
    return given.model_copy(
        update={
            "rounds_manager": given.rounds_manager.model_copy(update={"round_length_blocks": ROUND_BLOCKS}),
            "bonding_manager": given.bonding_manager.model_copy(update={"pool_max_size": 100}),
            "token": given.token.model_copy(update={"deployer_supply_lpt": 4_000_000}),
        }
    )


def deploy(local: LocalNode, path: Path, parameters: Parameters) -> Registry:
    """Deploys from a parameter set, and writes its registry file."""
    deployer = Deployer(local, path)
    deployer.plan = build_plan(parameters, COMMIT)
    return deployer.run()


class Crowd:
    """Orchestrators `0 … n - 1` and delegators, all addresses without keys."""

    def __init__(self, local: LocalNode, registry: Registry, artifacts: dict, count: tuple[int, int]) -> None:
        self._local, self._registry = local, registry
        self._codecs = {
            name: Web3().eth.contract(abi=artifacts[entry.abi_name].abi)
            for name, entry in registry.contracts.items()
        }
        self._owner = registry.deployer
        self.orchestrators = [_address("orchestrator", number) for number in range(count[0])]
        self.delegators = [_address("delegator", number) for number in range(count[1])]
        self.gateway = actor("gateway of the crowd")

    def fill(self) -> None:
        """Lets everybody come, earn, be paid, claim and leave in parts, then pauses the system."""
        request = self._local.request
        request("evm_setBlockGasLimit", hex(FILLING_BLOCK_GAS))
        request("evm_setAutomine", False)
        self._begin_round()
        self._come()
        for number in range(ROUNDS):
            self._begin_round()
            self._send([(t, "BondingManager", "reward", ()) for t in self.orchestrators])
            self._claim(number)
        self._pay()
        self._send([(self._owner, "Controller", "pause", ())])
        request("evm_setAutomine", True)
        request("evm_setBlockGasLimit", hex(BLOCK_GAS))

    def _come(self) -> None:
        manager = self._registry.contracts["BondingManager"].address
        everybody = [*self.orchestrators, self.gateway.address]
        for batch in _chunks(everybody, BATCH):
            self._batch([("anvil_impersonateAccount", [account]) for account in batch])
            self._batch([("anvil_setBalance", [account, hex(10**24)]) for account in batch])
        stake = {t: (1_000 + 7 * n) * LPT for n, t in enumerate(self.orchestrators)}
        self._send([(self._owner, "LivepeerToken", "transfer", (t, amount)) for t, amount in stake.items()])
        self._send([(t, "LivepeerToken", "approve", (manager, amount)) for t, amount in stake.items()])
        self._send([(t, "BondingManager", "bond", (amount, t)) for t, amount in stake.items()])
        self._send([(t, "BondingManager", "transcoder", (100_000, 500_000)) for t in self.orchestrators])
        self._send(
            [(t, "ServiceRegistry", "setServiceURI", (f"https://{t}:8935",)) for t in self.orchestrators]
        )
        # Others begin a bond for whoever has none: no delegator needs tokens of its own.
        self._send([(self._owner, "LivepeerToken", "approve", (manager, NEVER_LOST))])
        no_hints = (_NOBODY,) * 4
        self._send(
            [
                (
                    self._owner,
                    "BondingManager",
                    "bondForWithHint",
                    ((10 + n % 90) * LPT, d, self.orchestrators[n % len(self.orchestrators)], *no_hints),
                )
                for n, d in enumerate(self.delegators)
            ]
        )
        funds = (10**18, 10**18)
        self._send([(self.gateway.address, "TicketBroker", "fundDepositAndReserve", funds)], value=2 * 10**18)

    def _claim(self, number: int) -> None:
        """A part of the delegators claims in each round, every other one of them unbonds something."""
        some = self.delegators[number :: 2 * ROUNDS]
        for batch in _chunks(some, BATCH):
            self._batch([("anvil_impersonateAccount", [account]) for account in batch])
            self._batch([("anvil_setBalance", [account, hex(10**20)]) for account in batch])
        self._send([(d, "BondingManager", "claimEarnings", (0,)) for d in some])
        self._send([(d, "BondingManager", "unbond", (LPT,)) for d in some[::2]])

    def _pay(self) -> None:
        """One winning ticket for each orchestrator."""
        number = self._view("RoundsManager", "currentRound")
        block_hash = self._view("RoundsManager", "blockHashForRound", number)
        tickets = [
            Ticket(t, self.gateway, FEE_WEI, number, block_hash, sender_nonce=n).sign(self.gateway)
            for n, t in enumerate(self.orchestrators)
        ]
        self._send([(self._owner, "TicketBroker", "redeemWinningTicket", one.arguments) for one in tickets])

    def _begin_round(self) -> None:
        start = self._view("RoundsManager", "currentRoundStartBlock")
        ahead = start + self._view("RoundsManager", "roundLength") - self._local.node.block_number()
        self._local.request("anvil_mine", hex(ahead))
        self._send([(self._owner, "RoundsManager", "initializeRound", ())])

    def _view(self, name: str, function: str, *arguments: Any) -> Any:
        codec = self._codecs[name]
        address = self._registry.contracts[name].address
        return (
            self._local.web3.eth.contract(address=address, abi=codec.abi)
            .functions[function](*arguments)
            .call()
        )

    def _send(self, calls: Sequence[tuple[str, str, str, tuple]], value: int = 0) -> None:
        """Transactions in one block, each of which has to succeed."""
        nonces: dict[str, int] = {}
        hashes: list[str] = []
        for batch in _chunks(calls, BATCH):
            requests = []
            for sender, name, function, arguments in batch:
                nonce = nonces.setdefault(sender, self._local.node.nonce(sender))
                nonces[sender] += 1
                transaction = {
                    "from": sender,
                    "to": self._registry.contracts[name].address,
                    "data": self._codecs[name].encode_abi(function, args=list(arguments)),
                    "value": hex(value),
                    "nonce": hex(nonce),
                    "gas": hex(CALL_GAS),
                }
                requests.append(("eth_sendTransaction", [transaction]))
            hashes += self._batch(requests)
        self._local.request("evm_mine")
        for batch in _chunks(hashes, BATCH):
            for receipt in self._batch([("eth_getTransactionReceipt", [one]) for one in batch]):
                assert receipt is not None and receipt["status"] == "0x1", receipt

    def _batch(self, requests: Sequence[tuple[str, list]]) -> list[Any]:
        answers = self._local.web3.provider.make_batch_request(list(requests))
        for answer in answers:
            assert "error" not in answer, answer["error"]
        return [answer["result"] for answer in answers]


class Mover:
    """One import, run again and again: what `tests.deployment.kill_points` kills."""

    def __init__(
        self,
        local: LocalNode,
        state: State,
        registry: Path,
        artifacts: dict,
        signer,
        *,
        batch_gas: int,
        with_funds: bool = True,
    ) -> None:
        self.local, self.signer = local, signer
        self.prepared = Import.prepare(
            state, registry, artifacts, COMMIT, live=False, batch_gas=batch_gas, with_funds=with_funds
        )
        self.path = self.prepared.path

    def run(
        self, node: Node | None = None, on_step: Callable[[StepResult], None] = lambda result: None
    ) -> Registry:
        """One run of the command, so to speak."""
        self.prepared.check(self.local.web3, self.signer.address)
        return self.prepared.run(node or self.local.node, self.signer, QUICK, on_step)


def export_of(local: LocalNode, registry: Registry, artifacts: dict) -> State:
    """The state of a deployment now."""
    controller = registry.contracts["Controller"].address
    return export_state(NodeLedger(local.web3), artifacts, controller)


def _chunks(items: Sequence, size: int) -> Iterable[Sequence]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _address(role: str, number: int) -> str:
    return to_checksum_address(keccak(text=f"{role} {number} of the crowd")[12:])


_NOBODY = "0x" + "00" * 20
