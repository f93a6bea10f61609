"""A deployment that the state machine has filled, and a fresh one beside it on the same chain, in process.

Both share the token and the accounts. What would be sent to a node is sent to the chain here, step by step.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from reference_model.exceptions import ProtocolError
from scripts._deployment.encoding import encode_step, resolve
from scripts._deployment.parameters import Parameters, load_parameters
from scripts._deployment.plan import Call as PlannedCall
from scripts._deployment.plan import Deploy, Plan, Step, UseExisting, build_plan
from scripts._deployment.registry import Entry, Registry
from scripts._migration.ledger import Log
from scripts._migration.plan import Destination
from simulation.actions import PAYMENTS, ROUNDS, SLASHING, STAKING
from simulation.actions.registry import set_service_uri
from simulation.burst import Weighted
from simulation.calls import Call
from simulation.chain.addresses import ZERO_ADDRESS
from simulation.chain.contracts import Contract
from simulation.chain.engine import ExecutionFailed
from simulation.chain.engine_pyrevm import PyrevmEngine
from simulation.chain.facade import Chain
from simulation.chain.receipts import Receipt
from simulation.chain.reverts import Reverted
from simulation.choices import ByteChoices
from simulation.observation.bonding import BondingTable
from simulation.observation.control import ServiceTable
from simulation.observation.issuance import MinterTable
from simulation.observation.observer import Depth
from simulation.observation.payments import BrokerTable
from simulation.observation.requests import Reader
from simulation.observation.rounds import RoundsTable
from simulation.observation.table import Scene
from simulation.observation.votes import VotesTable
from simulation.world import World
from tools.artifacts import Artifact

COMMIT = "0x" + "ab" * 20
MOVED = ("BondingManager", "BondingVotes", "TicketBroker", "RoundsManager", "ServiceRegistry", "Minter")
TABLES = (
    BondingTable(),
    VotesTable(),
    BrokerTable(),
    RoundsTable(),
    ServiceTable(),
    MinterTable("Minter"),
)
ACTIONS = (*STAKING, *ROUNDS, *PAYMENTS, *SLASHING, (2, set_service_uri))
BYTES_PER_STEP = 24

# (contract, function, arguments, what the model says)
Expected = tuple[str, str, tuple, Any]


class LoggingChain(Chain):
    """A chain in process that keeps its logs, as a node does."""

    def __init__(self, artifacts: Mapping[str, Artifact]) -> None:
        super().__init__(PyrevmEngine(), artifacts)
        self.logs: list[Log] = []

    def _receipt(self, outcome, result) -> Receipt:
        self.logs += [Log(log.address, tuple(log.topics), log.data) for log in outcome.logs]
        return super()._receipt(outcome, result)


class ChainLedger:
    """The latest block of such a chain; see `scripts._migration.ledger.Ledger`."""

    def __init__(self, chain: LoggingChain, chain_id: int = 31337) -> None:
        self._chain, self.chain_id = chain, chain_id
        self.block = chain.block_number
        self.block_hash = "0x" + chain.block_hash(self.block).hex()

    def call(self, calls: Sequence[tuple[str, bytes]]) -> list[bytes | None]:
        return [self._call(to, data) for to, data in calls]

    def _call(self, to: str, data: bytes) -> bytes | None:
        try:
            return self._chain._engine.view(ZERO_ADDRESS, to, data)
        except ExecutionFailed:
            return None

    def logs(self, addresses: Sequence[str]) -> list[Log]:
        return [log for log in self._chain.logs if log.address in addresses]

    def balance(self, address: str) -> int:
        return self._chain.balance(address)


class Player:
    """Carries plans out on a chain."""

    def __init__(self, chain: Chain, artifacts: Mapping[str, Artifact], sender: str) -> None:
        self.chain, self._artifacts, self._sender = chain, artifacts, sender
        self.entries: dict[str, Entry] = {}

    def play(self, steps: Sequence[Step]) -> None:
        """Every step, from the same sender."""
        for step in steps:
            self.do(step)

    def do(self, step: Step) -> None:
        """One step; raises Reverted."""
        addresses = {name: entry.address for name, entry in self.entries.items()}
        if isinstance(step, UseExisting):
            self.entries[step.name] = Entry(step.address, step.contract)
            return
        arguments = resolve(step.arguments, addresses, str.__str__(self._sender))
        if isinstance(step, Deploy):
            contract = self.chain.deploy(step.contract, *map(_plain, arguments), sender=self._sender)
            self.entries[step.name] = Entry(contract.address, step.contract, proxied=step.proxied)
        elif isinstance(step, PlannedCall):
            entry = self.entries[step.target]
            self.chain.at(entry.abi_name, entry.address)
            data = encode_step(step, arguments, entry.abi_name, self._artifacts)
            self.chain.transact(entry.address, data, sender=self._sender)


def _plain(argument: Any) -> Any:
    """Words in hexadecimal as bytes."""
    is_word = isinstance(argument, str) and argument.startswith("0x") and len(argument) == 66
    return bytes.fromhex(argument[2:]) if is_word else argument


def destination_parameters(token: str, cache: str) -> Parameters:
    """A paused deployment for a token that is there, in an early round."""
    given = load_parameters("local")
    rounds = given.rounds_manager.model_copy(update={"round_length_blocks": 10**6})
    shared = {"address": token, "faucet": None, "deployer_supply_lpt": 0}
    return given.model_copy(
        update={
            "token": given.token.model_copy(update=shared),
            "rounds_manager": rounds,
            "l2_lpt_data_cache": cache,
            "unpause": False,
        }
    )


def deploy_destination(
    chain: Chain, artifacts: Mapping[str, Artifact], owner: str, token: str, cache: str
) -> Destination:
    """A paused deployment for an existing token."""
    plan: Plan = build_plan(destination_parameters(token, cache), COMMIT)
    player = Player(chain, artifacts, owner)
    player.play(plan.steps)
    registry = Registry(
        plan.parameters.network, plan.parameters.chain_id, plan.digest, COMMIT, owner, player.entries
    )
    return Destination(registry, live=False)


@dataclass
class Continued:
    """A step of the source after the export, and what came of it."""

    step: Any
    error: ProtocolError | None = None
    events: list[tuple] = field(default_factory=list)


class Source:
    """A world that has seen some life, or a given one, paused at the end."""

    def __init__(
        self,
        chain: LoggingChain,
        seed: int,
        steps: int,
        story: Callable[["Source"], None] = lambda source: None,
        **parameters: Any,
    ) -> None:
        self.chain = chain
        self.world = World(chain, compare_every=10**9, depth=Depth.NOTHING, **parameters)
        self._choices = ByteChoices.of_seed(seed, 100 * steps * BYTES_PER_STEP)
        self._actions = Weighted(ACTIONS)
        self._read = SimpleNamespace(chain=chain, cast=self.world.cast, contracts={})
        self._reader = Reader(self._read)
        for _ in self.live(steps):
            pass
        story(self)
        self.world.act(Call(self.world.cast.owner, "Controller", "pause"))

    def live(self, steps: int) -> Iterator[Continued]:
        """Let things happen that the model knows the outcome of."""
        world, done = self.world, 0
        while done < steps:
            step = self._actions.next_step(world, self._choices)
            if step is None:
                continue
            done += 1
            world.act(step)
            yield self._came_of(step)

    def act(self, step: Any) -> Continued:
        """One given step."""
        self.world.act(step)
        return self._came_of(step)

    def succeed(self, step: Any) -> Continued:
        """One given step that must not fail."""
        done = self.act(step)
        assert done.error is None, f"{self.world.describe(step)}: {done.error}"
        return done

    def _came_of(self, step: Any) -> Continued:
        if not isinstance(step, Call):
            return Continued(step)
        outcome = self.world.outcome
        events = [] if outcome.receipt is None else events_of(outcome.receipt)
        return Continued(step, outcome.expected_error, events)

    def expectations(self, *, all_rounds: bool) -> list[Expected]:
        """Every view of what is moved, for all accounts, with what the model says now."""
        world = self.world
        world._set_clock()
        cast = world.cast
        scene = Scene(
            world.model,
            contracts=world.model_contracts,
            accounts=(*cast.accounts, ZERO_ADDRESS),
            holders=(),
            spender=world.protocol.bonding_manager.address,
        )
        rounds = range(scene.round + 3) if all_rounds else (scene.round, scene.round + 1)
        found: list[Expected] = []
        for table in TABLES:
            rows = [*table.totals(scene), *table.of_system(scene)]
            if not isinstance(table, MinterTable) and (all_rounds or not isinstance(table, BrokerTable)):
                rows += table.of_entries(scene)
            for account in scene.accounts:
                rows += table.of_account(scene, account)
                rows += table.derived_of_account(scene, account)
            for n in rounds:
                rows += table.of_round(scene, n)
                for account in scene.accounts:
                    rows += table.of_account_in_round(scene, account, n)
            found += [(table.contract, *row) for row in rows]
        return found

    def contracts(self) -> dict[str, Contract]:
        """Where the source has what is moved."""
        return {name: self.world.contracts[name] for name in MOVED}

    def differences(self, contracts: Mapping[str, Contract], expected: Sequence[Expected]) -> list[str]:
        """Where the views of these contracts are not as expected, in words."""
        self._read.contracts = dict(contracts)
        complaints = []
        for name in contracts:
            self._reader.forget(name)
        for contract, function, arguments, wanted in expected:
            request = self._reader.prepare(contract, function, arguments)
            request.expect(wanted)
            if complaint := self._reader.complaint(request):
                complaints.append(complaint)
        return complaints


def events_of(receipt: Receipt) -> list[tuple]:
    """Events of a transaction, as plain values."""
    return [(event.address, event.name, dict(event.args)) for event in receipt.events]


def moved_contracts(chain: Chain, destination: Destination, minter: str) -> dict[str, Contract]:
    """Where the destination has what was moved."""
    found = {name: chain.at(name, destination.address(name)) for name in MOVED if name != "Minter"}
    return found | {"Minter": chain.at("Minter", minter)}


def mapped(value: Any, addresses: Mapping[str, str]) -> Any:
    """A value with the source's contracts replaced by the destination's."""
    if isinstance(value, str):
        return addresses.get(value, value)
    if isinstance(value, dict):
        return {name: mapped(part, addresses) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(mapped(part, addresses) for part in value)
    return value


def outcome_on(contract: Contract, call: Call) -> tuple[Reverted | None, list[tuple]]:
    """What a step of the source does on the destination."""
    try:
        receipt = getattr(contract, call.function).send(
            *call.chain_arguments, sender=call.sender, value=call.value
        )
    except Reverted as failure:
        return failure, []
    return None, events_of(receipt)
